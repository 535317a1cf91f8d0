import type { Clock } from '../lib/clock.ts';
import type { Question } from '../message/answer.ts';

type Previous = NonNullable<Question['previous']>;

/** What callers of the answers API said last, so that a follow-up is understood. In memory, bounded, forgotten after a while. */
export interface Sessions {
  /** The session of this id when we issued it and it is alive, else a new one. */
  open(id: string | undefined): { id: string; previous: Previous | undefined };
  remember(id: string, previous: Previous): void;
}

export interface SessionsOptions {
  clock: Clock;
  /** Unguessable: whoever knows an id asks in its context. */
  newId(): string;
  /** Silence after which a session is forgotten, ms. */
  ttlMs: number;
  /** Sessions kept; the one unused for longest makes room. */
  most: number;
}

export function createSessions({ clock, newId, ttlMs, most }: SessionsOptions): Sessions {
  /** In order of last use, so the oldest is always the first. */
  const sessions = new Map<string, { usedAt: number; previous: Previous | undefined }>();

  const use = (id: string, previous: Previous | undefined): void => {
    sessions.delete(id);
    sessions.set(id, { usedAt: clock.monotonic(), previous });
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
      use(session, known?.previous);
      return { id: session, previous: known?.previous };
    },
    remember(id, previous) {
      if (sessions.has(id)) use(id, previous);
    },
  };
}
