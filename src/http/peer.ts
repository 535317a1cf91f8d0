import { isIPv4 } from 'node:net';
import type { RawRequest } from '../message/route.ts';

const FORWARDED = [
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
];

/**
 * Does this request come from a program on this machine? The peer is a loopback address, it asked for a loopback
 * name (a page that re-binds its own name to 127.0.0.1 keeps its name), and no proxy says that it stands for
 * somebody else. Headers can only take this right away, never give it.
 */
export function isLocal(request: RawRequest): boolean {
  if (!isLoopback(request.remote)) return false;
  if (FORWARDED.some((name) => request.headers[name] !== undefined)) return false;
  const { host, origin } = request.headers;
  if (typeof host !== 'string' || !isLoopbackName(host)) return false;
  return (
    origin === undefined || (typeof origin === 'string' && isLoopbackName(origin.replace(/^https?:\/\//, '')))
  );
}

export function isLoopback(address: string): boolean {
  const bare = address.replace(/^::ffff:/i, '');
  return bare === '::1' || (isIPv4(bare) && bare.startsWith('127.'));
}

/** `host` or `host:port`, as in a Host header. */
export function isLoopbackName(host: string): boolean {
  const name = hostName(host);
  return name === 'localhost' || isLoopback(name);
}

/** The name in a Host header: lower case, without port and brackets. */
export function hostName(host: string): string {
  return host
    .toLowerCase()
    .replace(/:\d*$/, '')
    .replace(/^\[(.*)\]$/, '$1');
}
