import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { createEmbeddedAnswerer, type EmbeddedAnswerer } from '../answers/embedded.ts';
import { evaluate, reportOf, worse, type Judged, type Report } from '../answers/evaluation/evaluate.ts';
import { readQuestions, type SetQuestion } from '../answers/evaluation/questions.ts';
import { readConfig } from '../config/config.ts';
import type { Desk } from '../desk/desk.ts';
import { loadDesk } from '../desk/load.ts';
import { systemClock } from '../lib/clock.ts';
import { newId } from '../lib/ids.ts';
import { libraryTables } from '../storage/library.ts';
import { questionSetFile } from '../storage/question-set.ts';
import { withData } from './data.ts';
import { UsageError } from './errors.ts';
import { calibrationLines, calibrationOf } from './eval-calibration.ts';
import { failureLine, reportLines } from './eval-table.ts';
import { json } from '../lib/json.ts';

interface Options {
  desk?: string;
  data?: boolean;
  calibrate?: boolean;
  json?: boolean;
  save?: boolean;
  tolerance: string;
}

/** The last saved run, committed with the desk. */
const SAVED = 'eval.json';

/** Asks a desk its own questions: ends with 1 when it answers worse than at the last saved run. */
export function addEval(program: Command): void {
  program
    .command('eval')
    .description('Ask the desk its own questions, and compare with the last saved run.')
    .option('--desk <folder>', 'folder of the desk (default: the configured one)')
    .option('--data', 'with the documents and the questions that were added while it runs')
    .option('--calibrate', 'show where confidence begins, and what that refuses')
    .option('--json', 'print everything as JSON')
    .option('--save', `keep this run in the desk's ${SAVED}: the next ones are compared with it`)
    .option('--tolerance <points>', 'how many points worse is still well', '1')
    .action(async (options: Options) => {
      const tolerance = Number(options.tolerance);
      if (options.tolerance.trim() === '' || !(tolerance >= 0 && tolerance <= 100))
        throw new UsageError(`--tolerance ${options.tolerance}: write a number from 0 to 100.`);
      const passed = options.data
        ? await evaluateData(options)
        : await evaluateDesk(resolve(options.desk ?? readConfig().desk.folder), tolerance / 100, options);
      if (!passed) process.exitCode = 1;
    });
}

async function evaluateDesk(folder: string, tolerance: number, options: Options): Promise<boolean> {
  const desk = loadDesk(folder);
  const saved = join(folder, SAVED);
  const before = savedReport(saved);
  const engine = await createEmbeddedAnswerer({ folder, language: desk.language, clock: systemClock });
  try {
    const judged = await judge(engine, desk, questionsOf(desk));
    const now = reportOf(judged);
    const problems = before ? worse(now, before, tolerance) : [];
    await print({ desk, judged, now, before, problems }, engine, options);
    if (options.save) writeFileSync(saved, `${JSON.stringify(now, undefined, 2)}\n`);
    return problems.length === 0 || options.save === true;
  } finally {
    await engine.close();
  }
}

/** What was added while the desk runs is nobody's to commit: it is held against nothing. */
function evaluateData(options: Options): Promise<boolean> {
  if (options.desk !== undefined || options.save)
    throw new UsageError('--data asks the configured desk with its data: leave --desk and --save out.');
  return withData(async ({ config, store, documents, ...data }) => {
    const desk = await data.desk();
    const records = libraryTables(store, documents);
    const engine = await createEmbeddedAnswerer({
      folder: desk.folder,
      language: desk.language,
      clock: systemClock,
      library: { records, newId },
    });
    try {
      const file = questionSetFile(config.data);
      const judged = await judge(engine, desk, [
        ...questionsOf(desk),
        ...readQuestions(read(file) ?? '', file),
        // Other ways of asking that staff kept: in the database, because they go with whoever said them.
        ...(await records.phrasings()).map(({ id, text, document }) => ({
          ...{ id: `inbox-${id}`, question: text, answerable: true, must: [], source: document },
          style: 'inbox',
        })),
      ]);
      await print({ desk, judged, now: reportOf(judged), before: undefined, problems: [] }, engine, options);
      return true;
    } finally {
      await engine.close();
    }
  });
}

function judge(engine: EmbeddedAnswerer, { language }: Desk, questions: SetQuestion[]): Promise<Judged[]> {
  const signal = new AbortController().signal;
  return evaluate((text) => engine.answer({ text, language }, signal), questions, systemClock);
}

function questionsOf({ folder }: Desk): SetQuestion[] {
  const file = join(folder, 'questions.jsonl');
  const jsonl = read(file);
  if (jsonl !== undefined) return readQuestions(jsonl, file);
  throw new UsageError(
    `${file} does not exist: write one question per line, such as {"id":"1","question":"…","answerable":true,"must_contain":["…"]}.`,
  );
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function savedReport(file: string): Report | undefined {
  const saved = read(file);
  if (saved === undefined) return undefined;
  const { answerable, unanswerable, styles } = (json(saved) ?? {}) as Partial<Report>;
  if (!answerable || !unanswerable || !styles)
    throw new UsageError(`${file} is no saved run: delete it, and make one with "guichet eval --save".`);
  return { answerable, unanswerable, styles };
}

interface Run {
  desk: Desk;
  judged: Judged[];
  now: Report;
  before: Report | undefined;
  problems: string[];
}

async function print(
  { desk, judged, now, before, problems }: Run,
  engine: EmbeddedAnswerer,
  { json, calibrate }: Options,
): Promise<void> {
  const failures = judged.filter(({ good }) => !good);
  const calibration = calibrate ? await calibrationOf(engine, judged) : undefined;
  if (json) {
    const run = { desk: desk.name, ...now, before, problems, calibration, failures: failures.map(failureOf) };
    console.log(JSON.stringify(run, undefined, 2));
    return;
  }
  const block = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : ['', title, ...lines];
  console.log(
    [
      `${desk.organisation}: ${String(judged.length)} questions`,
      '',
      ...reportLines(now, before),
      ...block('What went wrong:', failures.map(failureLine)),
      ...block('Confidence:', calibration ? calibrationLines(calibration) : []),
      ...block(
        'Worse than the last saved run:',
        problems.map((each) => `  ${each}`),
      ),
    ].join('\n'),
  );
}

function failureOf({ asked: { id, question, style }, verdict, answer }: Judged): Record<string, unknown> {
  const source = 'sources' in answer ? answer.sources[0] : undefined;
  return {
    ...{ id, question, style, verdict },
    ...('confidence' in answer ? { confidence: answer.confidence } : {}),
    ...(source && { source: source.document, section: source.section }),
  };
}
