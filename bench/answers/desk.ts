import { readFileSync } from 'node:fs';
import { createEmbeddedAnswerer } from '../../src/answers/embedded.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { satisfied } from './match.ts';
import { percentile } from './score.ts';

interface DeskQuestion {
  id: string;
  question: string;
  answerable: boolean;
  must_contain: string[];
}

/** Asks every line of a questions file and says, for each that went wrong, what came instead. */
export async function scoreDesk(folder: string, file: string, verbose: boolean): Promise<string[]> {
  const questions = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as DeskQuestion);
  const started = systemClock.monotonic();
  const answerer = await createEmbeddedAnswerer({ folder, language: 'fr', clock: systemClock });
  const indexMs = systemClock.monotonic() - started;
  const count = { right: 0, wrong: 0, refused: 0, abstained: 0, redirected: 0, answered: 0 };
  const times: number[] = [];
  const notes: string[] = [];
  for (const { id, question, answerable, must_contain: must } of questions) {
    const from = systemClock.monotonic();
    const answer = await answerer.answer({ text: question, language: 'fr' }, new AbortController().signal);
    times.push(systemClock.monotonic() - from);
    const found = answerer.search(question, 3);
    const detail = `${answer.status} ${found.confidence.toFixed(2)} · ${found.results[0]?.title ?? 'nothing'}${found.corrected === undefined ? '' : ` · read as "${found.corrected}"`}`;
    if (answerable) {
      const outcome =
        answer.status !== 'answered' ? 'refused' : satisfied(answer.body, must) ? 'right' : 'wrong';
      count[outcome] += 1;
      if (outcome !== 'right') notes.push(`  ${outcome} ${id} "${question}" → ${detail}`);
    } else {
      const outcome =
        answer.status === 'answered'
          ? 'answered'
          : answer.status === 'redirected'
            ? 'redirected'
            : 'abstained';
      count[outcome] += 1;
      if (outcome === 'answered' || verbose) notes.push(`  ${outcome} ${id} "${question}" → ${detail}`);
    }
  }
  const answerable = questions.filter((question) => question.answerable).length;
  const others = questions.length - answerable;
  return [
    `${folder}: ${answerer.size} passages, ready in ${Math.round(indexMs)} ms, ${questions.length} questions`,
    `  answerable ${answerable}: right ${count.right} (${((100 * count.right) / Math.max(1, answerable)).toFixed(0)} %), wrong ${count.wrong}, abstained ${count.refused}`,
    `  unanswerable ${others}: abstained ${count.abstained}, redirected ${count.redirected} (${((100 * (count.abstained + count.redirected)) / Math.max(1, others)).toFixed(0)} %), answered ${count.answered}`,
    `  p50 ${percentile(times, 0.5).toFixed(1)} ms  p99 ${percentile(times, 0.99).toFixed(1)} ms`,
    ...notes,
  ];
}
