import { z } from 'zod';
import { STEP_KINDS } from './form.ts';
import { label, list, markdown, sentence } from './schema.ts';

/** The shape of `forms/<id>.<language>.yaml`. Ids are short: an answer's button holds three of them in 64 characters. */
export const id = (what: string, most: number) => {
  const error = `write the id of ${what}: 1 to ${most} of a-z, 0-9 and _, the first a letter`;
  return z.string({ error }).regex(new RegExp(`^[a-z][a-z0-9_]{0,${most - 1}}$`), { error });
};

const MOST_STEPS = 40;

const choice = z.strictObject(
  { id: id('this answer', 20), label },
  { error: 'write an answer: { id: …, label: … }' },
);

const bound = z.union([z.number(), z.string()], {
  error: 'write a number, or for a date YYYY-MM-DD or today',
});

const step = z.strictObject(
  {
    id: id('this step', 20),
    label,
    ask: markdown,
    kind: z.enum(STEP_KINDS, { error: `write ${STEP_KINDS.join(', ')}` }),
    required: z.boolean({ error: 'write true or false' }).optional(),
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
export const FORM_KEYS: readonly string[] = [formFile, step].flatMap((it) => Object.keys(it.shape));
