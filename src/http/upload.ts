import type { Clock } from '../lib/clock.ts';
import type { Answerer, Kept } from '../message/answer.ts';
import type { RawRequest, RawResponse, Route } from '../message/route.ts';
import { failure, json, unavailable } from './failure.ts';
import { fileForms, MAX_FORM, TOO_LARGE } from './file-form.ts';
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

const TIMEOUT_MS = 60_000;

/**
 * `POST /upload-multimodal`, multipart/form-data: `file` (JPEG, PNG, WebP, PDF, DOCX or text by its content, at most
 * 20 MB) and, to add it to a session, `session`.
 * 200 `{document_id, kind, pages, text_preview, session}`: questions sent with that session are answered from it first.
 * 400, 401, 413, 415, 422, 503 `{error, details, timestamp}`.
 */
export function uploadRoute(options: UploadOptions): Route {
  const { answerer, sessions, allow, clock, most = 8 } = options;
  const forms = fileForms({ allow, clock, most });

  const upload = (request: RawRequest): Promise<RawResponse> =>
    forms.take(request, async ({ bytes, name, fields }) => {
      const { id: session } = sessions.open(fields.get('session'));
      const kept = await answerer.keep(
        { session, id: options.newDocumentId(), bytes, ...(name !== '' && { name }) },
        AbortSignal.timeout(TIMEOUT_MS),
      );
      if (kept.status !== 'kept') return present(kept, clock);
      sessions.attach(session);
      const { id, kind, pages, preview } = kept.document;
      return json(200, { document_id: id, kind, pages, text_preview: preview, session });
    });

  return {
    ...{ method: 'POST', path: '/upload-multimodal', maxBody: MAX_FORM },
    ...{ refuse: forms.refuse, handle: upload },
  };
}

const REFUSALS: Readonly<
  Record<Extract<Kept, { status: 'refused' }>['reason'], { status: number; details: string }>
> = {
  too_large: { status: 413, details: TOO_LARGE },
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
  if (kept.status === 'unavailable') return unavailable(clock, 'Files cannot be read now.', 5);
  const { status, details } = REFUSALS[kept.reason];
  return failure(status, clock, { details });
}
