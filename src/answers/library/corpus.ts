import type { Clock } from '../../lib/clock.ts';
import type { DocumentVersion, LibraryRecords, Phrasing } from '../../message/library.ts';
import type { Attributes } from '../ingest/attributes.ts';
import { describeProblem, DocumentsError } from '../ingest/documents.ts';
import type { Passage, Problem } from '../ingest/passage.ts';
import { createCollection } from '../retrieval/living.ts';
import type { Retriever, RetrieverOptions } from '../retrieval/retriever.ts';
import type { Desk, DeskDocument } from './desk.ts';
import { problemOf, readPending, scanDesk } from './desk.ts';
import { hasEnded, nextChange, turnOf } from './effective.ts';
import { mayPass } from './extractor.ts';
import type { Extractor } from './extractor.ts';
import type { Answering } from './listing.ts';
import { documentPassages } from './passages.ts';
import { refusalSentence } from './refusal.ts';

/** What is answered from: the desk's folder, and over it the library. It changes; a retriever taken from it does not. */
export interface Corpus {
  readonly retriever: Retriever;
  /** Documents of the desk's folder. */
  desk(): DeskDocument[];
  /** What of this document is answered from now; absent: nothing. */
  answering(document: string): Answering | undefined;
  /** Reads again only what changed in the library or by the clock. */
  refresh(): Promise<void>;
  /** The same when somebody changed something, a day has come, or a file could not be read. Cheap: for every few seconds. */
  poll(): Promise<void>;
  close(): Promise<void>;
}

export interface CorpusOptions {
  /** The desk's `documents/`. */
  folder: string;
  language: string;
  clock: Clock;
  extractor: Extractor;
  /** Options of the index. */
  retrieval: RetrieverOptions;
  records?: LibraryRecords;
  /** Another retriever is answered from. */
  swapped?(retriever: Retriever): void;
  /** A file is not answered from, and why. */
  warn?(problem: Problem): void;
  progress?(read: { done: number; total: number; file: string }): void;
  /** Answer at once; files that were never read come in as they are read. Default: they are waited for. */
  background?: boolean;
}

/** While many files are read, the index is made anew at most this often, ms. */
const COMMIT_EVERY_MS = 3_000;

/** One document as it should be answered from: whose content it is, its name, and how to get it. */
interface Wanted {
  from: Answering['from'];
  /** `undefined`: they could not be read this time. */
  passages(): Promise<Passage[] | undefined>;
}

const keyOf = (from: Answering['from']): string =>
  'version' in from ? `version ${from.version}` : from.content;

export async function openCorpus(options: CorpusOptions): Promise<Corpus> {
  const { clock, extractor, records, language } = options;
  const stopping = new AbortController();
  const collection = createCollection(options.retrieval);
  /** What stands in the collection. */
  const applied = new Map<string, Answering & { key: string }>();
  /** What stood there when the retriever was taken. */
  let answered: ReadonlyMap<string, Answering> = new Map();
  /** The collection holds what its last retriever does not. */
  let dirty = true;
  /** Something wanted could not be read: the next look tries again. */
  let lacking = false;
  /** Versions whose reading failed in a way that may pass. */
  const failed = new Set<string>();
  let retriever: Retriever | undefined;
  const desk = await scan();
  let versions: DocumentVersion[] = [];
  let phrasings = new Map<string, Phrasing[]>();
  let revision = '';
  let changesAt = Number.POSITIVE_INFINITY;
  let reading: Promise<void> = Promise.resolve();

  /** One change after the other. */
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = last.then(work, work);
    last = next.catch(() => undefined);
    return next;
  };

  async function scan(): Promise<Desk> {
    const found = await scanDesk(options.folder, extractor);
    if (found.problems.length > 0) {
      const lines = found.problems.map((problem) => `  ${describeProblem(problem)}`);
      throw new DocumentsError(`The documents of ${options.folder} need a correction:\n${lines.join('\n')}`);
    }
    for (const warning of found.warnings) options.warn?.(warning);
    return found;
  }

  async function loadVersions(): Promise<void> {
    if (records === undefined) return;
    revision = await records.revision();
    versions = await records.versions();
    phrasings = Map.groupBy(await records.phrasings(), ({ document }) => document);
  }

  /** What should be answered from at this moment. */
  function wantedNow(): Map<string, Wanted> {
    const now = clock.now();
    const wanted = new Map<string, Wanted>();
    for (const [id, { state, file, key, passages }] of desk.documents)
      if (state === 'ready')
        wanted.set(id, { from: { file, content: key }, passages: () => Promise.resolve(passages) });
    for (const [id, all] of Map.groupBy(versions, ({ document }) => document)) {
      const version = turnOf(all, now);
      if (version === undefined) continue;
      if (hasEnded(version, now)) wanted.delete(id);
      else wanted.set(id, { from: { version: version.id }, passages: () => passagesOfVersion(version) });
    }
    changesAt = nextChange(versions, now);
    return wanted;
  }

  async function passagesOfVersion(version: DocumentVersion): Promise<Passage[] | undefined> {
    const { id, document, hash, format, title, effective_from, file } = version;
    const attributes: Attributes = {
      ...(title !== null && { title }),
      ...(effective_from !== null && { effectiveDate: effective_from }),
    };
    let read = await extractor.known(hash, format);
    if (read === undefined) {
      // The reader has learnt since: the file is read once more, if it is still the one that came.
      const bytes = await records?.readFile(hash);
      read = bytes
        ? await extractor.read(hash, format, bytes, stopping.signal)
        : { ok: false, reason: 'damaged' };
      if (read === undefined) return undefined;
      if (!read.ok && mayPass(read.reason) && !failed.has(id)) {
        failed.add(id);
        return undefined;
      }
    }
    if (read.ok) return (await documentPassages(document, format, read, attributes, file)).passages;
    options.warn?.({ file: document, line: 1, message: refusalSentence(file, read.reason) });
    return [];
  }

  /** Brings the collection to what is wanted, and takes the new retriever when all of it is in. */
  async function apply(): Promise<void> {
    const wanted = wantedNow();
    lacking = false;
    for (const id of [...applied.keys()].filter((one) => !wanted.has(one))) {
      await collection.remove(id);
      applied.delete(id);
      dirty = true;
    }
    for (const [id, { from, passages }] of wanted) {
      const others = phrasings.get(id) ?? [];
      const key = [keyOf(from), ...others.map((each) => each.id)].join(' ');
      if (applied.get(id)?.key === key) continue;
      const read = await passages();
      if (read === undefined) {
        lacking = true;
        continue;
      }
      const list = read.map((passage) => ({
        language,
        ...passage,
        alternates: [...passage.alternates, ...askedAs(passage, others)],
      }));
      dirty = true;
      await collection.replace(id, list);
      applied.set(id, { key, from, passages: list.length });
    }
    if (!dirty) return;
    const next = await collection.commit();
    dirty = false;
    answered = new Map(applied);
    retriever = next;
    options.swapped?.(next);
  }

  /** Reads what was never read, one file after the other; each is answered from once all of it is read. */
  async function readAll(commit: boolean): Promise<void> {
    const { pending, documents } = desk;
    let committed = clock.monotonic();
    for (const [at, file] of pending.entries()) {
      if (stopping.signal.aborted) return;
      const read = await readPending(file, extractor, stopping.signal);
      if (read) {
        documents.set(file.id, read.document);
        if (read.document.state === 'refused') options.warn?.(problemOf(read.document));
      }
      options.progress?.({ done: at + 1, total: pending.length, file: file.file });
      if (!commit || clock.monotonic() - committed < COMMIT_EVERY_MS) continue;
      await inTurn(apply);
      committed = clock.monotonic();
    }
    if (commit) await inTurn(apply);
  }

  await loadVersions();
  // Files that were never read: now, or while we answer. What fails then is told, and tried again at the next start.
  if (options.background !== true) await readAll(false);
  else if (desk.pending.length > 0) reading = readAll(true).catch(() => undefined);
  await inTurn(apply);
  await records?.sweep(desk.hashes, clock.now());

  const refresh = (): Promise<void> =>
    inTurn(async () => {
      await loadVersions();
      try {
        await apply();
      } catch (error) {
        // Half of the change may be in the collection, none of it is answered from: the next look goes on.
        revision = '';
        dirty = true;
        throw error;
      }
    });

  return {
    get retriever() {
      if (retriever === undefined) throw new Error('The documents were never indexed.');
      return retriever;
    },
    desk: () => [...desk.documents.values()],
    answering: (document) => answered.get(document),
    refresh,
    async poll() {
      if (records === undefined) return;
      if (lacking || clock.now() >= changesAt || (await records.revision()) !== revision) await refresh();
    },
    async close() {
      stopping.abort();
      await reading;
      await last;
    },
  };
}

/** What staff found that people ask when they want this passage. */
const askedAs = ({ title }: Passage, phrasings: readonly Phrasing[]): string[] =>
  phrasings.filter((each) => each.title === title).map(({ text }) => text);
