import { sql } from 'kysely';
import { DEFAULT_DAYS } from '../desk/desk.ts';
import type { DeskRetention } from '../desk/desk.ts';
import { DRAFT_LIFE_MS } from '../message/form.ts';
import { FIRST_LINK } from './account-desk.ts';
import { toldBy } from './questions.ts';
import { statement, type Store } from './store.ts';

/** How long rows are kept once they have served, in milliseconds. */
export interface Retention {
  /** Done inbox rows are the memory of what was already received: at least 8 days (platforms repeat for 7). */
  inbox: number;
  deadLetters: number;
  outbox: number;
  messages: number;
  interactions: number;
  media: number;
  /** Messages and forms for staff, and the files that came with a form. */
  staffMessages: number;
  drafts: number;
  /** Words of questions, and whose they were; the figures stay as long as `interactions`. */
  questions: number;
  /** What was sent to be asked about, from the last activity of its session; the file goes with its text. */
  sessionDocuments: number;
  /** The same of sessions that the API serves, whose end we do not see. */
  apiDocuments: number;
  /** Attempts at accounts, and looks at numbers. */
  audit: number;
  /** Nothing is deleted because of its age. */
  legalHold: boolean;
}

const DAY = 24 * 3600_000;
const SESSION_MS = 30 * 60_000;
const API_DOCUMENTS_MS = 2 * 3600_000;

/** What a desk says in days; `sessionMs`: silence that ends a session. */
export const retentionOf = (days: DeskRetention, sessionMs = SESSION_MS): Retention => ({
  inbox: days.dedup * DAY,
  deadLetters: days.deadLetters * DAY,
  outbox: 30 * DAY,
  messages: days.messages * DAY,
  interactions: days.interactions * DAY,
  media: days.media * DAY,
  staffMessages: days.forms * DAY,
  drafts: DRAFT_LIFE_MS,
  questions: days.questions * DAY,
  sessionDocuments: sessionMs,
  apiDocuments: API_DOCUMENTS_MS,
  audit: days.audit * DAY,
  legalHold: days.legalHold,
});

export const DEFAULT_RETENTION: Retention = retentionOf(DEFAULT_DAYS);

/** Small enough that nobody waits behind it. */
const BATCH = 500;

/** Deletes what is older than its class allows, a batch at a time. Returns how many rows went. Interrupted, it resumes. */
export async function purge(store: Store, retention: Retention, now: number): Promise<number> {
  if (retention.legalHold) return 0;
  const { db } = store;
  const over = sql`select d.id from session_documents d left join sessions s on s.id = d.session_id where d.at < ${now - retention.sessionDocuments} and (s.last_activity_at < ${now - retention.sessionDocuments} or (s.id is null and d.at < ${now - retention.apiDocuments})) limit ${BATCH}`;
  const steps = [
    sql`delete from inbox where seq in (select seq from inbox where received_at < ${now - retention.inbox} and status = 'done' limit ${BATCH})`,
    sql`delete from inbox where seq in (select seq from inbox where received_at < ${now - retention.deadLetters} and status = 'dead' limit ${BATCH})`,
    // That an answer did not arrive outlives the message that says so.
    sql`update questions set reply = 'unreachable' where reply = 'sent' and ${toldBy('')} || id in (select correlation from outbox where state = 'failed' and lane = 'broadcast' and finished_at < ${now - retention.outbox})`,
    sql`delete from outbox where seq in (select seq from outbox where finished_at < ${now - retention.outbox} limit ${BATCH})`,
    sql`delete from messages where id in (select id from messages where at < ${now - retention.messages} limit ${BATCH})`,
    // Its platform has had a day to say what became of it.
    sql`update outbox set payload_sealed = null where seq in (select seq from outbox where finished_at < ${now - DAY} and payload_sealed is not null limit ${BATCH})`,
    // Nobody ever told what became of it, and it has been of no use for a day.
    sql`update outbox set state = 'failed', payload_sealed = null, finished_at = ${now}, error = 'its fate was never told' where seq in (select seq from outbox where state in ('sending', 'uncertain') and expires_at < ${now - DAY} limit ${BATCH})`,
    sql`delete from media where id in (select id from media where at < ${now - retention.media} and (form is null or at < ${now - retention.staffMessages}) limit ${BATCH})`,
    sql`delete from staff_messages where id in (select id from staff_messages where at < ${now - retention.staffMessages} limit ${BATCH})`,
    sql`delete from form_drafts where id in (select id from form_drafts where changed_at < ${now - retention.drafts} limit ${BATCH})`,
    sql`delete from media where id in (${over}) and form is null`,
    sql`delete from session_documents where id in (${over})`,
    sql`update questions set text_sealed = null, person_id = null, conversation_id = null, session_id = null where id in (select id from questions where at < ${now - retention.questions} and text_sealed is not null limit ${BATCH})`,
    sql`delete from questions where id in (select id from questions where at < ${now - Math.max(retention.questions, retention.interactions)} limit ${BATCH})`,
    // What a session remembers is what was said in it.
    sql`delete from sessions where id in (select id from sessions where last_activity_at < ${now - retention.messages} limit ${BATCH})`,
    sql`delete from interactions where id in (select id from interactions where at < ${now - retention.interactions} limit ${BATCH})`,
    sql`delete from account_creation_audit where id in (select id from account_creation_audit where at < ${now - retention.audit} limit ${BATCH})`,
  ];
  let total = 0;
  for (const step of steps) {
    for (;;) {
      const { numAffectedRows } = await step.execute(db);
      const gone = Number(numAffectedRows ?? 0);
      total += gone;
      if (gone < BATCH) break;
    }
  }
  return total + (await purgeLooks(store, now - retention.audit));
}

/**
 * The oldest links of the chain of looks, up to the first that is young. The digest of the last one removed stays, so that
 * the chain still begins where it did.
 */
async function purgeLooks(store: Store, before: number): Promise<number> {
  const { db } = store;
  const log = () => db.selectFrom('phone_access_log').orderBy('id');
  const young = await log().select('id').where('at', '>=', before).limit(1).executeTakeFirst();
  let total = 0;
  for (;;) {
    const old = await log()
      .select(['id', 'hash'])
      .where('id', '<', young?.id ?? Number.MAX_SAFE_INTEGER)
      .where('at', '<', before)
      .limit(BATCH)
      .execute();
    const last = old.at(-1);
    if (last === undefined) return total;
    await store.commit([
      statement(
        db
          .insertInto('meta')
          .values({ key: FIRST_LINK, value: last.hash })
          .onConflict((c) => c.column('key').doUpdateSet({ value: last.hash }))
          .compile(),
      ),
      statement(db.deleteFrom('phone_access_log').where('id', '<=', last.id).compile()),
    ]);
    total += old.length;
    if (old.length < BATCH) return total;
  }
}
