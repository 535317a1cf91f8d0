import { randomBytes } from 'node:crypto';

/** A `multipart/form-data` body (RFC 7578) with these fields and one file. */
export function multipart(
  fields: Readonly<Record<string, string>>,
  file: { field: string; name: string; type?: string; bytes: Uint8Array },
): { headers: Record<string, string>; body: Buffer } {
  const boundary = `guichet-${randomBytes(16).toString('hex')}`;
  const texts = Object.entries(fields).map(([name, value]) =>
    Buffer.from(
      `--${boundary}\r\ncontent-disposition: form-data; name="${quoted(name)}"\r\n\r\n${value}\r\n`,
    ),
  );
  const head = Buffer.from(
    `--${boundary}\r\ncontent-disposition: form-data; name="${quoted(file.field)}"; filename="${quoted(file.name)}"\r\n` +
      `content-type: ${file.type ?? 'application/octet-stream'}\r\n\r\n`,
  );
  return {
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    body: Buffer.concat([...texts, head, file.bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]),
  };
}

/** As browsers write names: nothing in one ends the header. */
const quoted = (name: string): string =>
  name.replace(/["\r\n]/g, (mark) => encodeURIComponent(mark)).replace(/[^\P{Cc}]/gu, '');
