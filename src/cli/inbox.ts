import type { Command } from 'commander';
import { systemClock } from '../lib/clock.ts';
import { scrub } from '../lib/scrub.ts';
import type { FormAnswer } from '../message/form.ts';
import { staffInbox } from '../storage/staff-inbox.ts';
import { withData, type DeskData } from './data.ts';
import { UsageError } from './errors.ts';
import { openLeft, type Left } from './left.ts';

interface Options {
  confidential?: boolean;
  all?: boolean;
  handled?: string;
}

/** What people left for staff, until the console shows it. */
export function addInbox(program: Command): void {
  program
    .command('inbox')
    .description('Messages and forms that wait for staff, the oldest first.')
    .option('--confidential', 'messages about somebody in danger instead: every look is logged')
    .option('--all', 'those that were dealt with, too')
    .option('--handled <id>', 'note that this one was dealt with, and list nothing')
    .action((options: Options) =>
      withData((data) =>
        options.handled === undefined ? listLeft(data, options) : handle(data, options.handled),
      ),
    );
}

async function listLeft(data: DeskData, { confidential = false, all = false }: Options): Promise<void> {
  const inbox = staffInbox(data.store);
  const kinds = confidential ? (['safeguarding'] as const) : (['message', 'form'] as const);
  const left = await openLeft(data, await inbox.list({ kinds, handled: all }));
  if (left.length === 0) console.log('Nothing waits for staff.');
  for (const one of left) console.log(written(one));
  if (confidential) return;
  const hidden = await inbox.list({ kinds: ['safeguarding'], handled: false });
  if (hidden.length > 0)
    console.log(
      `${String(hidden.length)} confidential: "guichet inbox --confidential", for whom it concerns.`,
    );
}

async function handle({ store }: DeskData, given: string): Promise<void> {
  const inbox = staffInbox(store);
  const row = /^\d{1,15}$/.test(given) ? await inbox.find(Number(given)) : undefined;
  if (!row) throw new UsageError(`There is no message ${given}: copy its number from "guichet inbox".`);
  if (row.handled_at !== null) throw new UsageError(`Message ${given} was dealt with already.`);
  await store.commit([inbox.handle(row.id, systemClock.now())]);
  console.log(`Message ${given} is dealt with.`);
}

function written({ row, from, text, form }: Left): string {
  const kind = row.kind === 'form' ? `form ${row.form ?? ''} ${form?.reference ?? ''}` : row.kind;
  const head = [
    `#${String(row.id)}`,
    new Date(row.at).toISOString().slice(0, 16),
    kind,
    `${from ?? 'somebody'} on ${row.channel ?? '-'}`,
    `person ${row.person_id ?? '-'}`,
    ...(row.handled_at === null ? [] : ['dealt with']),
  ].join('  ');
  const lines = form ? form.answers.map(answerLine) : (text ?? '').split('\n');
  return [head, ...lines.map((line) => `    ${line}`)].join('\n');
}

/** A file is had with `guichet files save`. */
function answerLine({ label, value, shown }: FormAnswer): string {
  const files = Array.isArray(value) ? ` ${value.join(' ')}` : '';
  return scrub(`${label}: ${shown === '' ? '-' : shown}${files}`).replaceAll('\n', ' ');
}
