import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { fold } from './retrieval/fold.ts';
import { languageData } from './retrieval/language.ts';

/** Tells questions about one person's own file ("Où en est mon dossier ?") from those about the rules. */
export interface Personal {
  /** `corrections`: words of the question taken as misspelled, as `Understood` has them. */
  asks(question: string, corrections?: readonly Correction[]): boolean;
}

export interface Correction {
  typed: string;
  searched: string;
}

const patterns = z.array(z.string().min(1));
const file = z.strictObject({
  lists: z.record(z.string(), z.array(z.string().min(1))),
  always: patterns,
  unless_rule: patterns,
  rule: patterns,
  never: patterns,
});

/** Nobody needs more words to ask for their file, and hostile text must stay cheap. */
const MOST_LETTERS = 2_000;
const MOST_WORDS = 60;

let loaded: Promise<Personal> | undefined;

/** Read once per process. */
export function personalQuestions(): Promise<Personal> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<Personal> {
  const [yaml, { sms }] = await Promise.all([
    readFile(new URL('./data/personal.yaml', import.meta.url), 'utf8'),
    languageData(),
  ]);
  const { lists, always, unless_rule: unless, rule, never } = file.parse(parse(yaml, { schema: 'core' }));
  const compiled = (written: readonly string[]) => written.map((one) => compile(one, lists));
  const [surely, perhaps] = [compiled(always), compiled(unless)];
  const [rules, nobody] = [compiled(rule), compiled(never)];
  const says = (line: string, list: readonly RegExp[]): boolean => list.some((pattern) => pattern.test(line));
  return {
    asks(question, corrections = []) {
      const meant = new Map(corrections.map(({ typed, searched }) => [typed, searched]));
      const line = (text: string): string => normal(text, (word) => meant.get(word) ?? sms.get(word) ?? word);
      const asked = judged(question.slice(0, MOST_LETTERS))
        .map(line)
        .filter((one) => !says(one, nobody));
      if (asked.some((one) => says(one, surely))) return true;
      return asked.some((one) => says(one, perhaps)) && !says(line(question.slice(0, MOST_LETTERS)), rules);
    },
  };
}

const ELISION = /(?<![\p{L}\p{N}])(j|m|t|s|n|l|d|c|qu|jusqu|lorsqu)'(?=\p{L})/gu;
/** "A-t-il", "a t'il". */
const EUPHONIC = /[ -]t[-' ](?=(?:il|elle|on)s?(?![a-z]))/g;
const WHOLE: Readonly<Record<string, string>> = { l: 'le', qu: 'que', jusqu: 'jusque', lorsqu: 'lorsque' };

/** The words of a sentence with a space behind each, elisions undone, a question mark as a word. */
function normal(sentence: string, spelled: (word: string) => string): string {
  return tokens(sentence)
    .flatMap((word) => (word === '?' ? word : tokens(spelled(word))))
    .map((word) => `${word} `)
    .join('');
}

const tokens = (text: string): string[] =>
  fold(text)
    .replace(EUPHONIC, ' ')
    .replace(/n't(?![a-z])/g, ' not')
    .replace(/'s(?![a-z])/g, ' is')
    .replace(ELISION, (_, letter: string) => `${WHOLE[letter] ?? `${letter}e`} `)
    .match(/[\p{L}\p{N}]+|\?/gu)
    ?.slice(0, MOST_WORDS) ?? [];

const GREETING =
  /^(?:\s*(?:bonjour|bonsoir|salut|salam|slt|bjr|bsr|hello|hi|madame|monsieur|svp|stp)(?![\p{L}])[\s,!.]*)+/iu;
/** "Pourquoi ?", "C'est normal ?": they ask about what was told before them. */
const FEW_WORDS = 3;

/** What decides: the sentences that ask, without a greeting; what is told before counts only where they ask too little. */
function judged(question: string): string[] {
  const whole = question.replace(GREETING, '');
  const parts = whole.split(/(?<=[?!.])\s+|\n+/u).filter((part) => /[\p{L}\p{N}]/u.test(part));
  const asking = parts.filter((part) => part.trimEnd().endsWith('?') && tokens(part).length > FEW_WORDS + 1);
  return asking.length > 0 ? asking : [whole, ...parts];
}

/** A pattern as the data file writes it. Throws on a list that is not there. */
function compile(written: string, lists: Readonly<Record<string, readonly string[]>>): RegExp {
  const spread = written.replace(/<(\w+)>/g, (_, name: string) => {
    const list = lists[name];
    if (!list) throw new Error(`No list "${name}" for the pattern "${written}".`);
    return `(${list.join('|')})`;
  });
  // Each word takes the space behind it along, so that what may be absent leaves none.
  const source = spread
    .replaceAll('...', '…')
    .replaceAll('??', '¿')
    .replace(/(^|\s)\?(?=\s|$)/g, '$1¡')
    .replace(/([\p{L}\p{N}]+)(~?)(\??)/gu, (_, word: string, agrees: string, maybe: string) => {
      const one = `${word}${agrees && 'e?s?'}_`;
      return maybe === '' ? one : `(?:${one})?`;
    })
    .replace(/\s+/g, '')
    .replaceAll('_', ' ')
    .replaceAll('…', '(?:\\S+ ){0,4}')
    .replaceAll('¿', '(?:\\? )?')
    .replaceAll('¡', '\\? ');
  return new RegExp(`(?<![^ ])(?:${source})`);
}
