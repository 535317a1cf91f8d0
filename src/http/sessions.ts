import type { Clock } from '../lib/clock.ts';
import type { Question } from '../message/answer.ts';

type Previous = NonNullable<Question['previous']>;

/**
 * What callers of the answers API said last, so that a follow-up is understood, and whether they sent documents. In
 * memory, bounded, forgotten after a while.
 */
export interface Sessions {
  /** The session of this id when we issued it and it is alive, else a new one. */
  open(id: string | undefined): { id: string; previous: Previous | undefined; documents: boolean };
  remember(id: string, previous: Previous): void;
  /** A document was kept for it: the next question is not a follow-up of what was said before. */
  attach(id: string): void;
}

export interface SessionsOptions {
  clock: Clock;
  /** Unguessable: whoever knows an id asks in its context. */
  newId(): string;
  /** Silence after which a session is forgotten, ms. */
  ttlMs?: number;
  /** Sessions kept; the one unused for longest makes room. */
  most?: number;
}

export function createSessions({
  clock,
  newId,
  ttlMs = 30 * 60_000,
  most = 10_000,
}: SessionsOptions): Sessions {
  /** In order of last use, so the oldest is always the first. */
  const sessions = new Map<string, { usedAt: number; previous: Previous | undefined; documents: boolean }>();

  const use = (id: string, previous: Previous | undefined, documents: boolean): void => {
    sessions.delete(id);
    sessions.set(id, { usedAt: clock.monotonic(), previous, documents });
    for (const oldest of sessions.keys()) {
      if (sessions.size <= most) break;
      sessions.delete(oldest);
    }
  };

  return {
    open(id) {
      const now = clock.monotonic();
      for (const [old, { usedAt }] of sessions) {
        if (now - usedAt < ttlMs) break;
        sessions.delete(old);
      }
      const known = id === undefined ? undefined : sessions.get(id);
      const session = id !== undefined && known !== undefined ? id : newId();
      const { previous, documents = false } = known ?? {};
      use(session, previous, documents);
      return { id: session, previous, documents };
    },
    remember(id, previous) {
      const known = sessions.get(id);
      if (known) use(id, previous, known.documents);
    },
    attach(id) {
      if (sessions.has(id)) use(id, undefined, true);
    },
  };
}
