import { plainText } from '../conversation/texts.ts';
import type { Outcome } from '../jobs/lanes.ts';
import type { InboundEvent } from '../message/event.ts';
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

/** The turn's replies as the calls that the channel makes of them, one row each. */
export function outboxRows(
  { outbox, sealer, newId, desk }: Pick<Runtime, 'outbox' | 'sealer' | 'newId' | 'desk'>,
  { job, channel, address, event, person, now, result }: TurnFacts,
  owner: Owner,
): { statements: Statement[]; outbox: OutboxJob[] } {
  const chosen = result.effects.flatMap((it) => (it.type === 'preference' ? (it.language ?? []) : [])).at(-1);
  const language = chosen ?? person?.language ?? desk.language;
  const part = (i: number, n: number): string =>
    plainText(desk, language, 'continued', { i: String(i), n: String(n) });
  const openList = plainText(desk, language, 'open_list');
  const { window } = channel.capabilities;
  const said = saidAt(event, now);
  const expires = now + REPLY_EXPIRES_MS;

  const calls = result.replies.flatMap((reply) =>
    channel.render(reply, { address, event, part, openList }).map((call) => ({
      id: newId(),
      call,
      replaces:
        (reply.inPlace || reply.acknowledges) && owner.personId !== null ? (event.messageRef ?? null) : null,
    })),
  );
  return {
    statements: calls.map(({ id, call, replaces }, at) =>
      outbox.insert({
        id,
        channel: address.channel,
        account: address.account,
        destination_index: owner.destination,
        conversation_id: owner.conversationId,
        person_id: owner.personId,
        lane: 'interactive',
        position: owner.after + at + 1,
        payload_sealed: sealer.seal(JSON.stringify(call), outboxPlace(id)),
        expires_at: expires,
        correlation: `inbox:${job.seq}`,
        replaces,
        created_at: now,
      }),
    ),
    outbox: calls.map(({ id, call }) => ({
      id,
      channel: address.channel,
      // In memory it keeps its place behind what was sent before.
      destination: job.conversationKey,
      conversationId: owner.conversationId,
      lane: 'interactive',
      attempt: 0,
      notBefore: 0,
      expiresAt: expires,
      ...(window && said !== null ? { openUntil: said + window.ms } : {}),
      call,
    })),
  };
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
