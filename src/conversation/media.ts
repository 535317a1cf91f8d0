import type { TextKey } from '../desk/desk.ts';
import type { MediaKind, PlatformEvent } from '../message/event.ts';
import type { FileOutcome, ReadFile } from '../message/files.ts';
import type { SessionState, Turn } from '../message/session.ts';
import { interaction } from './decision.ts';
import type { Intent } from './decision.ts';

export type MediaEvent = Extract<PlatformEvent, { kind: 'media' }>;

/** Pictures sent together reach us within this time of each other, where the platform tells of no album. */
const ALBUM_MS = 5_000;

/** One more file of an album that has its reply: read, but nobody waits for a word about each picture. */
export function isAnsweredAlbum(turn: Turn, event: PlatformEvent): boolean {
  if (event.kind !== 'media' || !isPapers(event)) return false;
  if (event.album !== undefined) return event.album === turn.session.album;
  const { pictureAt } = turn.session;
  return (
    turn.tellsAlbums !== true &&
    isPicture(event) &&
    event.caption === undefined &&
    pictureAt !== undefined &&
    Math.abs(timeOf(turn, event) - pictureAt) <= ALBUM_MS
  );
}

export function withAlbum(turn: Turn, session: SessionState, event: PlatformEvent): SessionState {
  if (event.kind !== 'media') return session;
  const { album: _, pictureAt: __, filesTold, ...rest } = session;
  return {
    ...rest,
    ...(filesTold && isAnsweredAlbum(turn, event) ? { filesTold } : {}),
    ...(isPicture(event) ? { pictureAt: timeOf(turn, event) } : {}),
    ...(isPapers(event) && event.album !== undefined ? { album: event.album } : {}),
  };
}

/** What a reply said of files: one was read, one could not be. */
const toldOf = (files: readonly ReadFile[]): 'read' | 'unread' =>
  keptIn(files).count > 0 ? 'read' : 'unread';

export function withTold(session: SessionState, files: readonly ReadFile[]): SessionState {
  const told = toldOf(files);
  const before = session.filesTold ?? [];
  return before.includes(told) ? session : { ...session, filesTold: [...before, told] };
}

/**
 * Nobody waits for a word about this file of an album. Every document is told of; so is a picture that could not be read
 * where pictures that only follow each other may be no album.
 */
export function isTold(
  { filesTold = [] }: SessionState,
  event: PlatformEvent,
  files: readonly ReadFile[],
): boolean {
  const told = toldOf(files);
  // The reply was about the words under it, such as an alarm.
  if (filesTold.length === 0) return told === 'read';
  if (event.kind !== 'media' || !isPicture(event) || !filesTold.includes(told)) return false;
  return told === 'read' || event.album !== undefined;
}

const isPicture = (event: MediaEvent): boolean => event.media.every(({ kind }) => kind === 'photo');

const isPapers = (event: MediaEvent): boolean =>
  event.media.every(({ kind }) => kind === 'photo' || kind === 'document');

const timeOf = (turn: Turn, event: MediaEvent): number => event.sentAt ?? turn.now;

/** Files are read before anything is said of them; what is no file is not understood. */
export function readMedia(event: MediaEvent): Intent {
  const kind = event.media[0]?.kind ?? 'other';
  switch (kind) {
    case 'photo':
    case 'document':
    case 'video':
    case 'voice':
    case 'audio':
      return { to: 'files', media: event.media, record: [interaction('media', kind)] };
    case 'sticker':
    case 'location':
    case 'other':
      return unsupported(kind);
  }
}

export function unsupported(what: string): Intent {
  return { to: 'notice', key: 'unsupported_message', record: [interaction('unsupported', what)] };
}

/** The words of the first voice message that was understood. */
export function heardIn(files: readonly ReadFile[]): string | undefined {
  return files.flatMap(({ outcome }) => (outcome.status === 'heard' ? [outcome.text] : []))[0];
}

/** The first words of the first document that was read, and how many were. */
export function keptIn(files: readonly ReadFile[]): { count: number; preview: string } {
  const kept = files.flatMap(({ outcome }) => (outcome.status === 'kept' ? [outcome.document.preview] : []));
  return { count: kept.length, preview: kept[0] ?? '' };
}

/** What to say of files of which none was read: what to do next, never silence. */
export function whyUnread([first]: readonly ReadFile[]): TextKey {
  return first === undefined ? 'media_kept' : reasonKey(first.kind, first.outcome);
}

function reasonKey(kind: MediaKind, outcome: FileOutcome): TextKey {
  const isSound = kind === 'voice' || kind === 'audio';
  if (outcome.status !== 'refused') return isSound ? 'voice_kept' : 'media_kept';
  switch (outcome.reason) {
    case 'too_large':
    case 'too_much':
      return 'media_too_large';
    case 'unsupported':
      return 'media_unsupported';
    case 'encrypted':
      return 'media_encrypted';
    case 'empty':
      return 'media_empty';
    case 'broken':
    case 'gone':
    case 'untrusted':
      return 'media_broken';
    case 'not_received':
      return 'media_not_received';
  }
}
