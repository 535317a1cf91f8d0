import { fold } from '../message/fold.ts';
import { parseMarkdown } from '../message/markdown.ts';
import { paragraph, text } from '../message/rich.ts';
import type { Rich } from '../message/rich.ts';
import { alarmOf, PhrasingError, sourceOf } from './alarm.ts';
import type { Alarm } from './alarm.ts';
import { TEXT_KEYS } from './desk.ts';
import type { DeskCommand, DeskTexts, Page, PageButton, PageKind, PageView, TextKey } from './desk.ts';
import { DeskError, show } from './error.ts';
import type { Loaded } from './read.ts';
import { EXAMPLES, USUAL_VALUES } from './schema.ts';
import type { ButtonSource, ExampleSource, PageSource, TextsSource } from './schema.ts';
import { buildTalk } from './talk.ts';

type Layer = Loaded<TextsSource>;
type Path = readonly PropertyKey[];

/** Filled by the product in every text. */
export const BUILT_IN: readonly string[] = ['first_name', 'organisation', 'time', 'channel'];
/** Filled by the product in one text only. */
const PARAMETERS: Partial<Record<TextKey, readonly string[]>> = {
  answer_source: ['title', 'section', 'page', 'date'],
  answer_own_source: ['title', 'page'],
  answer_meant: ['question'],
  document_read: ['preview'],
  document_also_read: ['preview', 'count'],
  voice_heard: ['words'],
  child_enrolled: ['name', 'level', 'year', 'group', 'catechist'],
  child_waiting: ['name', 'level', 'year', 'group', 'catechist'],
  form_step: ['i', 'n'],
  form_current: ['answer'],
  form_sent: ['reference'],
  late_answer: ['question'],
  form_already_sent: ['reference'],
  form_already_cancelled: ['reference'],
  erase_waiting_form: ['reference'],
  erase_waiting_message: ['date'],
  export_title: ['date'],
  staff_request_withdrawn: ['reference'],
  form_invalid_text: ['min', 'max'],
  form_invalid_number: ['min', 'max'],
  form_file: ['count'],
  too_many_messages: ['limit'],
  continued: ['i', 'n'],
};
/** Pages that say nothing by themselves. */
const NEEDS_TEXT: ReadonlySet<PageKind> = new Set([
  'text',
  'staff',
  'history',
  'my_data',
  'erase',
  'language',
  'notifications',
]);
/** Names a desk cannot give to its own values. */
export const RESERVED_VALUES: ReadonlySet<string> = new Set([
  ...BUILT_IN,
  ...Object.values(PARAMETERS).flat(),
]);

/** The texts of one language, and the file each page comes from (for messages about it). */
export interface Built {
  texts: DeskTexts;
  files: ReadonlyMap<string, string>;
}

/**
 * Builds the texts of one language from its layers, the default texts first: a later layer replaces texts, pages and
 * commands of the same name, and adds its words. `last` names the file where something missing should be written.
 */
export function buildTexts(layers: readonly Layer[], last: string, values: ReadonlySet<string>): Built {
  const texts = new Map<TextKey, Rich>();
  const pages = new Map<string, Page>();
  const files = new Map<string, string>();
  const commands = new Map<string, DeskCommand>();
  let heading: Rich = [];
  for (const layer of layers) {
    const { file, data } = layer;
    const markdown = markdownOf(file, values);
    for (const key of TEXT_KEYS) {
      const source = data.texts?.[key];
      if (source !== undefined) texts.set(key, markdown(source, ['texts', key], PARAMETERS[key]));
    }
    if (data.examples_heading !== undefined) heading = markdown(data.examples_heading, ['examples_heading']);
    for (const [id, source] of Object.entries(data.pages ?? {})) {
      pages.set(id, buildPage(file, id, source, heading, markdown));
      files.set(id, file);
    }
    for (const command of commandsOf(layer)) commands.set(command.name, command);
  }
  for (const key of TEXT_KEYS) {
    if (!texts.has(key)) throw new DeskError(last, ['texts', key], 'is missing', 'write this text');
  }
  return {
    files,
    texts: {
      forms: new Map(),
      // Every key was just found missing or set, so the record is whole.
      texts: Object.fromEntries(texts) as Record<TextKey, Rich>,
      pages,
      commands: [...commands.values()],
      ...mergeWords(layers),
      safeguarding: buildAlarm(layers),
      levels: new Map(layers.flatMap(({ data }) => levelsOf(data))),
      talk: buildTalk(layers.flatMap(({ data }) => data.talk ?? [])),
    },
  };
}

/** Reads a text of this file: it may hold the values of the desk, what the product fills, and `own`. */
export function markdownOf(file: string, values: ReadonlySet<string>) {
  return (source: string, path: Path, own: readonly string[] = []): Rich => {
    checkPlaceholders(file, path, source, new Set([...BUILT_IN, ...USUAL_VALUES, ...values, ...own]));
    return parseMarkdown(withoutMissingValues(source, values));
  };
}

function buildPage(
  file: string,
  id: string,
  source: PageSource,
  heading: Rich,
  markdown: (source: string, path: Path) => Rich,
): Page {
  const kind = source.kind ?? 'text';
  const path = ['pages', id];
  if (NEEDS_TEXT.has(kind) && source.text === undefined) {
    throw new DeskError(file, [...path, 'text'], 'is missing', 'write the text of this page in Markdown');
  }
  const form = formOf(file, path, source);
  const examples = (source.examples ?? []).map(exampleButton);
  const view = (body: string | undefined, buttons: PageButton[][], at: Path): PageView => {
    const questions = buttons.flat().filter((it) => it.question !== undefined).length + examples.length;
    if (questions > EXAMPLES) {
      throw new DeskError(file, path, `offers ${questions} questions`, `keep at most ${EXAMPLES} of them`);
    }
    return {
      text: [...(body === undefined ? [] : markdown(body, at)), ...bullets(heading, examples)],
      buttons: [...examples.map((example) => [example]), ...buttons],
    };
  };
  const rows = (source.buttons ?? []).map(row);
  const page: Page = { id, kind, ...form, view: view(source.text, rows, [...path, 'text']) };
  if (source.full === undefined) return page;
  const fullRows = source.full.buttons?.map(row) ?? rows;
  return { ...page, full: view(source.full.text, fullRows, [...path, 'full', 'text']) };
}

function formOf(file: string, path: Path, { kind, form, ...rest }: PageSource): { form?: string } {
  if (kind !== 'form') {
    if (form === undefined) return {};
    throw new DeskError(file, [...path, 'form'], 'means nothing here', 'write kind: form, or remove it');
  }
  if (form === undefined)
    throw new DeskError(file, [...path, 'form'], 'is missing', 'write the id of a form of the folder forms/');
  const [other] = Object.keys(rest);
  if (other === undefined) return { form };
  throw new DeskError(
    file,
    [...path, other],
    'is never shown: the form is the page',
    'remove it, or write it in the form',
  );
}

function exampleButton(source: ExampleSource): PageButton & { question: string } {
  return typeof source === 'string' ? { label: source, question: source } : source;
}

/** The example questions under their heading; they are text, whatever they contain. */
function bullets(heading: Rich, examples: readonly { question: string }[]): Rich {
  if (examples.length === 0) return [];
  const lines = text(examples.map((it) => `• ${it.question}`).join('\n'));
  const last = heading.at(-1);
  if (last?.type !== 'paragraph') return [...heading, paragraph(lines)];
  return [...heading.slice(0, -1), paragraph(...last.children, text('\n'), lines)];
}

function row(source: ButtonSource | ButtonSource[]): PageButton[] {
  return [source].flat().map((it) => ({
    label: it.label,
    ...(it.page === undefined ? {} : { page: it.page }),
    ...(it.question === undefined ? {} : { question: it.question }),
    ...(it.url === undefined ? {} : { url: it.url }),
  }));
}

function checkPlaceholders(file: string, path: Path, source: string, known: ReadonlySet<string>): void {
  for (const [written, name = ''] of source.matchAll(/\{([^{}\s]{1,40})\}/g)) {
    if (known.has(name)) continue;
    const names = [...known].map((it) => `{${it}}`).join(', ');
    throw new DeskError(
      file,
      path,
      `holds ${written}, which nothing fills`,
      `write one of ${names}, or add it to values in desk.yaml`,
    );
  }
}

/** "📧 {courriel}" is not shown by a desk that gives no e-mail address: the whole line goes. */
function withoutMissingValues(source: string, values: ReadonlySet<string>): string {
  const missing = USUAL_VALUES.filter((name) => !values.has(name)).map((name) => `{${name}}`);
  return source
    .split('\n')
    .filter((line) => !missing.some((name) => line.includes(name)))
    .join('\n');
}

function commandsOf({ file, data }: Layer): DeskCommand[] {
  const seen = new Set<string>();
  return (data.commands ?? []).map(({ name, page, description }, at) => {
    if (seen.has(name)) {
      throw new DeskError(
        file,
        ['commands', at, 'name'],
        `is ${show(name)}, already used above`,
        'give each command its own name',
      );
    }
    seen.add(name);
    return { name, page, ...(description === undefined ? {} : { description }) };
  });
}

const levelsOf = ({ levels = {} }: TextsSource): [string, string][] =>
  Object.entries(levels).map(([code, name]) => [fold(code), name]);

/** The phrasings of every layer, each with the lists of all. */
function buildAlarm(layers: readonly Layer[]): Alarm {
  const words: Record<string, string[]> = {};
  for (const { data } of layers)
    for (const [name, list] of Object.entries(data.safeguarding_words ?? {}))
      words[name] = [...(words[name] ?? []), ...list];
  const named = new Map(Object.entries(words));
  const all = (key: 'safeguarding' | 'safeguarding_except'): string[] =>
    layers.flatMap(({ file, data }) => {
      const phrases = data[key] ?? [];
      phrases.forEach((phrase, at) => {
        try {
          sourceOf(phrase, named);
        } catch (error) {
          if (!(error instanceof PhrasingError)) throw error;
          const instead = 'write words, (a|b) for one or the other, … for words between, <list> for a list';
          throw new DeskError(file, [key, at], `is ${show(phrase)} and ${error.message}`, instead);
        }
      });
      return phrases;
    });
  return alarmOf({ phrases: all('safeguarding'), words, except: all('safeguarding_except') });
}

function mergeWords(layers: readonly Layer[]): Pick<DeskTexts, 'words' | 'thanks' | 'keyboard'> {
  const words = new Map<string, string>();
  const thanks = new Set<string>();
  let keyboard: readonly (readonly string[])[] = [];
  for (const { file, data } of layers) {
    const seen = new Map<string, string>();
    const read = (word: string, path: Path): string => {
      const folded = fold(word);
      const before = seen.get(folded);
      if (folded === '')
        throw new DeskError(file, path, `is ${show(word)}`, 'write a word with letters or digits');
      if (before !== undefined) {
        throw new DeskError(
          file,
          path,
          `is ${show(word)}, the same as ${show(before)} above once accents and capitals are put aside`,
          'keep one of them',
        );
      }
      seen.set(folded, word);
      return folded;
    };
    for (const [page, list] of Object.entries(data.words ?? {})) {
      list.forEach((word, at) => {
        const folded = read(word, ['words', page, at]);
        words.set(folded, page);
        thanks.delete(folded);
      });
    }
    if (data.keyboard !== undefined) keyboard = data.keyboard;
    (data.thanks ?? []).forEach((word, at) => {
      const folded = read(word, ['thanks', at]);
      thanks.add(folded);
      words.delete(folded);
    });
  }
  return { words, thanks, keyboard };
}
