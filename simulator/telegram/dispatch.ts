import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError, tooManyRequests } from './api-error.ts';
import { readArgs } from './args.ts';
import type { Context } from './context.ts';
import { hit } from './faults.ts';
import type { DropRule, Faults, RateLimiter } from './faults.ts';
import { asText, isObject } from '../shared/json.ts';
import { isSending, methodFor } from './methods.ts';
import { readParams, shownParams } from './request.ts';
import type { Params } from './request.ts';
import type { CallRecord, Store } from './store.ts';
import { findMethod } from './tables.ts';

export interface Platform extends Pick<
  Context,
  'store' | 'queue' | 'poller' | 'webhook' | 'allowHttpWebhook'
> {
  token: string;
  faults: Faults;
  limiter: RateLimiter;
  random: () => number;
}

interface Answer {
  status: number;
  body: unknown;
  html?: string;
}

/** One Bot API call: `/bot<token>/<method>`. */
export async function handleCall(
  platform: Platform,
  route: { token: string; method: string; query: URLSearchParams },
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const { store } = platform;
  let call: CallRecord | undefined;
  let drop: DropRule | undefined;
  const answer = await (async (): Promise<Answer> => {
    const params = await readParams(req, route.query);
    if (route.token !== platform.token) throw new ApiError(401, 'Unauthorized');
    const found = findMethod(route.method);
    call = store.record(found?.name ?? route.method, shownParams(params));
    if (!found) throw new ApiError(404, 'Not Found: method not found');
    const { faults, random } = platform;
    const target = { method: found.name, chat: asText(call.params['chat_id']) };
    if (isSending(found.name) && call.at < (store.waits.get(target.chat) ?? 0)) call.early = true;
    if (faults.latencyMs > 0) await sleep(faults.latencyMs);
    drop = hit(faults.dropCalls, target, random);
    if (drop?.mode === 'reset' || drop?.mode === 'hang') return { status: 0, body: undefined };
    const error = hit(faults.errors, target, random);
    if (error?.html !== undefined) return { status: error.code, body: error.html, html: error.html };
    if (error) throw new ApiError(error.code, error.description, error.parameters);
    return execute(platform, found, params, call, target.chat, res);
  })().catch(refused);
  if (call && drop) return dropped(store, call, drop.mode.endsWith('reset') ? 'reset' : 'hang', res);
  if (call) {
    call.finishedAt = store.now();
    call.status = answer.status;
    call.response = answer.body;
    const wait = answer.status === 429 ? retryAfter(answer) : 0;
    if (wait > 0) store.waits.set(asText(call.params['chat_id']), call.finishedAt + wait * 1000);
    store.changed();
  }
  respond(res, answer);
}

async function execute(
  platform: Platform,
  found: NonNullable<ReturnType<typeof findMethod>>,
  params: Params,
  call: CallRecord,
  chat: string,
  res: ServerResponse,
): Promise<Answer> {
  const { store, faults, limiter, queue, poller, webhook, allowHttpWebhook } = platform;
  const { name, spec } = found;
  const report = (rule: string, detail: string): void => store.violate(name, rule, detail);
  const args = readArgs(name, spec, params, report);
  const forced = hit(faults.tooManyRequests, { method: name, chat }, platform.random);
  if (forced) throw tooManyRequests(forced.retryAfter);
  if (faults.rateLimit && isSending(name)) {
    const wait = limiter.take(chat, Number(chat) < 0, store.now());
    if (wait > 0) throw tooManyRequests(wait);
  }
  const context: Context = {
    method: name,
    spec,
    args,
    report,
    store,
    queue,
    poller,
    webhook,
    allowHttpWebhook,
    res,
  };
  const result = await methodFor(name)(context);
  call.executed = true;
  const { description } = context;
  return { status: 200, body: { ok: true, result, ...(description === undefined ? {} : { description }) } };
}

/** s */
function retryAfter({ body }: Answer): number {
  const parameters = isObject(body) && isObject(body['parameters']) ? body['parameters'] : {};
  return Number(parameters['retry_after'] ?? 0);
}

function refused(error: unknown): Answer {
  const known =
    error instanceof ApiError ? error : new ApiError(500, `Internal Server Error: ${String(error)}`);
  return {
    status: known.code,
    body: {
      ok: false,
      error_code: known.code,
      description: known.message,
      ...(known.parameters ? { parameters: known.parameters } : {}),
    },
  };
}

function dropped(store: Store, call: CallRecord, how: 'reset' | 'hang', res: ServerResponse): void {
  call.dropped = how;
  call.finishedAt = store.now();
  store.changed();
  // A hung call keeps its connection until the client, or stop(), closes it.
  if (how === 'reset') res.socket?.resetAndDestroy();
}

function respond(res: ServerResponse, answer: Answer): void {
  if (res.destroyed) return;
  const text = answer.html ?? JSON.stringify(answer.body);
  res.writeHead(answer.status, {
    'content-type': answer.html === undefined ? 'application/json' : 'text/html',
    'content-length': Buffer.byteLength(text),
    ...(answer.status === 429 ? { 'retry-after': String(retryAfter(answer) || 1) } : {}),
  });
  res.end(text);
}
