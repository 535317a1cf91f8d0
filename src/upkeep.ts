import type { Corpus } from './answers/library/corpus.ts';
import type { Library } from './answers/library/library.ts';
import type { Desk } from './desk/desk.ts';
import { systemClock } from './lib/clock.ts';
import type { Log } from './lib/log.ts';
import type { Pipeline } from './pipeline/pipeline.ts';
import type { KeyRing } from './storage/api-keys.ts';
import type { MediaStore } from './storage/media.ts';
import { purge, retentionOf } from './storage/retention.ts';
import type { Store } from './storage/store.ts';

// What the product does by the clock, and by nobody's message. Each function starts it, and gives how to end it.

const PURGE_EVERY_MS = 3600_000;

/** Somebody who asked days ago can wait a moment more. Milliseconds. */
const TELL_EVERY_MS = 2000;

export function keepTelling(pipeline: Pipeline, log: Log): () => void {
  const run = (): void => {
    pipeline.tellLate().catch((error: unknown) => {
      log.warn('late_answers_wait', { error });
    });
  };
  const timer = setInterval(run, TELL_EVERY_MS);
  return () => {
    clearInterval(timer);
  };
}

/** How soon what a command or the calendar changed is answered from. Milliseconds. */
const FOLLOW_EVERY_MS = 2000;

export function keepFollowing(
  { corpus, library }: { corpus: Pick<Corpus, 'poll'>; library?: Pick<Library, 'resume'> },
  keys: Pick<KeyRing, 'refresh'>,
  log: Log,
): () => void {
  const tell = (error: unknown): void => {
    log.warn('library_waits', { error });
  };
  library?.resume().catch(tell);
  // Each by itself: a key is revoked at once, however long the library is indexed.
  const timers = [() => corpus.poll(), () => keys.refresh()].map((work) => {
    let busy = false;
    const run = async (): Promise<void> => {
      if (busy) return;
      busy = true;
      await work().catch(tell);
      busy = false;
    };
    return setInterval(() => void run(), FOLLOW_EVERY_MS);
  });
  return () => {
    for (const timer of timers) clearInterval(timer);
  };
}

const CLOCK_SET_MS = 3600_000;

export function keepPurging(store: Store, media: MediaStore, desk: Desk, log: Log): () => void {
  const retention = retentionOf(desk.retention, desk.sessionMs);
  if (retention.legalHold)
    log.warn('legal_hold', { reason: 'desk.yaml says so: nothing is deleted because of its age' });
  const ahead = systemClock.now() - systemClock.monotonic();
  const run = (): void => {
    const now = systemClock.now();
    // A clock that was set would make everything look old: nothing is deleted by it.
    if (Math.abs(now - systemClock.monotonic() - ahead) > CLOCK_SET_MS) {
      log.warn('purge_skipped', { reason: 'the clock of this machine was set since the start' });
      return;
    }
    purge(store, retention, now)
      .then(() => media.sweep(now))
      .then(() => store.scrub())
      .catch((error: unknown) => {
        log.warn('purge_failed', { error });
      });
  };
  const timer = setInterval(run, PURGE_EVERY_MS);
  return () => {
    clearInterval(timer);
  };
}
