import type { Desk } from '../desk/desk.ts';
import type { InboundEvent } from '../message/event.ts';
import type { Reply } from '../message/outbound.ts';
import type { AskResult, DecideInput, Decision, Effect, SessionState, Turn } from '../message/session.ts';
import { asTap, withChoicesOf } from './choices.ts';
import { interaction, outcome } from './decision.ts';
import type { Outcome } from './decision.ts';
import { castVote, voteIn } from './feedback.ts';
import { answerInForm } from './forms/fill.ts';
import { countAnswer, isMessage, overLimit } from './limits.ts';
import { isAnsweredAlbum, withAlbum } from './media.ts';
import { notice } from './pages.ts';
import { resume, respond } from './respond.ts';
import type { PersonEvent } from './respond.ts';
import { safeguarding } from './staff.ts';
import { foreign, voiceOf } from './texts.ts';

/**
 * The product's behaviour: what to say, ask and record for one event of a conversation. Pure; never throws.
 * Called with the event, then again with the result of each ask (see `Decision`).
 */
export function decide(turn: Turn, input: DecideInput, desk: Desk): Decision {
  const { event } = input;
  switch (event.kind) {
    case 'staff_reply':
      return uncounted(staffReply(turn, event.markdown));
    // The conversation's mode, the reminders of forms: they come with the flows that need them.
    case 'take_over':
    case 'hand_back':
    case 'timer':
      return uncounted(outcome(turn));
    case 'membership':
      return uncounted(
        outcome(turn, { effects: [{ type: 'reachable', reachable: event.state === 'joined' }] }),
      );
    case 'moved':
      return uncounted(outcome(turn, { effects: [movedTo(event)] }));
    default:
      return done(turn, event, 'result' in input ? input.result : undefined, desk);
  }
}

function uncounted(result: Outcome): Decision {
  return { ...result, counted: false };
}

function movedTo({ chat, identity }: Extract<InboundEvent, { kind: 'moved' }>): Effect {
  return { type: 'moved', chat, ...(identity === undefined ? {} : { identity }) };
}

function staffReply(turn: Turn, markdown: string): Outcome {
  const body = foreign(markdown);
  return outcome(turn, body === undefined ? {} : { replies: [{ body }] });
}

/** Something a person did, or the answer to it. */
function done(turn: Turn, event: PersonEvent, result: AskResult | undefined, desk: Desk): Decision {
  const voice = voiceOf(turn, event, desk);
  const meant = asTap(turn.session, event, voice);
  if (result !== undefined) {
    const reply = resume(turn, meant, result, voice);
    const after = result.type === 'answer' ? reply.session : settled(turn, reply);
    return { ...reply, session: withChoicesOf(after, reply.replies), counted: isMessage(event) };
  }
  // A thumb is no message: it is heard whatever the limit says and whoever answers.
  const vote = voteIn(turn, meant, voice);
  if (vote) {
    const cast = castVote(turn, meant, vote, voice);
    return uncounted({ ...cast, session: withChoicesOf(cast.session, cast.replies) });
  }
  // Somebody in danger is heard whoever answers, however late their words came.
  const alarm = concernsUs(turn, event) ? safeguarding(turn, event, voice) : undefined;
  if (alarm) return { ...alarm, session: withAlbum(turn, alarm.session, event), counted: true };
  // A human who has the conversation answers it, not the bot.
  if (turn.mode === 'human' || !concernsUs(turn, event)) return uncounted(outcome(turn));
  if (isStale(turn, event)) return uncounted(outcome(turn, { effects: [interaction('stale')] }));
  const answer = isMessage(event) ? answerInForm(turn, meant, voice) : undefined;
  if (answer) {
    const taken = countAnswer(turn, answer, voice);
    const after = withAlbum(turn, settled(turn, taken), event);
    return uncounted({ ...taken, session: withChoicesOf(after, taken.replies) });
  }
  const limited = isMessage(event) ? overLimit(turn, event, voice) : undefined;
  const reply = limited ?? respond(turn, meant, voice, isAnsweredAlbum(turn, event));
  return {
    ...reply,
    session: withChoicesOf(withAlbum(turn, settled(turn, reply), event), reply.replies),
    counted: limited === undefined && isMessage(event),
  };
}

/** Whatever they do after we asked what they meant settles it; until an answer is there the event may still be that. */
function settled({ seq }: Turn, { session, asks }: Outcome): SessionState {
  if (asks.length > 0) return session;
  const { meant: _, unsent, reaching, ...rest } = session;
  const reached = reaching === seq ? { reaching } : {};
  if (unsent === undefined) return { ...rest, ...reached };
  const { asked: __, ...kept } = unsent;
  return { ...rest, ...reached, unsent: kept };
}

const STALE_MS = 24 * 3600_000;

/** A message that reaches us a day late is kept, but nobody waits for its answer any more. */
function isStale(turn: Turn, event: PersonEvent): boolean {
  return event.sentAt !== undefined && turn.now - event.sentAt > STALE_MS;
}

/** What a person is told when their message could not be handled. */
export function technicalError(turn: Turn, event: InboundEvent, desk: Desk): Reply {
  return notice(voiceOf(turn, event, desk), 'technical_error');
}

/** Nobody asks us anything in a channel; in a group, only those who call us or use our buttons do. */
function concernsUs(turn: Turn, event: PersonEvent): boolean {
  if (turn.chat === 'private') return true;
  return turn.chat === 'group' && (event.kind === 'tap' || (event.kind === 'text' && event.addressed));
}
