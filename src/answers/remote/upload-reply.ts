import { z } from 'zod';
import { json } from '../../lib/json.ts';
import { scrub } from '../../lib/scrub.ts';
import type { Kept } from '../../message/answer.ts';
import { preview } from '../keep.ts';

const KINDS = ['image', 'pdf', 'docx', 'text'] as const;

const uploaded = z.object({
  document_id: z.union([z.string(), z.number().transform(String)]),
  kind: z.enum(KINDS).catch('text'),
  pages: z.number().int().positive().catch(1),
  text_preview: z.string().transform(scrub).catch(''),
  session: z.string().min(1).max(200).optional().catch(undefined),
});

const refused = z.object({
  error: z.string().catch(''),
  details: z.string().catch(''),
  detail: z.string().catch(''),
});

/** Reads the answer to an upload; undefined: the API did not do its work. `id`: ours, for the file. */
export function readUpload(
  status: number,
  body: Buffer,
  id: string,
): { kept: Kept; session?: string } | undefined {
  switch (status) {
    case 200:
    case 201: {
      const read = uploaded.safeParse(json(body));
      if (!read.success) return undefined;
      const { kind, pages, text_preview, session } = read.data;
      const kept: Kept = { status: 'kept', document: { id, kind, pages, preview: preview([text_preview]) } };
      return { kept, ...(session !== undefined && { session }) };
    }
    case 413:
      return { kept: { status: 'refused', reason: 'too_large' } };
    case 415:
      return { kept: { status: 'refused', reason: 'unsupported' } };
    case 400:
    case 422:
      return { kept: { status: 'refused', reason: whyNot(body) } };
    default:
      return undefined;
  }
}

/** The contract gives a sentence, not a code: its words in English or French decide. */
function whyNot(body: Buffer): 'encrypted' | 'empty' | 'too_much' | 'broken' {
  const read = refused.safeParse(json(body));
  const text = read.success
    ? `${read.data.error} ${read.data.details} ${read.data.detail}`.toLowerCase()
    : '';
  if (/password|encrypt|mot de passe|chiffr|protég/.test(text)) return 'encrypted';
  if (/no text|empty|aucun texte|vide|illisible/.test(text)) return 'empty';
  return /more (?:pages|than)|too (?:many|long|big)|trop/.test(text) ? 'too_much' : 'broken';
}
