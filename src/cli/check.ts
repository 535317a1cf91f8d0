import { join } from 'node:path';
import type { Command } from 'commander';
import { describeProblem } from '../answers/ingest/documents.ts';
import { readDocuments } from '../answers/library/desk.ts';
import { deskSynonyms } from '../answers/library/open.ts';
import { readConfig } from '../config/config.ts';
import { loadDesk } from '../desk/load.ts';
import { checkWarnings } from './check-warnings.ts';
import { count } from './count.ts';
import { UsageError } from './errors.ts';
import { showProgress } from './progress.ts';

export function addCheck(program: Command): void {
  program
    .command('check')
    .description('Check the configuration, the desk and its documents; starts nothing.')
    .action(async () => {
      const config = readConfig();
      const desk = loadDesk(config.desk.folder);
      const { passages, problems } = await readDocuments(join(desk.folder, 'documents'), showProgress);
      if (problems.length > 0) throw new UsageError(problems.map(describeProblem).join('\n'));
      // What is beside the documents is read by the engine only.
      await deskSynonyms(desk.folder);
      for (const warning of checkWarnings(desk, passages)) console.warn(`Warning: ${warning}`);
      const texts = desk.languages.get(desk.language);
      console.log(
        `${desk.organisation}: ${count(texts?.pages.size ?? 0, 'page')}, ${count(texts?.commands.length ?? 0, 'command')}, ${desk.languages.size === 1 ? 'language' : 'languages'} ${[...desk.languages.keys()].join(', ')}. Documents read without problem, ${count(passages.length, 'passage')}. Mode ${config.mode}.`,
      );
    });
}
