import type { PlatformEvent } from '../message/event.ts';
import type { AskResult, Turn } from '../message/session.ts';
import { readText } from './commands.ts';
import { interaction, outcome } from './decision.ts';
import type { Intent, Outcome } from './decision.ts';
import { readMedia, unsupported } from './media.ts';
import { notice, pageReply } from './pages.ts';
import type { Opening } from './pages.ts';
import { answered, ask } from './question.ts';
import { statusText } from './status.ts';
import { readTap } from './taps.ts';
import type { Voice } from './texts.ts';

/** What a person did in a conversation. */
export type PersonEvent = Exclude<PlatformEvent, { kind: 'membership' | 'moved' }>;

/** The bot's side of the conversation. */
export function respond(turn: Turn, event: PersonEvent, voice: Voice): Outcome {
  const intent = intentOf(turn, event, voice);
  const effects = intent.record;
  switch (intent.to) {
    case 'page':
      return intent.page.kind === 'status'
        ? outcome(turn, { asks: [{ type: 'health' }], effects })
        : outcome(turn, { replies: [pageReply(voice, intent.page, opening(event))], effects });
    case 'question':
      return outcome(turn, {
        asks: [ask(turn, voice, intent.text, intent.alone)],
        effects: [...effects, interaction('question')],
      });
    case 'notice':
      return outcome(turn, { replies: [notice(voice, intent.key)], effects });
    case 'nothing':
      return outcome(turn, { effects });
  }
}

/** What an ask brought back, said. `event` is the one that made us ask. */
export function resume(turn: Turn, event: PersonEvent, result: AskResult, voice: Voice): Outcome {
  if (result.type === 'answer')
    return answered(turn, voice, result.question, result.answer, event.kind === 'tap');
  const intent = intentOf(turn, event, voice);
  if (intent.to !== 'page') return outcome(turn);
  const status = statusText(voice, result.health);
  return outcome(turn, { replies: [pageReply(voice, intent.page, opening(event), status)] });
}

function intentOf(turn: Turn, event: PersonEvent, voice: Voice): Intent {
  switch (event.kind) {
    case 'text':
      return readText(event.text, voice, turn.chat === 'group');
    case 'tap':
      return readTap(event.data, voice, turn.session.offered ?? []);
    case 'media':
      return readMedia(event, voice);
    case 'contact':
      return unsupported('contact');
    case 'edited':
      return { to: 'nothing', record: [interaction('edited')] };
    case 'other':
      return event.direct ? unsupported(nameOf(event.what)) : { to: 'nothing', record: [] };
  }
}

function opening(event: PersonEvent): Opening {
  return event.kind === 'tap' ? { full: false, inPlace: event.editable } : { full: true, inPlace: false };
}

/** A channel names what it does not handle; what is no plain name could hold somebody's words. */
function nameOf(what: string): string {
  return /^[a-z_]{1,40}$/.test(what) ? what : 'other';
}
