/**
 * A change of key: time, against opening and sealing the same values in memory and nothing else.
 *   node bench/rotation.ts [--rows 100000]
 */
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { NAMES } from '../src/cli/rotate-key.ts';
import { systemClock } from '../src/lib/clock.ts';
import { createSealer, generateKey } from '../src/lib/seal.ts';
import { accountTables } from '../src/storage/accounts.ts';
import { conversationTables } from '../src/storage/conversations.ts';
import { directoryTables, phoneIndex } from '../src/storage/directory.ts';
import { openDataFolder, openForKeyChange } from '../src/storage/folder.ts';
import { historyTables } from '../src/storage/history.ts';
import { openStore } from '../src/storage/open.ts';
import { mediaPlace } from '../src/storage/places.ts';
import { rotateKeys } from '../src/storage/rotation/rotate.ts';
import type { Statement } from '../src/storage/store.ts';

const { values } = parseArgs({ options: { rows: { type: 'string', default: '100000' } } });
/** Of ten rows: an identity, a conversation, a session, an account, its audit, a person of the directory, four messages. */
const people = Math.ceil(Number(values.rows) / 10);
const FILES = 200;
const FILE_BYTES = 50_000;

const stamp = { desk: 'css', mode: 'live' } as const;
const root = mkdtempSync(join(tmpdir(), 'guichet-bench-'));
const data = join(root, 'data');
const first = openDataFolder(data, stamp, undefined);
const sealer = createSealer(...first.keys);
const store = await openStore(first.database, () => systemClock.monotonic());
const [conversations, history, accounts] = [
  conversationTables(store),
  historyTables(store),
  accountTables(store),
];
const text = JSON.stringify({ text: 'Bonjour, quels papiers faut-il pour une inscription ? '.repeat(4) });

function person(n: number): Statement[] {
  const id = `p${String(n)}`;
  const phone = `+22177${String(n).padStart(7, '0')}`;
  const where = { channel: 'telegram', account: '1' };
  const address = { ...where, chat: String(n), kind: 'private' as const };
  const name = { scheme: 'user', value: String(n) };
  const at = n;
  return [
    conversations.insertPerson({ id, at }),
    conversations.insertIdentity({
      ...{ ...where, ...name, id, person_id: id, is_bot: 0, at },
      value_index: NAMES.identity(sealer, where, name),
      value_sealed: sealer.seal(name.value, `identities|value|${id}`),
      profile_sealed: sealer.seal('{"firstName":"Awa"}', `identities|profile|${id}`),
    }),
    conversations.insertConversation({
      ...{ ...where, id, kind: 'private', person_id: id, at },
      address_index: NAMES.address(sealer, address),
      address_sealed: sealer.seal(JSON.stringify(address), `conversations|address|${id}`),
    }),
    conversations.startSession({
      ...{ id, conversation_id: id, person_id: id, started_at: at, last_activity_at: at, message_count: 1 },
      state_sealed: sealer.seal(text, `sessions|state|${id}`),
    }),
    accounts.insert({
      ...{ id, person_id: id, status: 'active', channel: 'telegram', at },
      phone_index: phoneIndex(sealer, phone),
      phone_sealed: sealer.seal(phone, `user_accounts|phone|${id}`),
      directory_index: NAMES.directory(sealer, directoryPerson(n, phone))[0] ?? null,
    }),
    accounts.audit({
      ...{ at, person_id: id, channel: 'telegram', outcome: 'created', reason: null, spent: 1 },
      ...{ actor: 'person', processing_ms: 1, phone_index: phoneIndex(sealer, phone) },
    }),
    ...[0, 1, 2, 3].map((part) =>
      history.insertMessage({
        ...{ conversation_id: id, person_id: id, session_id: id, direction: 'in', kind: 'text' },
        ...{ inbox_seq: n, part, counted: 1, at },
        body_sealed: sealer.seal(text, `messages|body|${String(n)}|${String(part)}`),
      }),
    ),
  ];
}
const directoryPerson = (n: number, phone: string): string =>
  JSON.stringify({
    code: `P-${String(n)}`,
    lastName: 'FICTIF',
    firstNames: 'Awa',
    phones: [phone],
    children: [],
  });

for (let n = 0; n < people; n += 100)
  await store.commit(Array.from({ length: Math.min(100, people - n) }, (_, i) => person(n + i)).flat());
await directoryTables(store, sealer).apply({
  put: Array.from({ length: people }, (_, n) => {
    const phone = `+22177${String(n).padStart(7, '0')}`;
    return { id: `d${String(n)}`, json: directoryPerson(n, phone), phones: [phone] };
  }),
  remove: [],
  at: 1,
});
mkdirSync(first.media);
for (let n = 0; n < FILES; n++) {
  const id = `file-${String(n).padStart(6, '0')}`;
  writeFileSync(join(first.media, id), sealer.seal(Buffer.alloc(FILE_BYTES, n), mediaPlace(id)));
}
first.release();

const clear = people * 9;
const memory = createSealer(generateKey(), ...first.keys);
const sample = Array.from({ length: 1000 }, () => sealer.seal(text, 'x'));
let from = systemClock.monotonic();
for (let n = 0; n < clear; n++) memory.seal(memory.open(sample[n % 1000] ?? new Uint8Array(), 'x'), 'x');
const base = systemClock.monotonic() - from;

const folder = openForKeyChange(data, stamp, undefined, true);
from = systemClock.monotonic();
const { rows, files, left } = await rotateKeys({ folder, store, names: NAMES, leaveDamaged: false });
const ms = systemClock.monotonic() - from;
folder.release();
await store.close();
rmSync(root, { recursive: true, force: true });

const peak = Math.round(process.resourceUsage().maxRSS / 1024);
console.log(`in memory, ${clear} values: ${Math.round(base)} ms`);
console.log(
  `change of key, ${rows} rows and ${files} files of ${FILE_BYTES} bytes: ${Math.round(ms)} ms, ${(ms / base).toFixed(1)} × in memory; peak memory of this process ${peak} MiB`,
);
const right = left.length === 0 && rows >= Number(values.rows) && files === FILES;
console.log(right ? 'everything is under the new key' : 'WRONG: something was left');
process.exitCode = right ? 0 : 1;
