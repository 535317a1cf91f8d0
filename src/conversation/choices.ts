import { countedChoices } from '../message/choices.ts';
import { fold } from '../message/fold.ts';
import type { Reply } from '../message/outbound.ts';
import type { SessionState } from '../message/session.ts';
import { pageOfWord } from './commands.ts';
import { pageOfLabel } from './pages.ts';
import { deedId } from './deeds.ts';
import type { PersonEvent } from './respond.ts';
import { yesOrNo } from './forms/read.ts';
import { askId } from './taps.ts';
import type { Voice } from './texts.ts';

/** More than any menu a person would count through. */
const MOST_KEPT = 100;

/**
 * The session with the choices now on the person's screen: those of the last reply that offers some. A vote is none: "1" after an
 * answer is still the first entry of the menu above it.
 */
export function withChoicesOf(session: SessionState, replies: readonly Reply[]): SessionState {
  const offered = replies
    .filter(({ asWords, acknowledges }) => asWords === undefined && acknowledges === undefined)
    .map((reply) => countedChoices(reply.choices))
    .findLast((each) => each.length > 0);
  return offered === undefined ? session : { ...session, choices: offered.slice(0, MOST_KEPT) };
}

/**
 * A typed number or label of a choice on the screen is that choice, as if tapped: "2", "2.", "2️⃣", "cotisations" for
 * "💰 Cotisations". Two choices that read alike are told apart by number only. A word of the desk that opens the same
 * page stays that word, which shows more of it. Where a form takes any words, a label of the menu is no answer.
 */
export function asTap(session: SessionState, event: PersonEvent, voice: Voice): PersonEvent {
  if (event.kind !== 'text' || event.text.length > LONGEST_LABEL || /^\s*\//.test(event.text)) return event;
  const typed = fold(event.text);
  if (session.form?.typed && /^\d+$/.test(typed)) return event;
  const onMenu = session.form?.typed ? pageOfLabel(typed, voice) : undefined;
  const id = onMenu ?? meantBy(session, event.text, voice) ?? chosen(session.choices ?? [], typed);
  if (id === undefined || (onMenu === undefined && id === pageOfWord(typed, voice))) return event;
  const { kind: _, text: __, addressed: ___, ...base } = event;
  return { ...base, kind: 'tap', data: id, editable: false };
}

/** "Oui", when we had asked whether they meant a question, or whether their words should go to staff. */
function meantBy({ meant, unsent, form }: SessionState, text: string, voice: Voice): string | undefined {
  if (form !== undefined || yesOrNo(text, voice) !== 'yes') return undefined;
  if (meant !== undefined) return askId(meant);
  return unsent?.asked ? deedId({ type: 'pass_on', hash: unsent.hash }) : undefined;
}

/** Longer is no label. */
const LONGEST_LABEL = 250;

function chosen(choices: NonNullable<SessionState['choices']>, typed: string): string | undefined {
  if (typed === '') return undefined;
  if (/^[1-9]\d{0,2}$/.test(typed)) {
    const counted = choices[Number(typed) - 1];
    if (counted) return counted.id;
  }
  const alike = new Set(choices.filter(({ label }) => fold(label) === typed).map(({ id }) => id));
  const [id] = alike;
  return alike.size === 1 ? id : undefined;
}
