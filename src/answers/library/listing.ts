import type { DocumentFormat, DocumentVersion } from '../../message/library.ts';
import { hasEnded, startOf, turnOf } from './effective.ts';
import type { FolderFile } from './folder.ts';
import { refusalSentence } from './refusal.ts';

/** `reading`: until it is answered from. `waiting`: its day has not come. `ended`: its last day is over, and nothing is answered from it. */
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

/** A file of the desk's folder, with what became of it. `key` changes with its content. */
export type DeskFile = Pick<FolderFile, 'id' | 'file' | 'format'> &
  Pick<Listed, 'reason' | 'title'> & { key: string; state: 'reading' | 'ready' | 'refused' };

/** What a running desk answers from: the id of a version, or a file of the desk's folder as it was read. */
export interface Answering {
  from: { version: string } | { file: string; content: string };
  passages: number;
}

/** Of a document; nothing of it: `undefined`. Without this, what is read is taken to be answered from, as it will be. */
export type WhatAnswers = (document: string) => Answering | undefined;

export interface ListedVersion extends Omit<Listed, 'id' | 'origin' | 'version' | 'answered'> {
  number: number;
  hash: string;
  bytes: number;
  why?: string;
  withdrawn?: { at: number; by: string; why?: string };
}

/** `coming`: it is read, and its turn, and the desk still answers from what was there before. */
const stateOf = (version: DocumentVersion, now: number, coming: boolean): ListedState => {
  if (version.withdrawn_at !== null) return 'withdrawn';
  if (version.state !== 'ready') return version.state;
  if (startOf(version) > now) return 'waiting';
  return hasEnded(version, now) ? 'ended' : coming ? 'reading' : 'ready';
};

function told(version: DocumentVersion, now: number, coming: boolean) {
  const { title, file, format, effective_from, effective_to, by, at, reason } = version;
  return {
    state: stateOf(version, now, coming),
    ...(version.state === 'refused' && { reason: refusalSentence(file, reason) }),
    ...(title !== null && { title }),
    ...{ file, format },
    ...(effective_from !== null && { effective_from }),
    ...(effective_to !== null && { effective_to }),
    ...{ by, at },
  };
}

/** The version whose turn it is, while the desk still answers from what was there before: its id. */
function comingOf(
  versions: readonly DocumentVersion[],
  now: number,
  answers: WhatAnswers | undefined,
): string | undefined {
  const turn = turnOf(versions, now);
  if (turn === undefined || answers === undefined) return undefined;
  const from = answers(turn.document)?.from;
  return from && 'version' in from && from.version === turn.id ? undefined : turn.id;
}

function deskDocument({ id, file, format, state, title, reason, key }: DeskFile, answers?: WhatAnswers) {
  const from = answers?.(id)?.from;
  const coming = answers && !(from && 'file' in from && from.content === key);
  return {
    ...{ id, origin: 'desk' as const, state: state === 'ready' && coming ? 'reading' : state, file, format },
    ...(title !== undefined && { title }),
    ...(reason !== undefined && { reason }),
  };
}

function answeredOf(
  file: DeskFile | undefined,
  versions: readonly DocumentVersion[],
  now: number,
): Listed['answered'] {
  const turn = turnOf(versions, now);
  if (turn) return hasEnded(turn, now) ? undefined : { version: turn.number };
  return file?.state === 'ready' ? { file: file.file } : undefined;
}

/** The same as a running desk says it. */
function named(answering: Answering | undefined, versions: readonly DocumentVersion[]): Listed['answered'] {
  if (answering === undefined) return undefined;
  const { from } = answering;
  if ('file' in from) return { file: from.file };
  const version = versions.find(({ id }) => id === from.version);
  return version && { version: version.number };
}

/** Every document, those of the desk's folder under those of the library, by id. */
export function listDocuments(
  folder: readonly DeskFile[],
  versions: readonly DocumentVersion[],
  now: number,
  answers?: WhatAnswers,
): Listed[] {
  const files = new Map(folder.map((file) => [file.id, file]));
  const library = Map.groupBy(versions, ({ document }) => document);
  return [...new Set([...files.keys(), ...library.keys()])].sort().flatMap((id): Listed[] => {
    const file = files.get(id);
    const all = library.get(id) ?? [];
    const newest = all.at(-1);
    const found = answers ? named(answers(id), all) : answeredOf(file, all, now);
    const answered = found && { answered: found };
    if (file && (newest === undefined || newest.withdrawn_at !== null))
      return [{ ...deskDocument(file, answers), ...answered }];
    if (newest === undefined) return [];
    const coming = comingOf(all, now, answers) === newest.id;
    return [
      { ...{ id, origin: 'library', ...told(newest, now, coming), version: newest.number }, ...answered },
    ];
  });
}

/** Of one document, the newest first. */
export function listVersions(
  versions: readonly DocumentVersion[],
  now: number,
  answers?: WhatAnswers,
): ListedVersion[] {
  const coming = comingOf(versions, now, answers);
  return versions
    .map((version) => {
      const { number, hash, bytes, why, withdrawn_at, withdrawn_by, withdrawn_why } = version;
      return {
        ...{ number, ...told(version, now, coming === version.id), hash, bytes },
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
}
