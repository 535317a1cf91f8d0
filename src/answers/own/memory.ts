import type { Clock } from '../../lib/clock.ts';
import { recent } from '../../lib/recent.ts';
import type { SessionDocument, SessionDocuments } from '../../message/answer.ts';

const SESSION_MS = 30 * 60_000;
const MOST_SESSIONS = 200;
const MOST_DOCUMENTS = 10;

/** Keeps them in memory, for the command line and for tests: bounded, forgotten after half an hour of silence. */
export function memoryDocuments(clock: Clock): SessionDocuments {
  const sessions = recent<SessionDocument[]>({ most: MOST_SESSIONS, ttl: { ms: SESSION_MS, clock } });
  return {
    save(session, document) {
      const others = (sessions.get(session) ?? []).filter(({ id }) => id !== document.id);
      sessions.set(session, [document, ...others].slice(0, MOST_DOCUMENTS));
      return Promise.resolve();
    },
    of: (session) => Promise.resolve(sessions.get(session) ?? []),
  };
}
