import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { inboxRow } from '../../test/contracts/store.ts';
import { smallDesk } from '../../test/support/small-desk.ts';
import { temporaryFolder } from '../../test/support/folder.ts';
import { loadDesk } from '../desk/load.ts';
import { createSealer, generateKey } from '../lib/seal.ts';
import { conversationTables } from '../storage/conversations.ts';
import { erasureLedger } from '../storage/erasures.ts';
import { historyTables } from '../storage/history.ts';
import { inboxTable } from '../storage/inbox.ts';
import { mediaStore } from '../storage/media.ts';
import { openStore } from '../storage/open.ts';
import { outboxTable } from '../storage/outbox.ts';
import { personalTables } from '../storage/personal.ts';
import { eraseAgain } from './erase.ts';
import { conversationKey, inboxPlace } from './runtime.ts';

test('who comes back with a backup goes again: letters set aside and chats that name nobody, too', async () => {
  const folder = temporaryFolder();
  const store = await openStore(join(folder, 'guichet.db'), () => performance.now());
  onTestFinished(() => store.close());
  const sealer = createSealer(generateKey());
  const [conversations, inbox, history] = [
    conversationTables(store),
    inboxTable(store),
    historyTables(store),
  ];
  const erasures = erasureLedger(join(folder, 'erasures'));
  const bytes = new Uint8Array([1]);
  const at = { at: 1 };
  /** A person, a chat in which only the platform spoke, one that says whose it is only by what they wrote, and a letter. */
  const meet = async (person: string, value: string): Promise<void> => {
    const key = conversationKey(sealer, { channel: 'x', account: '1', chat: value });
    const chat = (id: string, address_index: string) =>
      conversations.insertConversation({
        ...{ id, channel: 'x', account: '1', address_index, address_sealed: bytes, kind: 'private', ...at },
        person_id: null,
      });
    const say = (conversation_id: string, person_id: string | null) =>
      history.insertMessage({
        ...{ conversation_id, person_id, session_id: null, direction: 'in', kind: 'text', ...at },
        ...{ body_sealed: bytes, inbox_seq: 1, part: 0, counted: 1 },
      });
    await store.commit([
      conversations.insertPerson({ id: person, ...at }),
      conversations.insertIdentity({
        ...{ id: `i-${person}`, person_id: person, channel: 'x', account: '1', scheme: 'user', ...at },
        ...{ value_index: `v-${person}`, profile_sealed: bytes, is_bot: 0 },
        value_sealed: sealer.seal(value, `identities|value|i-${person}`),
      }),
      chat(`reported-${person}`, key),
      say(`reported-${person}`, null),
      chat(`wrote-${person}`, `elsewhere-${person}`),
      say(`wrote-${person}`, person),
      say(`wrote-${person}`, null),
      inbox.insert(
        inboxRow({
          ...{ channel: 'x', account: '1', dedup_key: person },
          payload_sealed: sealer.seal(`{"from":{"id":${value}}}`, inboxPlace('x', '1', person)),
        }),
      ),
    ]);
    for (const { seq } of await inbox.pending(0, 10))
      await store.commit([inbox.bury({ seq, at: 2, error: 'of no use' })]);
  };
  await meet('awa', '700000001');
  await meet('fatou', '700000002');
  await erasures.add('awa', 1);

  const log = () => undefined;
  await eraseAgain({
    ...{ store, sealer, inbox, history, erasures, outbox: outboxTable(store) },
    ...{ personal: personalTables(store), media: mediaStore(store, join(folder, 'media'), sealer) },
    ...{ clock: { now: () => 3, monotonic: () => 3 }, newId: () => 'n', desk: loadDesk(smallDesk()) },
    log: { info: log, warn: log, error: log },
  });
  const ids = async (table: 'persons' | 'conversations') =>
    (await store.db.selectFrom(table).select('id').orderBy('id').execute()).map(({ id }) => id);
  expect(await ids('persons')).toEqual(['fatou']);
  expect(await ids('conversations')).toEqual(['reported-fatou', 'wrote-fatou']);
  expect(await store.db.selectFrom('messages').select('conversation_id').execute()).toHaveLength(3);
  expect(
    await store.db.selectFrom('inbox').select(['dedup_key', 'status', 'payload_sealed']).execute(),
  ).toMatchObject([
    { dedup_key: 'awa', status: 'done', payload_sealed: null },
    { dedup_key: 'fatou', status: 'dead' },
  ]);
});
