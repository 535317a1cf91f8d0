import { previousAfter } from '../message/answer.ts';
import { fold } from '../message/fold.ts';
import type { Answer, Question } from '../message/answer.ts';
import type { Ask, AskResult, SessionState, Turn } from '../message/session.ts';
import { answerReply, bold, offerable, severalReply, steps } from './answer-reply.ts';
import type { Part } from './answer-reply.ts';
import { interaction, outcome } from './decision.ts';
import type { Intent, Outcome } from './decision.ts';
import { askedEffect, withVote } from './feedback.ts';
import { withChoices } from './pages.ts';
import type { Rich } from '../message/rich.ts';
import { questionsIn } from './several.ts';
import { offerToPassOn } from './staff.ts';
import { hashOf, withOffered } from './taps.ts';
import { talkIn } from './talk.ts';
import { foreign, say } from './texts.ts';
import type { Voice } from './texts.ts';

type Asked = Pick<Extract<Intent, { to: 'question' }>, 'text' | 'alone' | 'corrects'>;
type Answered = Extract<AskResult, { type: 'answer' }>;

/**
 * The ask for an answer. A follow-up is understood with what was answered before; a question that stands alone is not
 * one. Several questions are asked one by one, each understood with the one before it.
 */
export function ask(turn: Turn, voice: Voice, { text, alone, corrects }: Asked): Ask {
  const previous = alone ? undefined : turn.session.previous;
  const { questions, left } =
    alone || corrects
      ? { questions: [text], left: false }
      : questionsIn(text, grammarsOf(voice), isTalk(voice));
  const [first = text, ...others] = questions;
  const question: Question = {
    ...plain(turn, voice, first),
    ...(previous && { previous }),
    ...(previous && corrects && { corrects }),
  };
  const also = others.map((words, at) => ({
    ...plain(turn, voice, words),
    previous: {
      question: questions[at] ?? first,
      ...(previous?.institution !== undefined && { institution: previous.institution }),
    },
  }));
  return { type: 'answer', question, ...(also.length > 0 && { also }), ...(left && { left }) };
}

/** The ask for what was not said yet of what was answered before; undefined: nothing was. */
export function askMore(turn: Turn, voice: Voice, words: string): Ask | undefined {
  const { previous, said } = turn.session;
  if (previous === undefined) return undefined;
  const more = { said: said?.passages ?? [] };
  return { type: 'answer', question: { ...plain(turn, voice, words), previous, more } };
}

function plain(turn: Turn, voice: Voice, text: string): Question {
  const { documents = 0 } = turn.session;
  return { text, language: voice.language, ...(documents === 0 ? {} : { session: turn.sessionId }) };
}

const grammarsOf = ({ texts }: Voice) => texts.map(({ talk }) => talk.grammar);

const isTalk = (voice: Voice) => (words: string) => {
  const talk = talkIn(fold(words), voice);
  return talk !== undefined && !['more', 'lost', 'forget', 'erase'].includes(talk);
};

/** `quoted`: the person did not write the question, so the reply says which one it answers. */
export function answered(
  turn: Turn,
  voice: Voice,
  { question, answer, also, left }: Answered,
  quoted: boolean,
): Outcome {
  const shown = showable(answer);
  if (question.more) return toldMore(turn, voice, question, shown);
  const parts = [
    { question, answer: shown },
    ...(also ?? []).map((one) => ({ ...one, answer: showable(one.answer) })),
  ];
  if (parts.length > 1 && !sayTheSame(parts)) return severalAnswered(turn, voice, parts, left ?? false);
  const asked = askedEffect(turn, question, shown);
  const votable = shown.status === 'answered' && turn.chat === 'private';
  // Under a redirect there is no button, but a thumb typed after it is about it.
  const isVotable = votable || (shown.status === 'redirected' && turn.chat === 'private');
  const session = remember(turn.session, question, shown, isVotable ? asked.id : undefined);
  const reply = answerReply(voice, shown);
  // Whoever just looked for a person, and asks nothing, may have written to one.
  const isForStaff = turn.session.reaching !== undefined && !question.text.includes('?');
  const lacks = shown.status === 'abstained' || ('body' in shown && isForStaff);
  const offer = lacks && !quoted ? offerToPassOn({ ...turn, session }, voice, question.text) : undefined;
  const { body, ...rest } = offer?.under(reply) ?? (votable ? withVote(voice, reply, asked.id) : reply);
  return outcome(turn, {
    session: offer ? { ...session, unsent: offer.unsent } : session,
    replies: [{ body: [...head(turn, voice, question, shown, quoted), ...body], ...rest }],
    effects: [interaction('answer', shown.status), asked],
  });
}

/** What stands above an answer: the question they did not write, or that it is the one they just had. */
function head({ session }: Turn, voice: Voice, question: Question, answer: Answer, quoted: boolean): Rich {
  if (quoted) return [bold(question.text)];
  const again = 'body' in answer && !answer.sources[0]?.own && hashOf(answer.body) === session.said?.hash;
  const asksElse = fold(question.text) !== fold(session.previous?.question ?? '');
  return again && asksElse ? say(voice, 'answer_same') : [];
}

/** One question or several, all with the same words for an answer. */
function sayTheSame([first, ...others]: readonly Shown[]): boolean {
  const said = first && 'body' in first.answer ? first.answer.body : undefined;
  return said !== undefined && others.every(({ answer }) => 'body' in answer && answer.body === said);
}

interface Shown {
  question: Question;
  answer: Answer;
}

/** No vote under it: a thumb would not say which answer it is for. */
function severalAnswered(turn: Turn, voice: Voice, shown: readonly Shown[], left: boolean): Outcome {
  const parts = shown.map(({ question, answer }): Part => ({ question: question.text, answer }));
  const status = shown.find(({ answer }) => 'body' in answer)?.answer.status ?? 'abstained';
  const remembered = shown.reduce(
    (session, { question, answer }) => remember(session, question, answer, undefined),
    turn.session,
  );
  // Whether one of several was misspelled is not asked back.
  const { meant: _, ...session } = remembered;
  return outcome(turn, {
    session,
    replies: [severalReply(voice, parts, left)],
    effects: [
      interaction('answer', status),
      ...shown.map(({ question, answer }, at) => askedEffect(turn, question, answer, at)),
    ],
  });
}

/** More of an answer: something new, or the honest word that there is no more. Asks nothing new, so it is not counted as a question. */
function toldMore(turn: Turn, voice: Voice, { more }: Question, answer: Answer): Outcome {
  const { session } = turn;
  const effects = [interaction('more', answer.status)];
  if (answer.status === 'unavailable')
    return outcome(turn, { replies: [answerReply(voice, answer)], effects });
  if ('body' in answer && hashOf(answer.body) !== session.said?.hash) {
    return outcome(turn, {
      session: { ...session, said: saidOf(answer, more?.said) },
      replies: [answerReply(voice, answer)],
      effects,
    });
  }
  const near = answer.status === 'abstained' ? offerable(answer.suggestions) : [];
  const others = near.length === 0 ? (session.answered?.near ?? []) : near;
  return outcome(turn, {
    session: withOffered(session, others),
    replies: [withChoices(say(voice, 'nothing_more'), steps(voice, others))],
    effects,
  });
}

/** An answer without a word to show is an engine that failed, never an empty message. */
function showable(answer: Answer): Answer {
  const silent = 'body' in answer && foreign(answer.body) === undefined;
  return silent ? { status: 'unavailable', reason: 'failed' } : answer;
}

/** `votable`: the id under which they may vote on this answer. */
function remember(
  { answered: _, meant: __, reaching: ___, ...session }: SessionState,
  question: Question,
  answer: Answer,
  votable: string | undefined,
): SessionState {
  const after = previousAfter(question.text, answer);
  const previous = after && { previous: after };
  switch (answer.status) {
    case 'answered':
    case 'redirected':
      return {
        ...session,
        ...previous,
        said: saidOf(answer),
        ...(votable !== undefined && {
          answered: { question: votable, near: offerable(answer.suggestions ?? []) },
        }),
      };
    case 'abstained': {
      const meant = offerable(answer.meant === undefined ? [] : [{ title: answer.meant }]);
      // What comes next continues this question, not what was answered before it.
      const offered = withOffered({ ...session, ...previous }, [...meant, ...offerable(answer.suggestions)]);
      return meant[0] === undefined ? offered : { ...offered, meant: meant[0] };
    }
    case 'unavailable':
      return session;
  }
}

function saidOf(
  { body, sources: [first] }: Extract<Answer, { body: string }>,
  before: readonly string[] = [],
): NonNullable<SessionState['said']> {
  const passages = [...before, ...(first?.passage === undefined ? [] : [first.passage])];
  return { passages: passages.slice(-MOST_SAID), hash: hashOf(body) };
}

/** Whoever wants more than that reads the document. */
const MOST_SAID = 20;
