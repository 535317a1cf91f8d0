import { randomUUID } from 'node:crypto';
import { sql, type RawBuilder } from 'kysely';
import { accountsOf, freeClaims } from './claims.ts';
import { REVISION } from './library.ts';
import type { Schema } from './schema.ts';
import { statement, type Statement, type Store } from './store.ts';

type Table = keyof Schema;
export type PersonalTable = keyof typeof OWNED;

const conversationsOf = (person: string): RawBuilder<unknown> =>
  sql`(select id from conversations where person_id = ${person} and kind = 'private')`;
const sessionsOf = (person: string): RawBuilder<unknown> =>
  sql`(select id from sessions where person_id = ${person} or conversation_id in ${conversationsOf(person)})`;
const own = (person: string): RawBuilder<unknown> => sql`person_id = ${person}`;
/** Rows that name nobody, such as what a platform reports, belong to who owns the conversation. */
const said = (person: string): RawBuilder<unknown> =>
  sql`(person_id = ${person} or conversation_id in ${conversationsOf(person)})`;

/**
 * Which rows of each table are one person's. A group is nobody's: only what the person did in it is theirs. In the order
 * in which they can be deleted.
 */
const OWNED = {
  session_documents: (person) => sql`session_id in ${sessionsOf(person)}`,
  sessions: said,
  media: said,
  interactions: said,
  messages: said,
  outbox: said,
  staff_messages: said,
  questions: said,
  form_drafts: own,
  consents: own,
  user_accounts: own,
  conversations: (person) => sql`person_id = ${person} and kind = 'private'`,
  identities: own,
  preferences: own,
  persons: (person) => sql`id = ${person}`,
} satisfies Partial<Record<Table, (person: string) => RawBuilder<unknown>>>;

export const PERSONAL_TABLES = Object.keys(OWNED) as readonly PersonalTable[];

/**
 * Tables that name a person and keep their rows when everything about that person goes, with the reason. A test holds
 * every table of the database against this list and `OWNED`.
 */
export const KEPT: Readonly<Partial<Record<Table, string>>> = {
  account_creation_audit: 'who tried and when, by a number that then stands for nobody',
};

export interface PastWords {
  kind: string;
  inbox_seq: number;
  part: number;
  body_sealed: Uint8Array;
  at: number;
}

/** What tells that a private conversation is somebody's when its row does not. */
export interface Theirs {
  /** The one that asks. */
  conversation?: string;
  /** Keyed digests of where their names are reached. */
  addresses?: readonly string[];
}

/** What we hold of one person, wherever it is. */
export interface PersonalTables {
  tables: readonly PersonalTable[];
  /** What they wrote last, the newest first. */
  words(person: string, most: number): Promise<PastWords[]>;
  /** Their rows of one table, as they are stored. */
  rows(table: PersonalTable, person: string): Promise<Record<string, unknown>[]>;
  setPreferences(
    person: string,
    wanted: { language?: string; notifications?: boolean; at: number },
  ): Statement;
  /**
   * Deletes everything of the person, private conversations of theirs that name nobody, and what was taken from their
   * questions alone; fails the unit when somebody else did meanwhile. Statement `files` gives the ids of their files.
   */
  erase(person: string, theirs?: Theirs): { statements: Statement[]; files: number };
  /** Updates set aside that no conversation may own up to: whoever looks for a person reads them all. */
  deadLetters(): Promise<
    { seq: number; channel: string; account: string; dedup_key: string; payload_sealed: Uint8Array }[]
  >;
  /** Of an update set aside, only what recognises a repeat stays. */
  forgetLetter(seq: number): Statement;
}

export function personalTables(store: Store): PersonalTables {
  const { db } = store;
  const make = (query: RawBuilder<unknown>, expect?: number): Statement =>
    statement(query.compile(db), expect);
  return {
    tables: PERSONAL_TABLES,
    words: (person, most) =>
      db
        .selectFrom('messages')
        .select(['kind', 'inbox_seq', 'part', 'body_sealed', 'at'])
        .where('person_id', '=', person)
        .where('direction', '=', 'in')
        .where('kind', 'in', ['text', 'media'])
        // What was said in confidence is shown to nobody who opens this telephone.
        .where(
          sql<boolean>`not exists (select 1 from staff_messages s where s.person_id = ${person} and s.kind = 'safeguarding' and s.place like 'staff_messages|body|' || messages.inbox_seq || '|%')`,
        )
        .orderBy('at', 'desc')
        .orderBy('id', 'desc')
        .limit(most)
        .execute(),
    rows: (table, person) =>
      store.read(make(sql`select * from ${sql.table(table)} where ${OWNED[table](person)}`)),
    setPreferences: (person, { language, notifications, at }) =>
      statement(
        db
          .updateTable('preferences')
          .set({
            ...(language === undefined ? {} : { language }),
            ...(notifications === undefined ? {} : { notifications: notifications ? 1 : 0 }),
            updated_at: at,
          })
          .where('person_id', '=', person)
          .compile(),
      ),
    erase(person, { conversation = '', addresses = [] } = {}) {
      const files = make(sql`select id from media where ${OWNED.media(person)}`);
      const at = sql.join([sql.val(''), ...addresses.map((each) => sql.val(each))]);
      const nobodys = sql`person_id is null and (address_index in (${at}) or id in (select conversation_id from messages where person_id = ${person}))`;
      const adopt = make(
        sql`update conversations set person_id = ${person} where kind = 'private' and (id = ${conversation} or (${nobodys}))`,
      );
      const questions = sql`(select id from questions where ${OWNED.questions(person)})`;
      const phrasings = sql`(select phrasing_id from phrasing_sources group by phrasing_id having sum(case when question_id in ${questions} then 0 else 1 end) = 0)`;
      const taken = [
        // A desk that runs answers by them until it reads the library again.
        make(
          sql`update meta set value = ${`without ${randomUUID()}`} where key = ${REVISION} and exists (select 1 from phrasings where id in ${phrasings})`,
        ),
        make(sql`delete from phrasings where id in ${phrasings}`),
      ];
      // What a group talks about now may be this person's question.
      const groups = make(
        sql`delete from sessions where person_id is null and conversation_id in (select conversation_id from messages where person_id = ${person})`,
      );
      const rows = PERSONAL_TABLES.map((table) =>
        make(
          sql`delete from ${sql.table(table)} where ${OWNED[table](person)}`,
          table === 'persons' ? 1 : undefined,
        ),
      );
      const claims = make(freeClaims(accountsOf(person)));
      return { statements: [adopt, files, groups, claims, ...taken, ...rows], files: 1 };
    },
    deadLetters: async () => {
      const rows = await db
        .selectFrom('inbox')
        .select(['seq', 'channel', 'account', 'dedup_key', 'payload_sealed'])
        .where('status', '=', sql.lit('dead'))
        .where('payload_sealed', 'is not', null)
        .execute();
      return rows.flatMap(({ payload_sealed, ...row }) =>
        payload_sealed === null ? [] : [{ ...row, payload_sealed }],
      );
    },
    forgetLetter: (seq) =>
      statement(
        db
          .updateTable('inbox')
          .set({ status: 'done', payload_sealed: null, conversation_key: null, error: null })
          .where('seq', '=', seq)
          .compile(),
      ),
  };
}
