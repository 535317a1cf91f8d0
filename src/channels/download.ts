import { Agent } from 'undici';
import { SendError } from './errors.ts';
import { noAnswer } from './transport.ts';

export interface DownloadRequest {
  /** Judged by the caller: whatever is in `headers` goes there. */
  url: URL;
  headers?: Readonly<Record<string, string>>;
  maxBytes: number;
  signal: AbortSignal;
}

/** Files of one platform, over kept-alive connections. */
export interface Downloads {
  /**
   * The bytes; undefined when the address has nothing (404, 410). Follows no redirect: it would carry the token away. Throws
   * `SendError`, which names neither the address nor what was sent.
   */
  get(request: DownloadRequest): Promise<Uint8Array | undefined>;
  close(): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 10_000;
const CONNECTIONS = 8;

/** `platform`: its name for people. */
export function createDownloads(platform: string): Downloads {
  const agent = new Agent({
    connections: CONNECTIONS,
    connect: { timeout: CONNECT_TIMEOUT_MS },
    // The caller's signal decides.
    headersTimeout: 0,
    bodyTimeout: 0,
  });

  return {
    close: () => agent.destroy(),
    async get({ url, headers, maxBytes, signal }) {
      if (signal.aborted)
        throw new SendError('aborted', 'Stopped before the file was asked for.', { retryable: true });
      try {
        const {
          statusCode,
          headers: answered,
          body,
        } = await agent.request({
          origin: url.origin,
          path: url.pathname + url.search,
          method: 'GET',
          // The host of WhatsApp's files answers with an error page to a client without a name.
          headers: { 'user-agent': 'Guichet', 'accept-encoding': 'identity', ...headers },
          signal,
        });
        if (statusCode === 200 && !(Number(answered['content-length'] ?? 0) > maxBytes))
          return await gather(body, maxBytes);
        // An error page is read by nobody; the connection goes with it.
        body.on('error', () => undefined).destroy();
        if (statusCode === 200) throw tooLarge(maxBytes);
        if (statusCode === 404 || statusCode === 410) return undefined;
        throw refused(platform, statusCode);
      } catch (error) {
        if (error instanceof SendError) throw error;
        throw noAnswer(platform, error, signal.aborted ? 'aborted' : undefined);
      }
    },
  };
}

/** Leaving the loop early drops the connection, so an endless body costs one chunk more than its limit. */
async function gather(body: AsyncIterable<unknown>, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    if (!(chunk instanceof Uint8Array)) continue;
    size += chunk.byteLength;
    if (size > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

export function tooLarge(maxBytes: number): SendError {
  return new SendError('media_too_large', `The file is over ${String(maxBytes)} bytes.`, {
    retryable: false,
  });
}

export const gone = (why: string): SendError => new SendError('media_gone', why, { retryable: false });

export const untrusted = (why: string): SendError =>
  new SendError('media_untrusted', why, { retryable: false });

function refused(platform: string, status: number): SendError {
  if (status >= 300 && status < 400) return untrusted(`${platform} sends the download to another address.`);
  return new SendError('download_refused', `${platform} answered ${String(status)} to a download.`, {
    retryable: status >= 500 || status === 429,
  });
}
