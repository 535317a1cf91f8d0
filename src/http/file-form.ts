import type { Clock } from '../lib/clock.ts';
import { scrubName } from '../lib/scrub.ts';
import type { RawRequest, RawResponse } from '../message/route.ts';
import { failure, unauthorised, unavailable } from './failure.ts';
import { isForm, readForm } from './form.ts';

const MAX_FILE = 20 * 1024 * 1024;
/** With the boundaries, headers and fields around the file, bytes. */
export const MAX_FORM = MAX_FILE + 16 * 1024;
export const TOO_LARGE = 'The file is larger than 20 MB.';

export interface FileFormOptions {
  /** May this request send a file? False: 401, without reading it. */
  allow(request: RawRequest): boolean;
  clock: Clock;
  /** Files worked on at once; more get 503. */
  most: number;
}

export interface SentForm {
  bytes: Buffer;
  /** As its sender names it, safe to show; empty: not named. */
  name: string;
  fields: ReadonlyMap<string, string>;
}

/** Forms with one file, in the field `file`. */
export interface FileForms {
  /** Why a request is not read at all. */
  refuse(request: RawRequest): RawResponse | undefined;
  /** Reads the form and answers what `use` makes of it; 400, 401, 413, 415, 503 otherwise. */
  take(request: RawRequest, use: (form: SentForm) => Promise<RawResponse>): Promise<RawResponse>;
}

export function fileForms({ allow, clock, most }: FileFormOptions): FileForms {
  let working = 0;

  function refuse(request: RawRequest): RawResponse | undefined {
    if (!allow(request)) return unauthorised(clock);
    if (!isForm(request))
      return failure(415, clock, { details: 'Send the file as multipart/form-data, in the field "file".' });
    return working >= most ? unavailable(clock, 'Too many files at once.', 5) : undefined;
  }

  return {
    refuse,
    async take(request, use) {
      const refused = refuse(request);
      if (refused) return refused;
      working += 1;
      try {
        const form = await readForm(request, { field: 'file', bytes: MAX_FILE });
        if ('problem' in form) {
          return form.problem === 'too_large'
            ? failure(413, clock, { details: TOO_LARGE })
            : failure(400, clock, { details: form.problem });
        }
        const { file, fields } = form;
        return await use({ bytes: file.bytes, name: scrubName(file.name ?? ''), fields });
      } finally {
        working -= 1;
      }
    },
  };
}
