import type { DocumentFormat, DocumentVersion } from '../../message/library.ts';
import { hasEnded, startOf, turnOf } from './effective.ts';
import type { FolderFile } from './folder.ts';
import { refusalSentence } from './refusal.ts';

/** `waiting`: its day has not come. `ended`: its last day is over, and nothing is answered from it. */
export type ListedState = 'reading' | 'ready' | 'refused' | 'waiting' | 'ended' | 'withdrawn';

/** A document as people see it in a list: the version whose turn it is, else the last. */
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
  effective_from?: string;
  effective_to?: string;
  by?: string;
  /** Epoch ms. */
  at?: number;
}

export interface ListedVersion extends Omit<Listed, 'id' | 'origin' | 'version'> {
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
  folder: readonly Pick<FolderFile, 'id' | 'file' | 'format'>[],
  versions: readonly DocumentVersion[],
  now: number,
): Listed[] {
  const listed = new Map<string, Listed>(
    folder.map(({ id, file, format }) => [id, { id, origin: 'desk', state: 'ready', file, format }]),
  );
  for (const [id, all] of Map.groupBy(versions, ({ document }) => document)) {
    const shown = turnOf(all, now) ?? all.at(-1);
    if (shown === undefined || (shown.withdrawn_at !== null && listed.has(id))) continue;
    listed.set(id, { id, origin: 'library', ...told(shown, now), version: shown.number });
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
