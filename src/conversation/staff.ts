import { fold } from '../message/fold.ts';
import type { InboundEvent } from '../message/event.ts';
import type { Turn } from '../message/session.ts';
import { interaction, outcome } from './decision.ts';
import type { Intent, Outcome } from './decision.ts';
import { nextSteps, notice, withChoices } from './pages.ts';
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
