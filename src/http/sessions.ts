import type { Clock } from '../lib/clock.ts';
import { recent } from '../lib/recent.ts';
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
  const sessions = recent<{ previous: Previous | undefined; documents: boolean }>({
    most,
    ttl: { ms: ttlMs, clock },
  });

  return {
    open(id) {
      const known = id === undefined ? undefined : sessions.get(id);
      if (id !== undefined && known !== undefined) return { id, ...known };
      const fresh = { previous: undefined, documents: false };
      const session = newId();
      sessions.set(session, fresh);
      return { id: session, ...fresh };
    },
    remember(id, previous) {
      const known = sessions.get(id);
      if (known) sessions.set(id, { ...known, previous });
    },
    attach(id) {
      if (sessions.get(id)) sessions.set(id, { previous: undefined, documents: true });
    },
  };
}
