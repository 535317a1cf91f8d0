import { z } from 'zod';
import { clip } from '../../lib/clip.ts';
import { json } from '../../lib/json.ts';
import { scrub } from '../../lib/scrub.ts';
import type { Answer, Source, Suggestion } from '../../message/answer.ts';

/** Longest answer kept, UTF-16 units: about five messages of a platform. */
const LONGEST_ANSWER = 20_000;
const LONGEST_EXCERPT = 500;
const MOST_SOURCES = 10;
const MOST_SUGGESTIONS = 5;

const text = z.string().transform((value) => scrub(value).trim());
const optionalText = z
  .union([text, z.number().transform(String)])
  .optional()
  .catch(undefined);
const share = z.number().min(0).max(1).optional().catch(undefined);

/** APIs in the field give strings, or objects of their own naming. */
const titled = (value: unknown): unknown => (typeof value === 'string' ? { title: value } : value);

const source = z.preprocess(
  titled,
  z.object({
    title: optionalText,
    name: optionalText,
    document: optionalText,
    source: optionalText,
    file: optionalText,
    section: optionalText,
    page: z.coerce.number().int().positive().optional().catch(undefined),
    effectiveDate: optionalText,
    effective_date: optionalText,
    excerpt: optionalText,
    text: optionalText,
    content: optionalText,
    score: share,
    own: z.literal(true).optional().catch(undefined),
  }),
);

const suggestion = z.preprocess(titled, z.object({ title: text, document: optionalText }));

const list = <T extends z.ZodType>(item: T) =>
  z.array(item.nullable().catch(null)).optional().catch(undefined);

const reply = z.object({
  answer: text.nullish(),
  abstained: z.boolean().optional().catch(undefined),
  message: text.nullish().catch(undefined),
  confidence: share,
  sources: list(source),
  suggestions: list(suggestion),
});

/**
 * Reads a 200 or a 404 of the answers API; `undefined`: not what the contract says. `nameless`: the name we gave to
 * files that had none.
 */
export function readReply(status: number, body: Buffer, nameless: string): Answer | undefined {
  const read = reply.safeParse(json(body));
  // The seeds' API may answer 404 with a page of its server.
  if (!read.success)
    return status === 404 ? { status: 'abstained', suggestions: [], confidence: 0 } : undefined;
  const { answer, abstained, message, confidence, sources, suggestions } = read.data;
  const offered = (suggestions ?? []).flatMap(readSuggestion).slice(0, MOST_SUGGESTIONS);
  const cited = (sources ?? []).flatMap((given) => readSource(given, nameless)).slice(0, MOST_SOURCES);
  if (status === 404) {
    return message
      ? {
          status: 'redirected',
          body: clip(message, LONGEST_ANSWER),
          sources: cited,
          suggestions: offered,
          confidence: confidence ?? 0,
        }
      : { status: 'abstained', suggestions: offered, confidence: confidence ?? 0 };
  }
  if (abstained === true || answer === '')
    return { status: 'abstained', suggestions: offered, confidence: confidence ?? 0 };
  if (answer === undefined || answer === null) return undefined;
  return {
    status: 'answered',
    body: clip(answer, LONGEST_ANSWER),
    sources: cited,
    confidence: confidence ?? 1,
  };
}

function readSuggestion(item: z.output<typeof suggestion> | null): Suggestion[] {
  if (!item || item.title === '') return [];
  return [
    {
      title: clip(item.title, LONGEST_EXCERPT),
      ...(item.document !== undefined && { document: item.document }),
    },
  ];
}

function readSource(given: z.output<typeof source> | null, nameless: string): Source[] {
  if (!given) return [];
  const title =
    given.own === true
      ? given.title
      : (given.title ?? given.name ?? given.document ?? given.source ?? given.file);
  const own = given.own === true;
  // What the person sent may have no name.
  if (!own && (title === undefined || title === '')) return [];
  const date = given.effectiveDate ?? given.effective_date;
  return [
    {
      title: own && title === nameless ? '' : clip(title ?? '', LONGEST_EXCERPT),
      document: given.document ?? given.source ?? given.file ?? title ?? '',
      ...(own && { own }),
      ...(given.section !== undefined && { section: given.section }),
      ...(given.page !== undefined && { page: given.page }),
      ...(date !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(date) && { effectiveDate: date }),
      excerpt: clip(given.excerpt ?? given.text ?? given.content ?? '', LONGEST_EXCERPT),
      score: given.score ?? 0,
    },
  ];
}
