import type { TextKey } from '../desk/desk.ts';
import type { Answer, Source, Suggestion } from '../message/answer.ts';
import type { InlineButton, Reply } from '../message/outbound.ts';
import { paragraph, text } from '../message/rich.ts';
import type { Rich } from '../message/rich.ts';
import { saysSomething } from './commands.ts';
import { nextSteps, notice, toHumans, topics, withChoices } from './pages.ts';
import { sourceLine } from './source.ts';
import { askId } from './taps.ts';
import { foreign, say } from './texts.ts';
import type { Voice } from './texts.ts';

/** What is said of one answer, with what to do next where it is none. */
export function answerReply(voice: Voice, answer: Answer): Reply {
  switch (answer.status) {
    case 'answered':
      return { body: said(voice, answer) };
    case 'redirected':
      return withChoices(said(voice, answer), nextSteps(voice, 'menu', 'contact'));
    case 'abstained':
      return answer.personal
        ? withChoices(say(voice, 'answer_personal'), toHumans(voice))
        : notFound(voice, answer);
    case 'unavailable':
      return notice(voice, UNAVAILABLE[answer.reason] ?? 'answer_unavailable');
  }
}

const UNAVAILABLE: Readonly<Partial<Record<string, TextKey>>> = {
  refused: 'answer_refused',
  timeout: 'answer_timeout',
  failed: 'answer_failed',
};

/** The words of an answer and where they come from; of a redirect, that it is none. */
function said(voice: Voice, answer: Extract<Answer, { body: string }>): Rich {
  const body = foreign(answer.body) ?? [];
  return answer.status === 'redirected'
    ? [...body, ...say(voice, 'answer_redirect')]
    : [...body, ...sources(voice, answer.sources)];
}

/** The passage that answers comes first; one source is what a small screen can hold. */
function sources(voice: Voice, [first]: Source[]): Rich {
  return first === undefined ? [] : sourceLine(voice, first);
}

/** Misspelled: did they mean this? Unsure: is it one of these? Far: what we do know, and somebody to ask. */
function notFound(voice: Voice, answer: Extract<Answer, { status: 'abstained' }>): Reply {
  const near = offerable(answer.suggestions);
  const { meant } = answer;
  if (meant !== undefined && isOfferable(meant)) {
    const others = near.filter((it) => it !== meant);
    const also = others.length === 0 ? [] : say(voice, 'answer_suggestions');
    return withChoices(
      [...say(voice, 'answer_meant', { question: meant }), ...also],
      steps(voice, [meant, ...others]),
    );
  }
  if (near.length === 0) return withChoices(say(voice, 'answer_not_found'), steps(voice, []));
  const words = answer.unsure
    ? say(voice, 'answer_unsure')
    : [...say(voice, 'answer_not_found'), ...say(voice, 'answer_suggestions')];
  return withChoices(words, steps(voice, near));
}

/** Never a dead end: questions to ask, else topics of the desk; the menu and a human. */
export function steps(voice: Voice, questions: readonly string[]): InlineButton[][] {
  const near = questions.map((question): InlineButton[] => [{ id: askId(question), label: question }]);
  return [...(near.length === 0 ? topics(voice) : near), ...nextSteps(voice, 'menu', 'contact')];
}

/** One part of a message that asked several things. */
export interface Part {
  question: string;
  answer: Answer;
}

/**
 * Several answers in one reply, each under its question in bold and with its own source. An answer to two of the questions
 * is said once, under both; a question without one gets a line.
 */
export function severalReply(voice: Voice, parts: readonly Part[], left: boolean): Reply {
  const groups = Map.groupBy(parts, ({ question, answer }) =>
    'body' in answer ? answer.body : `? ${question}`,
  );
  const body = [...groups.values()].flatMap((group): Rich => {
    const [one] = group;
    if (!one) return [];
    const asked = group.map(({ question }) => bold(question));
    return [...asked, ...partly(voice, one.answer)];
  });
  const open = parts.flatMap(({ answer }) => (answer.status === 'answered' ? [] : [answer]));
  const near = open.flatMap((answer) => (answer.status === 'abstained' ? answer.suggestions : []));
  return withChoices(
    [...body, ...(left ? say(voice, 'several_left') : [])],
    open.length === 0 ? [] : steps(voice, offerable(near)),
  );
}

function partly(voice: Voice, answer: Answer): Rich {
  if ('body' in answer) return said(voice, answer);
  const nothing = answer.status === 'abstained' && !answer.personal;
  return nothing ? say(voice, 'several_not_found') : answerReply(voice, answer).body;
}

export const bold = (words: string) => paragraph({ type: 'strong', children: [text(words)] });

const MOST_SUGGESTIONS = 3;
/** Longer than any label a person would read on a button. */
const LONGEST_SUGGESTION = 200;

const isOfferable = (title: string): boolean => saysSomething(title) && title.length <= LONGEST_SUGGESTION;

export function offerable(suggestions: readonly Suggestion[]): string[] {
  const titles = suggestions.map((it) => it.title.trim()).filter(isOfferable);
  return [...new Set(titles)].slice(0, MOST_SUGGESTIONS);
}
