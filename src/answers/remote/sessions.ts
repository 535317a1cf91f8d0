import type { Clock } from '../../lib/clock.ts';

/** Session ids that the remote API has issued, by ours. */
export interface RemoteSessions {
  get(session: string | undefined): string | undefined;
  set(session: string, remote: string): void;
}

const SESSION_MS = 30 * 60_000;
const MOST = 10_000;

/** In memory, bounded, forgotten after half an hour of silence as the sessions themselves. */
export function remoteSessions(clock: Clock): RemoteSessions {
  /** The one used last is the last. */
  const sessions = new Map<string, { remote: string; usedAt: number }>();
  const set = (session: string, remote: string): void => {
    sessions.delete(session);
    sessions.set(session, { remote, usedAt: clock.monotonic() });
    for (const [old, { usedAt }] of sessions) {
      if (sessions.size <= MOST && clock.monotonic() - usedAt < SESSION_MS) break;
      sessions.delete(old);
    }
  };
  return {
    set,
    get(session) {
      const found = session === undefined ? undefined : sessions.get(session);
      if (session === undefined || found === undefined) return undefined;
      if (clock.monotonic() - found.usedAt >= SESSION_MS) return undefined;
      set(session, found.remote);
      return found.remote;
    },
  };
}
