import { sql, type Kysely, type SqlBool } from 'kysely';
import { prepared } from './prepared.ts';
import type { Schema } from './schema.ts';
import { statement, type Statement, type Store } from './store.ts';

type Row = Schema['questions'];
export type QuestionState = 'open' | 'answered' | 'attached' | 'dismissed';
export type ReplyState = NonNullable<Row['reply']>;

export interface NewQuestion {
  id: string;
  person_id: string | null;
  conversation_id: string | null;
  session_id: string | null;
  channel: string;
  language: string;
  text_sealed: Uint8Array;
  outcome: Row['outcome'];
  confidence: number | null;
  document: string | null;
  at: number;
}

/** The same question of the same turn is one row, however often the turn is played. */
const insert = prepared<{ [K in keyof NewQuestion]: NewQuestion[K] }>((db, p) =>
  db
    .insertInto('questions')
    .values({
      id: p.id,
      person_id: p.person_id,
      conversation_id: p.conversation_id,
      session_id: p.session_id,
      channel: p.channel,
      language: p.language,
      text_sealed: p.text_sealed,
      outcome: p.outcome,
      confidence: p.confidence,
      document: p.document,
      at: p.at,
    })
    .onConflict((c) => c.column('id').doNothing()),
);

/**
 * One person, one vote, which they may change; somebody else's vote changes nothing. Gives a row when it is news. An answer of
 * staff that did not help waits for them again.
 */
const vote = prepared<{ id: string; person_id: string; vote: number; at: number }>((db, p) => {
  const reopened = sql<boolean>`${p.vote} < 0 and reply = 'sent'`;
  return db
    .updateTable('questions')
    .set({
      vote: sql`${p.vote}`,
      voted_at: p.at,
      state: sql`case when ${reopened} then 'open' else state end`,
      group_id: sql`case when ${reopened} then null else group_id end`,
      answer_id: sql`case when ${reopened} then null else answer_id end`,
      reply: sql`case when ${reopened} then null else reply end`,
    })
    .where('id', '=', p.id)
    .where('person_id', '=', p.person_id)
    .where(sql<SqlBool>`vote <> ${p.vote}`)
    .returning('id');
});

/** Fails the unit when somebody was told meanwhile. */
const told = prepared<{ id: string; reply: string }>(
  (db, p) =>
    db
      .updateTable('questions')
      .set({ reply: p.reply as 'sent' })
      .where('id', '=', p.id)
      .where('reply', '=', 'wanted'),
  1,
);

const assign = prepared<{ id: string; group_id: string; state: string }>((db, p) =>
  db
    .updateTable('questions')
    .set({ group_id: p.group_id, state: p.state as 'open' })
    .where('id', '=', p.id)
    .where('group_id', 'is', null),
);

/** What the message that tells somebody of an answer to this question is called in the outbox. */
export const toldBy = (id: string): string => `question:${id}`;

/** A question that was not answered, or whose answer did not help. */
export interface Unanswered {
  id: string;
  person_id: string | null;
  conversation_id: string | null;
  channel: string;
  text_sealed: Uint8Array;
  outcome: Row['outcome'];
  confidence: number | null;
  document: string | null;
  vote: -1 | 0 | 1;
  state: QuestionState;
  group_id: string | null;
  reply: Row['reply'];
  at: number;
}

/** Somebody who waits for an answer of staff, and what decides whether they may be written to. */
export interface Waiting {
  id: string;
  person_id: string | null;
  conversation_id: string | null;
  text_sealed: Uint8Array | null;
  channel: string;
  body: string;
  kind: 'private' | 'group' | 'channel' | null;
  account: string | null;
  address_index: string | null;
  address_sealed: Uint8Array | null;
  last_inbound_at: number | null;
  unreachable_at: number | null;
  last_position: number | null;
  language: string | null;
  notifications: number | null;
}

export interface QuestionTables {
  insert: ReturnType<typeof insert>;
  vote: ReturnType<typeof vote>;
  told: ReturnType<typeof told>;
  /** Says of a question to which others it is alike; only once. */
  assign: ReturnType<typeof assign>;
  /** The oldest first. `states`: what staff did with them. */
  unanswered(states: readonly QuestionState[]): Promise<Unanswered[]>;
  /**
   * A group is settled once: fails the unit when somebody else did meanwhile. `tell`: whose askers are written to. With an
   * answer whose entry is empty, it is claimed by whoever adds that entry: `finish` or `release` it.
   */
  settle(
    group: string,
    to: { state: Exclude<QuestionState, 'open'>; answer: string | null; tell: readonly string[] },
  ): Statement[];
  /** What became of telling these. */
  replies(ids: readonly string[]): Promise<ReplyState[]>;
  /** Of these, which were told in a message that did not arrive, and why. */
  bounced(ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
  insertAnswer(row: Schema['question_answers']): Statement;
  /** The entry of an answer that was claimed is there: its askers are told. Fails when the claim was released. */
  finish(answer: string, done: { entry: string; tell: readonly string[] }): Statement[];
  /** Its questions wait again, as if nobody had claimed them; what is finished stays. */
  release(answer: string): Statement[];
  /** Answers claimed before (epoch ms) and not finished. */
  unfinished(before: number): Promise<string[]>;
  /** Ids of groups that were answered or attached: no other group may be called so. */
  settledGroups(): Promise<string[]>;
  /** Who waits on these channels for an answer of staff, the oldest first. */
  waiting(channels: readonly string[], limit: number): Promise<Waiting[]>;
}

export function questionTables(store: Store): QuestionTables {
  const db: Kysely<Schema> = store.db;
  const wanted = (id: string): Statement =>
    statement(
      db
        .updateTable('questions')
        .set({ reply: 'wanted' })
        .where('id', '=', id)
        .where('reply', 'is', null)
        .compile(),
    );
  return {
    insert: insert(db),
    vote: vote(db),
    told: told(db),
    assign: assign(db),
    async unanswered(states) {
      const rows = await db
        .selectFrom('questions')
        .select([
          ...(['id', 'person_id', 'conversation_id', 'channel', 'text_sealed', 'outcome'] as const),
          ...(['confidence', 'document', 'vote', 'state', 'group_id', 'reply', 'at'] as const),
        ])
        .where('text_sealed', 'is not', null)
        .where('state', 'in', [...states])
        .where(({ eb, or }) => or([eb('outcome', 'in', ['abstained', 'suggested']), eb('vote', '=', -1)]))
        .orderBy('at')
        .orderBy('id')
        .execute();
      return rows.flatMap(({ text_sealed, ...row }) =>
        text_sealed === null ? [] : [{ ...row, text_sealed }],
      );
    },
    settle: (group, { state, answer, tell }) => [
      statement(
        db
          .updateTable('questions')
          .set({ state, answer_id: answer })
          .where('group_id', '=', group)
          .where('state', '=', 'open')
          .compile(),
        1,
      ),
      ...tell.map(wanted),
    ],
    async replies(ids) {
      if (ids.length === 0) return [];
      const rows = await db
        .selectFrom('questions')
        .select('reply')
        .where('id', 'in', [...ids])
        .execute();
      return rows.flatMap(({ reply }) => (reply === null ? [] : [reply]));
    },
    async bounced(ids) {
      const rows = await db
        .selectFrom('outbox')
        .select(['correlation', 'error'])
        .where('state', '=', 'failed')
        .where('lane', '=', 'broadcast')
        .where('correlation', 'in', ids.length === 0 ? [''] : ids.map(toldBy))
        .execute();
      return new Map(
        rows.map(({ correlation, error }) => [correlation.slice(toldBy('').length), error ?? 'failed']),
      );
    },
    insertAnswer: (row) => statement(db.insertInto('question_answers').values(row).compile()),
    finish: (answer, { entry, tell }) => [
      statement(
        db
          .updateTable('question_answers')
          .set({ entry })
          .where('id', '=', answer)
          .where('entry', '=', '')
          .compile(),
        1,
      ),
      ...tell.map(wanted),
    ],
    release(answer) {
      const claimed = db
        .selectFrom('question_answers')
        .select('id')
        .where('id', '=', answer)
        .where('entry', '=', '');
      const reopened = { state: 'open' as const, answer_id: null };
      return [
        statement(db.updateTable('questions').set(reopened).where('answer_id', 'in', claimed).compile()),
        statement(
          db.deleteFrom('question_answers').where('id', '=', answer).where('entry', '=', '').compile(),
        ),
      ];
    },
    async unfinished(before) {
      const rows = await db
        .selectFrom('question_answers')
        .select('id')
        .where('entry', '=', '')
        .where('at', '<', before)
        .execute();
      return rows.map(({ id }) => id);
    },
    async settledGroups() {
      const rows = await db.selectFrom('question_answers').select('group_id').distinct().execute();
      return rows.map(({ group_id }) => group_id);
    },
    waiting: (channels, limit) =>
      db
        .selectFrom('questions as q')
        .innerJoin('question_answers as a', 'a.id', 'q.answer_id')
        .leftJoin('conversations as c', 'c.id', 'q.conversation_id')
        .leftJoin('preferences as f', 'f.person_id', 'q.person_id')
        .select([
          ...(['q.id', 'q.person_id', 'q.conversation_id', 'q.text_sealed', 'q.channel', 'a.body'] as const),
          ...(['c.kind', 'c.account', 'c.address_index', 'c.address_sealed', 'c.last_inbound_at'] as const),
          ...(['c.unreachable_at', 'c.last_position', 'f.language', 'f.notifications'] as const),
        ])
        .where('q.reply', '=', 'wanted')
        .where('q.channel', 'in', [...channels])
        .orderBy('a.at')
        .orderBy('q.at')
        .limit(limit)
        .execute(),
  };
}
