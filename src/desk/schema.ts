import { z } from 'zod';
import { PAGE_KINDS, TEXT_KEYS } from './desk.ts';
import { TALK_LISTS } from './talk.ts';

/** The shape of a desk's files. Every message says what to write: `DeskError` puts the place and what was read before it. */

const PAGE_ID = /^[a-z0-9_]{1,40}$/;
const LABEL = 60;
export const EXAMPLES = 10;

export const sentence = (what: string) =>
  z.string({ error: `write ${what}` }).refine((value) => value.trim() !== '', { error: `write ${what}` });
const count = (most: number, what: string) => {
  const error = `write ${what}, a whole number from 1 to ${most}`;
  return z.int({ error }).min(1, { error }).max(most, { error });
};
export const list = <T extends z.ZodType>(item: T, what: string) => z.array(item, { error: `write ${what}` });
/** A map whose keys are checked with a sentence of their own; read with `Object.entries`, never by a foreign key. */
const map = <T extends z.ZodType>(key: RegExp, keyError: string, value: T, error: string) =>
  z.record(z.string().regex(key, { error: keyError }), value, { error });

const pageId = z
  .string({ error: 'write the id of a page' })
  .regex(PAGE_ID, { error: 'write the id of a page: 1 to 40 of a-z, 0-9 and _' });

export const label = sentence(`a label of 1 to ${LABEL} characters`).refine(
  (value) => [...value].length <= LABEL,
  {
    error: `write a label of 1 to ${LABEL} characters`,
  },
);

const question = sentence('a question').refine((value) => [...value].length <= 300, {
  error: 'write a question of at most 300 characters',
});

const button = z
  .strictObject(
    {
      label,
      page: pageId.optional(),
      question: question.optional(),
      url: z
        .string({ error: 'write an address that starts with https://' })
        .regex(/^https?:\/\/\S+$/, { error: 'write an address that starts with https://' })
        .optional(),
    },
    { error: 'write a button: { label: …, page: … }' },
  )
  .refine((it) => [it.page, it.question, it.url].filter((target) => target !== undefined).length === 1, {
    error: 'write exactly one of page, question or url beside the label',
  });
export type ButtonSource = z.infer<typeof button>;

/** A row is one button or a list of them. */
const rows = list(
  z.union([z.array(button).min(1), button], {
    error: 'write a button { label: …, page: … } or a list of buttons',
  }),
  'a list of buttons, one row per line',
);

export const markdown = sentence('a text in Markdown');

const full = z.strictObject(
  { text: markdown, buttons: rows.optional() },
  { error: 'write text and, if they differ, buttons' },
);

const example = z.union([label, z.strictObject({ label, question })], {
  error: `write a question of at most ${LABEL} characters, or { label: …, question: … } when it is longer`,
});
export type ExampleSource = z.infer<typeof example>;

const page = z.strictObject(
  {
    kind: z.enum(PAGE_KINDS, { error: `write ${PAGE_KINDS.join(', ')}` }).optional(),
    text: markdown.optional(),
    examples: list(example, 'a list of questions')
      .max(EXAMPLES, { error: `write at most ${EXAMPLES} example questions` })
      .optional(),
    buttons: rows.optional(),
    full: full.optional(),
    form: z
      .string({ error: 'write the id of a form' })
      .regex(/^[a-z][a-z0-9_]{0,15}$/, { error: 'write the id of a form: 1 to 16 of a-z, 0-9 and _' })
      .optional(),
  },
  { error: 'write a page: text and buttons' },
);
export type PageSource = z.infer<typeof page>;

const command = z.strictObject(
  {
    name: z
      .string({ error: 'write the name of a command' })
      .regex(/^[a-z0-9_]{1,32}$/, { error: 'write 1 to 32 of a-z, 0-9 and _, without the slash' }),
    description: sentence('a description of 1 to 256 characters')
      .refine((value) => [...value].length <= 256, { error: 'write a description of 1 to 256 characters' })
      .optional(),
    page: pageId,
  },
  { error: 'write a command: { name: …, description: …, page: … }' },
);

const word = sentence('a word; put numbers between quotes');

export const textsFile = z.strictObject(
  {
    texts: z.partialRecord(z.enum(TEXT_KEYS), markdown, { error: 'write the texts by name' }).optional(),
    examples_heading: markdown.optional(),
    pages: map(PAGE_ID, 'use 1 to 40 of a-z, 0-9 and _', page, 'write the pages by id').optional(),
    commands: list(command, 'a list of commands').optional(),
    words: map(
      PAGE_ID,
      'use 1 to 40 of a-z, 0-9 and _',
      list(word, 'a list of words'),
      'write lists of words by page id',
    ).optional(),
    thanks: list(word, 'a list of words').optional(),
    talk: z
      .partialRecord(z.enum(TALK_LISTS), list(word, 'a list of phrases'), {
        error: `write lists of phrases under ${TALK_LISTS.join(', ')}`,
      })
      .optional(),
    safeguarding: list(word, 'a list of words that suggest a child in danger').optional(),
    safeguarding_words: map(
      PAGE_ID,
      'use 1 to 40 of a-z, 0-9 and _',
      list(word, 'a list of words'),
      'write lists of words by name',
    ).optional(),
    safeguarding_except: list(word, 'a list of words that suggest no danger').optional(),
    keyboard: list(
      list(label, 'a list of labels'),
      'a list of rows of labels, such as [[Menu, Aide]]',
    ).optional(),
    levels: z
      .record(z.string(), label, {
        error: 'write names of levels by the directory’s own, such as N2: 2e année',
      })
      .optional(),
  },
  { error: 'write the keys texts, pages, commands, words, thanks or talk' },
);
export type TextsSource = z.infer<typeof textsFile>;

const LANGUAGE = /^[a-z]{2,3}(?:-[A-Z]{2})?$/;
const language = z
  .string({ error: 'write a language such as fr or en' })
  .regex(LANGUAGE, { error: 'write a language such as fr or en' });

const limits = z.strictObject(
  {
    messages_per_minute: count(600, 'the messages one person may send in a minute').optional(),
    phone_requests_per_session: count(20, 'how often a phone number may be asked for').optional(),
    account_attempts_per_hour: count(60, 'the account attempts of one phone number in an hour').optional(),
    webhooks_per_minute: count(1_000_000, 'the webhook requests accepted in a minute').optional(),
    concurrent_accounts: count(10_000, 'the accounts made at the same time').optional(),
    llm_per_person_per_day: count(
      10_000,
      'the questions of one person a language model may word in a day',
    ).optional(),
    llm_per_day: count(1_000_000, 'the questions a language model may word in a day').optional(),
  },
  { error: 'write the limits by name' },
);

const days = (least: number, what: string) => {
  const error = `write the days ${what} are kept, a whole number from ${least} to 3650`;
  return z.int({ error }).min(least, { error }).max(3650, { error }).optional();
};

const retention = z.strictObject(
  {
    messages: days(1, 'messages'),
    media: days(1, 'files'),
    // What limits attempts is read in it.
    audit: days(30, 'attempts at accounts and looks at numbers'),
    // Platforms repeat what they sent for seven days.
    dead_letters: days(8, 'updates that could not be handled'),
    dedup: days(8, 'the ids of received updates'),
    interactions: days(1, 'figures'),
    questions: days(1, 'words of questions'),
    forms: days(1, 'forms and messages for staff'),
    legal_hold: z.boolean({ error: 'write true or false' }).optional(),
  },
  { error: 'write the days by name, such as messages: 90' },
);

/** Values a desk may leave out: a line of text that needs one it does not have is not shown. */
export const USUAL_VALUES = ['telephone', 'adresse', 'courriel', 'site', 'horaires'] as const;

export const deskFile = z.strictObject(
  {
    name: z
      .string({ error: 'write a short name for the desk, such as mairie' })
      .regex(/^[a-z0-9][a-z0-9_-]{0,39}$/, {
        error: 'write a short name of a-z, 0-9, - and _, such as mairie',
      })
      .optional(),
    organisation: sentence('the name of the organisation, as citizens know it').optional(),
    language: language.optional(),
    languages: list(language, 'a list of languages such as [fr, en]').optional(),
    values: map(
      /^[a-z][a-z_]{0,39}$/,
      'use a-z and _',
      z.string({ error: 'write a text between quotes' }),
      'write values by name, such as telephone: "33 000 00 01"',
    ).optional(),
    limits: limits.optional(),
    retention: retention.optional(),
    accounts: z.boolean({ error: 'write true or false' }).optional(),
    session_minutes: count(1440, 'the minutes of silence that end a session').optional(),
    open_answers: z.boolean({ error: 'write true or false' }).optional(),
    home: pageId.optional(),
    menu: pageId.optional(),
    contact: pageId.optional(),
  },
  { error: 'write name, organisation and language, one per line' },
);
export type DeskSource = z.infer<typeof deskFile>;

/** Every key a desk's files may hold, for the one that was meant by a misspelt one. */
export const KNOWN_KEYS: readonly string[] = [
  ...[deskFile, limits, retention, textsFile, page, full, command].flatMap((it) => Object.keys(it.shape)),
  ...['label', 'question', 'url'],
  ...TEXT_KEYS,
];
