import { statement, type Statement, type Store } from './store.ts';

export type StaffKind = 'message' | 'form' | 'safeguarding';

export interface StaffRow {
  id: number;
  at: number;
  kind: StaffKind;
  form: string | null;
  person_id: string | null;
  channel: string | null;
  body_sealed: Uint8Array;
  place: string;
  handled_at: number | null;
}

/** What people left for staff. */
export interface StaffInbox {
  /** The oldest first. `handled`: those that were dealt with, too. */
  list(wanted: { kinds: readonly StaffKind[]; handled: boolean; form?: string }): Promise<StaffRow[]>;
  find(id: number): Promise<StaffRow | undefined>;
  /** A name of the person, sealed under `identities|profile|<id>`. */
  profile(personId: string): Promise<{ id: string; profile_sealed: Uint8Array } | undefined>;
  /** Fails when it is dealt with already. */
  handle(id: number, at: number): Statement;
}

export function staffInbox(store: Store): StaffInbox {
  const { db } = store;
  const rows = db
    .selectFrom('staff_messages as m')
    .leftJoin('conversations as c', 'c.id', 'm.conversation_id')
    .select([
      'm.id',
      'm.at',
      'm.kind',
      'm.form',
      'm.person_id',
      'c.channel',
      'm.body_sealed',
      'm.place',
      'm.handled_at',
    ])
    .orderBy('m.id');
  return {
    list: ({ kinds, handled, form }) =>
      rows
        .where('m.kind', 'in', [...kinds])
        .$if(!handled, (query) => query.where('m.handled_at', 'is', null))
        .$if(form !== undefined, (query) => query.where('m.form', '=', form ?? ''))
        .execute(),
    find: (id) => rows.where('m.id', '=', id).executeTakeFirst(),
    profile: (personId) =>
      db
        .selectFrom('identities')
        .select(['id', 'profile_sealed'])
        .where('person_id', '=', personId)
        .orderBy('updated_at', 'desc')
        .limit(1)
        .executeTakeFirst(),
    handle: (id, at) =>
      statement(
        db
          .updateTable('staff_messages')
          .set({ handled_at: at })
          .where('id', '=', id)
          .where('handled_at', 'is', null)
          .compile(),
        1,
      ),
  };
}
