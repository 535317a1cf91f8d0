import type { IncomingMessage } from 'node:http';

/** Undefined past the limit, after reading the rest away so that the answer can be read. */
export async function readBytes(req: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of req) {
    const bytes = chunk as Buffer;
    size += bytes.length;
    if (size <= limit) chunks.push(bytes);
  }
  return size > limit ? undefined : Buffer.concat(chunks);
}

export interface Part {
  name: string;
  /** Absent: a field, not a file. */
  fileName?: string;
  mime: string;
  bytes: Buffer;
}

/** The parts of a multipart/form-data body; none when the header names no boundary. */
export function readMultipart(body: Buffer, contentType: string): Part[] {
  const boundary = /boundary="?([^";]+)"?/i.exec(contentType)?.[1];
  if (boundary === undefined) return [];
  const parts: Part[] = [];
  const first = `--${boundary}`;
  // Only a line of its own ends a part: a file may hold the same words.
  const mark = Buffer.from(`\r\n${first}`);
  let start = body.indexOf(first) + first.length + 2;
  while (start > first.length + 1) {
    const next = body.indexOf(mark, start);
    if (next < 0) break;
    const part = readPart(body.subarray(start, next));
    if (part) parts.push(part);
    start = next + mark.length + 2;
  }
  return parts;
}

function readPart(part: Buffer): Part | undefined {
  const split = part.indexOf('\r\n\r\n');
  if (split < 0) return undefined;
  const head = part.subarray(0, split).toString('utf8');
  const name = /[;\s]name="([^"]*)"/i.exec(head)?.[1];
  if (name === undefined) return undefined;
  const fileName = /filename="([^"]*)"/i.exec(head)?.[1];
  const mime = /^content-type:[ \t]*([^\r\n]*[^\s])/im.exec(head)?.[1] ?? 'application/octet-stream';
  return { name, mime, bytes: part.subarray(split + 4), ...(fileName === undefined ? {} : { fileName }) };
}
