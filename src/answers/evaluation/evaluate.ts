import type { Clock } from '../../lib/clock.ts';
import type { Answer } from '../../message/answer.ts';
import { satisfied } from './judge.ts';
import type { SetQuestion } from './questions.ts';

/** `wrong`: something else was said, or anything at all where the documents hold nothing. */
export type Verdict = 'right' | 'wrong' | 'abstained' | 'redirected' | 'unavailable';

export interface Judged {
  asked: SetQuestion;
  answer: Answer;
  verdict: Verdict;
  /** It went as it should. */
  good: boolean;
  ms: number;
}

/** What is asked: a desk's engine, or another that keeps the same contract. */
export type Ask = (question: string) => Promise<Answer>;

export async function evaluate(
  ask: Ask,
  questions: readonly SetQuestion[],
  clock: Pick<Clock, 'monotonic'>,
): Promise<Judged[]> {
  const judged: Judged[] = [];
  for (const asked of questions) {
    const from = clock.monotonic();
    const answer = await ask(asked.question);
    const ms = clock.monotonic() - from;
    const verdict = judge(asked, answer);
    const good = asked.answerable ? verdict === 'right' : verdict === 'abstained' || verdict === 'redirected';
    judged.push({ asked, answer, verdict, good, ms });
  }
  return judged;
}

function judge({ answerable, must, source }: SetQuestion, answer: Answer): Verdict {
  if (answer.status !== 'answered') return answer.status;
  const cites = source === undefined || answer.sources[0]?.document === source;
  return answerable && cites && satisfied(answer.body, must) ? 'right' : 'wrong';
}

/** How many questions of one kind went how. */
export interface Tally {
  asked: number;
  good: number;
  right: number;
  wrong: number;
  abstained: number;
  redirected: number;
}

export function tally(judged: readonly Judged[]): Tally {
  const count = (verdict: Verdict): number => judged.filter((each) => each.verdict === verdict).length;
  return {
    asked: judged.length,
    good: judged.filter(({ good }) => good).length,
    right: count('right'),
    wrong: count('wrong'),
    abstained: count('abstained') + count('unavailable'),
    redirected: count('redirected'),
  };
}

/** What a run amounts to: kept in the desk's folder, so that the next run can be held against it. */
export interface Report {
  answerable: Tally;
  unanswerable: Tally;
  /** By how the question is written, the documents' own first. */
  styles: Record<string, { answerable: Tally; unanswerable: Tally }>;
}

export function reportOf(judged: readonly Judged[]): Report {
  const halves = (of: readonly Judged[]) => ({
    answerable: tally(of.filter(({ asked }) => asked.answerable)),
    unanswerable: tally(of.filter(({ asked }) => !asked.answerable)),
  });
  const styles = [...new Set(judged.map(({ asked }) => asked.style))].sort((a, b) =>
    a === 'standard' ? -1 : b === 'standard' ? 1 : a.localeCompare(b),
  );
  return {
    ...halves(judged),
    styles: Object.fromEntries(
      styles.map((style) => [style, halves(judged.filter(({ asked }) => asked.style === style))]),
    ),
  };
}

export const share = ({ good, asked }: Tally): number => (asked === 0 ? 1 : good / asked);
/** Of the questions the documents answer, those answered with something else: the worst that can happen. */
export const wrongShare = ({ wrong, asked }: Tally): number => (asked === 0 ? 0 : wrong / asked);

/** Sentences that say in what this run is worse than the one before, by more than `tolerance` (a share). Empty: it is not. */
export function worse(now: Report, before: Report, tolerance: number): string[] {
  const points = (value: number): string => `${(100 * value).toFixed(1)} %`;
  const told = (what: string, a: number, b: number, lost: number): string[] =>
    lost > tolerance + 1e-9 ? [`${what}: ${points(a)}, was ${points(b)}`] : [];
  const fell = (what: string, a: number, b: number): string[] => told(what, a, b, b - a);
  const rose = (what: string, a: number, b: number): string[] => told(what, a, b, a - b);
  return [
    ...fell('right', share(now.answerable), share(before.answerable)),
    ...fell('abstained or redirected', share(now.unanswerable), share(before.unanswerable)),
    ...rose('wrong', wrongShare(now.answerable), wrongShare(before.answerable)),
  ];
}
