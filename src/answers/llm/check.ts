import { scrub } from '../../lib/scrub.ts';
import { sentences } from '../ingest/split.ts';
import { words } from '../retrieval/fold.ts';
import type { Known } from './facts.ts';
import { factsOf, knownFacts } from './facts.ts';
import type { Ground } from './grounding.ts';
import { groundOf } from './grounding.ts';
import { languageOfText } from './language.ts';
import { hides, shownText } from './shown.ts';
import { supportOf } from './support.ts';

/** Why a sentence, or the whole text, is not shown. */
export type Fault =
  | 'nothing'
  | 'too_long'
  | 'leak'
  | 'language'
  | 'uncited'
  | 'unknown_source'
  | 'markup'
  | 'invented'
  | 'unfounded'
  | 'too_little';

export interface CheckOptions {
  /** What the model was given, in the order of its citations. */
  passages: readonly string[];
  /** The fixed instructions: a text that repeats them is not an answer. */
  instructions: string;
  /** Never shown, in any spacing: the key, the boundary. */
  secrets: readonly string[];
  /** Language the answer must be in. */
  language: 'fr' | 'en';
  stopWords: ReadonlySet<string>;
}

/** `body`: Markdown without citations. `cited`: indexes of passages, in order of use. `faults`: of the sentences withheld. */
export type Checked =
  { ok: true; body: string; cited: number[]; faults: Fault[] } | { ok: false; faults: Fault[] };

/** Longest text worth checking, UTF-16 units: the model is asked for four sentences. */
const LONGEST_TEXT = 4_000;
const LONGEST_BODY = 2_000;
/** A longer sentence is no sentence, and is not read: some patterns may try each pair of its characters. UTF-16 units. */
const LONGEST_SENTENCE = 600;
/** Figures of one sentence: each is compared with all that its passages say. */
const MOST_FIGURES = 30;
/** Less than this share of the text left would say something else than the whole. */
const LEAST_LEFT = 0.5;
/** Words in a row that betray a repetition of the instructions. */
const SHINGLE = 7;

const CITATION = /\[\s*\d{1,2}(?:\s*[,;]\s*\d{1,2})*\s*\]/g;
const AFTER_STOP = new RegExp(
  `([.!?…])[ \\t]*(${CITATION.source}(?:[ \\t]*${CITATION.source})*)[ \\t]*`,
  'g',
);
const ITEM = /^\s*(?:[-*+•]|(\d{1,2})[.)])\s+/;

/**
 * What may be shown of a text that a model wrote: the sentences that cite a passage they were given, and whose figures,
 * dates, telephones, addresses, links, names and subject stand in one place of it, as they are shown. The others are
 * withheld; when a point of a list or half of the text is among them, all of it is.
 */
export function checkText(written: string, options: CheckOptions): Checked {
  const text = tidy(written);
  if (text === '' || (text.length < 80 && /aucune r[ée]ponse/i.test(text))) return refused('nothing');
  if (text.length > LONGEST_TEXT) return refused('too_long');
  if (leaks(text, options)) return refused('leak');
  const language = languageOfText(text.replace(CITATION, ''));
  if (language !== undefined && language !== options.language) return refused('language');

  const judge = createJudge(options);
  const lines: string[] = [];
  const cited = new Set<number>();
  const faults: Fault[] = [];
  let given = 0;
  let kept = 0;
  /** Points are numbered by us: a number before one is a figure like others. */
  let number = 0;
  for (const line of text.split('\n')) {
    const item = ITEM.exec(line);
    if (item?.[1] === undefined) number = item || line.trim() === '' ? number : 0;
    else if (Number(item[1]) !== ++number) return { ok: false, faults: [...faults, 'markup'] };
    const marker = item ? (item[1] === undefined ? '- ' : `${number}. `) : '';
    const content = line.slice(item?.[0].length ?? 0).replace(/^\s*(?:#{1,6}|>)\s*/, '');
    const said: string[] = [];
    for (const sentence of sentences(content.replace(AFTER_STOP, '$2$1 ').trim())) {
      if (!/[\p{L}\p{N}]/u.test(sentence)) continue;
      const bare = balanced(
        sentence
          .replace(CITATION, ' ')
          .replace(/\s+([.,…])/g, '$1')
          .replace(/[ \t]+/g, ' ')
          .trim(),
      );
      given += bare.length;
      const judged = judge(sentence, bare);
      if (typeof judged === 'string') {
        faults.push(judged);
        // A list without one of its points is another list.
        if (item) return { ok: false, faults };
        continue;
      }
      kept += bare.length;
      said.push(bare);
      for (const at of judged) cited.add(at);
    }
    if (said.length > 0) lines.push(marker + said.join(' '));
    else if (lines.length > 0 && lines.at(-1) !== '' && line.trim() === '') lines.push('');
  }
  const body = lines.join('\n').trim();
  if (kept === 0 || kept < LEAST_LEFT * given) return { ok: false, faults: [...faults, 'too_little'] };
  if (body.length > LONGEST_BODY) return { ok: false, faults: [...faults, 'too_long'] };
  if (shownText(body) === undefined) return { ok: false, faults: [...faults, 'markup'] };
  return { ok: true, body, cited: [...cited], faults };
}

const refused = (fault: Fault): Checked => ({ ok: false, faults: [fault] });

/** Without what reasoning models think aloud and invisible characters. */
function tidy(text: string): string {
  return scrub(text)
    .replace(/<think>[\s\S]*?(?:<\/think>|$)/gi, '')
    .trim();
}

function leaks(text: string, { instructions, secrets }: CheckOptions): boolean {
  const squeezed = squeeze(text);
  if (secrets.some((secret) => secretIn(squeezed, squeeze(secret)))) return true;
  const told = shingles(instructions);
  return [...shingles(text)].some((run) => told.has(run));
}

const squeeze = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');

/** A whole secret, or a good part of it. */
function secretIn(squeezed: string, secret: string): boolean {
  const part = 12;
  if (secret.length <= part) return secret.length >= 4 && squeezed.includes(secret);
  for (let at = 0; at + part <= secret.length; at += 1)
    if (squeezed.includes(secret.slice(at, at + part))) return true;
  return false;
}

function shingles(text: string): Set<string> {
  const all = words(text.replace(CITATION, ' '));
  return new Set(all.slice(SHINGLE - 1).map((_, at) => all.slice(at, at + SHINGLE).join(' ')));
}

/** Judges one sentence: the passages it cites, or why it is withheld. */
function createJudge({ passages, language, stopWords }: CheckOptions) {
  const made = new Map<string, { known: Known; ground: Ground; same: boolean }>();
  const support = supportOf(passages, stopWords);
  return (sentence: string, bare: string): number[] | Fault => {
    const cited = [
      ...new Set((sentence.match(CITATION) ?? []).flatMap((found) => found.match(/\d+/g) ?? [])),
    ].map((digits) => Number(digits) - 1);
    if (cited.length === 0) return 'uncited';
    if (cited.some((at) => passages[at] === undefined)) return 'unknown_source';
    if (bare.length > LONGEST_SENTENCE) return 'too_long';
    // A table, code, HTML, a picture, a mask of ours; a link that hides its address behind words.
    if (/[|`<>[\]\\]/.test(bare) || hides(bare)) return 'markup';
    const shown = shownText(bare);
    if (shown === undefined) return 'markup';
    const key = cited.join();
    let against = made.get(key);
    if (!against) {
      const texts = cited.map((at) => passages[at] ?? '');
      // Words can be compared in one language only; figures and acronyms in all.
      const same = (languageOfText(texts.join('\n')) ?? language) === language;
      against = { known: knownFacts(texts), ground: groundOf(texts, stopWords), same };
      made.set(key, against);
    }
    const { known, ground, same } = against;
    const facts = factsOf(shown);
    if (facts.length > MOST_FIGURES) return 'too_long';
    if (!facts.every((fact) => known.holds(fact))) return 'invented';
    if (ground.names(shown, same) || (same && !ground.carries(shown))) return 'unfounded';
    return support.says(shown, cited, same) ? cited : 'unfounded';
  };
}

/** Bold, opened and closed in the sentence. */
const balanced = (sentence: string): string =>
  sentence.split('**').length % 2 === 1 ? sentence : sentence.replaceAll('**', '');
