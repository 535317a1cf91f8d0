import { basename, join, resolve } from 'node:path';
import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import type { LogLevel } from '../lib/log.ts';
import { checkQuery } from './directory-query.ts';
import { readPrivateFile, readSources } from './sources.ts';
import type { Found, Sources } from './sources.ts';
import { SETTINGS, SETTING_NAMES, isSecret } from './table.ts';
import type { Setting, SettingName } from './table.ts';
import { Misread, hostOf, isInside } from './values.ts';
import type { Reader, StaffId } from './values.ts';

type Read<N extends SettingName> = (typeof SETTINGS)[N] extends { read: Reader<infer T> } ? T : never;

/** Everything the program was told, read once, frozen. Paths are absolute, base addresses have no final slash. */
export interface Config {
  /** `demo`: no channel token is set; emulated platforms stand in for the real ones. */
  readonly mode: 'demo' | 'live';
  readonly host: string;
  readonly port: number;
  /** PEM contents. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Public base address (`WEBHOOK_URL`). */
  readonly publicUrl?: string;
  readonly logLevel: LogLevel;
  readonly desk: { readonly name: string; readonly folder: string };
  readonly data: string;
  /** Encryption keys in base64url, comma-separated, newest first; absent: the data folder's own. */
  readonly key?: string;
  readonly telegram?: {
    readonly token: string;
    readonly apiRoot: string;
    /** Absent: polling. `url` is the public base address. */
    readonly webhook?: { readonly url: string; readonly secret: string };
  };
  readonly whatsapp?: {
    readonly token: string;
    readonly phoneId: string;
    readonly appSecret: string;
    readonly verifyToken: string;
    readonly apiRoot: string;
    readonly apiVersion: string;
  };
  /** Remote answers API (`CSS_API_URL`); absent: the embedded engine. */
  readonly answersUrl?: string;
  /** Speech to text (`TRANSCRIBE_URL`); absent: voice messages are kept for staff. */
  readonly transcription?: { readonly baseUrl: string; readonly apiKey?: string; readonly model: string };
  /** OpenAI-compatible model server (`LLM_BASE_URL`). `model` words answers; `embedModel` helps to rank passages. */
  readonly llm?: {
    readonly baseUrl: string;
    readonly apiKey?: string;
    readonly model?: string;
    readonly embedModel?: string;
  };
  /** Where people are found by number; absent: in the imported directory. */
  readonly directory?: { readonly url: string; readonly key?: string; readonly query?: string };
  readonly admins: readonly StaffId[];
  /** `host:port` pairs of GUICHET_ALLOW_HOSTS: what addresses entered by staff may reach. */
  readonly allowHosts: readonly string[];
  /** `allowHosts` and the hosts of the addresses in this configuration: what our own calls may reach. */
  readonly ownHosts: readonly string[];
  /** Values to mask wherever they would be written. */
  readonly secrets: readonly string[];
  /** Sentences for the operator about settings that are valid and have no effect. */
  readonly notes: readonly string[];
}

/** The message lists sentences that say what was read, where, and what to write instead; never a secret's value. */
export class ConfigError extends Error {
  readonly problems: readonly string[];
  /** `EX_CONFIG` of sysexits.h. */
  readonly exitCode = 78;

  constructor(problems: readonly string[]) {
    super(`The configuration stops the start:\n${problems.map((problem) => `- ${problem}`).join('\n')}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/** Reads the environment, `.env` in `cwd` and the files they name. Throws `ConfigError`. */
export function readConfig(
  env: Readonly<Record<string, string | undefined>> = process.env,
  { cwd = process.cwd() }: { cwd?: string } = {},
): Config {
  const sources = readSources(env, cwd);
  const reader = new Settings(sources);
  const config = assemble(reader, cwd);
  if (sources.problems.length > 0) throw new ConfigError(sources.problems);
  return deepFreeze(config);
}

/** Gives typed values, and collects what is wrong instead of stopping at the first mistake. */
class Settings {
  readonly #found: ReadonlyMap<SettingName, Found>;
  readonly problems: string[];

  constructor(sources: Sources) {
    this.#found = sources.found;
    this.problems = sources.problems;
  }

  /** The value, its default, or undefined when absent or wrong. */
  get<N extends SettingName>(name: N): Read<N> | undefined {
    const setting = SETTINGS[name] as Setting<Read<N>>;
    const text = this.#found.get(name)?.text ?? setting.default;
    if (text === undefined) return undefined;
    try {
      return setting.read(text);
    } catch (error) {
      if (!(error instanceof Misread)) throw error;
      if (!this.problems.some((problem) => problem.startsWith(`${this.label(name)}:`)))
        this.refuse(name, error.message);
      return undefined;
    }
  }

  has(name: SettingName): boolean {
    return this.#found.has(name);
  }

  refuse(name: SettingName, advice: string): void {
    this.problems.push(`${this.label(name)}: ${advice}.`);
  }

  /** `PORT=abc (.env, line 3)`; a secret's value is not shown. */
  label(name: SettingName): string {
    const found = this.#found.get(name);
    if (found === undefined) return name;
    // An address may hold a password, wherever it was written.
    const text = found.text.replace(/\/\/[^/\s]*@/g, '//…@');
    const shown = isSecret(name) ? '' : `=${text.length > 100 ? `${text.slice(0, 100)}…` : text}`;
    return `${name}${shown} (${found.where})`;
  }
}

function assemble(settings: Settings, cwd: string): Config {
  for (const name of SETTING_NAMES) settings.get(name);
  const mode = settings.has('TELEGRAM_TOKEN') || settings.has('WHATSAPP_TOKEN') ? 'live' : 'demo';
  const port = settings.get('PORT') ?? 0;
  const host = settings.get('HOST') ?? (mode === 'demo' ? '127.0.0.1' : '0.0.0.0');
  if (mode === 'demo' && !['127.0.0.1', '::1', 'localhost'].includes(host)) {
    settings.refuse(
      'HOST',
      'without TELEGRAM_TOKEN the demo starts, and its simulator has no password: write 127.0.0.1, or set the token',
    );
  }
  if (settings.has('DATABASE_URL')) {
    settings.refuse(
      'DATABASE_URL',
      'PostgreSQL is not supported in this version: remove it, and the data is kept in SQLite under GUICHET_DATA',
    );
  }
  const folder = resolve(cwd, settings.get('GUICHET_DESK') ?? '');
  const name = basename(folder);
  const data = settings.get('GUICHET_DATA') ?? join('data', mode === 'demo' ? `${name}-demo` : name);
  const publicUrl = readPublicUrl(settings);
  const answersUrl = readAnswersUrl(settings, port, publicUrl);
  const key = settings.get('GUICHET_KEY');
  const tls = readTls(settings, cwd);
  const telegram = readTelegram(settings, publicUrl);
  const whatsapp = readWhatsapp(settings);
  const transcription = readTranscription(settings);
  const llm = readLlm(settings);
  const directory = readDirectory(settings);
  const allowHosts = settings.get('GUICHET_ALLOW_HOSTS') ?? [];
  return {
    mode,
    host,
    port,
    ...(tls && { tls }),
    ...(publicUrl !== undefined && { publicUrl }),
    logLevel: settings.get('LOG_LEVEL') ?? 'info',
    desk: { name, folder },
    data: resolve(cwd, data),
    ...(key !== undefined && { key }),
    ...(telegram && { telegram }),
    ...(whatsapp && { whatsapp }),
    ...(answersUrl !== undefined && { answersUrl }),
    ...(transcription && { transcription }),
    ...(llm && { llm }),
    ...(directory && { directory }),
    admins: settings.get('ADMIN_USER_IDS') ?? [],
    allowHosts,
    ownHosts: [...new Set([...allowHosts, ...ownHosts(settings)])],
    secrets: SETTING_NAMES.filter(isSecret).flatMap((secret) => {
      const value = settings.get(secret);
      return typeof value === 'string' ? [value, ...passwordIn(value)] : [];
    }),
    notes: SETTING_NAMES.filter(
      (known) => settings.has(known) && (SETTINGS[known] as Setting).notUsedYet === true,
    ).map((known) => `${known} is valid, but nothing in this version uses it yet.`),
  };
}

function readPublicUrl(settings: Settings): string | undefined {
  const value = settings.get('WEBHOOK_URL');
  if (value === undefined) return undefined;
  const url = new URL(value);
  const loopback = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (url.protocol !== 'https:' && !loopback) {
    settings.refuse(
      'WEBHOOK_URL',
      'platforms only call https addresses: start it with https:// (http is for this machine only)',
    );
  }
  if (/\/(?:webhook|api\/v1)(?:\/|$)/.test(url.pathname)) {
    settings.refuse('WEBHOOK_URL', `write the base address only, we append the path: ${url.origin}`);
  }
  return value;
}

function readTelegram(settings: Settings, publicUrl: string | undefined): Config['telegram'] {
  const token = settings.get('TELEGRAM_TOKEN');
  const apiRoot = readPlainHttp(settings, 'TELEGRAM_API_ROOT');
  if (token === undefined || apiRoot === undefined) return undefined;
  if (apiRoot === SETTINGS.TELEGRAM_API_ROOT.default && !/^\d{6,12}:[\w-]{30,}$/.test(token)) {
    settings.refuse(
      'TELEGRAM_TOKEN',
      'this is not a whole token: copy the one that @BotFather gave, such as 123456789:AA…',
    );
  }
  if (publicUrl === undefined) return { token, apiRoot };
  if (!settings.has('WEBHOOK_SECRET')) {
    settings.refuse(
      'WEBHOOK_SECRET',
      'it is required with TELEGRAM_TOKEN and WEBHOOK_URL; make one with: openssl rand -hex 32',
    );
  }
  return { token, apiRoot, webhook: { url: publicUrl, secret: settings.get('WEBHOOK_SECRET') ?? '' } };
}

function readWhatsapp(settings: Settings): Config['whatsapp'] {
  if (!settings.has('WHATSAPP_TOKEN')) return undefined;
  for (const name of ['WHATSAPP_PHONE_ID', 'WHATSAPP_APP_SECRET', 'WEBHOOK_VERIFY_TOKEN'] as const) {
    if (!settings.has(name))
      settings.refuse(name, `it is required with WHATSAPP_TOKEN. ${SETTINGS[name].en.split('.')[0] ?? ''}`);
  }
  return {
    token: settings.get('WHATSAPP_TOKEN') ?? '',
    phoneId: settings.get('WHATSAPP_PHONE_ID') ?? '',
    appSecret: settings.get('WHATSAPP_APP_SECRET') ?? '',
    verifyToken: settings.get('WEBHOOK_VERIFY_TOKEN') ?? '',
    apiRoot: readPlainHttp(settings, 'WHATSAPP_API_ROOT') ?? '',
    apiVersion: settings.get('WHATSAPP_API_VERSION') ?? '',
  };
}

function readDirectory(settings: Settings): Config['directory'] {
  const url = settings.get('DIRECTORY_URL');
  const key = settings.get('DIRECTORY_KEY');
  const query = settings.get('DIRECTORY_QUERY');
  if (url === undefined) return undefined;
  const isAddress = /^https?:/.test(url);
  if (!isAddress && query === undefined)
    settings.refuse(
      'DIRECTORY_QUERY',
      'it is required with a database in DIRECTORY_URL: write one SELECT with :phone, :digits or :national',
    );
  if (isAddress && query !== undefined)
    settings.refuse(
      'DIRECTORY_QUERY',
      'DIRECTORY_URL is an address, which takes no query: remove one of them',
    );
  const wrong = isAddress || query === undefined ? undefined : checkQuery(query);
  if (wrong) settings.refuse('DIRECTORY_QUERY', wrong.en.replace(/\.$/, ''));
  if (url.startsWith('sqlite:') && !isReadableFile(pathIn(url)))
    settings.refuse(
      'DIRECTORY_URL',
      'there is no database file that can be read at this path: write sqlite:/ and the whole path of an existing file',
    );
  return { url, ...(key !== undefined && { key }), ...(query !== undefined && { query }) };
}

function pathIn(url: string): string {
  const { pathname } = new URL(url);
  try {
    return decodeURIComponent(pathname);
  } catch {
    return pathname;
  }
}

function isReadableFile(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function readTranscription(settings: Settings): Config['transcription'] {
  const baseUrl = readPlainHttp(settings, 'TRANSCRIBE_URL');
  if (baseUrl === undefined) return undefined;
  const apiKey = settings.get('TRANSCRIBE_API_KEY');
  return {
    baseUrl,
    model: settings.get('TRANSCRIBE_MODEL') ?? '',
    ...(apiKey !== undefined && { apiKey }),
  };
}

function readLlm(settings: Settings): Config['llm'] {
  const baseUrl = readPlainHttp(settings, 'LLM_BASE_URL');
  const apiKey = settings.get('LLM_API_KEY');
  const model = settings.get('LLM_MODEL');
  const embedModel = settings.get('LLM_EMBED_MODEL');
  if (baseUrl === undefined) {
    if (model !== undefined || embedModel !== undefined)
      settings.refuse('LLM_BASE_URL', 'it is required with LLM_MODEL or LLM_EMBED_MODEL: write the address');
    return undefined;
  }
  if (model === undefined && embedModel === undefined)
    settings.refuse('LLM_MODEL', 'it is required with LLM_BASE_URL: write the name of the model');
  return {
    baseUrl,
    ...(apiKey !== undefined && { apiKey }),
    ...(model !== undefined && { model }),
    ...(embedModel !== undefined && { embedModel }),
  };
}

function readAnswersUrl(settings: Settings, port: number, publicUrl: string | undefined): string | undefined {
  const value = readPlainHttp(settings, 'CSS_API_URL');
  if (value === undefined) return undefined;
  const url = new URL(value);
  const here = /^(?:localhost|127\.[\d.]+|\[::1?\]|0\.0\.0\.0|\[::ffff:7f[0-9a-f]{2}:[0-9a-f]+\])\.?$/.test(
    url.hostname,
  );
  if (
    (here && hostOf(url).endsWith(`:${port}`)) ||
    (publicUrl !== undefined && url.origin === new URL(publicUrl).origin)
  ) {
    settings.refuse(
      'CSS_API_URL',
      'this is our own address: remove it to answer from the desk’s documents, or, when that API runs on this machine, give us another PORT',
    );
  }
  return value;
}

type UrlName = 'TELEGRAM_API_ROOT' | 'WHATSAPP_API_ROOT' | 'CSS_API_URL' | 'LLM_BASE_URL' | 'TRANSCRIBE_URL';
const URL_NAMES: readonly UrlName[] = [
  'TELEGRAM_API_ROOT',
  'WHATSAPP_API_ROOT',
  'CSS_API_URL',
  'LLM_BASE_URL',
  'TRANSCRIBE_URL',
];

/** http in clear is for this machine and private networks: elsewhere it would show tokens and questions to whoever listens. */
function readPlainHttp(settings: Settings, name: UrlName): string | undefined {
  const value = settings.get(name);
  if (value === undefined) return undefined;
  const url = new URL(value);
  const allowed = settings.get('GUICHET_ALLOW_HOSTS')?.includes(hostOf(url)) === true;
  if (url.protocol === 'http:' && !isInside(url) && !allowed) {
    settings.refuse(
      name,
      `start it with https://, or, if you accept that it travels in clear, add GUICHET_ALLOW_HOSTS=${hostOf(url)}`,
    );
  }
  return value;
}

function ownHosts(settings: Settings): string[] {
  const directory = settings.get('DIRECTORY_URL');
  const people = directory !== undefined && /^https?:/.test(directory) ? [hostOf(new URL(directory))] : [];
  return [...people, ...ownAddresses(settings)];
}

function ownAddresses(settings: Settings): string[] {
  return URL_NAMES.filter((name) => settings.has(name)).flatMap((name) => {
    const value = settings.get(name);
    return value === undefined ? [] : [hostOf(new URL(value))];
  });
}

function readTls(settings: Settings, cwd: string): Config['tls'] {
  const [certFile, keyFile] = [settings.get('TLS_CERT_FILE'), settings.get('TLS_KEY_FILE')];
  if (certFile === undefined && keyFile === undefined) return undefined;
  if (certFile === undefined || keyFile === undefined) {
    settings.refuse(
      certFile === undefined ? 'TLS_CERT_FILE' : 'TLS_KEY_FILE',
      'TLS_CERT_FILE and TLS_KEY_FILE go together: write both, or none',
    );
    return undefined;
  }
  let cert = '';
  try {
    cert = readFileSync(resolve(cwd, certFile), 'utf8');
  } catch {
    settings.refuse(
      'TLS_CERT_FILE',
      'the file cannot be read: write the path of an existing certificate (PEM)',
    );
  }
  const key = readPrivateFile(resolve(cwd, keyFile));
  if ('problem' in key) settings.refuse('TLS_KEY_FILE', key.problem.replace(/\.$/, ''));
  return { cert, key: 'text' in key ? key.text : '' };
}

/** The password of an address such as smtp://user:password@host. */
function passwordIn(value: string): string[] {
  const password = URL.canParse(value) ? new URL(value).password : '';
  try {
    return password === '' ? [] : [password, decodeURIComponent(password)];
  } catch {
    return [password];
  }
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const inner of Object.values(value)) deepFreeze(inner);
  return Object.freeze(value);
}
