import { badRequest } from './api-error.ts';
import { isObject, parseJson } from '../shared/json.ts';
import type { JsonObject } from '../shared/json.ts';
import { checkValue } from './nested.ts';
import type { Param, Params, UploadedFile } from './request.ts';
import type { Report } from './store.ts';
import type { FieldSpec, MethodSpec } from './tables.ts';

/** Checked parameters. Numbers are integers unless the table says Float; ids may be `@name`. */
export class Args {
  readonly values: JsonObject = {};
  readonly files = new Map<string, UploadedFile>();

  has(name: string): boolean {
    return name in this.values || this.files.has(name);
  }

  text(name: string): string {
    const value = this.values[name];
    return typeof value === 'string' ? value : value === undefined ? '' : String(value as number);
  }

  optionalText(name: string): string | undefined {
    return name in this.values ? this.text(name) : undefined;
  }

  number(name: string, otherwise = 0): number {
    const value = this.values[name];
    return typeof value === 'number' ? value : otherwise;
  }

  flag(name: string): boolean {
    return this.values[name] === true;
  }

  object(name: string): JsonObject | undefined {
    const value = this.values[name];
    return isObject(value) ? value : undefined;
  }

  list(name: string): unknown[] {
    const value = this.values[name];
    return Array.isArray(value) ? value : [];
  }
}

/** What the server says when a required parameter is missing, where it is not the general sentence. */
const MISSING: Record<string, string> = {
  chat_id: 'chat_id is empty',
  text: 'message text is empty',
  message_id: 'message identifier is not specified',
  action: 'wrong parameter action in request',
  photo: 'there is no photo in the request',
  document: 'there is no document in the request',
  voice: 'there is no voice in the request',
  audio: 'there is no audio in the request',
  video: 'there is no video in the request',
  file_id: 'file_id not specified',
};

const TOO_LONG: Record<string, string> = {
  secret_token: 'secret token is too long',
  'answerCallbackQuery.text': 'MESSAGE_TOO_LONG',
};

/** These are parsed by their own rules, with their own errors. */
const OWN_RULES = new Set(['reply_markup', 'entities', 'caption_entities', 'commands', 'allowed_updates']);

export function readArgs(method: string, spec: MethodSpec, params: Params, report: Report): Args {
  const args = new Args();
  const known = new Set(spec.f.map((field) => field.n));
  // `attach://name` refers to a file part of any name.
  for (const [name, param] of params) {
    if (known.has(name)) continue;
    if (param.from === 'file') args.files.set(name, param.file);
    else {
      report('unknown-parameter', `${name} is not a parameter of ${method}: ignored`);
    }
  }
  for (const field of spec.f) {
    const param = params.get(field.n);
    if (param !== undefined) read(method, field, param, args, report);
    // setWebhook with an empty url removes the webhook.
    if (field.r && !args.has(field.n) && !(method === 'setWebhook' && field.n === 'url')) {
      throw badRequest(MISSING[field.n] ?? `parameter "${field.n}" is required`);
    }
  }
  return args;
}

function read(method: string, field: FieldSpec, param: Param, args: Args, report: Report): void {
  if (param.from === 'file') {
    args.files.set(field.n, param.file);
    return;
  }
  let typed: unknown;
  let text: string;
  if (param.from === 'json') {
    typed = param.value;
    if (typed === null) report('null', `${field.n} is null: Telegram reads the text "null"; leave it out`);
    text = typeof typed === 'string' ? typed : JSON.stringify(typed);
  } else {
    text = param.text;
  }
  // An empty value is a missing one; an empty text removes a caption, a name or a description.
  if (text === '') {
    if (!field.r && field.t.includes('String')) args.values[field.n] = '';
    return;
  }
  const value = convert(field, text, typed, report);
  if (value === undefined) return;
  if (typeof value === 'string') checkLength(method, field, value, report);
  args.values[field.n] = value;
}

/** `typed` is the JSON value when there was one: the wrong JSON type is repaired by the platform, and reported. */
function convert(field: FieldSpec, text: string, typed: unknown, report: Report): unknown {
  const [first = 'String'] = field.t;
  const wrong = (): void => {
    if (typed !== null)
      report('type', `${field.n} must be ${field.t.join(' or ')}, got ${JSON.stringify(typed ?? text)}`);
  };
  if (field.t.includes('Integer')) {
    if (/^-?\d+$/.test(text)) {
      if (typed !== undefined && typeof typed !== 'number') wrong();
      return Number(text);
    }
    if (field.t.includes('String') && (typed === undefined || typeof typed === 'string')) return text;
    wrong();
    return Math.trunc(Number.parseFloat(text)) || 0;
  }
  switch (first) {
    case 'Float':
      if ((typed !== undefined && typeof typed !== 'number') || !Number.isFinite(Number(text))) wrong();
      return Number.parseFloat(text) || 0;
    case 'Boolean':
      if (typed !== undefined ? typeof typed !== 'boolean' : !/^(true|false|1|0|yes|no)$/i.test(text.trim()))
        wrong();
      return /^(true|yes|1)$/i.test(text.trim());
    case 'String':
    case 'InputFile':
      if (typed !== undefined && typeof typed !== 'string') wrong();
      if (!text.isWellFormed()) throw badRequest('strings must be encoded in UTF-8');
      return text;
    default:
      return convertStructured(field, text, typed, report);
  }
}

function convertStructured(field: FieldSpec, text: string, typed: unknown, report: Report): unknown {
  let value = typed;
  if (typed === undefined || typed === null || typeof typed === 'string') {
    const parsed = parseJson(text);
    if (!parsed.ok) {
      if (field.n === 'entities' || field.n === 'caption_entities' || field.n === 'allowed_updates') {
        report('type', `${field.n} is not JSON: ignored`);
        return undefined;
      }
      const what = field.n === 'reply_markup' ? 'reply keyboard markup' : field.n.replaceAll('_', ' ');
      throw badRequest(`can't parse ${what} JSON object`);
    }
    value = parsed.value;
  }
  if (!OWN_RULES.has(field.n)) {
    checkValue(field.t, value, field.n, report, (reason) => badRequest(`can't parse ${field.n}: ${reason}`));
  }
  return value;
}

function checkLength(method: string, field: FieldSpec, value: string, report: Report): void {
  if (field.e && !field.e.includes(value)) report('value', `${field.n} must be one of ${field.e.join(' ')}`);
  if (!field.len || field.len[3] === 1) return;
  const [min, max, unit] = field.len;
  const length = unit === 'b' ? Buffer.byteLength(value) : [...value].length;
  if (length > max) {
    throw badRequest(TOO_LONG[`${method}.${field.n}`] ?? TOO_LONG[field.n] ?? `${field.n} is too long`);
  }
  if (length < min) report('length', `${field.n} must have at least ${min}`);
}
