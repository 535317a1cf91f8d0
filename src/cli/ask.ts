import type { Command } from 'commander';
import { createEmbeddedAnswerer } from '../answers/embedded.ts';
import { readConfig } from '../config/config.ts';
import { loadDesk } from '../desk/load.ts';
import { systemClock } from '../lib/clock.ts';
import { UsageError } from './errors.ts';

export function addAsk(program: Command): void {
  program
    .command('ask <question...>')
    .description("Ask the desk's documents: prints the answer, its source and the scores.")
    .option('-k <n>', 'how many passages to show', '5')
    .option('--json', 'print everything as JSON')
    .action(async (words: string[], options: { k: string; json?: boolean }) => {
      const most = Number(options.k);
      if (!Number.isInteger(most) || most < 1 || most > 50)
        throw new UsageError(`-k ${options.k}: write a whole number from 1 to 50.`);
      const desk = loadDesk(readConfig().desk.folder);
      const engine = await createEmbeddedAnswerer({
        folder: desk.folder,
        language: desk.language,
        clock: systemClock,
      });
      const text = words.join(' ').trim();
      if (text === '') throw new UsageError('The question is empty: write it between quotes after ask.');
      const started = systemClock.monotonic();
      const answer = await engine.answer({ text, language: desk.language }, AbortSignal.timeout(30_000));
      const took = systemClock.monotonic() - started;
      const { results } = engine.search(text, most);
      if (options.json) {
        console.log(JSON.stringify({ answer, results }, null, 2));
        return;
      }
      const lines: string[] = [];
      switch (answer.status) {
        case 'answered':
        case 'redirected': {
          lines.push(answer.body, '');
          for (const { title, section, effectiveDate } of answer.sources)
            lines.push(`Source : ${[title, section, effectiveDate].filter(Boolean).join(' · ')}`);
          if (answer.status === 'redirected') lines.push('(orientation : compte comme une abstention)');
          break;
        }
        case 'abstained':
          lines.push('Les documents ne répondent pas à cette question.');
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
