import { z } from 'zod';

/** What one event of a completion says. `end`: `stop` when the text is whole. */
export interface Delta {
  text: string;
  end?: 'stop' | 'cut';
}

const choice = z.object({
  delta: z.object({ content: z.string().nullish() }).nullish(),
  message: z.object({ content: z.string().nullish() }).nullish(),
  finish_reason: z.string().nullish(),
});
const chunk = z.object({ choices: z.array(choice).optional(), error: z.unknown().optional() });

/**
 * Reads a chunk of `chat/completions`, streamed (`delta`) or whole (`message`); undefined: it is none. Only words are
 * taken: calls of tools and thoughts are not.
 */
export function readDelta(json: string): Delta | undefined {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return undefined;
  }
  const read = chunk.safeParse(value);
  if (!read.success || (read.data.error !== undefined && read.data.error !== null)) return undefined;
  // The last chunk of some servers only counts tokens.
  const [first] = read.data.choices ?? [];
  const reason = first?.finish_reason;
  return {
    text: first?.delta?.content ?? first?.message?.content ?? '',
    ...(reason != null && { end: reason === 'stop' ? ('stop' as const) : ('cut' as const) }),
  };
}
