import { createHash, createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { readBytes, readMultipart } from '../shared/body.ts';
import type { JsonObject } from '../shared/json.ts';
import type { Faults } from './faults.ts';
import { GraphError, invalid, missing } from './graph-error.ts';
import { bareMime, kindsOf, limitOf, limits, MEDIA_KINDS } from './limits.ts';
import type { Report, SimMedia, Store } from './store.ts';

export const DOWNLOAD_PATH = '/whatsapp_business/attachments/';

const UPLOAD_LIMIT = limits.bytes.document + 1024 * 1024;
const FIELDS = ['messaging_product', 'file', 'type'];

/** Fields of an upload for the log, and what to do with them. */
export async function readUpload(
  req: IncomingMessage,
): Promise<{ shown: JsonObject; store: (store: Store, report: Report) => JsonObject }> {
  const body = await readBytes(req, UPLOAD_LIMIT);
  const parts = body ? readMultipart(body, req.headers['content-type'] ?? '') : [];
  const shown = Object.fromEntries(
    parts.map(({ name, fileName, mime, bytes }) => [
      name,
      fileName === undefined ? bytes.toString('utf8') : { file: fileName, mime, bytes: bytes.length },
    ]),
  );
  const store = (into: Store, report: Report): JsonObject => {
    const unknown = parts.find(({ name }) => !FIELDS.includes(name));
    if (unknown) throw invalid(`Unexpected key "${unknown.name}".`);
    if (!body) throw new GraphError(131053, { details: 'The file is too large.' });
    if (shown['messaging_product'] !== 'whatsapp')
      throw new GraphError(100, { message: '(#100) The parameter messaging_product is required.' });
    const file = parts.find(({ name, fileName }) => name === 'file' && fileName !== undefined);
    if (!file) throw missing('The parameter file is required.');
    const type = shown['type'];
    if (typeof type !== 'string')
      report('type', 'the field type is absent: the type of the file part is taken');
    else if (bareMime(type) !== bareMime(file.mime))
      report('type', `type says ${type}, the file part ${file.mime}`);
    const [kind] = kindsOf(file.mime);
    if (!kind) {
      const allowed = MEDIA_KINDS.flatMap((each) => limits.mimes[each]).join(', ');
      throw new GraphError(100, {
        message: `(#100) Param file must be a file with one of the following types: ${allowed}. Received file of type '${file.mime}'.`,
      });
    }
    const max = limitOf(kind, file.bytes);
    if (file.bytes.length > max)
      throw new GraphError(131053, { details: `The file is too large: ${max} bytes at most.` });
    return { id: into.addMedia({ from: 'business', mime: file.mime, bytes: new Uint8Array(file.bytes) }).id };
  };
  return { shown, store };
}

export const sha256 = (bytes: Uint8Array, as: 'hex' | 'base64'): string =>
  createHash('sha256').update(bytes).digest(as);

interface Address {
  base: string;
  appSecret: string;
}

const sealOf = (appSecret: string, id: string, expires: string): string =>
  createHmac('sha256', appSecret).update(`${id}.${expires}`).digest('base64url');

/** Good for five minutes. */
export function mediaUrl(media: SimMedia, now: number, faults: Faults, { base, appSecret }: Address): string {
  if (faults.mediaUrl !== '') return faults.mediaUrl;
  const expires = String(Math.floor(now / 1000) + limits.mediaUrlSeconds);
  const query = new URLSearchParams({
    mid: media.id,
    source: 'getMedia',
    ext: expires,
    hash: sealOf(appSecret, media.id, expires),
  });
  return `${base}${DOWNLOAD_PATH}?${query.toString()}`;
}

/** `GET /{media-id}` */
export function describeMedia(media: SimMedia, url: string, faults: Faults): JsonObject {
  return {
    messaging_product: 'whatsapp',
    url,
    mime_type: media.mime,
    sha256: sha256(media.bytes, 'hex'),
    file_size: faults.mediaSize > 0 ? faults.mediaSize : media.bytes.byteLength,
    id: media.id,
  };
}

/** The media of an address that is genuine and in time. */
export function mediaAt(query: URLSearchParams, store: Store, appSecret: string): SimMedia | undefined {
  const [id, expires, hash] = ['mid', 'ext', 'hash'].map((name) => query.get(name) ?? '');
  if (id === undefined || expires === undefined || hash !== sealOf(appSecret, id, expires)) return undefined;
  return store.now() < Number(expires) * 1000 ? store.keptMedia(id) : undefined;
}
