import { createHash } from 'node:crypto';

export interface HeaderOptions {
  /** `'sha256-…'` sources of the inline scripts of our own built pages. */
  scriptHashes?: readonly string[];
  styleHashes?: readonly string[];
  /** Tell browsers to come back by https only: true when the public address is https. */
  hsts: boolean;
}

const COMMON: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
};

/** For data and errors: nothing in them may run or load anything, and nobody keeps a copy. */
export function dataHeaders({ hsts }: HeaderOptions): Record<string, string> {
  return {
    ...COMMON,
    ...(hsts && HSTS),
    'content-security-policy':
      "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'",
    'cache-control': 'no-store',
  };
}

/**
 * For our own pages. Scripts: files of this origin, and the inline boot script by its hash. Style attributes are
 * allowed because the framework positions its announcer with one; style elements are not.
 */
export function pageHeaders({
  scriptHashes = [],
  styleHashes = [],
  hsts,
}: HeaderOptions): Record<string, string> {
  const policy = [
    "default-src 'self'",
    ["script-src 'self'", ...scriptHashes].join(' '),
    ["style-src 'self'", ...styleHashes].join(' '),
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ];
  return { ...COMMON, ...(hsts && HSTS), 'content-security-policy': policy.join('; ') };
}

const HSTS = { 'strict-transport-security': 'max-age=31536000; includeSubDomains' };

/** CSP hash sources of the inline elements of one page. `tag`: `script` or `style`. */
export function inlineHashes(html: string, tag: 'script' | 'style'): string[] {
  const pattern = new RegExp(`<${tag}(\\s[^>]*)?>([\\s\\S]*?)</${tag}>`, 'gi');
  return [...html.matchAll(pattern)]
    .filter(([, attributes = '', content = '']) => !/\ssrc\s*=/i.test(attributes) && content !== '')
    .map(([, , content = '']) => `'sha256-${createHash('sha256').update(content).digest('base64')}'`);
}
