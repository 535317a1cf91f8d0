import type { IncomingMessage } from 'node:http';

/** Whatever a client wrote as its path; what is none (`//`) is an unknown one. */
export function requestUrl(req: IncomingMessage): URL {
  const base = 'http://simulator';
  const path = req.url ?? '/';
  return new URL(URL.canParse(path, base) ? path : '/unreadable', base);
}
