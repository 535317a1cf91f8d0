import { isDate } from '../lib/day.ts';
import { formatOf, isDocumentId } from '../answers/library/format.ts';
import { documentIdOf } from '../answers/library/library.ts';
import type { Library, NewDocument } from '../answers/library/library.ts';
import type { DeskFile, Listed, WhatAnswers } from '../answers/library/listing.ts';
import { listDocuments, listVersions } from '../answers/library/listing.ts';
import type { Clock } from '../lib/clock.ts';
import { scrub } from '../lib/scrub.ts';
import type { RawRequest, RawResponse, Route } from '../message/route.ts';
import type { Access } from './access.ts';
import { failure, json, unauthorised, unavailable } from './failure.ts';
import { fileForms, MAX_FORM } from './file-form.ts';

export interface DocumentsOptions {
  library: Library;
  /** Files of the desk's folder, with what became of them. */
  desk(): readonly DeskFile[];
  answering: WhatAnswers;
  access: Pick<Access, 'read' | 'change'>;
  clock: Clock;
  /** Files taken at once; more get 503. */
  most?: number;
}

const PATH = '/api/v1/documents';
const FORMATS = 'Send a file called .pdf, .docx, .xlsx, .csv, .html, .txt, .md, .jpg, .png or .webp.';
const EXISTS = 'There is a document of this id: replace it with PUT, or give another "id".';

/**
 * What answers come from.
 * `GET /api/v1/documents` → `{documents: [{id, origin, state, reason?, title?, file, format, version?, answered?, passages,
 * …}]}`: `state` is that of the newest version, `ready` once answers come from it; `answered` says what they come from now.
 * `GET …/:id` → the same with `versions`, the newest first. `POST …` and `PUT …/:id`, multipart/form-data: `file`, and
 * `id` (POST), `title`, `effective_from`, `effective_to` (YYYY-MM-DD), `why` → 202 `{id, version, state: "reading"}`; the state
 * of the document tells when it is read, or why it is refused. `DELETE …/:id?why=` → 200 `{id, state}`.
 * Reads: from this machine, or a key with `documents`. Changes: such a key, always.
 * 400, 401, 404, 409, 413, 415, 503 `{error, details, timestamp}`.
 */
export function documentsRoutes(options: DocumentsOptions): Route[] {
  const { library, access, clock, most = 4 } = options;
  const allow = (request: RawRequest): boolean => access.change(request, 'documents') !== undefined;
  const forms = fileForms({ allow, clock, most });

  const bad = (status: number, details: string): RawResponse => failure(status, clock, { details });

  async function all(): Promise<(Listed & { passages: number })[]> {
    // The versions first: what they say is read may be answered from by the time we look, never the other way round.
    const versions = await library.versions();
    return listDocuments(options.desk(), versions, clock.now(), options.answering).map((one) => ({
      ...one,
      passages: options.answering(one.id)?.passages ?? 0,
    }));
  }

  async function list(request: RawRequest): Promise<RawResponse> {
    return access.read(request, 'documents') ? json(200, { documents: await all() }) : unauthorised(clock);
  }

  async function show(request: RawRequest): Promise<RawResponse> {
    if (!access.read(request, 'documents')) return unauthorised(clock);
    const id = idIn(request);
    const found = (await all()).find((one) => one.id === id);
    if (found === undefined) return failure(404, clock);
    const versions = (await library.versions()).filter(({ document }) => document === id);
    return json(200, { ...found, versions: listVersions(versions, clock.now(), options.answering) });
  }

  async function take(
    request: RawRequest,
    into: (file: string) => Promise<string | RawResponse>,
  ): Promise<RawResponse> {
    const caller = access.change(request, 'documents');
    if (!caller) return unauthorised(clock);
    return forms.take(request, async ({ bytes, name, fields }) => {
      if (formatOf(name) === undefined) return bad(415, FORMATS);
      const given = described(fields);
      if (typeof given === 'string') return bad(400, given);
      const id = await into(fields.get('id') ?? documentIdOf(name));
      if (typeof id !== 'string') return id;
      const first = request.method === 'POST' && ({ first: true } as const);
      const added = await library.add(id, { file: name, bytes, by: caller.name, ...given, ...first });
      if (!added.ok)
        switch (added.reason) {
          case 'format':
            return bad(415, FORMATS);
          case 'exists':
            return bad(409, EXISTS);
          case 'no_room':
            return unavailable(clock, 'The disk is full.', 5);
        }
      // It goes on without us; the state of the version tells how it ended.
      added.done.catch(() => undefined);
      return json(202, { id, version: added.version.number, state: 'reading' });
    });
  }

  const add = (request: RawRequest): Promise<RawResponse> =>
    take(request, async (id) => {
      if (!isDocumentId(id))
        return bad(
          400,
          'An id is made of letters, digits, spaces and . _ - in up to five parts with / between them.',
        );
      const known = (await all()).find((one) => one.id === id);
      return known === undefined || known.state === 'withdrawn' ? id : bad(409, EXISTS);
    });

  const replace = (request: RawRequest): Promise<RawResponse> =>
    take(request, async () => {
      const id = idIn(request);
      return (await all()).some((one) => one.id === id) ? id : failure(404, clock);
    });

  async function withdraw(request: RawRequest): Promise<RawResponse> {
    const caller = access.change(request, 'documents');
    if (!caller) return unauthorised(clock);
    const id = idIn(request);
    const why = line(request.query.get('why') ?? '');
    if (await library.withdraw(id, { by: caller.name, ...(why !== '' && { why }) })) {
      const now = (await all()).find((one) => one.id === id);
      return json(200, {
        id,
        state: 'withdrawn',
        ...(now?.answered && 'file' in now.answered && { answered_from: now.answered.file }),
      });
    }
    return options.desk().some((one) => one.id === id)
      ? bad(409, "This document is a file of the desk's folder: change it there.")
      : failure(404, clock);
  }

  const none = { path: PATH, maxBody: 0 } as const;
  const body = { path: PATH, maxBody: MAX_FORM, refuse: forms.refuse } as const;
  const one = { path: `${PATH}/`, below: true } as const;
  return [
    { ...none, method: 'GET', handle: list },
    { ...body, method: 'POST', handle: add },
    { ...none, ...one, method: 'GET', handle: show },
    { ...body, ...one, method: 'PUT', handle: replace },
    { ...none, ...one, method: 'DELETE', handle: withdraw },
  ];
}

/** Empty: it cannot be decoded. */
function idIn({ path }: RawRequest): string {
  try {
    return decodeURIComponent(path.slice(PATH.length + 1));
  } catch {
    return '';
  }
}

const line = (text: string): string => scrub(text).replace(/\s+/g, ' ').trim().slice(0, 500);

/** What a form says of its file, or what is wrong with it. */
function described(fields: ReadonlyMap<string, string>): Partial<NewDocument> | string {
  const value = (name: string): string | undefined => {
    const text = line(fields.get(name) ?? '');
    return text === '' ? undefined : text;
  };
  const [title, from, to, why] = [
    value('title'),
    value('effective_from'),
    value('effective_to'),
    value('why'),
  ];
  if ((from !== undefined && !isDate(from)) || (to !== undefined && !isDate(to)))
    return '"effective_from" and "effective_to" are days: write them as YYYY-MM-DD.';
  if (from !== undefined && to !== undefined && to < from)
    return '"effective_to" is before "effective_from".';
  return {
    ...(title !== undefined && { title }),
    ...(from !== undefined && { effectiveFrom: from }),
    ...(to !== undefined && { effectiveTo: to }),
    ...(why !== undefined && { why }),
  };
}
