import type { Command } from 'commander';
import { toCsv } from '../lib/csv.ts';
import type { FormAnswer } from '../message/form.ts';
import { staffInbox } from '../storage/staff-inbox.ts';
import { withData } from './data.ts';
import { UsageError } from './errors.ts';
import { openLeft, type Left } from './left.ts';
import { minute } from './time.ts';

export function addForms(program: Command): void {
  const forms = program.command('forms').description('Forms people sent.');
  forms
    .command('export <form>')
    .description('Every form of this name that was sent, as a table on the standard output.')
    .option('--csv', 'for a spreadsheet (the default)')
    .option('--json', 'for a program')
    .action((form: string, { csv, json }: { csv?: boolean; json?: boolean }) =>
      withData(async (data) => {
        if (csv && json) throw new UsageError('Choose --csv or --json.');
        const { languages } = await data.desk();
        const ids = [...languages.values()].flatMap((texts) => [...texts.forms.keys()]);
        const rows = await staffInbox(data.store).list({ kinds: ['form'], handled: true, form });
        if (rows.length === 0 && !ids.includes(form)) {
          throw new UsageError(
            ids.length === 0
              ? 'This desk has no form.'
              : `The desk has no form ${form}: it has ${[...new Set(ids)].join(', ')}.`,
          );
        }
        const left = await openLeft(data, rows);
        process.stdout.write(json ? `${JSON.stringify(left.map(record), null, 2)}\n` : toCsv(table(left)));
      }),
    );
}

function record({ row, from, form }: Left): Record<string, unknown> {
  return {
    id: row.id,
    reference: form?.reference,
    at: new Date(row.at).toISOString(),
    person: row.person_id,
    from,
    handled: row.handled_at !== null,
    answers: Object.fromEntries(
      (form?.answers ?? []).map(({ step, label, value, shown }) => [step, { label, value, shown }]),
    ),
  };
}

/** A column for each step that any of them has, in the order of the newest form. */
export function table(left: readonly Left[]): string[][] {
  const columns = new Map<string, string>();
  for (const { form } of left.toReversed())
    for (const { step, label } of form?.answers ?? []) if (!columns.has(step)) columns.set(step, label);
  const head = ['Référence', 'Reçue le', 'Traitée', ...columns.values()];
  const lines = left.map(({ row, form }) => {
    const answers = new Map((form?.answers ?? []).map((answer) => [answer.step, answer]));
    return [
      form?.reference ?? '',
      minute(row.at),
      row.handled_at === null ? 'non' : 'oui',
      ...[...columns.keys()].map((step) => cellOf(answers.get(step))),
    ];
  });
  return [head, ...lines];
}

function cellOf(answer: FormAnswer | undefined): string {
  if (!answer) return '';
  const { value, shown } = answer;
  if (Array.isArray(value)) return value.join(' ');
  // A date sorts in a spreadsheet when it is written like this.
  return answer.kind === 'date' ? (value ?? '') : shown;
}
