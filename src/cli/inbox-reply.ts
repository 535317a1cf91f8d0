import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '../lib/clock.ts';
import { readPhone } from '../lib/phone.ts';
import { scrub } from '../lib/scrub.ts';
import { replyCorrelation } from '../pipeline/staff-replies.ts';
import { accountDesk } from '../storage/account-desk.ts';
import { accountTables } from '../storage/accounts.ts';
import { placeOf } from '../storage/places.ts';
import { staffInbox, type StaffInbox, type StaffRow } from '../storage/staff-inbox.ts';
import { ConflictError } from '../storage/store.ts';
import { actor, worded } from './actor.ts';
import { withData, type DeskData } from './data.ts';
import { UsageError } from './errors.ts';

const LONGEST = 4000;
/** A desk that runs takes it up, and its platform takes it, within this. */
const WAIT_MS = 8000;

export async function messageOf(inbox: StaffInbox, given: string): Promise<StaffRow> {
  const row = /^\d{1,15}$/.test(given) ? await inbox.find(Number(given)) : undefined;
  if (!row)
    throw new UsageError(
      `There is no message ${given}: copy its number from "guichet inbox". It goes when its author has their data deleted.`,
    );
  return row;
}

/** Hands the words to the desk that runs, and says what became of them. */
export function replyTo(given: string, words: readonly string[]): Promise<void> {
  return withData(async ({ store, sealer }) => {
    const inbox = staffInbox(store);
    const row = await messageOf(inbox, given);
    if (row.person_id === null || row.channel === null)
      throw new UsageError(`Message ${given} has no conversation to reply in: its author is not known.`);
    const text = textOf(words);
    const place = placeOf('staff_messages', 'reply_sealed')({ id: row.id });
    const reply_sealed = sealer.seal(JSON.stringify({ text }), place);
    try {
      await store.commit([inbox.reply(row.id, { reply_sealed, replied_by: actor(), at: systemClock.now() })]);
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
      throw new UsageError(
        `A reply to message ${given} waits to leave already: it leaves once the desk runs.`,
      );
    }
    await tellOutcome(inbox, row, row.channel);
  });
}

async function tellOutcome(inbox: StaffInbox, { id }: StaffRow, channel: string): Promise<void> {
  const number = String(id);
  const call = `Call them ("guichet inbox call ${number} --reason …")`;
  const until = systemClock.monotonic() + WAIT_MS;
  for (;;) {
    const row = await inbox.find(id);
    if (!row)
      throw new UsageError(`Not sent: the author of message ${number} has just had their data deleted.`);
    const states = row.reply === 'sent' ? await inbox.sending(replyCorrelation(id)) : [];
    const over = systemClock.monotonic() >= until;
    switch (row.reply) {
      case 'outside_window':
        throw new UsageError(
          `Not sent: ${channel} lets us write only within 24 hours of a person's last message. ${call}, or wait until they write again and reply then. Message ${number} still waits.`,
        );
      case 'unreachable':
        throw new UsageError(
          `Not sent: they have blocked us on ${channel} or left it. ${call}. Message ${number} still waits.`,
        );
      case 'gone':
        throw new UsageError(
          `Not sent: the conversation of message ${number} is gone. Message ${number} still waits.`,
        );
      case 'in_group':
        throw new UsageError(
          `Not sent: message ${number} came from a group, and a reply to one person is not said there. ${call}. Message ${number} still waits.`,
        );
      case 'failed':
        throw new UsageError(
          `Not sent: an error of ours, which the log of the desk names ("not_told"). ${call}, or reply again once it is mended. Message ${number} still waits.`,
        );
      case 'sent':
        if (states.includes('failed'))
          throw new UsageError(
            `Not delivered: ${channel} refused it. ${call}. Message ${number} counts as dealt with; see it with "guichet inbox --all".`,
          );
        if (states.every((state) => state === 'sent')) {
          console.log(`Sent on ${channel}. Message ${number} is dealt with.`);
          return;
        }
        if (over) {
          console.log(`On its way to ${channel}. Message ${number} is dealt with.`);
          return;
        }
        break;
      case 'wanted':
      case null:
        if (over) {
          console.log(
            `Kept: it leaves once the desk runs with ${channel}. Message ${number} waits until then.`,
          );
          return;
        }
    }
    await delay(300);
  }
}

function textOf(words: readonly string[]): string {
  const given = words.length > 0 ? words.join(' ') : readInput();
  const text = scrub(given.replace(/\r\n?/g, '\n')).trim();
  if (text === '' || text.length > LONGEST)
    throw new UsageError(
      `The reply has ${String(text.length)} characters: write 1 to ${String(LONGEST)}, such as guichet inbox reply 3 "Bonjour, …".`,
    );
  return text;
}

function readInput(): string {
  if (process.stdin.isTTY)
    throw new UsageError('Write the reply after the number, or give it on the standard input.');
  try {
    return readFileSync(0, 'utf8');
  } catch {
    return '';
  }
}

/** The look is in the log before the number is on the screen. */
export function callBack(given: string, reason: string): Promise<void> {
  return withData(async (data) => {
    const row = await messageOf(staffInbox(data.store), given);
    const why = worded(reason);
    const found = row.person_id === null ? undefined : await numberOf(data, row.person_id);
    await accountDesk(data.store).reveal({
      at: systemClock.now(),
      actor: actor(),
      accountId: found?.accountId ?? null,
      reason: `call about message ${String(row.id)}: ${why}`,
    });
    if (!found) {
      console.log(`No number of theirs is proven. Reply instead: guichet inbox reply ${String(row.id)} "…"`);
      return;
    }
    console.log(found.phone);
  });
}

/** The number of their account; without one, that for which WhatsApp vouches. */
async function numberOf(
  { store, sealer }: DeskData,
  personId: string,
): Promise<{ phone: string; accountId: string | null } | undefined> {
  const account = await accountTables(store).phoneOf(personId);
  if (account) {
    const place = placeOf('user_accounts', 'phone_sealed')(account);
    return { phone: sealer.open(account.phone_sealed, place), accountId: account.id };
  }
  for (const identity of await staffInbox(store).signedNumbers(personId)) {
    const place = placeOf('identities', 'value_sealed')(identity);
    const read = readPhone(sealer.open(identity.value_sealed, place));
    if (read.ok) return { phone: read.e164, accountId: null };
  }
  return undefined;
}
