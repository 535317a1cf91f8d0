import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import type { TypePatterns } from './evidence.ts';

/** Words of one foreign language and the French they are searched as. Keys are folded, one to four words. */
export interface Translations {
  /** Words that betray the language when two of them stand in a question. */
  hints: ReadonlySet<string>;
  /** Words without content, dropped once the language is recognised. */
  particles: ReadonlySet<string>;
  words: ReadonlyMap<string, string>;
}

/** What the engine knows of French and its neighbours: the files of `data/`, nothing about any organisation. */
export interface LanguageData {
  stopWords: ReadonlySet<string>;
  /** Words too general to be a topic: a question made of them alone continues the previous one. */
  genericWords: ReadonlySet<string>;
  /** What may be asked of any topic ("taux", "toucher"), as nouns and verbs: another topic may be put beside them. */
  askedWords: ReadonlySet<string>;
  /** The general words that only say of how many or of whom: "deux", "enfants", "jours". */
  countedWords: ReadonlySet<string>;
  patterns: TypePatterns;
  sms: ReadonlyMap<string, string>;
  synonyms: readonly (readonly string[])[];
  english: Translations;
  wolof: Translations;
  /** Questions that no desk answers, to find where confidence begins. */
  offTopic: readonly string[];
}

const phrases = z.array(z.coerce.string().min(1));
const translationFile = z.object({
  hints: phrases,
  particles: phrases,
  words: z.record(z.string(), z.coerce.string()),
});
const patternFile = z.array(
  z.object({
    type: z.enum([
      'amount',
      'date',
      'time',
      'duration',
      'place',
      'person',
      'list',
      'procedure',
      'reason',
      'definition',
      'contact',
    ]),
    phrases,
  }),
);

const read = (name: string): Promise<string> => readFile(new URL(`../data/${name}`, import.meta.url), 'utf8');

let loaded: Promise<LanguageData> | undefined;

/** Read once per process. */
export function languageData(): Promise<LanguageData> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<LanguageData> {
  const [stop, patterns, sms, synonyms, english, wolof, offTopic] = await Promise.all(
    [
      'stop-words.json',
      'question-types.yaml',
      'sms.yaml',
      'synonyms.yaml',
      'english.yaml',
      'wolof.yaml',
      'off-topic.txt',
    ].map(read),
  );
  const lists = z
    .object({ stop: z.string(), generic: z.string(), asked: z.string(), counted: z.string() })
    .parse(JSON.parse(stop ?? '{}'));
  return {
    stopWords: new Set(lists.stop.split(' ')),
    genericWords: new Set(lists.generic.split(' ')),
    askedWords: new Set(lists.asked.split(' ')),
    countedWords: new Set(lists.counted.split(' ')),
    patterns: patternFile.parse(parse(patterns ?? '')),
    sms: new Map(Object.entries(z.record(z.string(), z.coerce.string()).parse(parse(sms ?? '')))),
    synonyms: synonymGroups(synonyms ?? ''),
    english: translations(english ?? ''),
    wolof: translations(wolof ?? ''),
    offTopic: (offTopic ?? '').split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#')),
  };
}

function translations(yaml: string): Translations {
  const file = translationFile.parse(parse(yaml, { schema: 'core' }));
  return {
    hints: new Set(file.hints),
    particles: new Set(file.particles),
    words: new Map(Object.entries(file.words)),
  };
}

/** A list of groups; the words of a group stand for each other. Throws a ZodError or YAMLParseError. */
export function synonymGroups(yaml: string): string[][] {
  return z.array(phrases).parse(parse(yaml) ?? []);
}
