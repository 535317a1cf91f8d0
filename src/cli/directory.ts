import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { readPeople } from '../accounts/directory/import-file.ts';
import { applyPlan, planAgainst } from '../accounts/directory/import.ts';
import type { Problem } from '../accounts/directory/problem.ts';
import { systemClock } from '../lib/clock.ts';
import { newId } from '../lib/ids.ts';
import { directoryTables } from '../storage/directory.ts';
import { withData } from './data.ts';
import { UsageError } from './errors.ts';

export function addDirectory(program: Command): void {
  const directory = program.command('directory').description('The people that the organisation knows.');
  directory
    .command('import <file>')
    .description(
      'Read a CSV or XLSX file of people; shows what it would change, and changes it with --apply.',
    )
    .option('--apply', 'write the change')
    .option('--fr', 'sentences in French')
    .action(async (path: string, options: { apply?: boolean; fr?: boolean }) => {
      const bytes = await readFile(path).catch(() => {
        throw new UsageError(`${path} cannot be read: give the path of a CSV or XLSX file.`);
      });
      const language = options.fr ? 'fr' : 'en';
      const { people, lines, problems, errors, warnings } = await readPeople(bytes);
      for (const one of problems) console.log(sentence(one, language));
      console.log(
        `${String(lines)} lines, ${String(people.length)} people, ${String(errors)} errors, ${String(warnings)} warnings.`,
      );
      if (people.length === 0) throw new UsageError('There is nobody to import.');
      await withData(async ({ store, sealer }) => {
        const tables = directoryTables(store, sealer);
        const plan = await planAgainst(tables, people);
        for (const one of plan.problems) console.log(sentence(one, language));
        console.log(
          `${String(plan.add.length)} new, ${String(plan.change.length)} changed, ${String(plan.keep.length)} as before, ${String(plan.withdraw.length)} withdrawn.`,
        );
        if (options.apply !== true) {
          console.log('Nothing was written. Add --apply to write it.');
          return;
        }
        await applyPlan(tables, plan, { newId, at: systemClock.now() });
        console.log(`Written. The directory holds ${String(await tables.count())} people.`);
      });
    });
}

const sentence = ({ level, line, column, message }: Problem, language: 'fr' | 'en'): string =>
  `${level === 'error' ? '✗' : '!'} ${[line === undefined ? undefined : `line ${String(line)}`, column].filter((part) => part !== undefined).join(', ')}${line === undefined && column === undefined ? '' : ': '}${message[language]}`;
