import type { Desk } from '../desk/desk.ts';
import type { Answer, Question } from '../message/answer.ts';
import { fold } from '../message/fold.ts';
import type { InlineButton, Reply } from '../message/outbound.ts';
import { askedQuestion, questionId, type Vote } from '../message/question.ts';
import type { Effect, Turn } from '../message/session.ts';
import { flatten } from '../message/styled.ts';
import { interaction, outcome } from './decision.ts';
import type { Outcome } from './decision.ts';
import { toHumans, withChoices } from './pages.ts';
import type { PersonEvent } from './respond.ts';
import { askId, withOffered } from './taps.ts';
import { foreign, inLanguage, say } from './texts.ts';
import type { Voice } from './texts.ts';

/** An answer that may be voted on: the choices are under it where that costs no message more. */
export function withVote(voice: Voice, reply: Reply, question: string): Reply {
  return { ...reply, choices: voteChoices(voice, question), asWords: say(voice, 'vote_words') };
}

/** What is kept of a question that was asked. `nth`: its place among those of one message, from 0. */
export function askedEffect(
  turn: Turn,
  question: Question,
  answer: Answer,
  nth = 0,
): Extract<Effect, { type: 'question' }> {
  return { type: 'question', ...askedQuestion(questionId(turn.seq, turn.asked ?? 0, nth), question, answer) };
}

interface Cast {
  question: string;
  vote: Vote;
}

const CHOICE = /^(up|down):([0-9a-z]+\.[0-9a-z]+)$/;
/** Alone, in any colour of skin. */
const THUMB = /^\s*(?:(👍)|👎)\p{Emoji_Modifier}?\ufe0f?\s*$/u;

/** Choice id of a vote: `up:` or `down:`, then the question. */
const voteId = ({ vote, question }: Cast): string => `${vote}:${question}`;

/** The vote that this event is: a choice under an answer, or a thumb or a label typed after one. */
export function voteIn(turn: Turn, event: PersonEvent, voice: Voice): Cast | undefined {
  if (turn.chat !== 'private') return undefined;
  if (event.kind === 'tap') {
    const [, vote, question] = CHOICE.exec(event.data) ?? [];
    return question === undefined ? undefined : { vote: vote === 'up' ? 'up' : 'down', question };
  }
  const question = turn.session.answered?.question;
  if (event.kind !== 'text' || question === undefined) return undefined;
  const thumb = THUMB.exec(event.text);
  if (thumb) return { question, vote: thumb[1] === undefined ? 'down' : 'up' };
  const typed = fold(event.text);
  const vote = (['up', 'down'] as const).find((one) => fold(label(voice, one)) === typed);
  return vote && { question, vote };
}

/** Counted once per person and question by whoever keeps it; the session goes on as if nothing was said. */
export function castVote(turn: Turn, event: PersonEvent, cast: Cast, voice: Voice): Outcome {
  const effects: Effect[] = [interaction('vote', cast.vote), { type: 'vote', ...cast }];
  const choices = voteChoices(voice, cast.question, cast.vote);
  if (cast.vote === 'up') {
    const thanks = { body: say(voice, 'vote_thanks'), choices, acknowledges: { emoji: '👍' } };
    return outcome(turn, { replies: [thanks], effects });
  }
  const { answered } = turn.session;
  const near = answered?.question === cast.question ? answered.near : [];
  const marked: Reply[] =
    event.kind === 'tap' && event.editable ? [{ body: [], choices, acknowledges: {} }] : [];
  return outcome(turn, {
    session: withOffered(turn.session, near),
    replies: [...marked, sorry(voice, near)],
    effects,
  });
}

/** What may help instead: the nearest topics, a message for staff, somebody to call. */
function sorry(voice: Voice, near: readonly string[]): Reply {
  return withChoices(say(voice, 'vote_sorry'), [
    ...near.map((title): InlineButton[] => [{ id: askId(title), label: title }]),
    ...toHumans(voice),
  ]);
}

function voteChoices(voice: Voice, question: string, cast?: Vote): InlineButton[][] {
  const row = (['up', 'down'] as const).map((vote) => ({
    id: voteId({ vote, question }),
    label: vote === cast ? `✓ ${label(voice, vote)}` : label(voice, vote),
  }));
  return [row];
}

const label = (voice: Voice, vote: Vote): string =>
  flatten(say(voice, vote === 'up' ? 'vote_up' : 'vote_down')).text;

/** What staff answered later, said to somebody who had asked: their question, the answer, and the vote under it. */
export function lateAnswer(
  desk: Desk,
  language: string,
  late: { question: string; asked: string; body: string },
): Reply {
  const own = desk.languages.get(desk.language);
  const values = { ...desk.values, organisation: desk.organisation };
  const voice = inLanguage({ desk, language: desk.language, texts: own ? [own] : [], values }, language);
  const body = [...say(voice, 'late_answer', { question: late.asked }), ...(foreign(late.body) ?? [])];
  // Words in their place would ask for a thumb that no session waits for.
  return { ...withVote(voice, { body }, late.question), asWords: [] };
}
