import { Busboy } from '@fastify/busboy';
import type { RawRequest } from '../message/route.ts';

/** One file and its text fields, or why the body is not that. */
export type Form =
  | { file: { bytes: Buffer; name: string | undefined }; fields: Map<string, string> }
  | { problem: string }
  | { problem: 'too_large' };

export interface FormLimits {
  /** Name of the field with the file. */
  field: string;
  /** Longest file, bytes. */
  bytes: number;
}

const LONGEST_FIELD = 1_000;
const NO_FORM = 'The body must be multipart/form-data with its boundary.';

/** Is this a form, by its header? */
export const isForm = ({ headers }: RawRequest): boolean =>
  typeof headers['content-type'] === 'string' && /^multipart\/form-data\s*;/i.test(headers['content-type']);

/** Reads `multipart/form-data` (RFC 7578) with exactly one file. Never rejects. */
export function readForm(request: RawRequest, { field, bytes }: FormLimits): Promise<Form> {
  return new Promise((resolve) => {
    const fields = new Map<string, string>();
    const files: { bytes: Buffer; name: string | undefined }[] = [];
    let problem: string | undefined;
    let ended = 0;
    const finish = (): void => {
      const [file] = files;
      if (problem !== undefined) resolve({ problem });
      else if (file === undefined || ended !== files.length)
        resolve({ problem: `The form holds no file: put it in the field "${field}".` });
      else resolve({ file, fields });
    };
    let parser: InstanceType<typeof Busboy>;
    try {
      parser = new Busboy({
        headers: { 'content-type': String(request.headers['content-type'] ?? '') },
        limits: { fileSize: bytes, files: 2, fields: 5, parts: 8, fieldSize: LONGEST_FIELD, headerPairs: 20 },
      });
    } catch {
      resolve({ problem: NO_FORM });
      return;
    }
    parser.on('file', (name: string, stream, fileName: string | undefined) => {
      const chunks: Buffer[] = [];
      if (name !== field) problem ??= `The file belongs in the field "${field}".`;
      else if (files.length > 0) problem ??= 'Send one file at a time.';
      const file = { bytes: Buffer.alloc(0), name: fileName };
      files.push(file);
      stream.on('limit', () => (problem = 'too_large'));
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('error', () => (problem ??= 'The form is cut short.'));
      stream.on('end', () => {
        file.bytes = Buffer.concat(chunks);
        ended += 1;
      });
    });
    parser.on('field', (name: string, value: string, nameCut: boolean, valueCut: boolean) => {
      if (nameCut || valueCut) problem ??= `A field is longer than ${LONGEST_FIELD} bytes.`;
      else fields.set(name, value);
    });
    parser.on('filesLimit', () => (problem ??= 'Send one file at a time.'));
    parser.on('error', () => {
      resolve({ problem: problem ?? 'The form is cut short.' });
    });
    parser.on('finish', finish);
    parser.end(request.body);
  });
}
