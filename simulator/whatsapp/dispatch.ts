import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { readBytes } from '../shared/body.ts';
import { headerMime } from '../shared/mime.ts';
import { requestUrl } from '../shared/request-url.ts';
import { isObject, parseJson } from '../shared/json.ts';
import type { JsonObject } from '../shared/json.ts';
import { addressIn } from './check-message.ts';
import { hit } from './faults.ts';
import type { DropRule, Faults } from './faults.ts';
import { GraphError, invalid } from './graph-error.ts';
import { describeMedia, mediaAt, mediaUrl, readUpload } from './media-calls.ts';
import { metaJson } from './meta-json.ts';
import type { Sender } from './send.ts';
import type { CallRecord, Report, SimMedia, Store } from './store.ts';

export interface Platform {
  store: Store;
  faults: Faults;
  sender: Sender;
  random: () => number;
  token: string;
  appSecret: string;
  phoneId: string;
  displayNumber: string;
  businessName: string;
  /** `v25.0` */
  version: string;
  base: () => string;
}

interface Request {
  method: string;
  /** Empty when the path has none. */
  version: string;
  /** `{object}` or `{object}/messages`. */
  path: string;
  query: URLSearchParams;
  req: IncomingMessage;
}

interface Answer {
  status: number;
  json?: unknown;
  html?: string;
  media?: SimMedia;
}

/** A call whose body was read; `run` does it, and throws what the platform answers. */
interface Route {
  name: string;
  to: string;
  body: JsonObject;
  run(report: Report): Answer;
}

/** One call of the Graph API, or a download. */
export async function handleCall(
  platform: Platform,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const { store, faults, random } = platform;
  const url = requestUrl(req);
  const [, version = '', path = ''] = /^\/(?:(v\d+\.\d+)\/)?(.*)$/.exec(url.pathname) ?? [];
  const request = { method: req.method ?? 'GET', version, path, query: url.searchParams, req };
  let call: CallRecord | undefined;
  let drop: DropRule | undefined;
  const answer = await (async (): Promise<Answer> => {
    const route = await findRoute(platform, request);
    const record = store.record(route.name, route.to, route.body);
    call = record;
    if (faults.latencyMs > 0) await sleep(faults.latencyMs);
    const report: Report = (rule, detail) => store.violate(route.name, rule, detail);
    authenticate(platform, request, report);
    checkVersion(platform, request, route.name, report);
    drop = hit(faults.dropCalls, route, random);
    if (drop?.mode === 'reset' || drop?.mode === 'hang') return { status: 0 };
    const error = hit(faults.errors, route, random);
    if (error?.html !== undefined) return { status: error.httpStatus ?? 502, html: error.html };
    if (error) throw forced(error);
    const done = route.run(report);
    record.executed = true;
    return done;
  })().catch(refused);
  if (call) {
    call.finishedAt = store.now();
    if (drop) call.dropped = drop.mode.endsWith('reset') ? 'reset' : 'hang';
    else {
      call.status = answer.status;
      call.response = answer.json ?? answer.html;
    }
    store.changed();
  }
  if (!drop) return respond(platform, res, answer);
  // A hung call keeps its connection until the client, or stop(), closes it.
  if (drop.mode.endsWith('reset')) res.socket?.resetAndDestroy();
}

async function findRoute(platform: Platform, request: Request): Promise<Route> {
  const { store, faults, sender, phoneId, appSecret } = platform;
  const { method, path, query, req } = request;
  const none = { to: '', body: {} };
  if (path === 'whatsapp_business/attachments/' && method === 'GET')
    return { name: 'GET download', ...none, run: () => download(platform, query) };
  if (method === 'POST' && path === `${phoneId}/messages`) {
    const body = await readJson(req);
    const shown = isObject(body) ? body : {};
    const run = (report: Report): Answer => {
      if (!/^application\/json\b/i.test(req.headers['content-type'] ?? ''))
        report('content-type', 'the body is not sent as application/json');
      return { status: 200, json: sender.handle(body, report) };
    };
    return { name: 'status' in shown ? 'POST read' : 'POST messages', to: addressIn(body), body: shown, run };
  }
  if (method === 'POST' && path === `${phoneId}/media`) {
    const upload = await readUpload(req);
    const run = (report: Report): Answer => ({ status: 200, json: upload.store(store, report) });
    return { name: 'POST media', to: '', body: upload.shown, run };
  }
  if (method === 'GET' && path === phoneId)
    return { name: 'GET phone', ...none, run: () => ({ status: 200, json: describePhone(platform, query) }) };
  if (/^\d+$/.test(path) && (method === 'GET' || method === 'DELETE')) {
    const run = (): Answer => {
      const media = store.keptMedia(path);
      const owner = query.get('phone_number_id');
      if (!media || (owner !== null && owner !== phoneId)) throw noObject(request);
      if (method === 'DELETE') {
        media.deleted = true;
        return { status: 200, json: { success: true } };
      }
      const url = mediaUrl(media, store.now(), faults, { base: platform.base(), appSecret });
      return { status: 200, json: describeMedia(media, url, faults) };
    };
    return { name: `${method} media`, ...none, run };
  }
  return {
    name: `${method} ${path}`,
    ...none,
    run: () => {
      throw noObject(request);
    },
  };
}

function authenticate({ token }: Platform, { req, query }: Request, report: Report): void {
  const header = /^(?:Bearer|OAuth) (.+)$/i.exec(req.headers.authorization ?? '')?.[1];
  const given = header ?? query.get('access_token');
  if (given === null || given === undefined) throw new GraphError(104);
  if (header === undefined) report('token', 'the token is in the URL, where logs and proxies keep it');
  if (given !== token) throw new GraphError(190);
}

/** Meta keeps a version for about two years, in which four more come. */
const VERSIONS_ALIVE = 4;

function checkVersion({ version }: Platform, request: Request, name: string, report: Report): void {
  if (name === 'GET download') return;
  if (request.version === '') return report('version', 'the path has no version: the oldest one answers');
  const [asked, newest] = [request.version, version].map((text) => Number.parseInt(text.slice(1), 10));
  if (asked === undefined || newest === undefined) return;
  if (asked > newest)
    throw new GraphError(2500, {
      message: `Unknown path components: /${request.version}/${request.path}`,
      http: 400,
    });
  if (asked < newest - VERSIONS_ALIVE)
    report('version', `${request.version} is past its life: a later one answers; the newest is ${version}`);
}

function noObject({ method, path }: Request): GraphError {
  const id = path.split('/')[0] ?? '';
  return new GraphError(100, {
    message: `Unsupported ${method.toLowerCase()} request. Object with ID '${id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api`,
    type: 'GraphMethodException',
    subcode: 33,
  });
}

function forced({
  code,
  httpStatus,
  details,
}: {
  code: number;
  httpStatus?: number;
  details?: string;
}): GraphError {
  return new GraphError(code, {
    ...(httpStatus === undefined ? {} : { http: httpStatus }),
    ...(details === undefined ? {} : { details }),
  });
}

function describePhone(
  { phoneId, displayNumber, businessName }: Platform,
  query: URLSearchParams,
): JsonObject {
  const all: JsonObject = {
    verified_name: businessName,
    code_verification_status: 'VERIFIED',
    display_phone_number: displayNumber,
    quality_rating: 'GREEN',
    platform_type: 'CLOUD_API',
    throughput: { level: 'STANDARD' },
    id: phoneId,
  };
  const fields = query.get('fields')?.split(',');
  if (!fields) return all;
  const unknown = fields.find((field) => !Object.hasOwn(all, field));
  if (unknown !== undefined) throw invalid(`Tried accessing nonexisting field (${unknown})`);
  return Object.fromEntries([...fields, 'id'].map((field) => [field, all[field]]));
}

function download({ store, faults, appSecret }: Platform, query: URLSearchParams): Answer {
  const media = faults.mediaGone ? undefined : mediaAt(query, store, appSecret);
  return media
    ? { status: 200, media }
    : { status: 404, html: "Sorry, this content isn't available right now" };
}

async function readJson(req: IncomingMessage): Promise<unknown> {
  const bytes = await readBytes(req, 1024 * 1024);
  const parsed = bytes ? parseJson(bytes.toString('utf8')) : { ok: false as const };
  return parsed.ok ? parsed.value : undefined;
}

function refused(error: unknown): Answer {
  const known = error instanceof GraphError ? error : new GraphError(131000, { details: String(error) });
  return { status: known.http, json: known.body };
}

function respond({ faults, version }: Platform, res: ServerResponse, answer: Answer): void {
  if (res.destroyed) return;
  if (answer.media) {
    const { mime, bytes } = answer.media;
    const sent = Buffer.from(bytes);
    // Of the same size: only the sha256 tells.
    if (faults.mediaCorrupt && sent.length > 0) sent.writeUInt8((sent.at(-1) ?? 0) ^ 0xff, sent.length - 1);
    res.writeHead(200, { 'content-type': headerMime(mime), 'content-length': sent.length });
    res.end(sent);
    return;
  }
  const text = answer.html ?? metaJson(answer.json);
  res.writeHead(answer.status, {
    'content-type': answer.html === undefined ? 'application/json; charset=UTF-8' : 'text/html',
    'content-length': Buffer.byteLength(text),
    'facebook-api-version': version,
  });
  res.end(text);
}
