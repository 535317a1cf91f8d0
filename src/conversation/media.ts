import type { MediaKind, PlatformEvent } from '../message/event.ts';
import type { SessionState } from '../message/session.ts';
import { readText } from './commands.ts';
import { interaction } from './decision.ts';
import type { Intent } from './decision.ts';
import type { Voice } from './texts.ts';

type MediaEvent = Extract<PlatformEvent, { kind: 'media' }>;

/** One of the pictures of an album that has had its reply. */
export function isAnsweredAlbum(session: SessionState, event: PlatformEvent): boolean {
  return event.kind === 'media' && event.album !== undefined && event.album === session.album;
}

export function withAlbum(session: SessionState, event: PlatformEvent): SessionState {
  return event.kind === 'media' && event.album !== undefined ? { ...session, album: event.album } : session;
}

/** A caption is the question about what it comes with; one that asks nothing leaves the media to speak. */
export function readMedia(event: MediaEvent, voice: Voice): Intent {
  const kind = event.media[0]?.kind ?? 'other';
  const caption = readText(event.caption ?? '', voice, false);
  const asksNothing =
    caption.to === 'notice' && (caption.key === 'empty_message' || caption.key === 'thanks_reply');
  if (asksNothing) return wordless(kind);
  return { ...caption, record: [interaction('media', kind), ...caption.record] };
}

/** Kept for staff when it can carry a message, else not understood. */
function wordless(kind: MediaKind): Intent {
  switch (kind) {
    case 'photo':
    case 'document':
    case 'video':
      return { to: 'notice', key: 'media_kept', record: [interaction('media', kind)] };
    case 'voice':
    case 'audio':
      return { to: 'notice', key: 'voice_kept', record: [interaction('media', kind)] };
    case 'sticker':
    case 'location':
    case 'other':
      return unsupported(kind);
  }
}

export function unsupported(what: string): Intent {
  return { to: 'notice', key: 'unsupported_message', record: [interaction('unsupported', what)] };
}
