import { createHmac } from 'node:crypto';

/** JSON as Meta writes it: everything outside ASCII as \uXXXX, slashes as \/. */
export function metaJson(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll('/', '\\/')
    .replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Value of X-Hub-Signature-256. */
export const signature = (appSecret: string, raw: Buffer): string =>
  `sha256=${createHmac('sha256', appSecret).update(raw).digest('hex')}`;
