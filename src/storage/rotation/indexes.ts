import { sql, type RawBuilder } from 'kysely';
import { createSealer, type Sealer } from '../../lib/seal.ts';
import type { Address } from '../../message/event.ts';
import { phoneIndex } from '../directory.ts';
import type { Keys } from '../key-file.ts';
import { placeOf } from '../places.ts';
import type { Schema } from '../schema.ts';
import type { Store } from '../store.ts';
import { pagesOf, type Row } from './pages.ts';

/** How the product names people and conversations by digest. */
export interface Names {
  identity(
    sealer: Sealer,
    where: { channel: string; account: string },
    name: { scheme: string; value: string },
  ): string;
  address(sealer: Sealer, address: Address): string;
  /** Address of an inbox row's opened payload. */
  addressOf(content: string): Address;
  /** Every digest of somebody of the directory, given as its JSON, in an order that does not depend on the key. */
  directory(sealer: Sealer, person: string): string[];
  /** Numbers (E.164) of somebody of the directory. */
  phonesOf(person: string): string[];
  /** JSON of who has this number in a directory that is kept elsewhere. Rejects when it does not answer. */
  elsewhere?(phone: string): Promise<string[]>;
}

export interface Indexing {
  /** Seals and indexes with the new key, opens with all. */
  sealer: Sealer;
  names: Names;
  /** Digests by an earlier key of what is known elsewhere in the database, and what they are now. */
  renamed: ReadonlyMap<string, string>;
}

/** The row's sealed values in clear; undefined: empty, or it does not open. */
export type Opened = (column: string) => string | undefined;
type Rule = (row: Row, opened: Opened, indexing: Indexing) => string | null;

type Table = keyof Schema;
type IndexIn<T extends Table> = Extract<keyof Schema[T], `${string}_index` | 'conversation_key'>;
type WithIndex = { [T in Table]: IndexIn<T> extends never ? never : T }[Table];

/** From the value in clear that the row holds. */
const from =
  (column: string, index: string, make: (value: string, row: Row, indexing: Indexing) => string): Rule =>
  (row, opened, indexing) => {
    const old = row[index];
    if (typeof old !== 'string') return null;
    const value = opened(column);
    return value === undefined ? former(old, indexing) : make(value, row, indexing);
  };

/** The value in clear is not beside it: it may be elsewhere. */
const elsewhere =
  (index: string): Rule =>
  (row, _, indexing) => {
    const old = row[index];
    return typeof old === 'string' ? (indexing.renamed.get(old) ?? former(old, indexing)) : null;
  };

/** Nobody can be found by it any more; rows of one value still have one digest, which the old key alone cannot guess at. */
const former = (old: string, { sealer }: Indexing): string => sealer.digest('former', old);

/** Every keyed digest of the database, and what becomes of it under another key. One that is not here does not compile. */
export const INDEXES: {
  readonly [T in WithIndex]: { readonly [C in IndexIn<T>]: Rule | 'made with its person' };
} = {
  identities: {
    value_index: from('value_sealed', 'value_index', (value, row, { names, sealer }) =>
      names.identity(
        sealer,
        { channel: String(row['channel']), account: String(row['account']) },
        { scheme: String(row['scheme']), value },
      ),
    ),
  },
  conversations: {
    address_index: from('address_sealed', 'address_index', (address, _, { names, sealer }) =>
      names.address(sealer, JSON.parse(address) as Address),
    ),
  },
  inbox: {
    conversation_key: from('payload_sealed', 'conversation_key', (content, _, { names, sealer }) =>
      names.address(sealer, names.addressOf(content)),
    ),
  },
  outbox: {
    destination_index: ({ destination_index: old, conversation_address: now }, _, indexing) => {
      if (typeof now === 'string') return now;
      return String(old).startsWith('nobody:') ? String(old) : former(String(old), indexing);
    },
  },
  user_accounts: {
    phone_index: from('phone_sealed', 'phone_index', (phone, _, { sealer }) => phoneIndex(sealer, phone)),
    directory_index: elsewhere('directory_index'),
  },
  account_creation_audit: { phone_index: elsewhere('phone_index') },
  directory_phones: { phone_index: 'made with its person' },
};

/** What a rule reads beside the row. */
export const ALSO: Partial<Record<Table, RawBuilder<unknown>>> = {
  // Conversations come first: their digests are new by then.
  outbox: sql`, (select c.address_index from conversations c where c.id = outbox.conversation_id) as conversation_address`,
};

/** The digests that rows without the value in clear may hold, from everywhere the value is. */
export async function renamedDigests(
  store: Store,
  keys: Readonly<Keys>,
  names: Names,
): Promise<Map<string, string>> {
  const sealer = createSealer(...keys);
  const earlier = keys.slice(1).map((key) => createSealer(key));
  const renamed = new Map<string, string>();
  const add = (digests: (sealer: Sealer) => string[]): void => {
    const now = digests(sealer);
    for (const one of earlier) {
      for (const [at, before] of digests(one).entries()) renamed.set(before, now[at] ?? before);
    }
  };
  const addPhone = (phone: string): void => {
    add((one) => [phoneIndex(one, phone)]);
  };
  const addPerson = (json: string): void => {
    add((one) => names.directory(one, json));
  };
  const open = (value: unknown, place: string): string | undefined => {
    try {
      return value instanceof Uint8Array ? sealer.open(value, place) : undefined;
    } catch {
      // Damaged: it is told when it is sealed anew.
      return undefined;
    }
  };

  for await (const rows of pagesOf(store, 'directory_people')) {
    for (const row of rows) {
      const json = open(row['person_sealed'], placeOf('directory_people', 'person_sealed')(row));
      if (json === undefined) continue;
      addPerson(json);
      names.phonesOf(json).forEach(addPhone);
    }
  }
  for await (const rows of pagesOf(store, 'user_accounts')) {
    const phones = rows.flatMap(
      (row) => open(row['phone_sealed'], placeOf('user_accounts', 'phone_sealed')(row)) ?? [],
    );
    phones.forEach(addPhone);
    if (names.elsewhere) {
      for (const phone of new Set(phones)) (await names.elsewhere(phone)).forEach(addPerson);
    }
  }
  for await (const rows of pagesOf(store, 'identities')) {
    for (const row of rows) {
      if (row['scheme'] !== 'phone') continue;
      const phone = open(row['value_sealed'], placeOf('identities', 'value_sealed')(row));
      if (phone !== undefined) addPhone(phone);
    }
  }
  return renamed;
}
