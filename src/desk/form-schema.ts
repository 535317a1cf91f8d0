import { z } from 'zod';
import { STEP_KINDS } from './form.ts';
import { label, list, markdown, sentence } from './schema.ts';

/** The shape of `forms/<id>.<language>.yaml`. Ids are short: an answer's button holds three of them and the request's reference in 64 characters. */
export const id = (what: string, most: number) => {
  const error = `write the id of ${what}: 1 to ${most} of a-z, 0-9 and _, the first a letter`;
  return z.string({ error }).regex(new RegExp(`^[a-z][a-z0-9_]{0,${most - 1}}$`), { error });
};

const MOST_STEPS = 40;

/** Longest id of a step and of an answer. */
const SHORT = 17;

const choice = z.strictObject(
  {
    id: id('this answer', SHORT),
    label,
    also: list(sentence('another word for it'), 'a list of other words for it').optional(),
  },
  { error: 'write an answer: { id: …, label: … }' },
);

export type ChoiceSource = z.infer<typeof choice>;

const condition = z.strictObject(
  {
    step: id('an earlier step', SHORT),
    is: z.union([z.string(), z.array(z.string()).min(1)], {
      error: "write one of its answers, or a list of them; 'yes' or 'no' between quotes",
    }),
  },
  { error: 'write when: { step: …, is: … }' },
);

const bound = z.union([z.number(), z.string()], {
  error: 'write a number, or for a date YYYY-MM-DD or today',
});

const step = z.strictObject(
  {
    id: id('this step', SHORT),
    label,
    ask: markdown,
    kind: z.enum(STEP_KINDS, { error: `write ${STEP_KINDS.join(', ')}` }),
    required: z.boolean({ error: 'write true or false' }).optional(),
    when: condition.optional(),
    help: markdown.optional(),
    min: bound.optional(),
    max: bound.optional(),
    pattern: sentence('a character class such as "[A-Z0-9]{6}"').optional(),
    choices: list(choice, 'a list of answers').optional(),
    must: z.enum(['yes', 'no'], { error: "write 'yes' or 'no'" }).optional(),
    refused: markdown.optional(),
  },
  { error: 'write a step: id, label, ask and kind' },
);
export type StepSource = z.infer<typeof step>;

export const formFile = z.strictObject(
  {
    id: id('this form', 16),
    title: label,
    account: z.boolean({ error: 'write true or false' }).optional(),
    intro: markdown,
    steps: list(step, 'a list of steps')
      .min(1, { error: 'write at least one step' })
      .max(MOST_STEPS, { error: `write at most ${MOST_STEPS} steps` }),
    summary: markdown.optional(),
    confirmation: markdown.optional(),
  },
  { error: 'write id, title, intro and steps' },
);
export type FormSource = z.infer<typeof formFile>;

/** Every key a form may hold, for the one that was meant by a misspelt one. */
export const FORM_KEYS: readonly string[] = [formFile, step, choice, condition].flatMap((it) =>
  Object.keys(it.shape),
);
