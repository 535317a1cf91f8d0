import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { createEmbeddedAnswerer, type EmbeddedAnswerer, type EmbeddedOptions } from '../answers/embedded.ts';
import { readConfig } from '../config/config.ts';
import { loadDesk } from '../desk/load.ts';
import { systemClock } from '../lib/clock.ts';
import { newId } from '../lib/ids.ts';
import { libraryTables } from '../storage/library.ts';
import { withData } from './data.ts';
import { UsageError } from './errors.ts';
import { showProgress } from './progress.ts';
import { wholeNumber } from './number.ts';

export function addAsk(program: Command): void {
  program
    .command('ask <question...>')
    .description("Ask the desk's documents: prints the answer, its source and the scores.")
    .option('-k <n>', 'how many passages to show', '5')
    .option('--json', 'print everything as JSON')
    .action(async (words: string[], options: { k: string; json?: boolean }) => {
      const most = wholeNumber('-k', options.k, 1, 50);
      const text = words.join(' ').trim();
      if (text === '') throw new UsageError('The question is empty: write it between quotes after ask.');
      const { answer, took, results } = await withEngine(async (engine, language) => {
        const started = systemClock.monotonic();
        const said = await engine.answer({ text, language }, AbortSignal.timeout(30_000));
        const ms = systemClock.monotonic() - started;
        return { answer: said, took: ms, results: engine.search(text, most).results };
      });
      if (options.json) {
        console.log(JSON.stringify({ answer, results }, null, 2));
        return;
      }
      const lines: string[] = [];
      switch (answer.status) {
        case 'answered':
        case 'redirected': {
          lines.push(answer.body, '');
          for (const { title, section, page, effectiveDate } of answer.sources) {
            const parts = [
              title,
              section,
              page === undefined ? undefined : `p. ${String(page)}`,
              effectiveDate,
            ];
            lines.push(`Source : ${parts.filter(Boolean).join(' · ')}`);
          }
          if (answer.status === 'redirected') lines.push('(orientation : compte comme une abstention)');
          break;
        }
        case 'abstained':
          lines.push(
            answer.personal
              ? 'Question sur un dossier personnel : seule une personne peut répondre.'
              : 'Les documents ne répondent pas à cette question.',
          );
          for (const { title } of answer.suggestions) lines.push(`  ? ${title}`);
          break;
        case 'unavailable':
          lines.push(`Source indisponible (${answer.reason}).`);
          break;
      }
      if ('confidence' in answer)
        lines.push(`Confiance : ${answer.confidence.toFixed(2)} · ${took.toFixed(1)} ms`);
      lines.push('', 'Passages :');
      for (const { score, source, title } of results)
        lines.push(`  ${score.toFixed(3)}  ${source}  ${title}`);
      console.log(lines.join('\n'));
    });
}

/** The engine over the desk's folder, and over its library once the desk has been started. */
async function withEngine<T>(use: (engine: EmbeddedAnswerer, language: string) => Promise<T>): Promise<T> {
  const config = readConfig();
  const { folder, language } = loadDesk(config.desk.folder);
  const open = async (library?: EmbeddedOptions['library']): Promise<T> => {
    const engine = await createEmbeddedAnswerer({
      ...{ folder, language, clock: systemClock, progress: showProgress },
      ...(library && { library }),
    });
    try {
      return await use(engine, language);
    } finally {
      await engine.close();
    }
  };
  if (!existsSync(join(config.data, 'guichet.db'))) return open();
  return withData(({ store, documents }) => open({ records: libraryTables(store, documents), newId }));
}
