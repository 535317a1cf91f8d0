import type { Page, TextKey } from '../desk/desk.ts';
import type { Talk } from '../desk/talk.ts';
import type { MediaRef } from '../message/event.ts';
import type { Decision, Effect, Turn } from '../message/session.ts';
import type { Deed } from './deeds.ts';

/** What an event asks of the bot, and what is recorded of it. */
export type Intent = { record: Effect[] } & (
  | { to: 'page'; page: Page }
  /** `alone`: whole by itself (a tapped example), never the follow-up of another question. `corrects`: it takes the last one back. */
  | { to: 'question'; text: string; alone: boolean; corrects?: true }
  /** Small talk; `text` as typed. */
  | { to: 'talk'; talk: Talk; text: string }
  /** A sentence of the product, with the menu under it. */
  | { to: 'notice'; key: TextKey }
  /** Files to read; what they say decides the reply. */
  | { to: 'files'; media: MediaRef[] }
  /** What a button of the product does. */
  | { to: 'deed'; deed: Deed }
  | { to: 'nothing' }
);

/** What a flow decides; whether the event counts against the limit is settled in one place, `decide`. */
export type Outcome = Omit<Decision, 'counted'>;

/** Nothing is said, asked or recorded but what is given. */
export function outcome(turn: Turn, parts: Partial<Outcome> = {}): Outcome {
  return { session: turn.session, replies: [], asks: [], effects: [], ...parts };
}

/** `data` is a word of ours or of the desk, never of a person. */
export function interaction(action: string, data?: string): Effect {
  return data === undefined ? { type: 'interaction', action } : { type: 'interaction', action, data };
}
