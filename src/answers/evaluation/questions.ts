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

function readLine(line: string, where: string): SetQuestion {
  let row: unknown;
  try {
    row = JSON.parse(line);
  } catch {
    throw new QuestionSetError(`${where} is not JSON: write one object per line.`);
  }
  const fields = typeof row === 'object' && row !== null ? (row as Record<string, unknown>) : {};
  const { id, question, answerable, must_contain: must = [], source, style = 'standard' } = fields;
  if (typeof id !== 'string' || typeof question !== 'string' || question.trim() === '')
    throw new QuestionSetError(`${where}: write "id" and "question", both texts.`);
  if (typeof answerable !== 'boolean')
    throw new QuestionSetError(`${where}: write "answerable": true or false.`);
  if (!Array.isArray(must) || !must.every((each) => typeof each === 'string' && each !== ''))
    throw new QuestionSetError(`${where}: "must_contain" is a list of texts, "a|b" for one or the other.`);
  if (typeof style !== 'string' || (source !== undefined && typeof source !== 'string'))
    throw new QuestionSetError(`${where}: "style" and "source" are texts.`);
  return { id, question, answerable, must, style, ...(source === undefined ? {} : { source }) };
}
