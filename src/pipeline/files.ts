import { signatureOf } from '../answers/files/kind.ts';
import type { Channel, FetchedMedia } from '../channels/channel.ts';
import { SendError } from '../channels/errors.ts';
import { createGate } from '../lib/gate.ts';
import type { MediaKind, MediaRef } from '../message/event.ts';
import type { FileOutcome, ReadFile } from '../message/files.ts';
import type { NewMedia } from '../storage/media.ts';
import type { Runtime } from './runtime.ts';

/** The largest file we fetch; a platform may hand out less. Bytes. */
const MAX_BYTES = 20 * 1024 * 1024;
const FETCH_MS = 30_000;
/** Longer than the readers' own patience, so that their circuits learn of what is slow. */
const READ_MS = 45_000;
/** Files in memory at once, in all conversations: each may be 20 MB, and its sealed copy as much. */
const AT_ONCE = 6;
const gate = createGate(AT_ONCE);
const RETRY_MS = 500;

/** Kept beside the turn until it commits: a row for each file that is on disk. */
export type KeptRow = Omit<NewMedia, 'conversation_id' | 'person_id' | 'at'>;

export interface FilesRead {
  files: ReadFile[];
  rows: KeptRow[];
}

interface Sent {
  channel: Channel;
  media: readonly MediaRef[];
  session: string;
  /** Unique per turn and repeated when it is played again, so that nothing is kept twice. */
  turn: string;
  /** Only pictures and PDFs are kept, and nothing is read. */
  papers?: boolean;
}

/**
 * Fetches what a person sent, keeps it for staff, and reads what can be read. Never throws: a file that cannot be had
 * says why.
 */
export async function readFiles(
  runtime: Pick<Runtime, 'media' | 'answerer' | 'transcriber' | 'sealer' | 'clock' | 'log' | 'report'>,
  { channel, media, session, turn, papers = false }: Sent,
): Promise<FilesRead> {
  const { sealer, log, report } = runtime;
  const rows: KeptRow[] = [];
  const files = await Promise.all(
    media.map(async (file, i): Promise<ReadFile> => {
      const id = sealer.digest('media', `${turn}|${String(i)}`);
      const outcome = await gate(() => one(file, id));
      return {
        ...(rows.some((row) => row.id === id) ? { id } : {}),
        kind: file.kind,
        ...(file.name === undefined ? {} : { name: file.name }),
        outcome,
      };
    }),
  );
  return { files, rows };

  async function one(file: MediaRef, id: string): Promise<FileOutcome> {
    let fetched: FetchedMedia;
    try {
      fetched = await fetchTwice(channel, file);
    } catch (error) {
      const code = error instanceof SendError ? error.code : 'bug';
      log.warn('media_not_fetched', { channel: channel.name, kind: file.kind, code });
      if (error instanceof SendError && error.policy.alarm) {
        report({
          kind: 'channel_refused',
          message: `${channel.title} does not hand out files (${code}): check its token and settings.`,
        });
      }
      return whyNotFetched(code);
    }
    const { bytes } = fetched;
    if (papers && !isPaper(bytes)) return { status: 'refused', reason: 'unsupported' };
    try {
      if (!(await runtime.media.save(id, bytes))) {
        report({
          kind: 'media_no_room',
          message: 'A file somebody sent was not kept: the disk has too little room left.',
        });
        return { status: 'refused', reason: 'not_received' };
      }
      const { name, mime = fetched.mime } = file;
      const about = JSON.stringify({ name, mime });
      const about_sealed = sealer.seal(about, `media|about|${id}`);
      rows.push({ id, kind: file.kind, bytes: bytes.length, about_sealed });
      return papers ? { status: 'stored' } : await read(file, id, fetched);
    } catch (error) {
      report({
        kind: 'media_not_kept',
        message: `A file somebody sent was not kept: ${error instanceof Error ? error.message : 'error'}.`,
      });
      return { status: 'refused', reason: 'not_received' };
    }
  }

  async function read(file: MediaRef, id: string, { bytes, mime }: FetchedMedia): Promise<FileOutcome> {
    const signal = AbortSignal.timeout(READ_MS);
    switch (whatToDo(file.kind)) {
      case 'read': {
        const name = file.name === undefined ? {} : { name: file.name };
        return runtime.answerer.keep({ session, id, bytes, ...name }, signal);
      }
      case 'listen': {
        if (!runtime.transcriber) return { status: 'stored' };
        const heard = await runtime.transcriber.transcribe(
          { bytes, ...(mime === undefined ? {} : { mime }) },
          signal,
        );
        return heard.status === 'heard' && heard.text.trim() !== '' ? heard : { status: 'stored' };
      }
      case 'keep':
        return { status: 'stored' };
    }
  }
}

function isPaper(bytes: Uint8Array): boolean {
  const signature = signatureOf(bytes);
  return signature !== undefined && ['jpeg', 'png', 'webp', 'pdf'].includes(signature);
}

function whatToDo(kind: MediaKind): 'read' | 'listen' | 'keep' {
  switch (kind) {
    case 'photo':
    case 'document':
      return 'read';
    case 'voice':
    case 'audio':
      return 'listen';
    default:
      return 'keep';
  }
}

/** A broken connection is worth one more try while the person waits. */
async function fetchTwice(channel: Channel, file: MediaRef): Promise<FetchedMedia> {
  const limits = () => ({ maxBytes: MAX_BYTES, signal: AbortSignal.timeout(FETCH_MS) });
  try {
    return await channel.fetchMedia(file, limits());
  } catch (error) {
    if (!(error instanceof SendError) || !error.policy.retryable) throw error;
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    return channel.fetchMedia(file, limits());
  }
}

function whyNotFetched(code: string): FileOutcome {
  switch (code) {
    case 'media_too_large':
      return { status: 'refused', reason: 'too_large' };
    case 'media_untrusted':
      return { status: 'refused', reason: 'untrusted' };
    case 'media_gone':
      return { status: 'refused', reason: 'gone' };
    default:
      return { status: 'refused', reason: 'not_received' };
  }
}
