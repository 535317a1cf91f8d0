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

/** Where the person is: at the step they went back to, else at the first without an answer, else at the end. */
export function screenOf(form: Form, draft: FormDraft): Screen {
  const wanted = form.steps.findIndex(({ id }) => id === draft.at);
  const open = form.steps.findIndex((step) => answerOf(draft, step) === undefined);
  const index = wanted === -1 ? open : wanted;
  const step = form.steps[index];
  if (step) return { at: 'step', step, index };
  return { at: draft.correcting ? 'correct' : 'summary' };
}

export const hasAnswers = (draft: FormDraft | undefined): draft is FormDraft =>
  draft !== undefined && Object.keys(draft.answers).length > 0;

export const emptyDraft = (now: number): FormDraft => ({ answers: {}, changedAt: now });

/** The draft with this answer, on its way to the next step. */
export function withAnswer(draft: FormDraft, step: FormStep, value: FormValue, now: number): FormDraft {
  return { answers: { ...draft.answers, [step.id]: value }, changedAt: now };
}

export function movedTo(draft: FormDraft, to: { at?: string; correcting?: true }, now: number): FormDraft {
  return { answers: draft.answers, ...to, changedAt: now };
}

/** Ids of the files that came with the answers. */
export const filesOf = (draft: FormDraft | undefined): string[] =>
  Object.values(draft?.answers ?? {}).flatMap((value) => (Array.isArray(value) ? value : []));
