import { plainText } from '../conversation/texts.ts';
import type { Outcome } from '../jobs/lanes.ts';
import type { Address, InboundEvent } from '../message/event.ts';
import type { PlatformCall } from '../message/outbound.ts';
import type { Statement } from '../storage/store.ts';
import type { TurnFacts } from './compose.ts';
import type { Runtime } from './runtime.ts';

/** One outbox row on its way to `deliver`. */
export interface OutboxJob {
  id: string;
  channel: string;
  destination: string;
  conversationId: string | null;
  lane: 'interactive' | 'alert' | 'broadcast';
  attempt: number;
  /** Tries whose outcome nobody told. */
  uncertain?: number;
  /** Epoch milliseconds, as in the row; monotonic once in its lane: a clock that is set must not change a wait. */
  notBefore: number;
  expiresAt: number;
  /** The platform's window is open at least until then, epoch ms; unknown after a restart. */
  openUntil?: number;
  /** In memory while fresh; read back from the row after a restart. */
  call?: PlatformCall;
  /** The platform answered and the disk would not take it: written before anything else is done. */
  owed?: { outcome: Outcome; statements: Statement[] };
}

/** A reply that could not leave for a day is of no use any more. */
const REPLY_EXPIRES_MS = 24 * 3600_000;

export const outboxPlace = (id: string): string => `outbox|payload|${id}`;

/** A reply to somebody of whom nothing is kept: its row says not whose it was, and keeps nothing once it left. */
export const isNobodys = ({ lane, conversationId }: OutboxJob): boolean =>
  lane === 'interactive' && conversationId === null;

/** Whose rows they are. */
export interface Owner {
  conversationId: string | null;
  personId: string | null;
  /** Digest of the destination. */
  destination: string;
  /** Number of the conversation's last row. */
  after: number;
}

/** What rows that leave together have in common. Times are epoch ms. */
export interface Outgoing {
  via: Pick<Address, 'channel' | 'account'>;
  lane: OutboxJob['lane'];
  owner: Owner;
  expires: number;
  correlation: string;
  now: number;
  /** The place in memory behind what was sent before, where the row must not say it. */
  queue?: string;
  openUntil?: number;
}

/** One platform call: the row that keeps it, and the same for `deliver`. `nth` from 0 behind the owner's last row. */
export function outboxRow(
  { outbox, sealer, newId }: Pick<Runtime, 'outbox' | 'sealer' | 'newId'>,
  { via: { channel, account }, lane, owner, expires, correlation, now, queue, openUntil }: Outgoing,
  call: PlatformCall,
  nth: number,
  replaces: string | null = null,
): { statement: Statement; job: OutboxJob } {
  const id = newId();
  const { conversationId, personId, destination, after } = owner;
  return {
    statement: outbox.insert({
      id,
      channel,
      account,
      destination_index: destination,
      conversation_id: conversationId,
      person_id: personId,
      lane,
      position: after + nth + 1,
      payload_sealed: sealer.seal(JSON.stringify(call), outboxPlace(id)),
      expires_at: expires,
      correlation,
      replaces,
      created_at: now,
    }),
    job: {
      id,
      channel,
      destination: queue ?? destination,
      conversationId,
      lane,
      attempt: 0,
      notBefore: 0,
      expiresAt: expires,
      ...(openUntil === undefined ? {} : { openUntil }),
      call,
    },
  };
}

/** The turn's replies as the calls that the channel makes of them, one row each. */
export function outboxRows(
  runtime: Pick<Runtime, 'outbox' | 'sealer' | 'newId' | 'desk'>,
  { job, channel, address, event, person, now, result }: TurnFacts,
  owner: Owner,
): { statements: Statement[]; outbox: OutboxJob[] } {
  const { desk } = runtime;
  const chosen = result.effects.flatMap((it) => (it.type === 'preference' ? (it.language ?? []) : [])).at(-1);
  const language = chosen ?? person?.language ?? desk.language;
  const part = (i: number, n: number): string =>
    plainText(desk, language, 'continued', { i: String(i), n: String(n) });
  const openList = plainText(desk, language, 'open_list');
  const { window } = channel.capabilities;
  const said = saidAt(event, now);
  const outgoing: Outgoing = {
    via: address,
    lane: 'interactive',
    owner,
    expires: now + REPLY_EXPIRES_MS,
    correlation: `inbox:${job.seq}`,
    now,
    // In memory it keeps its place behind what was sent before.
    queue: job.conversationKey,
    ...(window && said !== null ? { openUntil: said + window.ms } : {}),
  };
  const calls = result.replies.flatMap((reply) => {
    const replaces =
      (reply.inPlace || reply.acknowledges) && owner.personId !== null ? (event.messageRef ?? null) : null;
    return channel.render(reply, { address, event, part, openList }).map((call) => ({ call, replaces }));
  });
  const rows = calls.map(({ call, replaces }, nth) => outboxRow(runtime, outgoing, call, nth, replaces));
  return { statements: rows.map(({ statement }) => statement), outbox: rows.map((row) => row.job) };
}

/** When the person did something that opens the platform's window and is answered; null: they did not. Epoch ms. */
export const saidAt = (event: InboundEvent, now: number): number | null =>
  isSaid(event) ? Math.min(event.sentAt ?? now, now) : null;

function isSaid(event: InboundEvent): boolean {
  switch (event.kind) {
    case 'text':
    case 'tap':
    case 'media':
    case 'contact':
      return true;
    case 'other':
      return event.direct;
    default:
      return false;
  }
}
