import type { Kysely } from 'kysely';
import { prepared, row } from './prepared.ts';
import type { Schema } from './schema.ts';
import type { Store } from './store.ts';

export interface NewMessage {
  id: string;
  conversation_id: string;
  person_id: string | null;
  session_id: string | null;
  direction: 'in' | 'out';
  kind: string;
  text_sealed: Uint8Array | null;
  media_sealed: Uint8Array | null;
  platform_ref_sealed: Uint8Array | null;
  inbox_seq: number | null;
  counted: number;
  at: number;
}

const insertMessage = prepared<{ [K in keyof NewMessage]: NewMessage[K] }>((db, p) =>
  db.insertInto('messages').values(
    row(p, {
      id: 1,
      conversation_id: 1,
      person_id: 1,
      session_id: 1,
      direction: 1,
      kind: 1,
      text_sealed: 1,
      media_sealed: 1,
      platform_ref_sealed: 1,
      inbox_seq: 1,
      counted: 1,
      at: 1,
    }),
  ),
);

export interface NewInteraction {
  person_id: string | null;
  conversation_id: string;
  channel: string;
  action: string;
  data: string | null;
  response_length: number;
  response_time_ms: number;
  at: number;
}

const insertInteraction = prepared<{ [K in keyof NewInteraction]: NewInteraction[K] }>((db, p) =>
  db.insertInto('interactions').values(
    row(p, {
      person_id: 1,
      conversation_id: 1,
      channel: 1,
      action: 1,
      data: 1,
      response_length: 1,
      response_time_ms: 1,
      at: 1,
    }),
  ),
);

/** Messages and interactions: what was said and done. */
export interface HistoryTables {
  insertMessage: ReturnType<typeof insertMessage>;
  insertInteraction: ReturnType<typeof insertInteraction>;
}

export function historyTables(store: Store): HistoryTables {
  const db: Kysely<Schema> = store.db;
  return { insertMessage: insertMessage(db), insertInteraction: insertInteraction(db) };
}
