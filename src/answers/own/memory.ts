import type { Clock } from '../../lib/clock.ts';
import type { SessionDocument, SessionDocuments } from '../../message/answer.ts';

const SESSION_MS = 30 * 60_000;
const MOST_SESSIONS = 200;
const MOST_DOCUMENTS = 10;

/** Keeps them in memory, for the command line and for tests: bounded, forgotten after half an hour of silence. */
export function memoryDocuments(clock: Clock): SessionDocuments {
  /** The one used last is the last. */
  const sessions = new Map<string, { usedAt: number; documents: SessionDocument[] }>();
  const use = (session: string, documents: SessionDocument[]): void => {
    sessions.delete(session);
    sessions.set(session, { usedAt: clock.monotonic(), documents });
    for (const [old, { usedAt }] of sessions) {
      if (sessions.size <= MOST_SESSIONS && clock.monotonic() - usedAt < SESSION_MS) break;
      sessions.delete(old);
    }
  };
  const alive = (session: string): SessionDocument[] => {
    const found = sessions.get(session);
    return found === undefined || clock.monotonic() - found.usedAt >= SESSION_MS ? [] : found.documents;
  };
  return {
    save(session, document) {
      const others = alive(session).filter(({ id }) => id !== document.id);
      use(session, [document, ...others].slice(0, MOST_DOCUMENTS));
      return Promise.resolve();
    },
    of(session) {
      const documents = alive(session);
      if (documents.length > 0) use(session, documents);
      return Promise.resolve(documents);
    },
  };
}
