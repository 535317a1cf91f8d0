import { isIP } from 'node:net';
import { addressKind } from '../lib/address.ts';
import { checkSecret, secretSentence } from './secrets.ts';

/** How one setting's text is read. Throws `Misread`, whose message completes "NAME=value: …". */
export type Reader<T> = (text: string) => T;

/** Says what to write instead. Never contains the value that was read. */
export class Misread extends Error {}

export const anyText: Reader<string> = (text) => text;

export const oneOf =
  <const T extends string>(...choices: readonly T[]): Reader<T> =>
  (text) => {
    const found = choices.find((choice) => choice === text.toLowerCase());
    if (found === undefined) throw new Misread(`write one of ${choices.join(', ')}`);
    return found;
  };

export const port: Reader<number> = (text) => {
  const value = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (!(value <= 65_535)) throw new Misread('write a number from 0 to 65535 (0: any free port)');
  return value;
};

export const host: Reader<string> = (text) => {
  const bare = text.replace(/^\[(.*)\]$/, '$1');
  if (isIP(bare) === 0 && bare !== 'localhost') {
    throw new Misread(
      'write an address of this machine: 127.0.0.1 (this machine only), 0.0.0.0 (every network), localhost',
    );
  }
  return bare;
};

export const secret: Reader<string> = (text) => {
  const problem = checkSecret(text);
  if (problem !== undefined) throw new Misread(`it ${secretSentence(problem)}`);
  return text;
};

export const pattern =
  (shape: RegExp, advice: string): Reader<string> =>
  (text) => {
    if (!shape.test(text)) throw new Misread(advice);
    return text;
  };

/** One key or several separated by commas (the first seals, the others only open), each of 32 bytes. Gives them in base64url. */
export const keys: Reader<string> = (text) => {
  const given = items(text);
  if (given.length === 0) throw new Misread(KEY_ADVICE);
  return given.map(oneKey).join(',');
};

const KEY_ADVICE = 'write 32 random bytes as 64 hexadecimal digits, made with: openssl rand -hex 32';

function oneKey(text: string): string {
  const bytes = /^[0-9a-f]{64}$/i.test(text) ? Buffer.from(text, 'hex') : Buffer.from(text, 'base64url');
  if (!/^(?:[0-9a-f]{64}|[\w+/-]{43}=?)$/i.test(text) || bytes.length !== 32) throw new Misread(KEY_ADVICE);
  if (new Set(bytes).size < 8) throw new Misread(`this key repeats itself; ${KEY_ADVICE}`);
  return bytes.toString('base64url');
}

/** Base addresses of http services: no query, no fragment, no credentials; without the final slash. */
export const baseUrl: Reader<string> = (text) => {
  if (!URL.canParse(text)) throw new Misread('write a whole address, such as https://api.example.sn');
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new Misread('start it with https://');
  if (url.username !== '' || url.password !== '') throw new Misread('write it without user and password');
  if (url.search !== '' || url.hash !== '') throw new Misread('write it without ? and #');
  return url.href.replace(/\/+$/, '');
};

export const urlOf =
  (schemes: readonly string[], example: string): Reader<string> =>
  (text) => {
    const scheme = URL.canParse(text) ? new URL(text).protocol.slice(0, -1) : '';
    if (!schemes.includes(scheme)) throw new Misread(`write an address such as ${example}`);
    return text;
  };

/** `host:port`, comma-separated, as the outgoing guard compares them. */
export const hostList: Reader<readonly string[]> = (text) => items(text).map(hostPort);

function hostPort(item: string): string {
  const parts = /^(\[[0-9a-f:.]+\]|[^\s:/@[\]]+):(\d{1,5})$/i.exec(item);
  const port = Number(parts?.[2]);
  if (parts === null || port < 1 || port > 65_535 || !URL.canParse(`http://${item}/`)) {
    throw new Misread('write host:port pairs separated by commas, such as localhost:9000,api.interne:8443');
  }
  const { hostname } = new URL(`http://${item}/`);
  const literal = hostname.replace(/^\[|\]$/g, '');
  if (isIP(literal) !== 0 && addressKind(literal) === 'link-local') {
    throw new Misread(
      'link-local addresses (169.254…, fe80…) are never called, even when listed: take them out',
    );
  }
  return `${hostname}:${port}`;
}

export interface StaffId {
  channel: string;
  id: string;
}

export const staffIds: Reader<readonly StaffId[]> = (text) =>
  items(text).map((item) => {
    const parts = /^(?:(telegram|whatsapp):)?(\d{1,20})$/i.exec(item);
    if (parts === null) {
      throw new Misread(
        'write ids separated by commas, such as telegram:123456,whatsapp:221770000001 (a bare number is Telegram)',
      );
    }
    return { channel: parts[1]?.toLowerCase() ?? 'telegram', id: parts[2] ?? '' };
  });

function items(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** Addresses where plain http is no risk: this machine and private networks, by literal or by a name without a public suffix. */
export function isInside(url: URL): boolean {
  const name = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (isIP(name) !== 0) return addressKind(name) !== 'public';
  return !name.includes('.') || /\.(?:localhost|local|internal|interne|lan|home\.arpa)$/.test(name);
}

/** `host:port` with the scheme's default port written out. */
export const hostOf = (url: URL): string =>
  `${url.hostname}:${url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port}`;
