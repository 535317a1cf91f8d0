import type { Channel } from '../channels/channel.ts';
import { plainText } from '../conversation/texts.ts';
import type { Address } from '../message/event.ts';
import type { Reply } from '../message/outbound.ts';
import { flatten } from '../message/styled.ts';
import { placeOf } from '../storage/places.ts';
import { ConflictError, type Statement } from '../storage/store.ts';
import { addressPlace } from './compose.ts';
import { outboxPlace, type OutboxJob } from './replies.ts';
import type { Runtime } from './runtime.ts';

export type LaterTools = Pick<
  Runtime,
  'store' | 'outbox' | 'conversations' | 'history' | 'channels' | 'sealer' | 'clock' | 'newId' | 'desk'
>;

/** Where something is to be said: the conversation as it stands. Nulls: it is gone. */
export interface There {
  channel: string;
  person_id: string | null;
  conversation_id: string | null;
  kind: 'private' | 'group' | 'channel' | null;
  address_index: string | null;
  address_sealed: Uint8Array | null;
  last_inbound_at: number | null;
  unreachable_at: number | null;
  last_position: number | null;
  language: string | null;
}

export type Hindrance = 'gone' | 'unreachable' | 'outside_window';

/** What is said, and what says that it was. */
export interface Said {
  reply: Reply;
  lane: 'alert' | 'broadcast';
  correlation: string;
  /** Place in the history. */
  inbox_seq: number;
  part: number;
  /** Fails the unit when it was said meanwhile. */
  told: Statement;
}

/** Written together, they leave together: what is done in one go. */
const AT_ONCE = 50;
const EXPIRES_MS = 24 * 3600_000;
/** A window that closes before the message can leave is closed. */
const MARGIN_MS = 5 * 60_000;

/** Says what staff wrote in conversations where nobody's turn asks for it. */
export interface Later {
  /** Takes up what waits on the channels that run, one by one. */
  each<Row extends There>(
    waiting: (channels: readonly string[], limit: number) => Promise<Row[]>,
    tell: (row: Row, channel: Channel) => Promise<void>,
  ): Promise<void>;
  hindrance(there: There, channel: Channel): Hindrance | undefined;
  /** The outbox rows and `told` are one unit: whatever happens, nothing is said twice. */
  say(there: There, channel: Channel, said: Said): Promise<void>;
}

export function createLater(runtime: LaterTools, deliver: (jobs: OutboxJob[]) => void): Later {
  const { store, channels, sealer, desk, newId, outbox, conversations, history, clock } = runtime;
  return {
    async each(waiting, tell) {
      if (channels.size === 0) return;
      for (const row of await waiting([...channels.keys()], AT_ONCE)) {
        const channel = channels.get(row.channel);
        try {
          if (channel) await tell(row, channel);
        } catch (error) {
          // A turn of theirs was faster, or they are gone: read again next time.
          if (!(error instanceof ConflictError)) throw error;
        }
      }
    },

    hindrance(there, { capabilities: { window } }) {
      if (there.kind !== 'private' || there.person_id === null) return 'gone';
      if (there.unreachable_at !== null) return 'unreachable';
      const open = window === undefined || clock.now() + MARGIN_MS < (there.last_inbound_at ?? 0) + window.ms;
      return open ? undefined : 'outside_window';
    },

    async say(there, channel, { reply, lane, correlation, inbox_seq, part, told }) {
      const { conversation_id: id, address_index: destination, address_sealed } = there;
      if (id === null || destination === null || address_sealed === null) return;
      const language = there.language ?? desk.language;
      const calls = channel.render(reply, {
        address: JSON.parse(sealer.open(address_sealed, addressPlace(id))) as Address,
        part: (i, n) => plainText(desk, language, 'continued', { i: String(i), n: String(n) }),
        openList: plainText(desk, language, 'open_list'),
      });
      const now = clock.now();
      const expires = now + EXPIRES_MS;
      const was = there.last_position ?? 0;
      const rows = calls.map((call) => ({ id: newId(), call }));
      await store.commit([
        told,
        conversations.touchConversation({ id, said_at: null, was, position: was + rows.length }),
        history.insertMessage({
          conversation_id: id,
          person_id: there.person_id,
          session_id: null,
          direction: 'out',
          kind: 'text',
          body_sealed: sealer.seal(
            JSON.stringify({ text: flatten(reply.body).text }),
            placeOf('messages', 'body_sealed')({ inbox_seq, part }),
          ),
          inbox_seq,
          part,
          counted: 0,
          at: now,
        }),
        ...rows.map((each, at) =>
          outbox.insert({
            id: each.id,
            channel: channel.name,
            account: channel.account,
            destination_index: destination,
            conversation_id: id,
            person_id: there.person_id,
            lane,
            position: was + at + 1,
            payload_sealed: sealer.seal(JSON.stringify(each.call), outboxPlace(each.id)),
            expires_at: expires,
            correlation,
            replaces: null,
            created_at: now,
          }),
        ),
      ]);
      deliver(
        rows.map((each) => ({
          id: each.id,
          channel: channel.name,
          destination,
          conversationId: id,
          lane,
          attempt: 0,
          notBefore: 0,
          expiresAt: expires,
          call: each.call,
        })),
      );
    },
  };
}
