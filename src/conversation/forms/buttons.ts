/**
 * What a button of a form does. Bound to its step, so that one tapped late changes no other answer, and to the request it
 * was shown for (`reference`, empty when it has none), so that it never acts on another.
 */
export type FormTap = { form: string; reference: string } & (
  | { verb: 'send' | 'correct' | 'review' | 'cancel' | 'resume' | 'restart' }
  | { verb: 'back' | 'skip' | 'keep' | 'redo'; step: string }
  | { verb: 'answer'; step: string; value: string }
);
type Verb = FormTap['verb'];

const PREFIX = 'f:';
const OF = '.';
/** An answer's id holds three names and a reference: 64 characters are all a platform takes. */
const ANSWER = '=';
const ALONE: readonly Verb[] = ['send', 'correct', 'review', 'cancel', 'resume', 'restart'];
const OF_STEP: readonly Verb[] = ['back', 'skip', 'keep', 'redo'];

export function formTapId(tap: FormTap): string {
  const start = PREFIX + tap.form + (tap.reference === '' ? '' : OF + tap.reference);
  if (tap.verb === 'answer') return `${start}:${ANSWER}:${tap.step}:${tap.value}`;
  return 'step' in tap ? `${start}:${tap.verb}:${tap.step}` : `${start}:${tap.verb}`;
}

export function readFormTap(id: string): FormTap | undefined {
  if (!id.startsWith(PREFIX)) return undefined;
  const [whose = '', verb = '', step, value, more] = id.slice(PREFIX.length).split(':');
  const [form = '', reference = '', rest] = whose.split(OF);
  if (more !== undefined || rest !== undefined) return undefined;
  const of = { form, reference };
  if (verb === ANSWER) {
    return step === undefined || value === undefined ? undefined : { ...of, verb: 'answer', step, value };
  }
  if (value !== undefined) return undefined;
  if (step === undefined) return isOneOf(ALONE, verb) ? ({ ...of, verb } as FormTap) : undefined;
  return isOneOf(OF_STEP, verb) ? ({ ...of, verb, step } as FormTap) : undefined;
}

const isOneOf = (verbs: readonly Verb[], verb: string): boolean => verbs.some((one) => one === verb);
