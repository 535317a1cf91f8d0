import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { readPeople } from '../accounts/directory/import-file.ts';
import { applyPlan, planAgainst } from '../accounts/directory/import.ts';
import type { ImportPlan } from '../accounts/directory/plan.ts';
import type { Problem } from '../accounts/directory/problem.ts';
import { systemClock } from '../lib/clock.ts';
import { newId } from '../lib/ids.ts';
import { directoryTables } from '../storage/directory.ts';
import { count } from './count.ts';
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
    .option('--withdraw <n>', 'with --apply: yes, these n people are to be withdrawn')
    .option('--lose-numbers <n>', 'with --apply: yes, these n people are to lose their only number')
    .option('--other-people <n>', 'with --apply: yes, these n codes are now of other people')
    .option('--fr', 'sentences in French')
    .action(importFile);
}

interface Options {
  apply?: boolean;
  withdraw?: string;
  loseNumbers?: string;
  otherPeople?: string;
  fr?: boolean;
}

async function importFile(path: string, options: Options): Promise<void> {
  const bytes = await readFile(path).catch(() => {
    throw new UsageError(`${path} cannot be read: give the path of a CSV or XLSX file.`);
  });
  const language = options.fr ? 'fr' : 'en';
  const { people, unread, lines, problems, errors, warnings } = await readPeople(bytes);
  for (const one of problems) console.log(sentence(one, language));
  console.log(
    `${count(lines, 'line')}, ${count(people.length, 'person', 'people')}, ${count(errors, 'error')}, ${count(warnings, 'warning')}.`,
  );
  if (people.length === 0)
    throw new UsageError(
      `There is nobody to import. The file must be a CSV or XLSX with a line of titles, at least "nom", "prenoms" and "telephone", and under it one line per adult and child${errors > 0 ? '; see what is marked ✗ above' : ''}.`,
    );
  await withData(async ({ store, sealer }) => {
    const tables = directoryTables(store, sealer);
    const plan = await planAgainst(tables, people, unread);
    for (const one of plan.problems) console.log(sentence(one, language));
    console.log(
      `${String(plan.add.length)} new, ${String(plan.change.length)} changed, ${String(plan.keep.length)} as before, ${String(plan.withdraw.length)} withdrawn.`,
    );
    if (options.apply !== true) {
      console.log(`Nothing was written. Add ${['--apply', ...confirmations(plan)].join(' ')} to write it.`);
      return;
    }
    refuseUnconfirmed(plan, options);
    await applyPlan(tables, plan, { newId, at: systemClock.now() });
    console.log(`Written. The directory holds ${count(await tables.count(), 'person', 'people')}.`);
  });
}

/** What has to be written beside `--apply` for this plan. */
const confirmations = ({ confirm: { withdraw, loseNumbers, otherPeople } }: ImportPlan): string[] => [
  ...(withdraw === undefined ? [] : [`--withdraw ${String(withdraw)}`]),
  ...(loseNumbers === undefined ? [] : [`--lose-numbers ${String(loseNumbers)}`]),
  ...(otherPeople === undefined ? [] : [`--other-people ${String(otherPeople)}`]),
];

/** A file that was cut short or whose columns were renamed must not empty the directory: the exact number says "I know". */
function refuseUnconfirmed(plan: ImportPlan, { withdraw, loseNumbers, otherPeople }: Options): void {
  const { confirm } = plan;
  const asked = [
    { wanted: confirm.withdraw, given: withdraw, what: 'would be withdrawn', option: '--withdraw' },
    {
      wanted: confirm.loseNumbers,
      given: loseNumbers,
      what: 'would lose their only number',
      option: '--lose-numbers',
    },
    {
      wanted: confirm.otherPeople,
      given: otherPeople,
      what: 'would have the code of somebody else',
      option: '--other-people',
    },
  ].filter(({ wanted, given }) => wanted !== undefined && given !== String(wanted));
  if (asked.length === 0) return;
  const reasons = asked.map(({ wanted = 0, given, what, option }) => {
    const said = given === undefined ? '' : ` (you wrote ${option} ${given})`;
    return `${count(wanted, 'person', 'people')} ${what}${said}`;
  });
  throw new UsageError(
    `Nothing was written: ${reasons.join(', and ')}. Check that the file is whole and its columns are named as before. If it is meant, write: --apply ${confirmations(plan).join(' ')}.`,
  );
}

const sentence = ({ level, line, column, message }: Problem, language: 'fr' | 'en'): string =>
  `${level === 'error' ? '✗' : '!'} ${[line === undefined ? undefined : `line ${String(line)}`, column].filter((part) => part !== undefined).join(', ')}${line === undefined && column === undefined ? '' : ': '}${message[language]}`;
