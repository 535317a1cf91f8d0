import type { Command } from 'commander';
import { systemClock } from '../lib/clock.ts';
import { scrub } from '../lib/scrub.ts';
import type { FormAnswer } from '../message/form.ts';
import { staffInbox } from '../storage/staff-inbox.ts';
import { withData, type DeskData } from './data.ts';
import { UsageError } from './errors.ts';
import { callBack, messageOf, replyTo } from './inbox-reply.ts';
import { knownName } from './known-name.ts';
import { openLeft, openReply, type Left } from './left.ts';
import { minute } from './time.ts';

interface Options {
  confidential?: boolean;
  all?: boolean;
  handled?: string;
}

/** What people left for staff, until the console shows it. */
export function addInbox(program: Command): void {
  const inbox = program
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
  inbox
    .command('reply <id> [text...]')
    .description(
      'Write back in the conversation where the message came; without a text, it is read from the standard input.',
    )
    .action((id: string, words: string[]) => replyTo(id, words));
  inbox
    .command('call <id>')
    .description('The proven number of whoever left this message: every look is logged.')
    .requiredOption('--reason <why>', 'why you look, in a few words')
    .action((id: string, { reason }: { reason: string }) => callBack(id, reason));
}

async function listLeft(data: DeskData, { confidential = false, all = false }: Options): Promise<void> {
  const inbox = staffInbox(data.store);
  const kinds = confidential ? (['safeguarding'] as const) : (['message', 'form'] as const);
  const left = await openLeft(data, await inbox.list({ kinds, handled: all }));
  if (left.length === 0) console.log('Nothing waits for staff.');
  for (const one of left) {
    const { person_id: person } = one.row;
    const name = person === null ? undefined : await knownName(data, person);
    console.log(written(one, name));
    if (one.row.reply !== null) console.log(`    ${openReply(data, one.row)}`);
  }
  const open = left.find(({ row }) => row.handled_at === null)?.row.id;
  if (open !== undefined) {
    const id = String(open);
    console.log(
      `Reply: guichet inbox reply ${id} "…" · their number: guichet inbox call ${id} --reason "…" · done: guichet inbox --handled ${id}`,
    );
  }
  if (confidential) return;
  const hidden = await inbox.list({ kinds: ['safeguarding'], handled: false });
  if (hidden.length > 0)
    console.log(
      `${String(hidden.length)} confidential: "guichet inbox --confidential", for whom it concerns.`,
    );
}

async function handle({ store }: DeskData, given: string): Promise<void> {
  const inbox = staffInbox(store);
  const row = await messageOf(inbox, given);
  if (row.handled_at !== null) throw new UsageError(`Message ${given} was dealt with already.`);
  await store.commit([inbox.handle(row.id, systemClock.now())]);
  console.log(`Message ${given} is dealt with.`);
}

function written({ row, from, text, form }: Left, name: string | undefined): string {
  const kind = row.kind === 'form' ? `form ${row.form ?? ''} ${form?.reference ?? ''}` : row.kind;
  const head = [
    `#${String(row.id)}`,
    minute(row.at),
    kind,
    `${name ?? from ?? 'somebody'} on ${row.channel ?? '-'}`,
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
