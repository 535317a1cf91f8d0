import type { Sealer } from '../lib/seal.ts';
import type { SessionDocument, SessionDocuments } from '../message/answer.ts';
import type { Store } from './store.ts';

const place = (id: string): string => `session_documents|document|${id}`;

/** The documents of sessions, sealed. `now`: epoch milliseconds. */
export function sessionDocuments(store: Store, sealer: Sealer, now: () => number): SessionDocuments {
  const { db } = store;
  return {
    async save(session, document) {
      const row = {
        session_id: session,
        document_sealed: sealer.seal(JSON.stringify(document), place(document.id)),
        at: now(),
      };
      await db
        .insertInto('session_documents')
        .values({ id: document.id, ...row })
        .onConflict((c) => c.column('id').doUpdateSet(row))
        .execute();
    },
    async of(session) {
      const rows = await db
        .selectFrom('session_documents')
        .select(['id', 'document_sealed'])
        .where('session_id', '=', session)
        .orderBy('at', 'desc')
        .execute();
      return rows.map(
        (row) => JSON.parse(sealer.open(row.document_sealed, place(row.id))) as SessionDocument,
      );
    },
  };
}
