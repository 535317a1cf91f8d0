import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { words } from '../retrieval/fold.ts';

/** Does a question speak of a file the person sent? */
export interface Pointing {
  /** The question without the words that only point, folded; undefined: it does not point at a file. */
  rest(question: string): string | undefined;
}

const phrases = z.array(z.coerce.string().min(1));
const file = z.object({ pointers: phrases, things: phrases, papers: phrases, phrases });

let loaded: Promise<Pointing> | undefined;

/** Read once per process. */
export function pointing(): Promise<Pointing> {
  loaded ??= load();
  return loaded;
}

const DEMONSTRATIVES = ['ce', 'cet', 'cette', 'ces', 'this', 'that'];

async function load(): Promise<Pointing> {
  const yaml = await readFile(new URL('../data/own-document.yaml', import.meta.url), 'utf8');
  const { pointers, things, papers, phrases: whole } = file.parse(parse(yaml, { schema: 'core' }));
  const pointed = new RegExp(
    ` (?:(?:${pointers.join('|')}) (?:${things.join('|')})|(?:${DEMONSTRATIVES.join('|')}) (?:${papers.join('|')}))(?= )`,
    'g',
  );
  return {
    rest(question) {
      const line = ` ${words(question.slice(0, 2_000)).join(' ')} `;
      if (whole.some((phrase) => says(line, phrase))) return '';
      const rest = line.replace(pointed, ' ');
      return rest === line ? undefined : rest.trim();
    },
  };
}

function says(line: string, phrase: string): boolean {
  const inside = ` ${phrase.replace(/[$^]/g, '')} `;
  if (phrase.startsWith('^') && !line.startsWith(inside)) return false;
  if (phrase.endsWith('$') && !line.endsWith(inside)) return false;
  return line.includes(inside);
}
