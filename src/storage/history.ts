import type { Kysely } from 'kysely';
import { prepared, row } from './prepared.ts';
import type { Schema } from './schema.ts';
import type { Store } from './store.ts';

export interface NewMessage {
  conversation_id: string;
  person_id: string | null;
  session_id: string | null;
  direction: 'in' | 'out';
  kind: string;
  body_sealed: Uint8Array;
  inbox_seq: number;
  part: number;
  counted: number;
  at: number;
}

const insertMessage = prepared<{ [K in keyof NewMessage]: NewMessage[K] }>((db, p) =>
  db.insertInto('messages').values(
    row(p, {
      conversation_id: 1,
      person_id: 1,
      session_id: 1,
      direction: 1,
      kind: 1,
      body_sealed: 1,
      inbox_seq: 1,
      part: 1,
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

export interface NewStaffMessage {
  person_id: string | null;
  conversation_id: string | null;
  kind: 'message' | 'form' | 'safeguarding';
  form: string | null;
  body_sealed: Uint8Array;
  /** Place of the sealed body. */
  place: string;
  at: number;
}

const insertStaffMessage = prepared<{ [K in keyof NewStaffMessage]: NewStaffMessage[K] }>((db, p) =>
  db.insertInto('staff_messages').values(
    row(p, {
      person_id: 1,
      conversation_id: 1,
      kind: 1,
      form: 1,
      body_sealed: 1,
      place: 1,
      at: 1,
    }),
  ),
);

/** Messages and interactions: what was said and done. */
export interface HistoryTables {
  insertMessage: ReturnType<typeof insertMessage>;
  insertInteraction: ReturnType<typeof insertInteraction>;
  insertStaffMessage: ReturnType<typeof insertStaffMessage>;
}

export function historyTables(store: Store): HistoryTables {
  const db: Kysely<Schema> = store.db;
  return {
    insertMessage: insertMessage(db),
    insertInteraction: insertInteraction(db),
    insertStaffMessage: insertStaffMessage(db),
  };
}
