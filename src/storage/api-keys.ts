import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Store } from './store.ts';

/** `ask`: questions, files about them, searches. `documents`: what answers come from. `metrics`: figures. */
export const API_SCOPES = ['ask', 'documents', 'metrics'] as const;
export type ApiScope = (typeof API_SCOPES)[number];

export interface ApiKey {
  /** Second part of the key: recognises it, opens nothing. */
  id: string;
  name: string;
  scopes: ApiScope[];
  created_by: string;
  created_at: number;
  expires_at: number | null;
  last_used_at: number | null;
  revoked_at: number | null;
}

/** The keys in use, in memory: a request is judged without waiting for the database. */
export interface KeyRing {
  /** The key, when it is one of ours, alive at `now` (epoch ms) and has this scope. */
  check(secret: string, scope: ApiScope, now: number): ApiKey | undefined;
  /** Reads again what commands changed. */
  refresh(): Promise<void>;
}

const isScope = (word: string): word is ApiScope => API_SCOPES.some((scope) => scope === word);
const digest = (secret: string): Buffer => createHash('sha256').update(secret).digest();

/** `gk_<id>_<secret>`: the id is 8 characters, the secret 256 random bits. */
const SHAPE = /^gk_([a-z0-9]{8})_[\w-]{43}$/;
const USED_EVERY_MS = 60_000;

export interface ApiKeyTable {
  /** `secret`: the whole key, told this once; only its hash is kept. */
  create(made: {
    name: string;
    scopes: readonly ApiScope[];
    by: string;
    at: number;
    expiresAt?: number;
  }): Promise<{ id: string; secret: string }>;
  list(): Promise<ApiKey[]>;
  /** False: there is no such key, or it was revoked. */
  revoke(id: string, at: number): Promise<boolean>;
  ring(): Promise<KeyRing>;
}

export function apiKeyTable({ db }: Store): ApiKeyTable {
  const rows = () => db.selectFrom('api_keys').selectAll().orderBy('created_at').execute();
  return {
    async create({ name, scopes, by, at, expiresAt }) {
      const id = randomBytes(8).toString('hex').slice(0, 8);
      const secret = `gk_${id}_${randomBytes(32).toString('base64url')}`;
      await db
        .insertInto('api_keys')
        .values({
          ...{ id, name, hash: digest(secret).toString('hex'), scopes: [...new Set(scopes)].join(' ') },
          ...{ created_by: by, created_at: at, expires_at: expiresAt ?? null },
          ...{ last_used_at: null, revoked_at: null },
        })
        .execute();
      return { id, secret };
    },
    list: async () => (await rows()).map(toKey),
    async revoke(id, at) {
      const { numUpdatedRows } = await db
        .updateTable('api_keys')
        .set({ revoked_at: at })
        .where('id', '=', id)
        .where('revoked_at', 'is', null)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
    async ring() {
      let keys = new Map<string, { hash: Buffer; key: ApiKey }>();
      const used = new Map<string, number>();
      const refresh = async (): Promise<void> => {
        const live = (await rows()).filter(({ revoked_at }) => revoked_at === null);
        keys = new Map(live.map((row) => [row.id, { hash: Buffer.from(row.hash, 'hex'), key: toKey(row) }]));
      };
      await refresh();
      const nobody = digest(randomBytes(32).toString('hex'));
      return {
        refresh,
        check(secret, scope, now) {
          const found = keys.get(SHAPE.exec(secret)?.[1] ?? '');
          // Compared even when there is none of this id, so that the time tells nothing.
          const same = timingSafeEqual(digest(secret.slice(0, 100)), found?.hash ?? nobody);
          if (!same || found === undefined) return undefined;
          const { key } = found;
          if (!key.scopes.includes(scope) || (key.expires_at !== null && key.expires_at <= now))
            return undefined;
          if (now - (used.get(key.id) ?? 0) >= USED_EVERY_MS) {
            used.set(key.id, now);
            // Only told to staff: a store that cannot write now refuses nobody for it.
            db.updateTable('api_keys')
              .set({ last_used_at: now })
              .where('id', '=', key.id)
              .execute()
              .catch(() => undefined);
          }
          return key;
        },
      };
    },
  };
}

interface Row extends Omit<ApiKey, 'scopes'> {
  scopes: string;
}

const toKey = ({
  id,
  name,
  scopes,
  created_by,
  created_at,
  expires_at,
  last_used_at,
  revoked_at,
}: Row): ApiKey => ({
  ...{ id, name, created_by, created_at, expires_at, last_used_at, revoked_at },
  scopes: scopes.split(' ').filter(isScope),
});
