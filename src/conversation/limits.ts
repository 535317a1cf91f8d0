import type { InboundEvent } from '../message/event.ts';
import { fold } from '../message/fold.ts';
import type { Turn } from '../message/session.ts';
import { interaction, outcome } from './decision.ts';
import type { Outcome } from './decision.ts';
import { notice } from './pages.ts';
import type { Voice } from './texts.ts';

const MINUTE = 60_000;
/** Words that end our messages; they are heard whatever the limit says. */
const ALWAYS_HEARD: ReadonlySet<string> = new Set(['stop', 'arret']);

/** Messages a person sends count; taps, edits and what platforms report do not. */
export function isMessage(event: InboundEvent): boolean {
  switch (event.kind) {
    case 'text':
    case 'contact':
    case 'media':
      return true;
    case 'other':
      return event.direct;
    default:
      return false;
  }
}

/** Beyond the limit nothing is answered, now or later, but one notice a minute. */
export function overLimit(turn: Turn, event: InboundEvent, voice: Voice): Outcome | undefined {
  const limit = voice.desk.limits.messagesPerMinute;
  return turn.recentMessages < limit || isAlwaysHeard(event) ? undefined : tooMany(turn, voice, limit);
}

/** Answers typed into forms in a minute: more than anybody gives, fewer than a machine would. */
const MOST_ANSWERS = 40;

/** An answer to a form counts by itself, like a tap: many short ones are what a form wants. */
export function countAnswer(turn: Turn, answer: Outcome, voice: Voice): Outcome {
  const { formAnswers: last } = turn.session;
  const counting = last && Math.abs(turn.now - last.since) < MINUTE ? last : { since: turn.now, count: 0 };
  if (counting.count >= MOST_ANSWERS) return tooMany(turn, voice, MOST_ANSWERS);
  return {
    ...answer,
    session: { ...answer.session, formAnswers: { ...counting, count: counting.count + 1 } },
  };
}

function tooMany(turn: Turn, voice: Voice, limit: number): Outcome {
  const last = turn.session.limitNoticeAt;
  // Absolute: a clock set back must not silence the notice until it has caught up.
  const due = last === undefined || Math.abs(turn.now - last) >= MINUTE;
  const effects = [interaction('limited')];
  if (!due) return outcome(turn, { effects });
  return outcome(turn, {
    session: { ...turn.session, limitNoticeAt: turn.now },
    replies: [notice(voice, 'too_many_messages', { limit: String(limit) })],
    effects,
  });
}

const isAlwaysHeard = (event: InboundEvent): boolean => event.kind === 'text' && isStop(fold(event.text));

/** A word that ends our messages; `folded` as `fold` gives it. */
export const isStop = (folded: string): boolean => ALWAYS_HEARD.has(folded);
