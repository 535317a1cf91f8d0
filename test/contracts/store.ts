import { sql } from 'kysely';
import { describe, expect, onTestFinished, test } from 'vitest';
import { inboxTable, type NewInbox } from '../../src/storage/inbox.ts';
import { ConflictError, type Store } from '../../src/storage/store.ts';

export const inboxRow = (over: Partial<NewInbox> = {}): NewInbox => ({
  channel: 'telegram',
  account: '1',
  dedup_key: '1',
  conversation_key: 'k',
  source: 'platform',
  kind: 'text',
  payload_sealed: new Uint8Array([1, 2, 3]),
  status: 'pending',
  error: null,
  received_at: 1,
  finished_at: null,
  ...over,
});

/** What every store promises; run on each dialect. */
export function storeContract(name: string, open: () => Promise<Store>): void {
  const opened = async (): Promise<Store> => {
    const store = await open();
    onTestFinished(() => store.close());
    return store;
  };

  describe(`store contract: ${name}`, () => {
    test('the same update a hundred times at once is one row', async () => {
      const store = await opened();
      const inbox = inboxTable(store);
      const results = await Promise.all(
        Array.from({ length: 100 }, () => store.commit([inbox.insert(inboxRow())])),
      );
      expect(results.filter(([result]) => result?.rows.length === 1)).toHaveLength(1);
      expect(await inbox.counts()).toEqual({ pending: 1, done: 0, dead: 0 });
    });

    test('the same number on another bot is another update', async () => {
      const store = await opened();
      const inbox = inboxTable(store);
      await store.commit([inbox.insert(inboxRow()), inbox.insert(inboxRow({ account: '2' }))]);
      expect((await inbox.counts()).pending).toBe(2);
    });

    test('a unit takes effect whole or not at all, and its neighbours in the same batch are untouched', async () => {
      const store = await opened();
      const inbox = inboxTable(store);
      const [before, broken, after] = await Promise.allSettled([
        store.commit([inbox.insert(inboxRow({ dedup_key: 'before' }))]),
        store.commit([inbox.insert(inboxRow({ dedup_key: 'half' })), inbox.finish({ seq: 9999, at: 1 })]),
        store.commit([inbox.insert(inboxRow({ dedup_key: 'after' }))]),
      ]);
      expect([before?.status, broken?.status, after?.status]).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      expect(broken?.status === 'rejected' && broken.reason).toBeInstanceOf(ConflictError);
      const keys = (await inbox.pending(0, 10)).map((row) => row.dedup_key);
      expect(keys).toEqual(['before', 'after']);
    });

    test('a row is settled once, however many try', async () => {
      const store = await opened();
      const inbox = inboxTable(store);
      const [inserted] = await store.commit([inbox.insert(inboxRow())]);
      const seq = Number(inserted?.rows[0]?.['seq']);
      const attempts = await Promise.allSettled(
        Array.from({ length: 20 }, () => store.commit([inbox.finish({ seq, at: 2 })])),
      );
      expect(attempts.filter((attempt) => attempt.status === 'fulfilled')).toHaveLength(1);
      expect(await inbox.payload(seq)).toBeNull();
    });

    test('bytes, texts and large integers come back as they were', async () => {
      const store = await opened();
      const inbox = inboxTable(store);
      const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
      await store.commit([
        inbox.insert(
          inboxRow({ payload_sealed: bytes, kind: "d'é\u{1f600}", received_at: Number.MAX_SAFE_INTEGER }),
        ),
      ]);
      const row = await store.db.selectFrom('inbox').selectAll().executeTakeFirstOrThrow();
      expect(Buffer.from(row.payload_sealed ?? []).equals(bytes)).toBe(true);
      expect([row.kind, row.received_at]).toEqual(["d'é\u{1f600}", Number.MAX_SAFE_INTEGER]);
    });

    test('a wrong statement is an error of its own, and the store goes on', async () => {
      const store = await opened();
      await expect(sql`select * from nowhere`.execute(store.db)).rejects.toThrow(/nowhere/);
      expect((await inboxTable(store).counts()).pending).toBe(0);
    });
  });
}
