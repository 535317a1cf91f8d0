import type { Command } from 'commander';
import { systemClock } from '../lib/clock.ts';
import { newId } from '../lib/ids.ts';
import { maskPhone, readPhone } from '../lib/phone.ts';
import { accountDesk, type AccountDesk, type AccountRow } from '../storage/account-desk.ts';
import { accountTables } from '../storage/accounts.ts';
import { directoryTables, phoneIndex } from '../storage/directory.ts';
import type { Statement } from '../storage/store.ts';
import { actor, worded } from './actor.ts';
import { withData, type DeskData } from './data.ts';
import { UsageError } from './errors.ts';
import { wholeNumber } from './number.ts';
import { minute } from './time.ts';

const DAY = 24 * 3600_000;

/** What staff do with accounts until the console does: see what failed, look a number up, decide by hand. */
export function addAccounts(program: Command): void {
  const accounts = program.command('accounts').description('Accounts of people, by their telephone number.');

  accounts
    .command('failures')
    .description('Attempts that did not end in an account.')
    .option('--days <n>', 'how far back to look', '30')
    .action(async ({ days }: { days: string }) => {
      const back = wholeNumber('--days', days, 1, 366);
      const rows = await withData(({ store }) => accountDesk(store).failures(systemClock.now() - back * DAY));
      if (rows.length === 0) console.log('No failed attempt in that time.');
      for (const { at, channel, outcome, reason, person_id } of rows)
        console.log(
          `${minute(at)}  ${channel.padEnd(9)} ${outcome.padEnd(8)} ${reason ?? '-'}  person ${person_id ?? '-'}`,
        );
    });

  accounts
    .command('lookup <phone>')
    .description('Who has this number: every look is logged.')
    .requiredOption('--reason <why>', 'why you look, in a few words')
    .action((phone: string, { reason }: { reason: string }) =>
      withData(async ({ store, sealer }) => {
        const { e164, index } = numberOf(phone, sealer);
        const desk = accountDesk(store);
        const rows = await desk.withPhone(index);
        await desk.reveal({
          at: systemClock.now(),
          actor: actor(),
          accountId: rows[0]?.id ?? null,
          reason: worded(reason),
        });
        const known = await directoryTables(store, sealer).withPhone(e164);
        console.log(
          `${maskPhone(e164)}: ${String(known.length)} in the directory, ${String(rows.length)} account(s).`,
        );
        for (const row of rows) console.log(line(row));
      }),
    );

  accounts
    .command('create <phone>')
    .description('Make an account by hand, for a person that "failures" shows.')
    .requiredOption('--person <id>', 'internal id of the person')
    .requiredOption('--reason <why>', 'how you checked who it is')
    .action((phone: string, { person, reason }: { person: string; reason: string }) =>
      withData(async (data) => {
        const { store, sealer } = data;
        const { e164, index } = numberOf(phone, sealer);
        const desk = accountDesk(store);
        if (!(await desk.personExists(person)))
          throw new UsageError(
            `Nobody has the internal id ${person}: copy it from "guichet accounts failures".`,
          );
        if ((await desk.withPhone(index)).some(({ status }) => status === 'active'))
          throw new UsageError(
            'This number has an account already: remove it first with "guichet accounts unlink".',
          );
        const tables = accountTables(store);
        const id = newId();
        const at = systemClock.now();
        await decide(data, id, reason, [
          tables.insert({
            id,
            person_id: person,
            phone_index: index,
            phone_sealed: sealer.seal(e164, `user_accounts|phone|${id}`),
            directory_index: null,
            status: 'active',
            channel: 'staff',
            at,
          }),
          audit(data, { person, index, outcome: 'created' }),
        ]);
        console.log(`Account ${id} made.`);
      }),
    );

  accounts
    .command('link <account>')
    .description('Give the number to the person who waits for it; whoever had it has it no more.')
    .requiredOption('--reason <why>', 'how you checked who it is')
    .action((id: string, { reason }: { reason: string }) =>
      withData(async (data) => {
        const desk = accountDesk(data.store);
        const row = await found(desk, id);
        if (row.status !== 'pending') throw new UsageError(`Account ${id} does not wait for a decision.`);
        await decide(data, id, reason, [
          ...desk.approve(row, systemClock.now()),
          audit(data, { person: row.person_id, index: row.phone_index, outcome: 'linked' }),
        ]);
        console.log(`Account ${id} is active.`);
      }),
    );

  accounts
    .command('unlink <account>')
    .description('Take an account, or a claim that waits, away from its person.')
    .requiredOption('--reason <why>', 'why')
    .action((id: string, { reason }: { reason: string }) =>
      withData(async (data) => {
        const desk = accountDesk(data.store);
        const row = await found(desk, id);
        await decide(data, id, reason, [
          ...desk.remove(id),
          audit(data, { person: row.person_id, index: row.phone_index, outcome: 'unlinked' }),
        ]);
        console.log(`Account ${id} is gone.`);
      }),
    );
}

async function decide(
  { store }: DeskData,
  accountId: string,
  reason: string,
  statements: Statement[],
): Promise<void> {
  await accountDesk(store).reveal({
    at: systemClock.now(),
    actor: actor(),
    accountId,
    reason: worded(reason),
  });
  await store.commit(statements);
}

function audit(
  { store }: DeskData,
  { person, index, outcome }: { person: string; index: string; outcome: string },
): Statement {
  return accountTables(store).audit({
    at: systemClock.now(),
    person_id: person,
    channel: 'staff',
    phone_index: index,
    outcome,
    reason: 'by_hand',
    spent: 0,
    actor: actor(),
    processing_ms: 0,
  });
}

async function found(desk: AccountDesk, id: string): Promise<AccountRow> {
  const row = await desk.find(id);
  if (!row) throw new UsageError(`There is no account ${id}: copy its id from "guichet accounts lookup".`);
  return row;
}

function numberOf(text: string, sealer: DeskData['sealer']): { e164: string; index: string } {
  const read = readPhone(text);
  if (!read.ok)
    throw new UsageError(
      `${text} is not a telephone number (${read.reason}): write it as +221 77 000 00 01.`,
    );
  return { e164: read.e164, index: phoneIndex(sealer, read.e164) };
}

const line = ({ id, status, channel, person_id, created_at }: AccountRow): string =>
  `  ${id}  ${status}  since ${minute(created_at)} by ${channel}  person ${person_id}`;
