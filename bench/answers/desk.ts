import { readFileSync } from 'node:fs';
import { createEmbeddedAnswerer } from '../../src/answers/embedded.ts';
import { evaluate, reportOf, share, type Judged } from '../../src/answers/evaluation/evaluate.ts';
import { readQuestions } from '../../src/answers/evaluation/questions.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { percentile } from './score.ts';

/** Asks every line of a questions file and says, for each that went wrong, what came instead. */
export async function scoreDesk(folder: string, file: string, verbose: boolean): Promise<string[]> {
  const questions = readQuestions(readFileSync(file, 'utf8'), file);
  const started = systemClock.monotonic();
  const answerer = await createEmbeddedAnswerer({ folder, language: 'fr', clock: systemClock });
  const indexMs = systemClock.monotonic() - started;
  const signal = new AbortController().signal;
  const judged = await evaluate(
    (text) => answerer.answer({ text, language: 'fr' }, signal),
    questions,
    systemClock,
  );
  const { answerable, unanswerable } = reportOf(judged);
  const times = judged.map(({ ms }) => ms);
  const percent = (value: number): string => `${(100 * value).toFixed(0)} %`;
  const detail = ({ asked: { id, question }, verdict }: Judged): string => {
    const found = answerer.search(question, 3);
    const read = found.meant === undefined ? '' : ` · read as "${found.meant}"`;
    return `  ${verdict} ${id} "${question}" → ${found.confidence.toFixed(2)} · ${found.results[0]?.title ?? 'nothing'}${read}`;
  };
  return [
    `${folder}: ${answerer.size} passages, ready in ${Math.round(indexMs)} ms, ${questions.length} questions`,
    `  answerable ${answerable.asked}: right ${answerable.right} (${percent(share(answerable))}), wrong ${answerable.wrong}, abstained ${answerable.abstained}, redirected ${answerable.redirected}`,
    `  unanswerable ${unanswerable.asked}: abstained ${unanswerable.abstained}, redirected ${unanswerable.redirected} (${percent(share(unanswerable))}), answered ${unanswerable.wrong}`,
    `  p50 ${percentile(times, 0.5).toFixed(1)} ms  p99 ${percentile(times, 0.99).toFixed(1)} ms`,
    ...judged.filter(({ good, asked }) => !good || (verbose && !asked.answerable)).map(detail),
  ];
}
