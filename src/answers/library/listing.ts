import type { DocumentFormat, DocumentVersion } from '../../message/library.ts';
import { hasEnded, startOf, turnOf } from './effective.ts';
import type { FolderFile } from './folder.ts';
import { refusalSentence } from './refusal.ts';

/** `waiting`: its day has not come. `ended`: its last day is over, and nothing is answered from it. */
export type ListedState = 'reading' | 'ready' | 'refused' | 'waiting' | 'ended' | 'withdrawn';

/** A document as people see it in a list: what became of its newest version, and what is answered from meanwhile. */
export interface Listed {
  id: string;
  /** `desk`: a file of the desk's folder, changed there. */
  origin: 'desk' | 'library';
  state: ListedState;
  reason?: string;
  title?: string;
  file: string;
  format: DocumentFormat;
  version?: number;
  /** What answers come from now: a version, or the file of the desk's folder. Absent: nothing of this document. */
  answered?: { version: number } | { file: string };
  effective_from?: string;
  effective_to?: string;
  by?: string;
  /** Epoch ms. */
  at?: number;
}

/** A file of the desk's folder, with what became of it. */
export type DeskFile = Pick<FolderFile, 'id' | 'file' | 'format'> &
  Pick<Listed, 'reason' | 'title'> & { state: 'reading' | 'ready' | 'refused' };

export interface ListedVersion extends Omit<Listed, 'id' | 'origin' | 'version' | 'answered'> {
  number: number;
  hash: string;
  bytes: number;
  why?: string;
  withdrawn?: { at: number; by: string; why?: string };
}

const stateOf = (version: DocumentVersion, now: number): ListedState => {
  if (version.withdrawn_at !== null) return 'withdrawn';
  if (version.state !== 'ready') return version.state;
  return startOf(version) > now ? 'waiting' : hasEnded(version, now) ? 'ended' : 'ready';
};

function told(version: DocumentVersion, now: number) {
  const { title, file, format, effective_from, effective_to, by, at, reason } = version;
  return {
    state: stateOf(version, now),
    ...(version.state === 'refused' && { reason: refusalSentence(file, reason) }),
    ...(title !== null && { title }),
    ...{ file, format },
    ...(effective_from !== null && { effective_from }),
    ...(effective_to !== null && { effective_to }),
    ...{ by, at },
  };
}

/** Every document, those of the desk's folder under those of the library, by id. */
export function listDocuments(
  folder: readonly DeskFile[],
  versions: readonly DocumentVersion[],
  now: number,
): Listed[] {
  const listed = new Map<string, Listed>(
    folder.map(({ id, file, format, state, title, reason }) => [
      id,
      {
        ...{ id, origin: 'desk', state, file, format },
        ...(title !== undefined && { title }),
        ...(reason !== undefined && { reason }),
        ...(state === 'ready' && { answered: { file } }),
      },
    ]),
  );
  for (const [id, all] of Map.groupBy(versions, ({ document }) => document)) {
    const newest = all.at(-1);
    const below = listed.get(id);
    if (newest === undefined || (newest.withdrawn_at !== null && below)) continue;
    const turn = turnOf(all, now);
    const over = turn && (hasEnded(turn, now) ? undefined : { version: turn.number });
    const answered = turn ? over : below?.answered;
    listed.set(id, {
      ...{ id, origin: 'library', ...told(newest, now), version: newest.number },
      ...(answered && { answered }),
    });
  }
  return [...listed.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** The newest first. */
export const listVersions = (versions: readonly DocumentVersion[], now: number): ListedVersion[] =>
  versions
    .map((version) => {
      const { number, hash, bytes, why, withdrawn_at, withdrawn_by, withdrawn_why } = version;
      return {
        ...{ number, ...told(version, now), hash, bytes },
        ...(why !== null && { why }),
        ...(withdrawn_at !== null && {
          withdrawn: {
            ...{ at: withdrawn_at, by: withdrawn_by ?? '' },
            ...(withdrawn_why !== null && { why: withdrawn_why }),
          },
        }),
      };
    })
    .reverse();
