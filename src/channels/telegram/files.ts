import type { MediaRef } from '../../message/event.ts';
import type { FetchedMedia } from '../channel.ts';
import { createDownloads, gone, tooLarge, untrusted } from '../download.ts';
import { fieldsOf, integerIn, stringIn } from '../fields.ts';
import type { Api } from './api.ts';
import { LIMITS } from './limits.ts';

export interface Files {
  /** See `Channel.fetchMedia`. */
  fetch(media: MediaRef, limits: { maxBytes: number; signal: AbortSignal }): Promise<FetchedMedia>;
  close(): Promise<void>;
}

export interface FilesOptions {
  api: Pick<Api, 'call'>;
  token: string;
  /** Base address of the Bot API: files are under it too, and nowhere else. */
  apiRoot: string;
}

/** What people send, by `getFile` and then the path it gives. The path is good for an hour; a stale one is asked for again, once. */
export function createFiles({ api, token, apiRoot }: FilesOptions): Files {
  const downloads = createDownloads('Telegram');
  const base = `${apiRoot.replace(/\/+$/, '')}/file/bot${token}/`;

  return {
    close: () => downloads.close(),
    async fetch(media, { maxBytes, signal }) {
      const limit = Math.min(maxBytes, LIMITS.downloadBytes);
      if (media.ref === undefined) throw gone('Telegram gave no id for this file.');
      if ((media.bytes ?? 0) > limit) throw tooLarge(limit);
      for (let tries = 0; tries < 2; tries++) {
        const path = await pathOf(media.ref, limit, signal);
        const bytes = await downloads.get({ url: new URL(base + path), maxBytes: limit, signal });
        if (bytes) return { bytes, ...(media.mime === undefined ? {} : { mime: media.mime }) };
      }
      throw gone('Telegram has the file no more.');
    },
  };

  async function pathOf(ref: string, limit: number, signal: AbortSignal): Promise<string> {
    const { result } = await api.call('getFile', { file_id: ref }, { signal });
    const file = fieldsOf(result) ?? {};
    if ((integerIn(file, 'file_size') ?? 0) > limit) throw tooLarge(limit);
    const path = stringIn(file, 'file_path');
    if (path === undefined) throw gone('Telegram gave no path for this file.');
    const safe = safePath(path);
    if (safe === undefined) throw untrusted('Telegram gave a path that leads elsewhere.');
    return safe;
  }
}

/** `documents/file_3.pdf`, encoded; undefined for an address, a path from the root, `..` and whatever no file is called. */
export function safePath(path: string): string | undefined {
  const parts = path.split('/');
  const plain = parts.every((part) => /^[\p{L}\p{N} _.,()@~+=-]{1,255}$/u.test(part) && !/^\.+$/.test(part));
  return plain ? parts.map(encodeURIComponent).join('/') : undefined;
}
