import { z } from 'zod';
import { json } from '../lib/json.ts';
import { scrub } from '../lib/scrub.ts';

/** Longest body that asks something, bytes. */
export const MAX_ASKED = 64 * 1024;

/** A question of a citizen, as every route takes it. */
export const questionField = z
  .string({ error: '"question" must be a text.' })
  .transform((text) => scrub(text).trim())
  .pipe(
    z
      .string()
      .min(1, { error: '"question" is empty.' })
      .max(4096, { error: '"question" is longer than 4096 characters.' }),
  );

/** The JSON of a body, or what is wrong with it. `example`: what to send instead. */
export function readAsked<T extends z.ZodType>(
  body: Buffer,
  schema: T,
  example: string,
): { asked: z.output<T> } | { problem: string } {
  const value = json(body);
  if (value === undefined) return { problem: `The body must be JSON: ${example}.` };
  const read = schema.safeParse(value);
  if (read.success) return { asked: read.data };
  const first = read.error.issues[0];
  return { problem: first?.path.length ? first.message : `The body must be a JSON object: ${example}.` };
}
