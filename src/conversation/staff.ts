import { fold } from '../message/fold.ts';
import type { InboundEvent } from '../message/event.ts';
import type { Reply } from '../message/outbound.ts';
import type { SessionState, Turn } from '../message/session.ts';
import { flatten } from '../message/styled.ts';
import { interaction, outcome } from './decision.ts';
import type { Intent, Outcome } from './decision.ts';
import { deedId } from './deeds.ts';
import { nextSteps, notice, staffPage, withChoices } from './pages.ts';
import { hashOf } from './taps.ts';
import { say } from './texts.ts';
import type { Voice } from './texts.ts';

/** Words that suggest somebody in danger or in distress: a human answers, and nobody else reads them. */
export function safeguarding(turn: Turn, event: InboundEvent, voice: Voice): Outcome | undefined {
  const text =
    event.kind === 'text' || event.kind === 'edited'
      ? event.text
      : event.kind === 'media'
        ? event.caption
        : undefined;
  if (text === undefined || !isAlarming(text, voice)) return undefined;
  return outcome(turn, {
    replies: [withChoices(say(voice, 'safeguarding'), nextSteps(voice, 'contact'))],
    // The picture it comes with is kept as well.
    ...(event.kind === 'media' ? { asks: [{ type: 'files', media: event.media, silent: true }] } : {}),
    effects: [interaction('safeguarding'), { type: 'staff_message', kind: 'safeguarding', text }],
  });
}

export function isAlarming(text: string, voice: Voice): boolean {
  const folded = fold(text);
  return voice.texts.some(({ safeguarding: alarms }) => alarms(folded));
}

/** A message for staff: the next words after the page that asks for one. A command, a page or a tap means something else. */
export function leaveMessage(
  turn: Turn,
  event: InboundEvent,
  voice: Voice,
  intent: Intent,
): Outcome | undefined {
  if (turn.session.leaving !== true) return undefined;
  const { leaving: _, ...session } = turn.session;
  if (event.kind !== 'text' || intent.to !== 'question') return undefined;
  return outcome(turn, {
    session,
    replies: [notice(voice, 'staff_message_kept')],
    effects: [interaction('staff_message'), { type: 'staff_message', kind: 'message', text: event.text }],
  });
}

/**
 * Words that were not answered may be for a person: where the desk takes messages they are kept, and one tap sends them.
 * Undefined: nobody reads messages, or others read along.
 */
export function offerToPassOn(
  turn: Turn,
  voice: Voice,
  text: string,
): { unsent: NonNullable<SessionState['unsent']>; under(reply: Reply): Reply } | undefined {
  if (turn.chat !== 'private' || staffPage(voice) === undefined) return undefined;
  const hash = hashOf(text);
  const asked = turn.session.meant === undefined;
  const button = { id: deedId({ type: 'pass_on', hash }), label: flatten(say(voice, 'pass_on')).text };
  return {
    unsent: { hash, text, ...(asked && { asked }) },
    under: ({ body, choices = [], ...rest }) => ({
      ...rest,
      body: asked ? [...body, ...say(voice, 'pass_on_offer')] : body,
      // What leads elsewhere stays last.
      choices: [...choices.slice(0, -1), [button], ...choices.slice(-1)],
    }),
  };
}

/** A second tap is told what the first one did. */
export function passOn(turn: Turn, hash: string, voice: Voice): Outcome {
  const { unsent } = turn.session;
  if (unsent?.hash !== hash) return outcome(turn, { replies: [notice(voice, 'outdated_button')] });
  const { text } = unsent;
  return outcome(turn, {
    session: { ...turn.session, unsent: { hash } },
    replies: [notice(voice, 'staff_message_kept')],
    effects:
      text === undefined
        ? []
        : [interaction('staff_message'), { type: 'staff_message', kind: 'message', text }],
  });
}
