import type { Clock } from '../lib/clock.ts';
import { scrubName } from '../lib/scrub.ts';
import type { Answerer, Kept } from '../message/answer.ts';
import type { RawRequest, RawResponse, Route } from '../message/route.ts';
import { failure, json } from './failure.ts';
import { isForm, readForm } from './form.ts';
import type { Sessions } from './sessions.ts';

export interface UploadOptions {
  answerer: Pick<Answerer, 'keep'>;
  /** The sessions of the answers route: a document kept here is answered from there. */
  sessions: Sessions;
  /** May this request send a file? False: 401, without reading it. */
  allow(request: RawRequest): boolean;
  clock: Clock;
  newDocumentId(): string;
  /** Files worked on at once; more get 503. */
  most?: number;
}

const MAX_FILE = 20 * 1024 * 1024;
/** Boundaries, headers and fields around the file. */
const AROUND = 16 * 1024;
const TIMEOUT_MS = 60_000;

/**
 * `POST /upload-multimodal`, multipart/form-data: `file` (JPEG, PNG, WebP, PDF, DOCX or text by its content, at most
 * 20 MB) and, to add it to a session, `session`.
 * 200 `{document_id, kind, pages, text_preview, session}`: questions sent with that session are answered from it first.
 * 400, 401, 413, 415, 422, 503 `{error, details, timestamp}`.
 */
export function uploadRoute(options: UploadOptions): Route {
  const { answerer, sessions, clock, most = 8 } = options;
  let working = 0;

  function refuse(request: RawRequest): RawResponse | undefined {
    if (!options.allow(request)) return failure(401, clock, { headers: { 'www-authenticate': 'Bearer' } });
    if (!isForm(request))
      return failure(415, clock, { details: 'Send the file as multipart/form-data, in the field "file".' });
    return working >= most ? later(clock, 'Too many files at once.') : undefined;
  }

  async function upload(request: RawRequest): Promise<RawResponse> {
    const refused = refuse(request);
    if (refused) return refused;
    working += 1;
    try {
      const form = await readForm(request, { field: 'file', bytes: MAX_FILE });
      if ('problem' in form) {
        return form.problem === 'too_large'
          ? present({ status: 'refused', reason: 'too_large' }, clock)
          : failure(400, clock, { details: form.problem });
      }
      const { id: session } = sessions.open(form.fields.get('session'));
      const name = scrubName(form.file.name ?? '');
      const kept = await answerer.keep(
        { session, id: options.newDocumentId(), bytes: form.file.bytes, ...(name !== '' && { name }) },
        AbortSignal.timeout(TIMEOUT_MS),
      );
      if (kept.status !== 'kept') return present(kept, clock);
      sessions.attach(session);
      const { id, kind, pages, preview } = kept.document;
      return json(200, { document_id: id, kind, pages, text_preview: preview, session });
    } finally {
      working -= 1;
    }
  }

  return { method: 'POST', path: '/upload-multimodal', maxBody: MAX_FILE + AROUND, refuse, handle: upload };
}

const REFUSALS: Readonly<
  Record<Extract<Kept, { status: 'refused' }>['reason'], { status: number; details: string }>
> = {
  too_large: { status: 413, details: 'The file is larger than 20 MB.' },
  unsupported: {
    status: 415,
    details:
      'Send a JPEG, PNG or WebP picture, a PDF, a DOCX or a plain text: by its content, this is none of them.',
  },
  encrypted: { status: 422, details: 'The file is protected by a password.' },
  broken: { status: 422, details: 'The file is damaged.' },
  empty: { status: 422, details: 'The file holds no text that can be read.' },
  too_much: { status: 422, details: 'The file holds more pages, pixels or text than is read here.' },
};

function present(kept: Exclude<Kept, { status: 'kept' }>, clock: Clock): RawResponse {
  if (kept.status === 'unavailable') return later(clock, 'Files cannot be read now.');
  const { status, details } = REFUSALS[kept.reason];
  return failure(status, clock, { details });
}

const later = (clock: Clock, details: string): RawResponse =>
  failure(503, clock, { details, headers: { 'retry-after': '5' } });
