import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Command } from 'commander';
import { scanDesk } from '../answers/library/desk.ts';
import { formatOf, isDocumentId } from '../answers/library/format.ts';
import { hasEnded, startOf, turnOf } from '../answers/library/effective.ts';
import type { Extractor } from '../answers/library/extractor.ts';
import { documentIdOf, type Library, type NewDocument } from '../answers/library/library.ts';
import { listDocuments, listVersions, type Listed, type ListedVersion } from '../answers/library/listing.ts';
import { refusalSentence } from '../answers/library/refusal.ts';
import { systemClock } from '../lib/clock.ts';
import type { DocumentVersion } from '../message/library.ts';
import { actor } from './actor.ts';
import { withData, type DeskData } from './data.ts';
import { UsageError } from './errors.ts';
import { withLibrary } from './library.ts';
import { showProgress } from './progress.ts';
import { isDate } from '../lib/day.ts';
import { minute } from './time.ts';

interface Given {
  id?: string;
  title?: string;
  from?: string;
  to?: string;
  why?: string;
}

/** What answers come from, beside the files of the desk's folder. */
export function addDocuments(program: Command): void {
  const documents = program
    .command('documents')
    .description('What answers come from; works while the desk runs, which follows within seconds.');

  described(
    documents
      .command('add <file...>')
      .description('Answer from these files too: PDF, DOCX, XLSX, CSV, HTML, TXT, Markdown, pictures.'),
  )
    .option('--id <id>', 'what sources call it; by default the name of the file')
    .action((files: string[], given: Given) => addAll(files, given));

  described(
    documents
      .command('replace <id> <file>')
      .description('A new version of a document; the one before is answered from until it is read.'),
  ).action((id: string, file: string, given: Given) =>
    withDocuments(async (library, known) => {
      if (!known.some((one) => one.id === id)) throw new UsageError(unknown(id));
      await put(library, id, file, given);
    }),
  );

  documents
    .command('withdraw <id>')
    .description('Answer from it no more; a file of the desk of the same id comes back.')
    .option('--why <words>', 'for those who come after')
    .action((id: string, { why }: Given) =>
      withDocuments(async (library, known) => {
        if (await library.withdraw(id, { by: actor(), ...(why !== undefined && { why }) })) {
          console.log(`Withdrawn: ${id}.`);
          return;
        }
        const file = known.find((one) => one.id === id && one.origin === 'desk')?.file;
        throw new UsageError(
          file === undefined
            ? unknown(id)
            : `${id} is the file documents/${file} of the desk: change it there.`,
        );
      }),
    );

  documents
    .command('list')
    .description('Every document, and what became of it.')
    .option('--json', 'print everything as JSON')
    .action(({ json }: { json?: boolean }) =>
      withDocuments((_, known) => {
        console.log(
          json ? JSON.stringify(known, null, 2) : known.map(line).join('\n') || 'There is no document.',
        );
        return Promise.resolve();
      }),
    );

  documents
    .command('show <id>')
    .description('The versions of a document: who, when, why.')
    .option('--json', 'print everything as JSON')
    .action((id: string, { json }: { json?: boolean }) =>
      withDocuments(async (library, known) => {
        const found = known.find((one) => one.id === id);
        if (!found) throw new UsageError(unknown(id));
        const all = (await library.versions()).filter(({ document }) => document === id);
        const versions = listVersions(all, systemClock.now());
        console.log(
          json
            ? JSON.stringify({ ...found, versions }, null, 2)
            : [line(found), ...versions.map(versionLines)].join('\n'),
        );
      }),
    );
}

const described = (command: Command): Command =>
  command
    .option('--title <title>', 'shown in sources; by default what the file calls itself')
    .option('--from <day>', 'YYYY-MM-DD, answered from that day on')
    .option('--to <day>', 'YYYY-MM-DD, the last day it is answered')
    .option('--why <words>', 'for those who come after');

const unknown = (id: string): string =>
  `There is no document ${id}: copy its id from "guichet documents list".`;

async function withDocuments(
  use: (library: Library, known: Listed[]) => Promise<void>,
  options?: { begin: boolean },
): Promise<void> {
  await withData(
    (data) =>
      withLibrary(data, async (library, extractor) => {
        await use(library, await listed(data, library, extractor));
      }),
    options,
  );
}

async function listed(
  { config }: DeskData,
  library: Library,
  extractor: Pick<Extractor, 'known'>,
): Promise<Listed[]> {
  const { documents } = await scanDesk(join(config.desk.folder, 'documents'), extractor);
  return listDocuments([...documents.values()], await library.versions(), systemClock.now());
}

/** Two files of one id would be two versions of one document, the first never answered from. */
function refuseTwins(files: readonly string[]): void {
  const twins = [...Map.groupBy(files, (file) => documentIdOf(basename(file)))].find(
    ([, same]) => same.length > 1,
  );
  if (twins)
    throw new UsageError(
      `${twins[1].join(' and ')} would both be the document ${twins[0]}: nothing was added. Add them one by one, each with its --id.`,
    );
}

async function addAll(files: string[], given: Given): Promise<void> {
  if (files.length > 1 && (given.id ?? given.title) !== undefined)
    throw new UsageError('--id and --title belong to one file: add the files one by one.');
  refuseTwins(files);
  const addEach = async (library: Library, known: readonly Listed[]): Promise<void> => {
    const failed: string[] = [];
    for (const [at, file] of files.entries()) {
      const id = given.id ?? documentIdOf(basename(file));
      try {
        if (!isDocumentId(id))
          throw new UsageError(
            `--id ${id}: use letters, digits, spaces and . _ - in up to five parts with / between them.`,
          );
        if (known.some((one) => one.id === id && one.state !== 'withdrawn'))
          throw new UsageError(exists(id, file));
        showProgress({ done: at + 1, total: files.length, file });
        await put(library, id, file, { ...given, first: true });
      } catch (error) {
        if (!(error instanceof UsageError)) throw error;
        failed.push(error.message);
      }
    }
    if (failed.length > 0) throw new UsageError(failed.join('\n'));
  };
  await withDocuments(addEach, { begin: true });
}

const exists = (id: string, file: string): string =>
  `There is a document ${id}: use "guichet documents replace ${id} ${file}", or another --id.`;

async function put(
  library: Library,
  id: string,
  path: string,
  given: Given & { first?: true },
): Promise<void> {
  const file = basename(path);
  const days = effective(given);
  if (formatOf(file) === undefined) throw new UsageError(refusalSentence(file, 'unsupported'));
  const bytes = await readFile(path).catch(() => {
    throw new UsageError(`${path} cannot be read: give the path of a file.`);
  });
  const { title, why, first } = given;
  const added = await library.add(id, {
    ...{ file, bytes, by: actor(), ...days },
    ...(title !== undefined && { title }),
    ...(why !== undefined && { why }),
    ...(first && { first }),
  });
  if (!added.ok && added.reason === 'exists') throw new UsageError(exists(id, path));
  if (!added.ok) throw new UsageError(`${path} cannot be kept: the disk has too little room left.`);
  const settled = await added.done;
  if (settled?.state !== 'ready') throw new UsageError(refusalSentence(file, settled?.reason ?? 'failed'));
  console.log(`Read: ${id}, version ${String(settled.number)}.${await whenAnswered(library, settled)}`);
}

/** What is read and not answered from: its day has not come, or is over. */
async function whenAnswered(library: Library, version: DocumentVersion): Promise<string> {
  const now = systemClock.now();
  const { document, effective_from: from, effective_to: to } = version;
  if (to !== null && hasEnded(version, now))
    return ` Its last day, ${to}, is over: nothing is answered from it.`;
  if (from === null || startOf(version) <= now) return '';
  const others = (await library.versions()).filter((one) => one.document === document);
  const turn = turnOf(others, now);
  const until =
    turn && !hasEnded(turn, now) ? ` Until then version ${String(turn.number)} is answered from.` : '';
  return ` It waits for that day: ${from} (UTC).${until}`;
}

function effective({ from, to }: Given): Pick<NewDocument, 'effectiveFrom' | 'effectiveTo'> {
  for (const day of [from, to])
    if (day !== undefined && !isDate(day)) throw new UsageError(`${day} is no day: write it as YYYY-MM-DD.`);
  if (from !== undefined && to !== undefined && to < from) throw new UsageError('--to is before --from.');
  return { ...(from !== undefined && { effectiveFrom: from }), ...(to !== undefined && { effectiveTo: to }) };
}

const line = (listed: Listed): string => {
  const { id, origin, state, version, effective_from, effective_to, file, reason, answered } = listed;
  return [
    (origin === 'desk' && state === 'ready' ? 'desk' : state).padEnd(9),
    id,
    ...(version === undefined ? [] : [`v${String(version)}`]),
    ...(effective_from === undefined ? [] : [`from ${effective_from}`]),
    ...(effective_to === undefined ? [] : [`to ${effective_to}`]),
    reason ?? `(${file})`,
    ...(answered === undefined || state === 'ready'
      ? []
      : [
          'file' in answered
            ? `documents/${answered.file} of the desk still answers`
            : `v${String(answered.version)} still answers`,
        ]),
  ].join('  ');
};

const versionLines = (version: ListedVersion): string =>
  [
    `  v${String(version.number)}  ${version.state}  ${version.file}  ${String(version.bytes)} bytes  by ${version.by ?? ''} at ${minute(version.at ?? 0)}${version.why === undefined ? '' : `: ${version.why}`}`,
    ...(version.reason === undefined ? [] : [`      ${version.reason}`]),
    ...(version.withdrawn === undefined
      ? []
      : [
          `      withdrawn by ${version.withdrawn.by} at ${minute(version.withdrawn.at)}${version.withdrawn.why === undefined ? '' : `: ${version.withdrawn.why}`}`,
        ]),
    `      sha256 ${version.hash}`,
  ].join('\n');
