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
  spelled: z.record(z.string(), z.string().min(1)),
  lists: z.record(z.string(), patterns),
  shapeless: z.strictObject({ did: patterns, inf: patterns }),
  personal: patterns,
  rule: patterns,
});
type File = z.infer<typeof file>;

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
  const data = file.parse(parse(yaml, { schema: 'core' }));
  const compile = compiler(data);
  const personal = data.personal.map(compile);
  const rule = data.rule.map(compile);
  const spelled = speller(data.spelled);
  return {
    asks(question, corrections = []) {
      const meant = new Map(corrections.map(({ typed, searched }) => [typed, searched]));
      return judged(question.slice(0, MOST_LETTERS)).some((sentence) => {
        const typed = spelled(normal(sentence, (word) => sms.get(word) ?? word));
        const line = typed.replace(/[^ ]+/g, (word) => meant.get(word) ?? word);
        return !rule.some((one) => one.test(line)) && personal.some((one) => one.test(line));
      });
    },
  };
}

const ELISION = /(?<![\p{L}\p{N}])(j|m|t|s|n|l|d|c|qu|jusqu|lorsqu)'(?=\p{L})/gu;
/** "A-t-il", "a t'il". */
const EUPHONIC = /[ -]t[-' ](?=(?:il|elle|on)s?(?![a-z]))/g;
const WHOLE: Readonly<Record<string, string>> = { l: 'le', qu: 'que', jusqu: 'jusque', lorsqu: 'lorsque' };
/** "Le dossier de Paul" is somebody's, as "le dossier de mon fils". */
const NAMED =
  /((?:dossier|inscription|demande|paiement|bapt[eê]me|absences)s? )(?:de |d['’])(?=\p{Lu}\p{Ll})/gu;
/** The preposition, apart from the verb "a" where its accent is typed. */
const AT = /(?<![\p{L}\p{N}])à(?!\p{L})/giu;
/** "jé payé", typed for "j'ai payé". */
const HAVE = /(?<![\p{L}\p{N}])j['’]?é(?!\p{L})/giu;

/** The words of a sentence with a space behind each, elisions undone, commas and question marks as words. */
function normal(sentence: string, spelled: (word: string) => string): string {
  return tokens(sentence.replace(NAMED, '$1de mon ').replace(HAVE, 'je ai').replace(AT, 'aa'))
    .flatMap((word) => (/[?,]/.test(word) ? word : tokens(spelled(word))))
    .map((word) => `${word} `)
    .join('');
}

const tokens = (text: string): string[] =>
  fold(text)
    .replace(EUPHONIC, ' ')
    .replace(/n't(?![a-z])/g, ' not')
    .replace(/'s(?![a-z])/g, ' is')
    .replace(ELISION, (_, letter: string) => `${WHOLE[letter] ?? `${letter}e`} `)
    .replace(/[;:()]| [-–—] /g, ',')
    .match(/[\p{L}\p{N}]+|[?,]/gu)
    ?.slice(0, MOST_WORDS) ?? [];

/** Whole words and phrases of a line said in others, the longest first. */
function speller(phrases: Readonly<Record<string, string>>): (line: string) => string {
  const longest = Object.keys(phrases).sort((a, b) => b.length - a.length);
  const found = new RegExp(`(?<![^ ])(?:${longest.join('|')})(?= )`, 'g');
  return (line) => line.replace(found, (phrase) => phrases[phrase] ?? phrase);
}

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

/** Makes a pattern of the data file an expression for a line. Throws on a list that is not there. */
function compiler({ lists, shapeless }: File): (written: string) => RegExp {
  const none = (words: readonly string[]): string => `(?!(?:${words.join('|')})s? )`;
  // Participles in -é, -i, -u, -is, -it, -ert with every agreement, and English ones in -ed.
  const shapes: Readonly<Record<string, string>> = {
    did: `${none(shapeless.did)}[a-z]+(?:ed|(?:e|i|u|is|it|ert)e?s?) `,
    inf: `${none(shapeless.inf)}[a-z]{2,}(?:er|ir|re) `,
    ed: '[a-z]+ed ',
    number: String.raw`\d+ `,
    word: '[^ ,?]+ ',
  };
  const source = (written: string): string =>
    written.replace(
      TOKEN,
      (_, ...[name = '', times = '', sign = '', word = '', agrees = '', maybe = '']: string[]) => {
        if (sign !== '') return SIGNS[sign] ?? sign;
        if (word !== '') return `(?:${word}${agrees && 'e?s?'} )${maybe}`;
        if (name === '') return '';
        const one = shapes[name] ?? lists[name]?.map(source).join('|');
        if (one === undefined) throw new Error(`No list "${name}" for the pattern "${written}".`);
        return `(?:${one})${times === '*' ? '{0,5}' : times}`;
      },
    );
  return (written) => new RegExp(`(?<![^ ])(?:${source(written)})`);
}

const TOKEN = /<(\w+)>([*?]?)|(\.{3}|_|!\(|\)\?|[()|^$,?])|([\p{L}\p{N}]+)(~?)(\??)|\s+/gu;
const SIGNS: Readonly<Record<string, string>> = {
  '...': '(?:[^ ,?]+ ){0,6}',
  _: '(?:[^ ]+ ){0,25}',
  '!(': '(?!',
  '(': '(?:',
  ',': ', ',
  '?': String.raw`\? `,
};
