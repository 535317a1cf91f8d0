import type { TextKey } from '../../desk/desk.ts';
import type { Form, FormStep } from '../../desk/form.ts';
import type { FormDraft, FormValue } from '../../message/form.ts';
import type { Choice, InlineButton, Reply } from '../../message/outbound.ts';
import { paragraph, text } from '../../message/rich.ts';
import type { Rich } from '../../message/rich.ts';
import { flatten } from '../../message/styled.ts';
import { fillKnown } from '../source.ts';
import { longDate, say, write } from '../texts.ts';
import type { Voice } from '../texts.ts';
import { formTapId } from './buttons.ts';
import type { FormTap } from './buttons.ts';
import { answerOf, applies, givenAt, screenOf } from './draft.ts';
import type { Screen } from './draft.ts';

/** No screen lists more; beyond, what can also be typed makes room. */
const MOST_CHOICES = 10;
const SHORT_LABEL = 14;

type Request = Pick<FormTap, 'form' | 'reference'>;

/** What the person has before them. `why`: the answer they gave could not be taken. */
export function screenReply(voice: Voice, form: Form, draft: FormDraft, why?: Rich): Reply {
  const screen = screenOf(form, draft);
  const of = requestOf(form, draft);
  switch (screen.at) {
    case 'step':
      return stepReply(voice, form, draft, screen, why);
    case 'summary':
      return {
        body: [...(why ?? []), ...summary(voice, form, draft)],
        choices: [
          [button(voice, { ...of, verb: 'send' }, 'form_confirm')],
          [
            button(voice, { ...of, verb: 'correct' }, 'form_correct'),
            button(voice, { ...of, verb: 'cancel' }, 'form_cancel'),
          ],
        ],
      };
    case 'correct':
      return {
        body: [...(why ?? []), ...say(voice, 'form_correct_which')],
        choices: [
          ...inRows(
            askedSteps(form, draft).map(({ id, label }) => ({
              id: formTapId({ ...of, verb: 'redo', step: id }),
              label,
            })),
          ),
          [button(voice, { ...of, verb: 'review' }, 'form_back')],
        ],
      };
  }
}

/** What is before the person, under what they must know of it first. */
export function toldReply(voice: Voice, form: Form, draft: FormDraft, first: Rich): Reply {
  const reply = screenReply(voice, form, draft);
  return { ...reply, body: [...first, ...reply.body] };
}

/** What the buttons of a request carry. */
const requestOf = ({ id }: Form, { reference = '' }: FormDraft): Request => ({ form: id, reference });

const askedSteps = (form: Form, draft: FormDraft): FormStep[] =>
  form.steps.filter((step) => applies(form, draft, step));

function stepReply(
  voice: Voice,
  form: Form,
  draft: FormDraft,
  { step, index }: Extract<Screen, { at: 'step' }>,
  why: Rich | undefined,
): Reply {
  const given = answerOf(draft, step);
  const asked = askedSteps(form, draft);
  const counts = { i: String(asked.indexOf(step) + 1), n: String(asked.length) };
  const body: Rich = why
    ? [...why, ...(step.help.length > 0 ? write(voice, step.help) : write(voice, step.ask))]
    : [
        ...say(voice, 'form_step', counts),
        ...write(voice, step.ask),
        ...(given == null ? [] : say(voice, 'form_current', { answer: shownAnswer(voice, step, given) })),
        ...(step.required ? [] : say(voice, 'form_optional')),
      ];
  const of = requestOf(form, draft);
  const answers = answersOf(voice, of, step);
  const room = MOST_CHOICES - answers.length;
  const ways = waysFrom(voice, of, step, index, given !== undefined);
  // In the order in which they are missed.
  const kept = ways.toSorted((a, b) => a.rank - b.rank).slice(0, Math.max(0, room));
  const row = ways.filter((way) => kept.includes(way)).map((way) => way.button);
  return { body, choices: [...inRows(answers), ...(row.length === 0 ? [] : [row])] };
}

function answersOf(voice: Voice, request: Request, step: FormStep): Choice[] {
  const id = (value: string): string => formTapId({ ...request, verb: 'answer', step: step.id, value });
  switch (step.kind) {
    case 'choice':
      return step.choices.map((choice) => ({ id: id(choice.id), label: choice.label }));
    case 'yes_no':
      return [
        { id: id('yes'), label: words(voice, 'form_yes') },
        { id: id('no'), label: words(voice, 'form_no') },
      ];
    default:
      return [];
  }
}

function waysFrom(
  voice: Voice,
  request: Request,
  step: FormStep,
  index: number,
  answered: boolean,
): { rank: number; button: Choice }[] {
  const of = { ...request, step: step.id };
  return [
    ...(index > 0 ? [{ rank: 2, button: button(voice, { ...of, verb: 'back' }, 'form_back') }] : []),
    ...(answered ? [{ rank: 0, button: button(voice, { ...of, verb: 'keep' }, 'form_keep') }] : []),
    ...(step.required || answered
      ? []
      : [{ rank: 0, button: button(voice, { ...of, verb: 'skip' }, 'form_skip') }]),
    { rank: 1, button: button(voice, { ...request, verb: 'cancel' }, 'form_cancel') },
  ];
}

/** A form of which a draft is there: go on, or begin anew. Without one it can only be begun. */
export function resumeReply(voice: Voice, form: Form, draft: FormDraft | undefined): Reply {
  const of = { form: form.id, reference: draft?.reference ?? '' };
  const restart = button(voice, { ...of, verb: 'restart' }, 'form_restart');
  if (!draft) return { body: say(voice, 'form_expired'), choices: [[restart]] };
  return {
    body: [paragraph({ type: 'strong', children: [text(form.title)] }), ...say(voice, 'form_resume')],
    choices: [
      [button(voice, { ...of, verb: 'resume' }, 'form_go_on'), restart],
      [button(voice, { ...of, verb: 'cancel' }, 'form_cancel')],
    ],
  };
}

function summary(voice: Voice, form: Form, draft: FormDraft): Rich {
  const shown = shownAnswers(voice, form, draft);
  if (form.summary) return fillKnown(voice, form.summary, shown);
  const lines = form.steps.flatMap(({ id, label }) => {
    const answer = shown[id] ?? '';
    return answer === '' ? [] : [`${label} : ${answer}`];
  });
  return [...say(voice, 'form_summary'), paragraph(text(lines.join('\n'))), ...say(voice, 'form_check')];
}

/** What was answered, by step, as people read it; '' where there is nothing. */
export function shownAnswers(voice: Voice, form: Form, draft: FormDraft): Record<string, string> {
  return Object.fromEntries(
    form.steps.map((step) => [step.id, shownAnswer(voice, step, givenAt(form, draft, step))]),
  );
}

export function shownAnswer(voice: Voice, step: FormStep, value: FormValue | undefined): string {
  if (value == null) return '';
  if (Array.isArray(value)) return words(voice, 'form_file', { count: String(value.length) });
  switch (step.kind) {
    case 'choice':
      return step.choices.find(({ id }) => id === value)?.label ?? '';
    case 'date':
      return longDate(value, voice.language);
    case 'yes_no':
      return words(voice, value === 'yes' ? 'form_yes' : 'form_no');
    default:
      return value;
  }
}

/** Short labels go two on a row. */
function inRows(choices: readonly Choice[]): InlineButton[][] {
  const two = choices.every(({ label }) => label.length <= SHORT_LABEL);
  if (!two) return choices.map((choice) => [choice]);
  return choices.flatMap((choice, at) => (at % 2 === 0 ? [choices.slice(at, at + 2)] : []));
}

const button = (voice: Voice, tap: FormTap, label: TextKey): Choice => ({
  id: formTapId(tap),
  label: words(voice, label),
});

const words = (voice: Voice, key: TextKey, extra: Readonly<Record<string, string>> = {}): string =>
  flatten(say(voice, key, extra)).text;
