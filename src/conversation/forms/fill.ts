import type { TextKey } from '../../desk/desk.ts';
import type { Form, FormStep } from '../../desk/form.ts';
import { fold } from '../../message/fold.ts';
import type { FormDraft, FormValue } from '../../message/form.ts';
import type { Rich } from '../../message/rich.ts';
import type { Turn } from '../../message/session.ts';
import { flatten } from '../../message/styled.ts';
import { pageOfWord } from '../commands.ts';
import { interaction, outcome } from '../decision.ts';
import type { Outcome } from '../decision.ts';
import { isStop } from '../limits.ts';
import { nextSteps, withChoices } from '../pages.ts';
import { ask } from '../question.ts';
import type { PersonEvent } from '../respond.ts';
import { fillKnown } from '../source.ts';
import { say, write } from '../texts.ts';
import type { Voice } from '../texts.ts';
import { readFormTap } from './buttons.ts';
import type { FormTap } from './buttons.ts';
import { dayOf } from './dates.ts';
import { answerOf, applies, emptyDraft, filesOf, givenAt, movedTo, screenOf, withAnswer } from './draft.ts';
import { onMedia } from './media.ts';
import {
  cancel,
  cancelAll,
  formOf,
  isTapOf,
  markOf,
  mayFill,
  recorded,
  shown,
  tapOnAnother,
  tapOutside,
  withEnded,
  without,
  withoutForm,
} from './open.ts';
import { readAnswer, yesOrNo } from './read.ts';
import { referenceOf } from './reference.ts';
import { resumeReply, screenReply, shownAnswer, shownAnswers, toldReply } from './screens.ts';

/**
 * What a typed or shared answer does to the form on the screen; undefined: it is none, such as a question asked on the way.
 */
export function answerInForm(turn: Turn, event: PersonEvent, voice: Voice): Outcome | undefined {
  if (turn.session.form === undefined || event.kind === 'media' || event.kind === 'other') return undefined;
  const said = fillForm(turn, event, voice, false);
  return said?.asks.length === 0 ? said : undefined;
}

/** The form a person fills in now. */
export interface Filling {
  turn: Turn;
  voice: Voice;
  form: Form;
  draft: FormDraft;
}

/** What an event means for a form; undefined: nothing, the conversation goes on without it. */
export function fillForm(turn: Turn, event: PersonEvent, voice: Voice, silent: boolean): Outcome | undefined {
  if (turn.chat !== 'private') return undefined;
  const tap = event.kind === 'tap' ? readFormTap(event.data) : undefined;
  const { form: open } = turn.session;
  if (tap && tap.form !== open?.id) return tapOutside(turn, tap, voice);
  if (!open) {
    const cancels =
      event.kind === 'text' && event.text.startsWith('/') && wayOf(event.text, voice) === 'cancel';
    return cancels ? cancelAll(turn, voice) : undefined;
  }
  const filling = fillingOf(turn, voice);
  if (!filling) {
    const form = formOf(voice, open.id);
    if (!form || !mayFill(turn, form)) return undefined;
    if (tap) return tapOutside(withoutForm(turn), tap, voice);
    return outcome(withoutForm(turn), { replies: [resumeReply(voice, form, undefined)] });
  }
  switch (event.kind) {
    case 'tap':
      return tap && onTap(filling, tap);
    case 'text':
      return onWords(filling, event.text);
    case 'contact': {
      const screen = screenOf(filling.form, filling.draft);
      return screen.at === 'step' && screen.step.kind === 'phone' ? onWords(filling, event.phone) : undefined;
    }
    case 'media':
      return onMedia(filling, event, silent);
    case 'edited':
      return outcome(turn, { effects: [interaction('edited')] });
    case 'other':
      return event.direct ? notTaken(filling, say(voice, 'unsupported_message')) : outcome(turn);
  }
}

/** Undefined: no form is open, or its draft is gone (sent or deleted elsewhere). */
export function fillingOf(turn: Turn, voice: Voice): Filling | undefined {
  const open = turn.session.form;
  const form = open && formOf(voice, open.id);
  if (!form || !mayFill(turn, form)) return undefined;
  const draft = turn.drafts?.[form.id] ?? (open.begun ? undefined : emptyDraft(turn.now, open.reference));
  return draft && { turn, voice, form, draft };
}

function onTap(filling: Filling, tap: FormTap): Outcome {
  const { turn, voice, form, draft } = filling;
  if (!isTapOf(tap, draft)) return tapOnAnother(turn, tap, form, draft, voice);
  const screen = screenOf(form, draft);
  const again = (): Outcome => shown(turn, form, draft, voice);
  switch (tap.verb) {
    case 'cancel':
      return cancel(turn, form, voice);
    case 'send':
      // Nothing has changed since the summary that this button is under, or something is still to be answered.
      if (screen.at !== 'step') return send(filling);
      return outcome(turn, {
        replies: [toldReply(voice, form, draft, say(voice, 'form_send_later'))],
        effects: [recorded(form, 'not_taken')],
      });
    case 'correct':
      return screen.at === 'summary' ? moved(filling, { correcting: true }) : again();
    case 'review':
      return screen.at === 'correct' ? moved(filling, {}) : again();
    case 'redo':
      return screen.at !== 'step' && form.steps.some(({ id }) => id === tap.step)
        ? moved(filling, { at: tap.step })
        : again();
    case 'resume':
    case 'restart':
      return again();
    default:
      return screen.at === 'step' && screen.step.id === tap.step
        ? atStep(filling, screen.step, screen.index, tap)
        : again();
  }
}

function atStep(filling: Filling, step: FormStep, index: number, tap: FormTap & { step: string }): Outcome {
  const { turn, voice, form, draft } = filling;
  switch (tap.verb) {
    case 'back':
      return back(filling, index);
    case 'skip':
      return skip(filling, step);
    case 'keep':
      return answerOf(draft, step) === undefined ? shown(turn, form, draft, voice) : moved(filling, {});
    case 'answer': {
      const value = answerOf({ answers: { [step.id]: tap.value }, changedAt: 0 }, step);
      const offered = step.kind === 'choice' || step.kind === 'yes_no';
      return offered && value !== undefined ? give(filling, step, value) : shown(turn, form, draft, voice);
    }
    default:
      return shown(turn, form, draft, voice);
  }
}

/** Words typed, spoken, or written under a picture. */
export function onWords(filling: Filling, text: string): Outcome | undefined {
  const { turn, voice, form, draft } = filling;
  const screen = screenOf(form, draft);
  const way = wayOf(text, voice);
  if (way === 'cancel') return cancel(turn, form, voice);
  if (way !== undefined && screen.at === 'step')
    return way === 'back' ? back(filling, screen.index) : skip(filling, screen.step);
  const folded = fold(text);
  const page = pageOfWord(folded, voice);
  const leaves =
    text.trim().startsWith('/') ||
    isStop(folded) ||
    isOnKeyboard(text, voice, screen.at === 'step' && screen.step.kind === 'text') ||
    (page !== undefined && [voice.desk.home, voice.desk.menu, voice.desk.contact].includes(page));
  if (leaves) return undefined;
  if (screen.at === 'step') {
    const read = readAnswer(screen.step, text, voice, dayOf(turn.now));
    if (read.ok) return give(filling, screen.step, read.value);
    return aside(filling, text, page, say(voice, read.why, read.extra));
  }
  const said = screen.at === 'summary' ? yesOrNo(text, voice) : undefined;
  if (said === 'yes') return send(filling);
  if (said === 'no') return moved(filling, { correcting: true });
  return aside(filling, text, page, []);
}

/** No answer: a word of the desk leaves the form, a question is answered on the way, the rest is explained. */
function aside(filling: Filling, text: string, page: string | undefined, why: Rich): Outcome | undefined {
  if (page !== undefined) return undefined;
  const isQuestion = /[?？]/.test(text) && /\p{L}{2,}\P{L}+\p{L}/u.test(text) && text.length <= 500;
  if (!isQuestion) return notTaken(filling, why);
  const { turn, voice } = filling;
  return outcome(turn, {
    asks: [ask(turn, voice, { text, alone: false })],
    effects: [interaction('question')],
  });
}

export function notTaken({ turn, voice, form, draft }: Filling, why: Rich): Outcome {
  return outcome(turn, {
    replies: [screenReply(voice, form, draft, why)],
    effects: [recorded(form, 'not_taken')],
  });
}

/** Takes an answer, and asks what comes next. */
export function give(filling: Filling, step: FormStep, value: FormValue): Outcome {
  const { turn, voice, form, draft } = filling;
  if (step.kind === 'yes_no' && step.must !== undefined && value !== step.must) {
    return cancel(turn, form, voice, withChoices(write(voice, step.refused), nextSteps(voice, 'menu')));
  }
  return changed(filling, withAnswer(draft, step, value, turn.now));
}

function skip(filling: Filling, step: FormStep): Outcome {
  if (!step.required) return give(filling, step, null);
  return notTaken(filling, []);
}

function back(filling: Filling, index: number): Outcome {
  const { form, draft } = filling;
  const before = form.steps.slice(0, index).findLast((step) => applies(form, draft, step));
  return moved(filling, before ? { at: before.id } : {});
}

/** Another step of the same draft; a form without an answer has no draft yet. */
function moved(filling: Filling, to: { at?: string; correcting?: true }): Outcome {
  return changed(filling, movedTo(filling.draft, to, filling.turn.now));
}

export function changed(
  { turn, voice, form, draft: old }: Filling,
  draft: FormDraft,
  silent = false,
): Outcome {
  const kept = filesOf(draft);
  const forget = filesOf(old).filter((file) => !kept.includes(file));
  return outcome(turn, {
    session: { ...turn.session, form: markOf(form, draft) },
    replies: silent ? [] : [screenReply(voice, form, draft)],
    effects: [
      { type: 'drafts', drafts: { ...turn.drafts, [form.id]: draft }, forget },
      recorded(form, 'answered'),
    ],
  });
}

function send({ turn, voice, form, draft }: Filling): Outcome {
  const reference = draft.reference ?? referenceOf(turn.seq);
  const values = { ...shownAnswers(voice, form, draft), reference };
  const body = form.confirmation
    ? fillKnown(voice, form.confirmation, values)
    : say(voice, 'form_sent', { reference });
  const answers = form.steps.map((step) => {
    const value = givenAt(form, draft, step);
    return {
      ...{ step: step.id, label: step.label, kind: step.kind },
      ...{ value, shown: shownAnswer(voice, step, value) },
    };
  });
  const given = answers.flatMap(({ value }) => (Array.isArray(value) ? value : []));
  const forget = filesOf(draft).filter((file) => !given.includes(file));
  const left = withoutForm(turn);
  return outcome(turn, {
    session: withEnded(left.session, { ...draft, reference }, 'sent'),
    replies: [withChoices(body, nextSteps(voice, 'menu'))],
    effects: [
      { type: 'form_sent', form: form.id, sent: { reference, answers } },
      { type: 'drafts', drafts: without(turn.drafts, form.id), forget },
      recorded(form, 'sent'),
    ],
  });
}

/** A question asked on the way was answered: the form goes on. */
export function backToForm(turn: Turn, voice: Voice, said: Outcome): Outcome {
  const filling = fillingOf(turn, voice);
  if (!filling) return said;
  return { ...said, replies: [...said.replies, screenReply(voice, filling.form, filling.draft)] };
}

/** The person does something else: what they began is kept, and they are told. */
export function leaveForm(turn: Turn, voice: Voice, goOn: (turn: Turn) => Outcome): Outcome {
  const filling = fillingOf(turn, voice);
  const said = goOn(withoutForm(turn));
  if (!filling || Object.keys(filling.draft.answers).length === 0) return said;
  const paused = say(voice, 'form_paused');
  const [first, ...rest] = said.replies;
  if (!first || said.asks.length > 0) return { ...said, replies: [{ body: paused }, ...said.replies] };
  return { ...said, replies: [{ ...first, body: [...paused, ...first.body] }, ...rest] };
}

const WAYS: readonly (readonly ['cancel' | 'back' | 'skip', TextKey])[] = [
  ['cancel', 'form_cancel'],
  ['back', 'form_back'],
  ['skip', 'form_skip'],
];

/** The label of a button, typed as a word or as a command, in any of the desk's languages. */
function wayOf(text: string, voice: Voice): 'cancel' | 'back' | 'skip' | undefined {
  if (text.length > 100) return undefined;
  const typed = fold(text.replace(/@[\p{L}\p{N}_]+\s*$/u, ''));
  if (typed === '') return undefined;
  return WAYS.find(([, key]) =>
    voice.texts.some(({ texts }) => fold(flatten(texts[key]).text) === typed),
  )?.[0];
}

/** What the keyboard under the chat sends is no answer; nor are its words, typed where any words would be one. */
const isOnKeyboard = (text: string, voice: Voice, takesWords: boolean): boolean => {
  const folded = fold(text);
  const isLabel = (label: string): boolean =>
    label === text.trim() || (takesWords && folded !== '' && fold(label) === folded);
  return voice.texts.some(({ keyboard }) => keyboard.flat().some(isLabel));
};
