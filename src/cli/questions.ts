import type { Command } from 'commander';
import { toCsv } from '../lib/csv.ts';
import type { OpenQuestion, QuestionGroup } from '../pipeline/question-groups.ts';
import type { ReplyState } from '../storage/questions.ts';
import { withData } from './data.ts';
import { answerGroup, attachGroup, dismissGroup, type Told } from './questions-settle.ts';
import { openInbox, type InboxView } from './questions-inbox.ts';
import { wholeNumber } from './number.ts';
import { minute } from './time.ts';

interface Settling {
  phrasing?: string[];
  phrasings: boolean;
  yes?: boolean;
  tell: boolean;
  days: string;
}

const collect = (value: string, before: string[] = []): string[] => [...before, value];

/** Questions that were not answered, or whose answer did not help: what the desk's documents lack. */
export function addQuestions(program: Command): void {
  const questions = program
    .command('questions')
    .description('Questions that were not answered, alike with alike: answer them once for all.');

  questions
    .command('list')
    .description('Groups that wait for an answer, most asked first.')
    .option('-n <n>', 'how many to show', '20')
    .option('--dismissed', 'those that were put aside instead')
    .action((options: { n: string; dismissed?: boolean }) =>
      withInbox(async (view) => {
        const most = wholeNumber('-n', options.n, 1, 1000);
        const groups = await view.groups(options.dismissed ? ['dismissed'] : ['open']);
        if (groups.length === 0) console.log('No question waits for an answer.');
        for (const group of groups.slice(0, most)) console.log(await summary(view, group));
        if (groups.length > most)
          console.log(`… and ${String(groups.length - most)} more: -n ${String(groups.length)}`);
      }),
    );

  questions
    .command('show <group>')
    .description('Every question of a group, the nearest entries, and what became of those who asked.')
    .action((id: string) =>
      withInbox(async (view) => {
        const group = await view.find(id, ['open', 'dismissed', 'answered', 'attached']);
        console.log(await summary(view, group));
        const bounced = await view.tables.bounced(group.questions.map((question) => question.id));
        for (const question of group.questions)
          console.log(await questionLine(view, question, bounced.get(question.id)));
        const phrasings = await view.phrasingsOf(group);
        console.log(['', 'As phrasings:', ...phrasings.map(({ text }) => `  ${text}`)].join('\n'));
        const nearest = view.nearest(group);
        console.log(
          [
            '',
            'Nearest entries:',
            ...(nearest.length === 0 ? ['none'] : nearest).map((each) => `  ${each}`),
          ].join('\n'),
        );
      }),
    );

  settling(
    questions
      .command('answer <group>')
      .description('Write the answer once: it is searchable at once, and told to those who asked.')
      .requiredOption('--title <question>', 'the question, as the desk should know it')
      .requiredOption('--body <file>', 'file with the answer in Markdown; - for the standard input'),
  ).action((id: string, options: Settling & { title: string; body: string }) =>
    withInbox(async (view) => {
      const told = await answerGroup(view, id, { ...options, days: daysOf(options) });
      console.log(`Answered as ${told.entry}.`);
      console.log(toldLines(told).join('\n'));
    }),
  );

  settling(
    questions
      .command('attach <group> <entry>')
      .description('The desk knows the answer: make these other ways of asking for an entry it has.'),
  ).action((id: string, entry: string, options: Settling) =>
    withInbox(async (view) => {
      const told = await attachGroup(view, id, entry, { ...options, days: daysOf(options) });
      console.log(`Attached to ${told.entry}.`);
      console.log(toldLines(told).join('\n'));
    }),
  );

  questions
    .command('dismiss <group>')
    .description('Put a group aside, and what is like it: not for this desk.')
    .action((id: string) =>
      withInbox(async (view) => {
        await dismissGroup(view, id);
        console.log(`Group ${id} is put aside: "guichet questions list --dismissed" shows it.`);
      }),
    );

  questions
    .command('export')
    .description(
      'Every group that waits, as a table on the standard output; numbers and addresses are left out.',
    )
    .option('--json', 'for a program')
    .action(({ json }: { json?: boolean }) =>
      withInbox(async (view) => {
        const groups = await view.groups(['open']);
        const records = [];
        for (const group of groups) {
          const phrasings = await view.phrasingsOf(group);
          records.push(
            record(
              group,
              phrasings.map(({ text }) => text),
            ),
          );
        }
        process.stdout.write(json ? `${JSON.stringify(records, undefined, 2)}\n` : toCsv(table(records)));
      }),
    );
}

const settling = (command: Command): Command =>
  command
    .option(
      '--phrasing <text>',
      'a way of asking to keep, instead of those of the group (repeatable)',
      collect,
    )
    .option('--yes', 'keep the ways it was asked: they were read, and tell of nobody')
    .option('--no-phrasings', 'keep none of the ways it was asked')
    .option('--days <n>', 'tell those who asked in the last n days', '14')
    .option('--no-tell', 'tell nobody');

const withInbox = (use: (view: InboxView) => Promise<void>): Promise<void> =>
  withData(async (data) => {
    const view = await openInbox(data);
    try {
      await use(view);
    } finally {
      await view.close();
    }
  });

const daysOf = ({ days, tell }: Settling): number => (tell ? wholeNumber('--days', days, 1, 90) : 0);

async function summary(view: InboxView, { id, questions, people, state }: QuestionGroup): Promise<string> {
  const last = questions.at(-1);
  const down = questions.filter(({ vote }) => vote === -1).length;
  return [
    id.padEnd(8),
    `${String(questions.length)}×`.padStart(5),
    (people === 1 ? '1 person' : `${String(people)} people`).padStart(11),
    last ? minute(last.at) : '',
    ...(down > 0 ? [`👎 ${String(down)}`] : []),
    ...(state === 'open' ? [] : [state]),
    `  ${last ? await view.shown(last) : ''}`,
  ].join('  ');
}

async function questionLine(
  view: InboxView,
  question: OpenQuestion,
  bounced: string | undefined,
): Promise<string> {
  const { at, channel, outcome, vote, confidence, document, reply } = question;
  const facts = [
    minute(at),
    channel,
    vote === -1 ? '👎' : outcome,
    ...(confidence === null ? [] : [(confidence / 1000).toFixed(2)]),
    ...(document === null ? [] : [document]),
    ...(reply === null ? [] : [toldAs(reply, bounced)]),
  ];
  return `    ${await view.shown(question)}\n      ${facts.join(' · ')}`;
}

const TOLD = {
  wanted: 'to be told',
  sent: 'told',
  outside_window: 'not told: the platform lets us write only soon after they wrote',
  opted_out: 'not told: they want no announcements',
  unreachable: 'not told: they cannot be reached',
  in_group: 'asked in a group: not told there',
  gone: 'not told: they are gone',
  failed: 'not told: an error, see the log of the desk ("not_told")',
} as const;

/** `bounced`: why the platform did not bring what it took. */
const toldAs = (reply: ReplyState, bounced: string | undefined): string =>
  reply === 'sent' && bounced !== undefined ? `not told: it did not arrive (${bounced})` : TOLD[reply];

const toldLines = ({ phrasings, replies, old }: Told): string[] => [
  phrasings.length === 0
    ? 'No other phrasing is kept.'
    : `Phrasings kept: ${phrasings.map((each) => `"${each}"`).join(', ')}`,
  ...(replies.size === 0 ? ['Nobody is told.'] : []),
  ...[...replies].map(
    ([reply, n]) => `${String(n)} ${TOLD[reply]}${reply === 'wanted' ? ' once the desk runs' : ''}`,
  ),
  ...(old === 0 ? [] : [`${String(old)} not told: they asked too long ago (--days)`]),
];

interface Record {
  group: string;
  asked: number;
  people: number;
  down: number;
  first: string;
  last: string;
  phrasings: string[];
}

const record = ({ id, questions, people }: QuestionGroup, phrasings: string[]): Record => ({
  group: id,
  asked: questions.length,
  people,
  down: questions.filter(({ vote }) => vote === -1).length,
  first: minute(questions[0]?.at ?? 0),
  last: minute(questions.at(-1)?.at ?? 0),
  phrasings,
});

const table = (records: readonly Record[]): string[][] => [
  ['Groupe', 'Demandes', 'Personnes', 'Pas utile', 'Première', 'Dernière', 'Formulations'],
  ...records.map(({ group, asked, people, down, first, last, phrasings }) => [
    group,
    String(asked),
    String(people),
    String(down),
    first,
    last,
    phrasings.join(' | '),
  ]),
];
