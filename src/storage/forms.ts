import { prepared } from './prepared.ts';
import type { Statement, Store } from './store.ts';

/** A person's drafts as they were read: whoever writes them says which ones they saw. */
export interface DraftRow {
  id: string;
  version: number;
}

const insert = prepared<{ id: string; person_id: string; drafts_sealed: Uint8Array; at: number }>((db, p) =>
  db.insertInto('form_drafts').values({
    id: p.id,
    person_id: p.person_id,
    drafts_sealed: p.drafts_sealed,
    version: 1,
    changed_at: p.at,
  }),
);

const update = prepared<{ id: string; version: number; next: number; drafts_sealed: Uint8Array; at: number }>(
  (db, p) =>
    db
      .updateTable('form_drafts')
      .set({ drafts_sealed: p.drafts_sealed, version: p.next, changed_at: p.at })
      .where('id', '=', p.id)
      .where('version', '=', p.version),
  1,
);

const remove = prepared<{ id: string; version: number }>(
  (db, p) => db.deleteFrom('form_drafts').where('id', '=', p.id).where('version', '=', p.version),
  1,
);

const keepFile = prepared<{ id: string; person_id: string; form: string }>((db, p) =>
  db.updateTable('media').set({ form: p.form }).where('id', '=', p.id).where('person_id', '=', p.person_id),
);

/** Its bytes go with the next sweep. */
const forgetFile = prepared<{ id: string; person_id: string }>((db, p) =>
  db
    .deleteFrom('media')
    .where('id', '=', p.id)
    .where('person_id', '=', p.person_id)
    .where('form', 'is', null),
);

export interface FormTables {
  /** Fails the unit when the person has drafts by now. */
  insert(row: { id: string; person_id: string; drafts_sealed: Uint8Array; at: number }): Statement;
  /** Fails the unit when they changed since: two conversations of one person fill in one form. */
  update(seen: DraftRow, to: { drafts_sealed: Uint8Array; at: number }): Statement;
  remove(seen: DraftRow): Statement;
  /** The file is part of a form that was sent, and stays as long as it. */
  keepFile: ReturnType<typeof keepFile>;
  forgetFile: ReturnType<typeof forgetFile>;
}

export function formTables(store: Store): FormTables {
  const { db } = store;
  const updateRow = update(db);
  const removeRow = remove(db);
  return {
    insert: insert(db),
    update: ({ id, version }, to) => updateRow({ id, version, next: version + 1, ...to }),
    remove: ({ id, version }) => removeRow({ id, version }),
    keepFile: keepFile(db),
    forgetFile: forgetFile(db),
  };
}
