import type { Page } from '../../desk/desk.ts';
import type { Form } from '../../desk/form.ts';
import type { Drafts, FormDraft } from '../../message/form.ts';
import type { Reply } from '../../message/outbound.ts';
import type { Effect, SessionState, Turn } from '../../message/session.ts';
import { interaction, outcome } from '../decision.ts';
import type { Outcome } from '../decision.ts';
import { notice } from '../pages.ts';
import { firstOf, write } from '../texts.ts';
import type { Voice } from '../texts.ts';
import type { PersonEvent } from '../respond.ts';
import { readFormTap } from './buttons.ts';
import type { FormTap } from './buttons.ts';
import { emptyDraft, filesOf, hasAnswers, screenOf } from './draft.ts';
import { resumeReply, screenReply } from './screens.ts';

export const formOf = (voice: Voice, id: string): Form | undefined =>
  firstOf(voice, (texts) => texts.forms.get(id));

/** The page is a form for people we know. */
export const isForKnown = (voice: Voice, page: Page): boolean =>
  page.form !== undefined && formOf(voice, page.form)?.account === true;

export const mayFill = (turn: Turn, form: Form): boolean => !form.account || turn.account === 'active';

/** Opens a form, or asks whether to go on with the one that was begun. */
export function openForm(turn: Turn, page: Page, voice: Voice): Outcome {
  const form = formOf(voice, page.form ?? '');
  return form ? open(turn, form, voice) : outcome(turn, { replies: [notice(voice, 'outdated_button')] });
}

function open(turn: Turn, form: Form, voice: Voice): Outcome {
  if (turn.chat !== 'private') return outcome(turn, { replies: [notice(voice, 'private_only')] });
  if (!mayFill(turn, form)) return outcome(turn, { replies: [notice(voice, 'account_pending')] });
  if (hasAnswers(turn.drafts?.[form.id]))
    return outcome(withoutForm(turn), { replies: [resumeReply(voice, form, 'form_resume')] });
  return begin(turn, form, voice);
}

/** The first question, after what it is all about. */
export function begin(turn: Turn, form: Form, voice: Voice): Outcome {
  const draft = emptyDraft(turn.now);
  return outcome(turn, {
    session: { ...turn.session, form: markOf(form, draft) },
    replies: [{ body: write(voice, form.intro) }, screenReply(voice, form, draft)],
    effects: [...forgetting(turn, form.id), recorded(form, 'opened')],
  });
}

/** A button of a form that is not the one being filled in. */
export function tapOutside(turn: Turn, tap: FormTap, voice: Voice): Outcome | undefined {
  const form = formOf(voice, tap.form);
  if (!form || !mayFill(turn, form)) return undefined;
  const draft = turn.drafts?.[form.id];
  if (hasAnswers(draft)) {
    if (tap.verb === 'cancel') return cancel(turn, form, voice);
    if (tap.verb === 'resume') return shown(turn, form, draft, voice);
    if (tap.verb !== 'restart') return open(turn, form, voice);
  }
  const { sent } = turn.session;
  if (tap.verb === 'restart' || tap.verb === 'resume') return begin(turn, form, voice);
  return sent?.form === form.id
    ? outcome(turn, { replies: [notice(voice, 'form_already_sent', { reference: sent.reference })] })
    : undefined;
}

/** What is before the person, shown once more. */
export function shown(turn: Turn, form: Form, draft: FormDraft, voice: Voice): Outcome {
  return outcome(turn, {
    session: { ...turn.session, form: markOf(form, draft) },
    replies: [screenReply(voice, form, draft)],
    effects: [recorded(form, 'shown')],
  });
}

/** Whoever writes again after a pause is told once that something is begun: their words may have been an answer. */
export function remind(turn: Turn, event: PersonEvent, voice: Voice, said: Outcome): Outcome {
  const writes = event.kind === 'media' || (event.kind === 'text' && !event.text.startsWith('/'));
  if (!turn.newSession || turn.chat !== 'private' || !writes) return said;
  const form = Object.entries(turn.drafts ?? {})
    .flatMap(([id, draft]) => (hasAnswers(draft) ? (formOf(voice, id) ?? []) : []))
    .find((each) => mayFill(turn, each));
  const buttons = said.replies.flatMap(({ choices = [] }) => choices.flat());
  const asked = buttons.some((button) => 'id' in button && readFormTap(button.id) !== undefined);
  if (!form || asked) return said;
  const reminder = resumeReply(voice, form, 'form_resume');
  return {
    ...said,
    replies: said.asks.length > 0 ? [reminder, ...said.replies] : [...said.replies, reminder],
  };
}

/** The answers go, and the files that came with them. */
export function cancel(turn: Turn, form: Form, voice: Voice, reply?: Reply): Outcome {
  return outcome(withoutForm(turn), {
    replies: [reply ?? notice(voice, 'form_cancelled')],
    effects: [...forgetting(turn, form.id), recorded(form, reply ? 'refused' : 'cancelled')],
  });
}

/** Everything begun goes, when the person cancels without a form before them; undefined: there is nothing. */
export function cancelAll(turn: Turn, voice: Voice): Outcome | undefined {
  const drafts = Object.values(turn.drafts ?? {});
  if (drafts.length === 0) return undefined;
  return outcome(turn, {
    replies: [notice(voice, 'form_cancelled')],
    effects: [
      { type: 'drafts', drafts: {}, forget: drafts.flatMap(filesOf) },
      interaction('form', 'cancelled'),
    ],
  });
}

function forgetting(turn: Turn, form: string): Effect[] {
  const draft = turn.drafts?.[form];
  return draft === undefined
    ? []
    : [{ type: 'drafts', drafts: without(turn.drafts, form), forget: filesOf(draft) }];
}

/** The person's drafts without this one. */
export const without = (drafts: Drafts | undefined, form: string): Drafts =>
  Object.fromEntries(Object.entries(drafts ?? {}).filter(([id]) => id !== form));

export function withoutForm(turn: Turn): Turn {
  const { form: _, ...session } = turn.session;
  return { ...turn, session };
}

/** What the session remembers of the form on the screen. */
export function markOf(form: Form, draft: FormDraft): NonNullable<SessionState['form']> {
  const screen = screenOf(form, draft);
  const typed = screen.at === 'step' && screen.step.kind !== 'choice' && screen.step.kind !== 'yes_no';
  return {
    id: form.id,
    ...(hasAnswers(draft) ? { begun: true as const } : {}),
    ...(typed ? { typed: true as const } : {}),
  };
}

/** `form`: an id of the desk. */
export const recorded = ({ id }: Form, what: string): Effect => interaction('form', `${id}:${what}`);
