import type { TextKey } from '../desk/desk.ts';
import type { Answer, Question, Source, Suggestion } from '../message/answer.ts';
import type { Reply } from '../message/outbound.ts';
import { paragraph, text } from '../message/rich.ts';
import type { Rich } from '../message/rich.ts';
import type { Ask, SessionState, Turn } from '../message/session.ts';
import { saysSomething } from './commands.ts';
import { interaction, outcome } from './decision.ts';
import type { Outcome } from './decision.ts';
import { nextSteps, notice, withChoices } from './pages.ts';
import { sourceLine } from './source.ts';
import { askId } from './taps.ts';
import { foreign, say } from './texts.ts';
import type { Voice } from './texts.ts';

/** The ask for an answer. A follow-up is understood with what was answered before; a question that stands alone is not one. */
export function ask(turn: Turn, voice: Voice, words: string, alone: boolean): Ask {
  const { previous, documents = 0 } = turn.session;
  const question: Question = {
    text: words,
    language: voice.language,
    ...(documents === 0 ? {} : { session: turn.sessionId }),
  };
  return { type: 'answer', question: previous === undefined || alone ? question : { ...question, previous } };
}

/** `quoted`: the person did not write the question, so the reply says which one it answers. */
export function answered(
  turn: Turn,
  voice: Voice,
  question: Question,
  answer: Answer,
  quoted: boolean,
): Outcome {
  const shown = showable(answer);
  const { body, ...rest } = reply(voice, shown);
  const quote = quoted ? [paragraph({ type: 'strong', children: [text(question.text)] })] : [];
  return outcome(turn, {
    session: remember(turn.session, question, shown),
    replies: [{ body: [...quote, ...body], ...rest }],
    effects: [interaction('answer', shown.status)],
  });
}

/** An answer without a word to show is an engine that failed, never an empty message. */
function showable(answer: Answer): Answer {
  const silent = 'body' in answer && foreign(answer.body) === undefined;
  return silent ? { status: 'unavailable', reason: 'failed' } : answer;
}

function reply(voice: Voice, answer: Answer): Reply {
  switch (answer.status) {
    case 'answered':
      return { body: [...(foreign(answer.body) ?? []), ...sources(voice, answer.sources)] };
    case 'redirected':
      return withChoices(
        [...(foreign(answer.body) ?? []), ...sources(voice, answer.sources)],
        nextSteps(voice, 'menu', 'contact'),
      );
    case 'abstained':
      return notFound(voice, offerable(answer.suggestions));
    case 'unavailable':
      return notice(voice, UNAVAILABLE[answer.reason] ?? 'answer_unavailable');
  }
}

const UNAVAILABLE: Readonly<Partial<Record<string, TextKey>>> = {
  refused: 'answer_refused',
  timeout: 'answer_timeout',
  failed: 'answer_failed',
};

function notFound(voice: Voice, questions: string[]): Reply {
  const steps = nextSteps(voice, 'menu', 'contact');
  if (questions.length === 0) return withChoices(say(voice, 'answer_not_found'), steps);
  return withChoices(
    [...say(voice, 'answer_not_found'), ...say(voice, 'answer_suggestions')],
    [...questions.map((question) => [{ id: askId(question), label: question }]), ...steps],
  );
}

/** The passage that answers comes first; one source is what a small screen can hold. */
function sources(voice: Voice, [first]: Source[]): Rich {
  return first === undefined ? [] : sourceLine(voice, first);
}

const MOST_SUGGESTIONS = 3;
const MOST_OFFERED = 10;
/** Longer than any label a person would read on a button. */
const LONGEST_SUGGESTION = 200;

function offerable(suggestions: readonly Suggestion[]): string[] {
  const titles = suggestions
    .map((it) => it.title.trim())
    .filter((it) => saysSomething(it) && it.length <= LONGEST_SUGGESTION);
  return [...new Set(titles)].slice(0, MOST_SUGGESTIONS);
}

function remember(session: SessionState, question: Question, answer: Answer): SessionState {
  switch (answer.status) {
    case 'answered':
    case 'redirected': {
      const topic = answer.sources[0]?.section ?? answer.sources[0]?.title;
      return { ...session, previous: { question: question.text, ...(topic === undefined ? {} : { topic }) } };
    }
    case 'abstained': {
      const fresh = offerable(answer.suggestions);
      if (fresh.length === 0) return session;
      const older = (session.offered ?? []).filter((it) => !fresh.includes(it));
      return { ...session, offered: [...older, ...fresh].slice(-MOST_OFFERED) };
    }
    case 'unavailable':
      return session;
  }
}
