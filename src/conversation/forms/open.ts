import type { Page } from '../../desk/desk.ts';
import type { Form } from '../../desk/form.ts';
import type { Drafts, FormDraft } from '../../message/form.ts';
import type { Reply } from '../../message/outbound.ts';
import type { Effect, SessionState, Turn } from '../../message/session.ts';
import { interaction, outcome } from '../decision.ts';
import type { Outcome } from '../decision.ts';
import { notice } from '../pages.ts';
import { firstOf, say, write } from '../texts.ts';
import type { Voice } from '../texts.ts';
import type { PersonEvent } from '../respond.ts';
import { readFormTap } from './buttons.ts';
import type { FormTap } from './buttons.ts';
import { emptyDraft, filesOf, hasAnswers, screenOf } from './draft.ts';
import { referenceOf } from './reference.ts';
import { resumeReply, screenReply, toldReply } from './screens.ts';

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
  const draft = turn.drafts?.[form.id];
  if (hasAnswers(draft)) return outcome(withoutForm(turn), { replies: [resumeReply(voice, form, draft)] });
  return begin(turn, form, voice);
}

/** The first question, after what it is all about. */
export function begin(turn: Turn, form: Form, voice: Voice): Outcome {
  const draft = emptyDraft(turn.now, referenceOf(turn.seq));
  const over = turn.drafts?.[form.id];
  return outcome(turn, {
    session: { ...withEnded(turn.session, over, 'cancelled'), form: markOf(form, draft) },
    replies: [{ body: write(voice, form.intro) }, screenReply(voice, form, draft)],
    effects: [...forgetting(turn, form.id), recorded(form, 'opened')],
  });
}

export const isTapOf = (tap: FormTap, draft: FormDraft): boolean => tap.reference === (draft.reference ?? '');

/** A button of a form that is not the one being filled in. */
export function tapOutside(turn: Turn, tap: FormTap, voice: Voice): Outcome | undefined {
  const form = formOf(voice, tap.form);
  if (!form || !mayFill(turn, form)) return undefined;
  const draft = turn.drafts?.[form.id];
  if (!hasAnswers(draft) || !isTapOf(tap, draft)) return tapOnAnother(turn, tap, form, draft, voice);
  switch (tap.verb) {
    case 'cancel':
      return cancel(turn, form, voice);
    case 'resume':
      return shown(turn, form, draft, voice);
    case 'restart':
      return begin(turn, form, voice);
    default:
      return open(turn, form, voice);
  }
}

/**
 * A button of a request that is over: what became of it is told, and nothing else happens to the one begun since
 * (`draft`), which comes back where it was.
 */
export function tapOnAnother(
  turn: Turn,
  tap: FormTap,
  form: Form,
  draft: FormDraft | undefined,
  voice: Voice,
): Outcome {
  const begins = tap.verb === 'restart' || tap.verb === 'resume';
  const onScreen = turn.session.form?.id === form.id;
  if (begins && !onScreen) return open(turn, form, voice);
  const ended = turn.session.ended?.find(({ reference }) => reference === tap.reference);
  const effects = [recorded(form, 'old_button')];
  if (!ended && !draft) return outcome(turn, { replies: [resumeReply(voice, form, undefined)], effects });
  const { reference = '', how } = ended ?? {};
  const key = how === 'sent' ? 'form_already_sent' : how ? 'form_already_cancelled' : 'form_other_request';
  if (draft && onScreen)
    return outcome(turn, {
      replies: [toldReply(voice, form, draft, say(voice, key, { reference }))],
      effects,
    });
  const told = notice(voice, key, { reference });
  return outcome(turn, {
    replies: hasAnswers(draft) ? [{ body: told.body }, resumeReply(voice, form, draft)] : [told],
    effects,
  });
}

const MOST_ENDED = 5;

/** The session that remembers that this request is over. */
export function withEnded(
  session: SessionState,
  draft: FormDraft | undefined,
  how: 'sent' | 'cancelled',
): SessionState {
  if (draft?.reference === undefined) return session;
  const { reference } = draft;
  return { ...session, ended: [...(session.ended ?? []), { reference, how }].slice(-MOST_ENDED) };
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
  const begun = Object.entries(turn.drafts ?? {})
    .flatMap(([id, draft]) => {
      const form = formOf(voice, id);
      return form && hasAnswers(draft) ? { form, draft } : [];
    })
    .find(({ form }) => mayFill(turn, form));
  const buttons = said.replies.flatMap(({ choices = [] }) => choices.flat());
  const asked = buttons.some((button) => 'id' in button && readFormTap(button.id) !== undefined);
  if (!begun || asked) return said;
  const reminder = resumeReply(voice, begun.form, begun.draft);
  return {
    ...said,
    replies: said.asks.length > 0 ? [reminder, ...said.replies] : [...said.replies, reminder],
  };
}

/** The answers go, and the files that came with them. */
export function cancel(turn: Turn, form: Form, voice: Voice, reply?: Reply): Outcome {
  const free = withoutForm(turn);
  const onScreen = turn.session.form?.id === form.id ? turn.session.form.reference : undefined;
  const draft = turn.drafts?.[form.id] ?? emptyDraft(turn.now, onScreen);
  return outcome(free, {
    session: withEnded(free.session, draft, 'cancelled'),
    replies: [reply ?? notice(voice, 'form_cancelled')],
    effects: [...forgetting(turn, form.id), recorded(form, reply ? 'refused' : 'cancelled')],
  });
}

/** Everything begun goes, when the person cancels without a form before them; undefined: there is nothing. */
export function cancelAll(turn: Turn, voice: Voice): Outcome | undefined {
  const drafts = Object.values(turn.drafts ?? {});
  if (drafts.length === 0) return undefined;
  return outcome(turn, {
    session: drafts.reduce((session, draft) => withEnded(session, draft, 'cancelled'), turn.session),
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
    ...(draft.reference === undefined ? {} : { reference: draft.reference }),
    ...(hasAnswers(draft) ? { begun: true as const } : {}),
    ...(typed ? { typed: true as const } : {}),
  };
}

/** `form`: an id of the desk. */
export const recorded = ({ id }: Form, what: string): Effect => interaction('form', `${id}:${what}`);
