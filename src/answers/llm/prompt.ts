import { readFile } from 'node:fs/promises';
import { withoutPersonal } from '../../lib/personal-text.ts';
import { scrub } from '../../lib/scrub.ts';
import type { Passage } from '../ingest/passage.ts';

/** One message of `POST …/chat/completions`. */
export interface ChatMessage {
  role: 'system' | 'user';
  content: string;
}

export interface Prompt {
  /** The fixed instructions, to tell whether a text repeats them. */
  instructions: string;
  messages(asked: {
    question: string;
    previous: string | undefined;
    passages: readonly Passage[];
    /** Starts every line that fences the data: nobody who wrote them could know it. */
    boundary: string;
    language: 'fr' | 'en';
  }): ChatMessage[];
}

/** Longest part of a passage that is given, UTF-16 units: passages are cut at 1,200, entries may be longer. */
const LONGEST_PASSAGE = 1_600;
const LONGEST_QUESTION = 1_000;
const LANGUAGES = { fr: 'français', en: 'anglais' } as const;

/** Reads the French instructions that are shipped beside this file. */
export async function loadPrompt(): Promise<Prompt> {
  const file = await readFile(new URL('./prompt.fr.md', import.meta.url), 'utf8');
  const [instructions = '', template = ''] = file.split(/^---$/m).map((part) => part.trim());
  return {
    instructions,
    messages({ question, previous, passages, boundary, language }) {
      const values: Readonly<Record<string, string>> = {
        boundary,
        language: LANGUAGES[language],
        passages: passages.map((passage, at) => `${boundary} [${at + 1}] ${textGiven(passage)}`).join('\n'),
        previous: previous === undefined ? '-' : asData(previous),
        question: asData(question),
      };
      // In one pass, so that a value never fills another.
      const content = template.replace(/\{([a-z]+)\}/g, (found, name: string) => values[name] ?? found);
      return [
        { role: 'system', content: instructions },
        { role: 'user', content },
      ];
    },
  };
}

/** A passage as the model reads it: what a sentence that cites it is checked against. */
export function textGiven({ title, documentTitle, section, effectiveDate, text }: Passage): string {
  const heading = [...new Set([documentTitle, section ?? title])].join(' · ');
  const since = effectiveDate === undefined ? '' : ` (${effectiveDate})`;
  // What nobody sees when the document is shown is not given either.
  const visible = scrub(text)
    .replace(/<!--[\s\S]*?(?:-->|$)/g, '')
    .replace(/\p{Cf}/gu, '');
  return clip(`${heading}${since}\n${visible}`, LONGEST_PASSAGE);
}

const asData = (text: string): string => withoutPersonal(clip(scrub(text), LONGEST_QUESTION), [], 'mask');

const clip = (text: string, most: number): string =>
  text.length <= most ? text : text.slice(0, most).toWellFormed();
