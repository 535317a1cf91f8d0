import { z } from 'zod';
import { json } from '../../lib/json.ts';

/** One line of a `questions.jsonl`: what a desk is asked to see how well it answers. */
export interface SetQuestion {
  id: string;
  question: string;
  /** The documents answer it; false: abstaining, or saying who knows, is right. */
  answerable: boolean;
  /** `a|b` each: the answer needs one alternative of every line. */
  must: readonly string[];
  /** Document that must be cited first, as its path without extension. */
  source?: string;
  /** How it is written (`sms`, `typo`…): the rows of the table. */
  style: string;
}

export class QuestionSetError extends Error {}

/** Reads a set. Throws `QuestionSetError` naming the line that needs a correction. */
export function readQuestions(jsonl: string, file: string): SetQuestion[] {
  const seen = new Set<string>();
  return jsonl.split('\n').flatMap((line, at) => {
    if (line.trim() === '') return [];
    const where = `${file}:${String(at + 1)}`;
    const question = readLine(line, where);
    if (seen.has(question.id))
      throw new QuestionSetError(`${where}: the id "${question.id}" is taken: give each line its own.`);
    seen.add(question.id);
    return [question];
  });
}

const TEXTS = 'write "id" and "question", both texts.';
const LIST = '"must_contain" is a list of texts, "a|b" for one or the other.';
const WORDS = '"style" and "source" are texts.';
const setQuestion = z.object(
  {
    id: z.string(TEXTS),
    question: z.string(TEXTS).regex(/\S/, TEXTS),
    answerable: z.boolean('write "answerable": true or false.'),
    must_contain: z.array(z.string(LIST).min(1, LIST), LIST).default([]),
    source: z.string(WORDS).optional(),
    style: z.string(WORDS).default('standard'),
  },
  TEXTS,
);

function readLine(line: string, where: string): SetQuestion {
  const row = json(line);
  if (row === undefined) throw new QuestionSetError(`${where} is not JSON: write one object per line.`);
  const read = setQuestion.safeParse(row);
  if (!read.success) throw new QuestionSetError(`${where}: ${read.error.issues[0]?.message ?? ''}`);
  const { must_contain: must, source, ...question } = read.data;
  return { ...question, must, ...(source === undefined ? {} : { source }) };
}
