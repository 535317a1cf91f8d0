import type { IncomingMessage, ServerResponse } from 'node:http';
import { ApiError } from './api-error.ts';
import { phoneState } from './control-state.ts';
import type { FaultSettings, Faults } from './faults.ts';
import { isObject, parseJson } from './json.ts';
import type { JsonObject } from './json.ts';
import { fictitiousPhone } from './people.ts';
import type { SimUser } from './people.ts';
import type { Phone } from './phone.ts';
import { readBody } from './request.ts';
import type { Store } from './store.ts';

export const CONTROL_PREFIX = '/simulator/api/telegram/';
const BODY_LIMIT = 256 * 1024;
const KEEP_ALIVE_MS = 15_000;

interface Parts {
  store: Store;
  phone: Phone;
  faults: Faults;
}

class BadInput extends Error {}

/** The page's API: JSON, no authentication: for a loopback demo and for tests. */
export function createControl(parts: Parts): {
  handle: (req: IncomingMessage, res: ServerResponse) => void;
  close: () => void;
} {
  const streams = new Set<ServerResponse>();
  const handle = (req: IncomingMessage, res: ServerResponse): void => {
    answer(parts, streams, req, res).catch((error: unknown) => {
      const bad = error instanceof BadInput || error instanceof ApiError;
      if (!res.headersSent)
        send(res, bad ? 400 : 500, { error: error instanceof Error ? error.message : String(error) });
      else res.destroy();
    });
  };
  return {
    handle,
    close: () => {
      for (const stream of streams) stream.destroy();
    },
  };
}

async function answer(
  parts: Parts,
  streams: Set<ServerResponse>,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const { store } = parts;
  const url = new URL(req.url ?? '/', 'http://simulator');
  const action = url.pathname.slice(CONTROL_PREFIX.length);
  if (req.method === 'GET') {
    const user = (): SimUser => person(store, Number(url.searchParams.get('user')));
    if (action === 'state') return send(res, 200, phoneState(store, user()));
    if (action === 'violations') return send(res, 200, { violations: store.violations });
    if (action === 'events') return stream(store, user(), streams, res);
  }
  const act = ACTIONS[action];
  if (!act) return send(res, 404, { error: `no ${action} here` });
  if (req.method !== 'POST') return send(res, 405, { error: 'POST it' });
  // A page of another site cannot send JSON here without being asked first.
  if (!/^application\/json\b/i.test(req.headers['content-type'] ?? '')) {
    throw new BadInput('send JSON, with content-type application/json');
  }
  const body = parseJson((await readBody(req, BODY_LIMIT)).toString('utf8'));
  if (!body.ok || !isObject(body.value)) throw new BadInput('the body must be a JSON object');
  send(
    res,
    200,
    possible(() => act(parts, body.value as JsonObject)),
  );
}

type Action = (parts: Parts, body: JsonObject) => JsonObject;

const updated = (update_id: number): JsonObject => ({ update_id });

const ACTIONS: Record<string, Action> = {
  text: ({ store, phone }, body) => updated(phone.text(userIn(store, body), text(body, 'text'))),
  tap: ({ store, phone }, body) =>
    updated(phone.tap(userIn(store, body), integer(body, 'message_id'), text(body, 'data'))),
  contact: ({ store, phone }, body) => {
    const user = userIn(store, body);
    const own = body['own'] !== false;
    const number = optional(body, 'phone') ?? fictitiousPhone(own ? user.id : user.id + 50);
    // Somebody else's card, taken from the address book.
    return updated(
      phone.contact(
        user,
        own ? { phone: number } : { phone: number, userId: user.id + 50, firstName: 'Fatou' },
      ),
    );
  },
  photo: ({ store, phone }, body) =>
    updated(phone.photo(userIn(store, body), only({ caption: optional(body, 'caption') }))),
  voice: ({ store, phone }, body) => updated(phone.voice(userIn(store, body))),
  document: ({ store, phone }, body) =>
    updated(
      phone.document(
        userIn(store, body),
        only({ name: optional(body, 'name'), caption: optional(body, 'caption') }),
      ),
    ),
  edit: ({ store, phone }, body) =>
    updated(phone.edit(userIn(store, body), integer(body, 'message_id'), text(body, 'text'))),
  block: ({ store, phone }, body) => {
    if (typeof body['blocked'] !== 'boolean') throw new BadInput('blocked must be true or false');
    const user = userIn(store, body);
    return updated(body['blocked'] ? phone.block(user) : phone.unblock(user));
  },
  user: ({ store }, body) => {
    const user: SimUser = {
      id: integer(body, 'id'),
      first_name: text(body, 'first_name'),
      ...only({
        last_name: optional(body, 'last_name'),
        username: optional(body, 'username'),
        language_code: optional(body, 'language_code'),
      }),
    };
    store.users.set(user.id, user);
    store.changed();
    return { user };
  },
  faults: ({ faults }, body) => {
    faults.set(readFaults(body, faults));
    const { set: _set, reset: _reset, ...now } = faults;
    return { faults: now };
  },
};

function readFaults(body: JsonObject, now: Faults): Partial<FaultSettings> {
  const read: JsonObject = {};
  for (const [name, value] of Object.entries(body)) {
    const current = (now as unknown as JsonObject)[name];
    const same = Array.isArray(current)
      ? Array.isArray(value) && value.every(isObject)
      : typeof current === typeof value;
    if (current === undefined || typeof current === 'function' || !same)
      throw new BadInput(`${name} is no such fault`);
    read[name] = value;
  }
  return read;
}

function stream(store: Store, user: SimUser, streams: Set<ServerResponse>, res: ServerResponse): void {
  res.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  const chatId = user.chat?.id ?? user.id;
  let due = false;
  const push = (): void => {
    due = false;
    const latest = store.users.get(user.id) ?? user;
    if (!res.destroyed) res.write(`event: state\ndata: ${JSON.stringify(phoneState(store, latest))}\n\n`);
  };
  const forget = store.listen((changed) => {
    if ((changed !== undefined && changed !== chatId) || due) return;
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

/** What a person cannot do (a button that is not there) is the caller's mistake. */
function possible<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw new BadInput(error instanceof Error ? error.message : String(error));
  }
}

function person(store: Store, id: number): SimUser {
  const user = store.users.get(id);
  if (!user) throw new BadInput('user must be the id of a known person');
  return user;
}

const userIn = (store: Store, body: JsonObject): SimUser => person(store, integer(body, 'user'));

function integer(body: JsonObject, name: string): number {
  const value = body[name];
  if (typeof value !== 'number' || !Number.isSafeInteger(value))
    throw new BadInput(`${name} must be a whole number`);
  return value;
}

function text(body: JsonObject, name: string): string {
  const value = optional(body, name) ?? '';
  if (value === '') throw new BadInput(`${name} must be a text`);
  return value;
}

function optional(body: JsonObject, name: string): string | undefined {
  const value = body[name];
  if (value !== undefined && typeof value !== 'string') throw new BadInput(`${name} must be a text`);
  return value;
}

/** Without what is undefined. */
function only<K extends string>(fields: Record<K, string | undefined>): Partial<Record<K, string>> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<
    Record<K, string>
  >;
}

function send(res: ServerResponse, status: number, body: JsonObject): void {
  res.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
  res.end(JSON.stringify(body));
}
