import type { Form, FormStep } from '../../desk/form.ts';
import type { FormDraft, FormValue } from '../../message/form.ts';

/** What a person who fills in a form has before them. */
export type Screen = { at: 'step'; step: FormStep; index: number } | { at: 'summary' } | { at: 'correct' };

/** The answer of a step; undefined: none yet, or one that the form does not offer any more. */
export function answerOf(draft: FormDraft, step: FormStep): FormValue | undefined {
  const value = Object.hasOwn(draft.answers, step.id) ? draft.answers[step.id] : undefined;
  if (value === undefined) return undefined;
  if (value === null) return step.required ? undefined : null;
  if (Array.isArray(value) !== (step.kind === 'file')) return undefined;
  if (step.kind === 'choice') return step.choices.some(({ id }) => id === value) ? value : undefined;
  if (step.kind === 'yes_no') return value === 'yes' || value === 'no' ? value : undefined;
  return value;
}

/** The step is worth asking; while the answer that it depends on is not known, it may be. */
export function applies(form: Form, draft: FormDraft, { when }: FormStep): boolean {
  const named = when && form.steps.find(({ id }) => id === when.step);
  if (!named) return true;
  if (!applies(form, draft, named)) return false;
  const answer = answerOf(draft, named);
  return answer === undefined || (typeof answer === 'string' && when.is.includes(answer));
}

/** The answer of a step that is worth asking, else null: nobody sends what they were not asked. */
export const givenAt = (form: Form, draft: FormDraft, step: FormStep): FormValue =>
  applies(form, draft, step) ? (answerOf(draft, step) ?? null) : null;

/** Where the person is: at the step they went back to, else at the first without an answer, else at the end. */
export function screenOf(form: Form, draft: FormDraft): Screen {
  const asked = (step: FormStep): boolean => applies(form, draft, step);
  const wanted = form.steps.findIndex((step) => step.id === draft.at && asked(step));
  const open = form.steps.findIndex((step) => answerOf(draft, step) === undefined && asked(step));
  const index = wanted === -1 ? open : wanted;
  const step = form.steps[index];
  if (step) return { at: 'step', step, index };
  return { at: draft.correcting ? 'correct' : 'summary' };
}

export const hasAnswers = (draft: FormDraft | undefined): draft is FormDraft =>
  draft !== undefined && Object.keys(draft.answers).length > 0;

/** `reference`: as it was given when the form was opened. */
export const emptyDraft = (now: number, reference: string | undefined): FormDraft => ({
  answers: {},
  changedAt: now,
  ...(reference === undefined ? {} : { reference }),
});

/** The draft with this answer, on its way to the next step. */
export function withAnswer(draft: FormDraft, step: FormStep, value: FormValue, now: number): FormDraft {
  return { ...emptyDraft(now, draft.reference), answers: { ...draft.answers, [step.id]: value } };
}

export function movedTo(draft: FormDraft, to: { at?: string; correcting?: true }, now: number): FormDraft {
  return { ...emptyDraft(now, draft.reference), answers: draft.answers, ...to };
}

/** Ids of the files that came with the answers. */
export const filesOf = (draft: FormDraft | undefined): string[] =>
  Object.values(draft?.answers ?? {}).flatMap((value) => (Array.isArray(value) ? value : []));
