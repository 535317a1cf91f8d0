import { z } from 'zod';
import type { Endpoint, Trouble } from './endpoint.ts';

export interface Embedder {
  /** One unit vector per text, all of one length. Never throws. */
  embed(texts: readonly string[], ms: number, signal?: AbortSignal): Promise<Float32Array[] | Trouble>;
}

const MAX_BYTES = 8 * 1024 * 1024;
const DIMENSIONS = { least: 8, most: 4_096 };

const reply = z.object({
  data: z.array(
    z.object({
      index: z.number().int().optional(),
      embedding: z.array(z.number()).min(DIMENSIONS.least).max(DIMENSIONS.most),
    }),
  ),
});

/** Vectors of texts through `POST …/embeddings`. */
export function createEmbedder(endpoint: Endpoint, model: string): Embedder {
  return {
    embed: (texts, ms, signal) =>
      endpoint.post<Float32Array[]>(
        {
          path: '/embeddings',
          body: { model, input: texts },
          accept: 'application/json',
          timeoutMs: ms,
          maxBytes: MAX_BYTES,
          signal,
        },
        ({ status, body }) => (status === 200 ? read(body, texts.length) : undefined) ?? 'failed',
      ),
  };
}

function read(body: Buffer, count: number): Float32Array[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
  const parsed = reply.safeParse(value);
  if (!parsed.success || parsed.data.data.length !== count) return undefined;
  const vectors: Float32Array[] = [];
  for (const [at, { index, embedding }] of parsed.data.data.entries()) vectors[index ?? at] = unit(embedding);
  const length = vectors[0]?.length;
  const whole = Array.from({ length: count }, (_, at) => vectors[at]);
  const good = whole.flatMap((vector) =>
    vector && vector.length === length && vector.every(Number.isFinite) ? vector : [],
  );
  return good.length === count ? good : undefined;
}

function unit(values: readonly number[]): Float32Array {
  const norm = Math.hypot(...values);
  return Float32Array.from(values, (value) => value / norm);
}
