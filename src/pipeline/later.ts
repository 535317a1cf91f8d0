import type { Channel } from '../channels/channel.ts';
import { plainText } from '../conversation/texts.ts';
import type { Address } from '../message/event.ts';
import type { Reply } from '../message/outbound.ts';
import { flatten } from '../message/styled.ts';
import { placeOf } from '../storage/places.ts';
import { ConflictError, StoreUnavailableError, type Statement } from '../storage/store.ts';
import { addressPlace } from './compose.ts';
import { outboxRow, type OutboxJob } from './replies.ts';
import type { Runtime } from './runtime.ts';

export type LaterTools = Pick<
  Runtime,
  | 'store'
  | 'outbox'
  | 'conversations'
  | 'history'
  | 'channels'
  | 'sealer'
  | 'clock'
  | 'newId'
  | 'desk'
  | 'log'
  | 'metrics'
>;

/** Where something is to be said: the conversation as it stands. Nulls: it is gone. */
export interface There {
  channel: string;
  person_id: string | null;
  conversation_id: string | null;
  kind: 'private' | 'group' | 'channel' | null;
  /** Ours, on which they wrote. */
  account: string | null;
  address_index: string | null;
  address_sealed: Uint8Array | null;
  last_inbound_at: number | null;
  unreachable_at: number | null;
  last_position: number | null;
  language: string | null;
}

/** `in_group`: what concerns one person is not said before others. */
export type Hindrance = 'gone' | 'in_group' | 'unreachable' | 'outside_window';

/** One kind of row that waits to be said. */
export interface Errand<Row extends There> {
  /** As the log calls it. */
  name: string;
  waiting(channels: readonly string[], limit: number): Promise<Row[]>;
  tell(row: Row, channel: Channel): Promise<void>;
  /** Says that it never will be: it waits no more. */
  failed(row: Row): Statement;
}

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
/** A row that failed so often makes room for those behind it. */
const MOST_FAILURES = 3;
const EXPIRES_MS = 24 * 3600_000;
/** A window that closes before the message can leave is closed. */
const MARGIN_MS = 5 * 60_000;

/** Says what staff wrote in conversations where nobody's turn asks for it. */
export interface Later {
  /** Takes up what waits on the channels that run, one by one: a row that cannot be told holds up no other. */
  each<Row extends There & { id: string | number }>(errand: Errand<Row>): Promise<void>;
  hindrance(there: There, channel: Channel): Hindrance | undefined;
  /** The outbox rows and `told` are one unit: whatever happens, nothing is said twice. */
  say(there: There, channel: Channel, said: Said): Promise<void>;
}

export function createLater(runtime: LaterTools, deliver: (jobs: OutboxJob[]) => void): Later {
  const { store, channels, sealer, desk, conversations, history, clock, metrics } = runtime;
  const failures = new Map<string, number>();

  async function failedOnce<Row extends There & { id: string | number }>(
    { name, failed }: Errand<Row>,
    row: Row,
    error: unknown,
  ): Promise<void> {
    const key = `${name} ${String(row.id)}`;
    const attempt = (failures.get(key) ?? 0) + 1;
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : 'unknown';
    const fields = { errand: name, row: row.id, attempt, reason };
    failures.set(key, attempt);
    runtime.log.error('not_told', fields);
    metrics.counted('guichet_not_told_total', 'Tries to tell something later that met an error.', {
      errand: name,
    });
    if (attempt < MOST_FAILURES) return;
    failures.delete(key);
    try {
      await store.commit([failed(row)]);
    } catch (again) {
      if (!(again instanceof ConflictError)) throw again;
    }
  }

  return {
    async each(errand) {
      if (channels.size === 0) return;
      for (const row of await errand.waiting([...channels.keys()], AT_ONCE)) {
        const channel = channels.get(row.channel);
        if (!channel) continue;
        try {
          await errand.tell(row, channel);
          failures.delete(`${errand.name} ${String(row.id)}`);
        } catch (error) {
          // Nothing can be told or noted: all of it waits.
          if (error instanceof StoreUnavailableError) throw error;
          // A turn of theirs was faster, or they are gone: read again next time.
          if (!(error instanceof ConflictError)) await failedOnce(errand, row, error);
        }
      }
    },

    hindrance({ kind, account, ...there }, channel) {
      if (kind !== null && kind !== 'private') return 'in_group';
      if (kind === null || there.person_id === null || account !== channel.account) return 'gone';
      if (there.unreachable_at !== null) return 'unreachable';
      const { window } = channel.capabilities;
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
      const was = there.last_position ?? 0;
      const outgoing = {
        via: { channel: channel.name, account: channel.account },
        lane,
        owner: { conversationId: id, personId: there.person_id, destination, after: was },
        expires: now + EXPIRES_MS,
        correlation,
        now,
      };
      const rows = calls.map((call, nth) => outboxRow(runtime, outgoing, call, nth));
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
        ...rows.map(({ statement }) => statement),
      ]);
      deliver(rows.map(({ job }) => job));
    },
  };
}

/** Runs each on its own: one that fails stops no other. Throws the first failure, once all had their turn. */
export async function runAll(errands: readonly { run(): Promise<void> }[]): Promise<void> {
  const failures: unknown[] = [];
  for (const errand of errands) await errand.run().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}
