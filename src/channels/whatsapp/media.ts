import { createHash, timingSafeEqual } from 'node:crypto';
import type { MediaRef } from '../../message/event.ts';
import type { FetchedMedia } from '../channel.ts';
import { createDownloads, gone, tooLarge, untrusted } from '../download.ts';
import { SendError } from '../errors.ts';
import { type Fields, get } from '../fields.ts';
import type { Api } from './api.ts';
import { stringIn } from './fields.ts';

/**
 * Hosts of Meta's that files come from, beside the Graph API's own: the token is shown to no other. The first is the one that
 * Meta's pages give; the two networks are those its addresses lead to elsewhere.
 */
const HOSTS = ['lookaside.fbsbx.com'];
const NETWORKS = ['.fbcdn.net', '.whatsapp.net'];

export interface Media {
  /** See `Channel.fetchMedia`. */
  fetch(media: MediaRef, limits: { maxBytes: number; signal: AbortSignal }): Promise<FetchedMedia>;
  close(): Promise<void>;
}

export interface MediaOptions {
  api: Pick<Api, 'media'>;
  token: string;
  /** Base address of the Graph API. */
  apiRoot: string;
}

/**
 * What people send, by its id: the address that the Graph API gives for it is good for five minutes, and asked for again, once,
 * when it has nothing. An address that came in a webhook is never used.
 */
export function createMedia({ api, token, apiRoot }: MediaOptions): Media {
  const downloads = createDownloads('WhatsApp');
  const own = new URL(apiRoot).origin;
  const headers = { authorization: `Bearer ${token}` };

  return {
    close: () => downloads.close(),
    async fetch({ ref, bytes: told }, { maxBytes, signal }) {
      if (ref === undefined || !/^[\w-]{1,128}$/.test(ref))
        throw gone('WhatsApp gave no usable id for this file.');
      if ((told ?? 0) > maxBytes) throw tooLarge(maxBytes);
      for (let tries = 0; tries < 2; tries++) {
        const file = await describe(ref, signal);
        const size = sizeOf(file);
        if (size !== undefined && size > maxBytes) throw tooLarge(maxBytes);
        const url = trusted(stringIn(file, 'url'), own);
        if (!url) throw untrusted('WhatsApp gave an address that is not one of its own for this file.');
        const bytes = await downloads.get({ url, headers, maxBytes, signal });
        if (bytes) return checked(bytes, size, file);
      }
      throw gone('WhatsApp has the file no more.');
    },
  };

  async function describe(ref: string, signal: AbortSignal): Promise<Fields> {
    try {
      return await api.media(ref, { signal });
    } catch (error) {
      // An unknown id and one that is not ours are a wrong parameter.
      if (error instanceof SendError && ['100', '33'].includes(error.code))
        throw gone('WhatsApp does not know this file, or knows it no more.');
      throw error;
    }
  }
}

/** The address, when the token may be shown to it: https to a host of Meta's, or the very origin of the API. */
export function trusted(address: string | undefined, own: string): URL | undefined {
  if (address === undefined || !URL.canParse(address)) return undefined;
  const url = new URL(address);
  if (url.username !== '' || url.password !== '') return undefined;
  if (url.origin === own) return url;
  if (url.protocol !== 'https:' || url.port !== '') return undefined;
  const known = HOSTS.includes(url.hostname) || NETWORKS.some((suffix) => url.hostname.endsWith(suffix));
  return known ? url : undefined;
}

function checked(bytes: Uint8Array, size: number | undefined, file: Fields): FetchedMedia {
  if (size !== undefined && size !== bytes.byteLength)
    throw untrusted('The file is not as long as WhatsApp said.');
  const promised = stringIn(file, 'sha256');
  if (promised !== undefined && !hasDigest(bytes, promised))
    throw untrusted('The file is not the one that WhatsApp described.');
  const mime = stringIn(file, 'mime_type');
  return { bytes, ...(mime === undefined ? {} : { mime }) };
}

/** In hex as the API gives it, or in base64 as webhooks do. */
function hasDigest(bytes: Uint8Array, promised: string): boolean {
  const expected = Buffer.from(promised, /^[0-9a-f]{64}$/i.test(promised) ? 'hex' : 'base64');
  const digest = createHash('sha256').update(bytes).digest();
  return expected.length === digest.length && timingSafeEqual(expected, digest);
}

/** A number, or its digits as text. */
function sizeOf(file: Fields): number | undefined {
  const size = get(file, 'file_size');
  const number = typeof size === 'string' && /^\d{1,15}$/.test(size) ? Number(size) : size;
  return Number.isSafeInteger(number) ? (number as number) : undefined;
}
