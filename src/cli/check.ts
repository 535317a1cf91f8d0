import { join } from 'node:path';
import type { Command } from 'commander';
import { checkDocuments, describeProblem } from '../answers/ingest/documents.ts';
import { createEmbeddedAnswerer } from '../answers/embedded.ts';
import { readConfig } from '../config/config.ts';
import { loadDesk } from '../desk/load.ts';
import { systemClock } from '../lib/clock.ts';
import { UsageError } from './errors.ts';

export function addCheck(program: Command): void {
  program
    .command('check')
    .description('Check the configuration, the desk and its documents; starts nothing.')
    .action(async () => {
      const config = readConfig();
      const desk = loadDesk(config.desk.folder);
      const problems = await checkDocuments(join(desk.folder, 'documents'));
      if (problems.length > 0) throw new UsageError(problems.map(describeProblem).join('\n'));
      // What is beside the documents (synonyms) is read by the engine only.
      await createEmbeddedAnswerer({ folder: desk.folder, language: desk.language, clock: systemClock });
      const texts = desk.languages.get(desk.language);
      console.log(
        `${desk.organisation}: ${texts?.pages.size ?? 0} pages, ${texts?.commands.length ?? 0} commands, languages ${[...desk.languages.keys()].join(', ')}. Documents read without problem. Mode ${config.mode}.`,
      );
    });
}
