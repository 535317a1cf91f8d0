import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createSecretKey,
  hkdfSync,
  randomBytes,
  type KeyObject,
} from 'node:crypto';

/**
 * Authenticated encryption of what is sensitive at rest, and keyed digests to look it up.
 *
 * A sealed value is `1 byte format | 4 bytes key id | 12 bytes nonce | ciphertext | 16 bytes tag` (AES-256-GCM).
 * Its `place` ("table|column|row") is authenticated with it: a value copied to another row does not open.
 */
export interface Sealer {
  seal(value: string | Uint8Array, place: string): Uint8Array;
  /** Throws when the key is unknown or the value was altered or moved. */
  open(sealed: Uint8Array, place: string): string;
  /** The same for what is no text. */
  openBytes(sealed: Uint8Array, place: string): Buffer;
  /** Keyed digest (HMAC-SHA-256, 128 bits, base64url): the same value always gives the same digest under one key. */
  digest(scope: string, value: string): string;
  /** Id of the key that seals now, 8 hex digits. */
  readonly keyId: string;
}

const FORMAT = 1;
const HEADER = 5;
const NONCE = 12;
const TAG = 16;

export class KeyError extends Error {}

/** A new master key: 32 random bytes. */
export const generateKey = (): Buffer => randomBytes(32);

/** A KeyObject, not bytes: handing bytes to each cipher costs four times the encryption itself. */
function derive(master: Buffer, purpose: string): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', master, Buffer.alloc(0), `guichet ${purpose}`, 32)));
}

export type Digest = Sealer['digest'];

/** The part of a master key that makes digests, for whoever must go on recognising what an earlier key named. */
export const indexKeyOf = (master: Buffer): Buffer => derive(master, 'index').export();

/** The digests of that part (`indexKeyOf`). */
export function createDigest(key: Buffer): Digest {
  const secret = createSecretKey(key);
  return (scope, value) =>
    createHmac('sha256', secret)
      .update(`${scope}\u0000${value}`)
      .digest()
      .subarray(0, 16)
      .toString('base64url');
}

/** The first bytes of everything a key sealed. */
export const sealedHead = (keyId: string): Buffer => Buffer.from([FORMAT, ...Buffer.from(keyId, 'hex')]);

/** Id of the key that sealed it, from its first bytes; undefined: it is no sealed value. */
export const sealedBy = (sealed: Uint8Array): string | undefined =>
  sealed.length >= HEADER && sealed[0] === FORMAT
    ? Buffer.from(sealed.subarray(1, HEADER)).toString('hex')
    : undefined;

/** Names a key without telling it: 8 hex digits. */
export const keyIdOf = (master: Buffer): string =>
  createHash('sha256').update(derive(master, 'key id').export()).digest().subarray(0, 4).toString('hex');

/**
 * @param keys master keys of 32 bytes: the first seals and indexes, the others only open what they sealed.
 */
export function createSealer(...keys: [Buffer, ...Buffer[]]): Sealer {
  const ring = new Map(
    keys.map((master) => {
      return [keyIdOf(master), derive(master, 'seal')] as const;
    }),
  );
  const sealingKey = derive(keys[0], 'seal');
  const keyId = keyIdOf(keys[0]);
  const header = sealedHead(keyId);
  const nonces = createNonces();

  return {
    keyId,
    seal(value, place) {
      const nonce = nonces();
      const cipher = createCipheriv('aes-256-gcm', sealingKey, nonce);
      cipher.setAAD(Buffer.from(place));
      const body = typeof value === 'string' ? cipher.update(value, 'utf8') : cipher.update(value);
      const last = cipher.final();
      // Not from Buffer's shared pool: sealed values cross to the storage thread, which copies the whole backing memory.
      const out = new Uint8Array(HEADER + NONCE + body.length + last.length + TAG);
      out.set(header, 0);
      out.set(nonce, HEADER);
      out.set(body, HEADER + NONCE);
      out.set(last, HEADER + NONCE + body.length);
      out.set(cipher.getAuthTag(), out.length - TAG);
      return out;
    },
    open: (sealed, place) => openBytes(sealed, place).toString('utf8'),
    openBytes,
    digest: createDigest(indexKeyOf(keys[0])),
  };

  function openBytes(sealed: Uint8Array, place: string): Buffer {
    const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
    if (bytes.length < HEADER + NONCE + TAG || bytes[0] !== FORMAT)
      throw new KeyError('A sealed value is damaged: its header is not one of ours.');
    const id = bytes.subarray(1, HEADER).toString('hex');
    const key = ring.get(id);
    if (!key)
      throw new KeyError(
        `A value was sealed with key ${id}, which GUICHET_KEY does not hold: add that key after a comma.`,
      );
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(HEADER, HEADER + NONCE));
    decipher.setAAD(Buffer.from(place));
    decipher.setAuthTag(bytes.subarray(bytes.length - TAG));
    const body = decipher.update(bytes.subarray(HEADER + NONCE, bytes.length - TAG));
    // GCM gives everything in `update`; `final` only checks the tag.
    decipher.final();
    return body;
  }
}

/** Random nonces drawn from a block at a time: one system call for 341 of them. */
function createNonces(): () => Buffer {
  let block = Buffer.alloc(0);
  let at = 0;
  return () => {
    if (at + NONCE > block.length) {
      block = randomBytes(NONCE * 341);
      at = 0;
    }
    at += NONCE;
    return block.subarray(at - NONCE, at);
  };
}
