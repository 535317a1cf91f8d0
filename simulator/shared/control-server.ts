import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBytes } from './body.ts';
import { isObject, parseJson } from './json.ts';
import { headerMime } from './mime.ts';
import { requestUrl } from './request-url.ts';
import type { JsonObject } from './json.ts';

/** Two files of 20 MB in base64, or an album of photos. */
const BODY_LIMIT = 64 * 1024 * 1024;
const KEEP_ALIVE_MS = 15_000;

/** The caller's mistake: 400 with this sentence. */
export class BadInput extends Error {}

/** One person's phone, as the page reads it. */
export interface PhoneOf {
  state(): JsonObject;
  listen(listener: () => void): () => void;
}

export interface ShownFile {
  mime: string;
  bytes: Uint8Array;
}

export interface ControlParts {
  /** `/simulator/api/telegram/` */
  prefix: string;
  /** `user` of the query. */
  phoneOf(user: string): PhoneOf;
  violations(): unknown[];
  /** `GET <prefix>media/{id}`: a file of the chat, to show it. */
  media?(id: string): ShownFile | undefined;
  /** `POST <prefix><name>`. What a person cannot do (a button that is not there) may be thrown as it comes. */
  actions: Record<string, (body: JsonObject) => JsonObject>;
}

export interface Control {
  handle: (req: IncomingMessage, res: ServerResponse) => void;
  close: () => void;
}

/** A page's API: JSON, no authentication: for a loopback demo and for tests. */
export function createControlServer(parts: ControlParts): Control {
  const streams = new Set<ServerResponse>();
  return {
    handle: (req, res) => {
      answer(parts, streams, req, res).catch((error: unknown) => {
        if (res.headersSent) return void res.destroy();
        const message = error instanceof Error ? error.message : String(error);
        send(res, error instanceof BadInput ? 400 : 500, { error: message });
      });
    },
    close: () => {
      for (const stream of streams) stream.destroy();
    },
  };
}

async function answer(
  parts: ControlParts,
  streams: Set<ServerResponse>,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const url = requestUrl(req);
  const action = url.pathname.slice(parts.prefix.length);
  if (req.method === 'GET') {
    const phone = (): PhoneOf => parts.phoneOf(url.searchParams.get('user') ?? '');
    if (action === 'state') return send(res, 200, phone().state());
    if (action === 'violations') return send(res, 200, { violations: parts.violations() });
    if (action === 'events') return stream(phone(), streams, res);
    const file = action.startsWith('media/') ? parts.media?.(action.slice('media/'.length)) : undefined;
    if (file) return show(res, file);
  }
  const act = Object.hasOwn(parts.actions, action) ? parts.actions[action] : undefined;
  if (!act) return send(res, 404, { error: `no ${action} here` });
  if (req.method !== 'POST') return send(res, 405, { error: 'POST it' });
  // A page of another site cannot send JSON here without being asked first.
  if (!/^application\/json\b/i.test(req.headers['content-type'] ?? '')) {
    throw new BadInput('send JSON, with content-type application/json');
  }
  const bytes = await readBytes(req, BODY_LIMIT);
  if (!bytes) throw new BadInput(`the body is too large: ${BODY_LIMIT} bytes at most`);
  const body = parseJson(bytes.toString('utf8'));
  if (!body.ok || !isObject(body.value)) throw new BadInput('the body must be a JSON object');
  let result: JsonObject;
  try {
    result = act(body.value);
  } catch (error) {
    throw new BadInput(error instanceof Error ? error.message : String(error));
  }
  send(res, 200, result);
}

function stream(phone: PhoneOf, streams: Set<ServerResponse>, res: ServerResponse): void {
  res.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  let due = false;
  const push = (): void => {
    due = false;
    if (!res.destroyed) res.write(`event: state\ndata: ${JSON.stringify(phone.state())}\n\n`);
  };
  const forget = phone.listen(() => {
    if (due) return;
    due = true;
    setImmediate(push);
  });
  const keepAlive = setInterval(() => res.write(': still here\n\n'), KEEP_ALIVE_MS);
  keepAlive.unref();
  streams.add(res);
  res.once('close', () => {
    forget();
    clearInterval(keepAlive);
    streams.delete(res);
  });
  push();
}

/** Only what no browser runs is shown in place; anything else is a download, and has no page's rights. */
function show(res: ServerResponse, { mime, bytes }: ShownFile): void {
  const safe = /^(image\/(jpeg|png|webp|gif)|audio\/[\w.+-]+|video\/[\w.+-]+) ?(;|$)/i.test(mime);
  res.writeHead(200, {
    'content-type': safe ? headerMime(mime) : 'application/octet-stream',
    'content-length': bytes.byteLength,
    'content-disposition': safe ? 'inline' : 'attachment',
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
    'cache-control': 'private, max-age=3600',
  });
  res.end(bytes);
}

function send(res: ServerResponse, status: number, body: JsonObject): void {
  res.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
  res.end(JSON.stringify(body));
}

export function requiredText(body: JsonObject, name: string): string {
  const value = optionalText(body, name) ?? '';
  if (value === '') throw new BadInput(`${name} must be a text`);
  return value;
}

export function optionalText(body: JsonObject, name: string): string | undefined {
  const value = body[name];
  if (value !== undefined && typeof value !== 'string') throw new BadInput(`${name} must be a text`);
  return value;
}

/** Without what is undefined. */
export function only<K extends string>(fields: Record<K, string | undefined>): Partial<Record<K, string>> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<
    Record<K, string>
  >;
}

/** The settings of `body` that are of the same type as those of `now`; anything else is refused. */
export function readFaultSettings<F extends object>(body: JsonObject, now: F): Partial<F> {
  const current: JsonObject = Object.fromEntries(Object.entries(now));
  const read: JsonObject = {};
  for (const [name, value] of Object.entries(body)) {
    const known = current[name];
    const same = Array.isArray(known)
      ? Array.isArray(value) && value.every(isObject)
      : typeof known === typeof value;
    if (known === undefined || typeof known === 'function' || !same)
      throw new BadInput(`${name} is no such fault`);
    read[name] = value;
  }
  return read as Partial<F>;
}
