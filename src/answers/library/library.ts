import type { Clock } from '../../lib/clock.ts';
import type { NewId } from '../../lib/ids.ts';
import { scrubName } from '../../lib/scrub.ts';
import type { DocumentFormat, DocumentVersion, LibraryRecords } from '../../message/library.ts';
import type { Problem } from '../ingest/passage.ts';
import { entryMarkdown } from './entry.ts';
import type { Entry } from './entry.ts';
import type { Extractor } from './extractor.ts';
import { hashOf } from './extractor.ts';
import { formatOf, idOfFile, slug } from './format.ts';
import { documentPassages, problemSentence } from './passages.ts';

/** A file to be answered from. */
export interface NewDocument {
  /** As its sender names it; its extension says how it is to be read. */
  file: string;
  bytes: Uint8Array;
  /** Shown in sources; absent: what the file calls itself. */
  title?: string;
  /** YYYY-MM-DD, checked by the caller. */
  effectiveFrom?: string;
  /** YYYY-MM-DD, the last day. */
  effectiveTo?: string;
  /** Who, for those who come after: `staff:awa`, `key:site`. */
  by: string;
  why?: string;
  /** Only when there is no document of this id, or it was withdrawn. Of several at the same moment, one is taken. */
  first?: true;
}

/** `version` is read from now on; `done` gives it settled, or `undefined` when we were stopped in the middle. */
export type Added =
  | { ok: true; version: DocumentVersion; done: Promise<DocumentVersion | undefined> }
  /** `format`: no extension we know. `no_room`: the disk is full. `exists`: it was to be the first. */
  | { ok: false; reason: 'format' | 'no_room' | 'exists' };

/** Documents given while the desk runs. Nothing of one is answered before all of it is read. */
export interface Library {
  /** Adds a version of this document; the one before is answered from until it is read and its day has come. */
  add(document: string, file: NewDocument): Promise<Added>;
  /** An answer that staff wrote: one entry, searchable when this resolves. Gives the id of its document. */
  addEntry(entry: Entry): Promise<string>;
  /** False: nothing of it was there. What the desk's folder holds under this id is answered from again. */
  withdraw(document: string, how: { by: string; why?: string }): Promise<boolean>;
  versions(): Promise<DocumentVersion[]>;
  /** Takes up what an end of the process interrupted; what was taken up before, and interrupted again, is refused. */
  resume(): Promise<void>;
  /** Stops reading; what is not read is taken up by `resume`. */
  close(): Promise<void>;
}

export interface LibraryOptions {
  records: LibraryRecords;
  extractor: Extractor;
  clock: Clock;
  newId: NewId;
  /** Something may have changed of what is answered. */
  changed?(): Promise<void>;
  /** A file could not be settled. */
  warn?(problem: Problem): void;
}

/** Stands as the reason of what is read again, with how often: who finds it at the next start knows that it may end us. */
const TAKEN_UP = 'taken_up ';
/** Power fails too: what was under way so often when the process died is what ends it. */
const MOST_TIMES = 5;

export function createLibrary({ records, extractor, clock, newId, changed, warn }: LibraryOptions): Library {
  const stopping = new AbortController();
  const running = new Set<Promise<unknown>>();

  /** One number each, however many add at the same moment: whoever finds theirs taken looks again. */
  async function insert(
    version: Omit<DocumentVersion, 'number'>,
    first: boolean,
  ): Promise<DocumentVersion | undefined> {
    for (;;) {
      const of = (await records.versions()).filter(({ document }) => document === version.document);
      if (first && of.some(({ withdrawn_at }) => withdrawn_at === null)) return undefined;
      const whole = { ...version, number: Math.max(0, ...of.map(({ number }) => number)) + 1 };
      if (await records.insert(whole)) return whole;
    }
  }

  async function settle(
    version: DocumentVersion,
    bytes: Uint8Array | undefined,
  ): Promise<DocumentVersion | undefined> {
    const { id, hash, format, document } = version;
    const known = await extractor.known(hash, format);
    const read =
      known ??
      (bytes === undefined
        ? ({ ok: false, reason: 'damaged' } as const)
        : await extractor.read(hash, format, bytes, stopping.signal));
    if (read === undefined) return undefined;
    const refused = read.ok ? await wrong(document, format, read) : read.reason;
    const settled = { ...version, state: refused === null ? 'ready' : 'refused', reason: refused } as const;
    await records.settle(id, settled.state, refused);
    await changed?.();
    return settled;
  }

  /** Files that need a child, one after the other: the bytes of those that wait stay on disk. */
  let line: Promise<unknown> = Promise.resolve();
  function inLine(version: DocumentVersion, times = 0): Promise<DocumentVersion | undefined> {
    const next = line.then(async () => {
      if (stopping.signal.aborted) return undefined;
      if (times > 0) await records.settle(version.id, 'reading', `${TAKEN_UP}${times}`);
      const settled = await settle(version, await records.readFile(version.hash));
      // We were stopped, which is not its fault.
      if (times > 0 && settled === undefined) await records.settle(version.id, 'reading', null);
      return settled;
    });
    line = next.catch(() => undefined);
    return next;
  }

  function work(version: DocumentVersion, bytes: Uint8Array): Promise<DocumentVersion | undefined> {
    const promise = version.format === 'markdown' ? settle(version, bytes) : inLine(version);
    const ended = promise.then(
      () => undefined,
      // It stays as it is, and is taken up at the next start.
      () =>
        warn?.({
          file: version.file,
          line: 1,
          message: 'The document could not be settled: the store is down.',
        }),
    );
    running.add(ended);
    void ended.finally(() => running.delete(ended));
    return promise;
  }

  const add: Library['add'] = async (document, { bytes, first = false, ...given }) => {
    const format = formatOf(given.file);
    if (format === undefined) return { ok: false, reason: 'format' };
    const hash = hashOf(bytes);
    // The bytes are on disk before the row that names them.
    if (!(await records.saveFile(hash, bytes))) return { ok: false, reason: 'no_room' };
    const row: Omit<DocumentVersion, 'number'> = {
      ...{ id: newId(), document, state: 'reading', reason: null, file: scrubName(given.file), format },
      ...{ title: given.title ?? null, hash, bytes: bytes.length },
      ...{ effective_from: given.effectiveFrom ?? null, effective_to: given.effectiveTo ?? null },
      ...{ by: given.by, at: clock.now(), why: given.why ?? null },
      ...{ withdrawn_at: null, withdrawn_by: null, withdrawn_why: null },
    };
    const version = await insert(row, first);
    if (version === undefined) return { ok: false, reason: 'exists' };
    return { ok: true, version, done: work(version, bytes) };
  };

  /** Under this id, or the next that no document ever had. */
  async function addNamed(
    name: string,
    file: Omit<NewDocument, 'file' | 'first'>,
  ): Promise<{ document: string; added: Added }> {
    const taken = new Set((await records.versions()).map(({ document }) => document));
    for (let n = 1; ; n += 1) {
      const document = n === 1 ? name : `${name}-${n}`;
      if (taken.has(document)) continue;
      const added = await add(document, {
        ...file,
        file: `${document.slice(document.indexOf('/') + 1)}.md`,
        first: true,
      });
      // Another answer took the name meanwhile.
      if (added.ok || added.reason !== 'exists') return { document, added };
    }
  }

  return {
    add,
    async addEntry(entry) {
      const { document, added } = await addNamed(`reponses/${slug(entry.title) || 'reponse'}`, {
        ...{ bytes: Buffer.from(entryMarkdown(entry)), by: entry.by },
        ...(entry.why !== undefined && { why: entry.why }),
      });
      if (!added.ok) throw new Error('The answer could not be kept: the disk has too little room left.');
      const settled = await added.done;
      if (settled?.state === 'refused')
        throw new Error(`The answer could not be kept: ${settled.reason ?? ''}`);
      return document;
    },
    async withdraw(document, { by, why }) {
      const n = await records.withdraw(document, { at: clock.now(), by, why: why ?? null });
      if (n > 0) await changed?.();
      return n > 0;
    },
    versions: () => records.versions(),
    async resume() {
      const left = (await records.versions()).filter(({ state }) => state === 'reading');
      for (const version of left) {
        if (stopping.signal.aborted) return;
        const times = version.reason?.startsWith(TAKEN_UP)
          ? Number(version.reason.slice(TAKEN_UP.length))
          : 0;
        if (times >= MOST_TIMES) await records.settle(version.id, 'refused', 'failed');
        else await inLine(version, times + 1);
      }
    },
    async close() {
      stopping.abort();
      await Promise.all([line, ...running]);
    },
  };
}

/** The id of a document that its sender did not name. */
export const documentIdOf = (file: string): string => slug(idOfFile(file.split(/[\\/]/).at(-1) ?? file));

/** What a person must correct in a file that could be read; null: nothing. */
async function wrong(
  document: string,
  format: DocumentFormat,
  read: Parameters<typeof documentPassages>[2],
): Promise<string | null> {
  const { passages, problems } = await documentPassages(document, format, read, {});
  if (problems.length > 0) return problemSentence(problems);
  return passages.length === 0 ? 'empty' : null;
}
