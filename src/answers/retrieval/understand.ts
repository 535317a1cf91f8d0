import type { LanguageData, Translations } from './language.ts';
import type { QuestionType } from './evidence.ts';
import { questionType } from './evidence.ts';
import { words } from './fold.ts';
import type { WordList } from './french-words.ts';
import type { Speller } from './spelling.ts';
import { untouchedIn } from './untouched.ts';

/** A question as it will be searched, in French words. */
export interface Understood {
  /** Every word, stop words included. */
  all: string[];
  content: string[];
  type: QuestionType | undefined;
  /** What was typed → what was searched, for words taken as misspelled. */
  corrections: { typed: string; searched: string }[];
  /** Abbreviations of messages → what they stand for. */
  expanded: { typed: string; searched: string }[];
  /** Content words that neither the documents, nor French, nor the tables know. */
  unknown: string[];
  language: 'fr' | 'en' | 'wo';
}

export interface Knowledge {
  data: LanguageData;
  /** Does the collection have this folded word (or, for expansions, does a synonym group)? */
  known(form: string): boolean;
  french: WordList | undefined;
  speller: Speller | undefined;
}

/** Words are cut here before any work: see `lookUp`. */
const MAX_TOKENS = 120;
const MAX_LETTERS = 2000;

/** "Bonjour, je m'appelle Awa, …": who asks is not what is asked. */
const INTRODUCTION =
  /^\P{L}*(?:(?:[Bb]onjour|[Bb]onsoir|[Ss]alut|[Ss]alam)\P{L}+)?(?:[Jj]e m['’ ]?appelle|[Mm]on nom est|[Mm]oi,? c['’ ]?est|[Mm]y name is)(?:\s+\p{Lu}[\p{L}'’-]*)+/u;

export function understand(whole: string, knowledge: Knowledge): Understood {
  const { data } = knowledge;
  const question = whole.slice(0, MAX_LETTERS).replace(INTRODUCTION, '');
  const raw = words(question).slice(0, MAX_TOKENS);
  const language = languageOf(question, raw, data, knowledge);
  let tokens = raw;
  if (language === 'en')
    tokens = translate(
      tokens,
      data.english,
      (word) => data.english.hints.has(word) || !knowledge.known(word),
    );
  else if (language === 'wo')
    tokens = translate(tokens, data.wolof, (word) => data.wolof.hints.has(word) || !knowledge.known(word));
  // A lone Wolof word in a French question.
  else
    tokens = translate(
      tokens,
      { ...data.wolof, particles: NO_WORDS },
      (word) =>
        !knowledge.known(word) &&
        !data.stopWords.has(word) &&
        !data.sms.has(word) &&
        !(knowledge.french?.has(word) ?? false),
    );

  const corrections: Understood['corrections'] = [];
  const expanded: Understood['expanded'] = [];
  const unknown: string[] = [];
  const all: string[] = [];
  const untouched = untouchedIn(question);
  for (const word of tokens) {
    // "Par CB ?", "numéro SS": capitals inside a sentence are a name.
    const short = untouched.has(word) ? undefined : data.sms.get(word);
    if (short !== undefined && (!knowledge.known(word) || word.length <= 2)) {
      expanded.push({ typed: word, searched: short });
      all.push(...words(short));
      continue;
    }
    if (data.stopWords.has(word) || knowledge.known(word) || /\d/.test(word) || word.length < 3) {
      all.push(word);
      continue;
    }
    if (knowledge.french?.has(word) === true) {
      all.push(word);
      continue;
    }
    const meant = untouched.has(word) ? undefined : knowledge.speller?.correct(word);
    if (meant !== undefined) {
      corrections.push({ typed: word, searched: meant });
      all.push(meant);
    } else {
      unknown.push(word);
      all.push(word);
    }
  }
  return {
    all,
    content: all.filter((word) => !data.stopWords.has(word)),
    type: questionType(all, data.patterns),
    corrections,
    expanded,
    unknown,
    language,
  };
}

const NO_WORDS: ReadonlySet<string> = new Set();

/** Two words of a language that are not of the documents decide; the special letters of Wolof count as one. */
function languageOf(
  question: string,
  tokens: readonly string[],
  data: LanguageData,
  knowledge: Knowledge,
): Understood['language'] {
  const count = (set: ReadonlySet<string>) => new Set(tokens.filter((word) => set.has(word))).size;
  const french = new Set(
    tokens.filter(
      (word) => data.stopWords.has(word) && !data.english.hints.has(word) && !data.wolof.hints.has(word),
    ),
  ).size;
  const english = count(data.english.hints);
  if (english >= 2 && english > french) return 'en';
  const foreign = tokens.filter(
    (word) => data.wolof.hints.has(word) && !data.stopWords.has(word) && !knowledge.known(word),
  );
  const wolof = count(data.wolof.hints) + (/[ñŋë]/i.test(question.normalize('NFC')) ? 1 : 0);
  return wolof >= 2 && foreign.length > 0 && wolof >= french ? 'wo' : 'fr';
}

/** Longest phrase first; words that `foreign` refuses stay as they are. */
function translate(
  tokens: readonly string[],
  table: Translations,
  foreign: (word: string) => boolean,
): string[] {
  const out: string[] = [];
  for (let at = 0; at < tokens.length;) {
    let taken = 0;
    for (let length = Math.min(4, tokens.length - at); length >= 1; length -= 1) {
      const phrase = tokens.slice(at, at + length);
      if (length === 1 && !foreign(phrase[0] ?? '')) break;
      const french = table.words.get(phrase.join(' '));
      if (french === undefined) continue;
      out.push(...words(french));
      taken = length;
      break;
    }
    const word = tokens[at] ?? '';
    if (taken === 0 && !table.particles.has(word)) out.push(word);
    at += Math.max(1, taken);
  }
  return out;
}
