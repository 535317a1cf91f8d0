import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Passage } from '../../src/answers/ingest/passage.ts';
import { parseFile } from '../../src/answers/ingest/documents.ts';

export interface SetQuestion {
  q: string;
  /** Names of the documents that answer. */
  rel: string[];
  split?: string;
  answers?: { text: string }[];
}

interface RawSet {
  docs: { doc: string; title: string; text: string }[];
  queries: SetQuestion[];
}

export interface PublicSet {
  passages: Passage[];
  questions: SetQuestion[];
  far: string[];
  near: string[];
}

const every = <T>(list: readonly T[], limit: number): T[] =>
  list.length <= limit ? [...list] : list.filter((_, index) => index % Math.ceil(list.length / limit) === 0);

/**
 * Reads a public set (`DIR/<name>.json`: docs, queries) and ingests it as a desk's documents would be. `phrasings`
 * moves every other question of each document, at most that many, into the index as alternate titles.
 */
export function readSet(dir: string, name: string, split: string, phrasings = 0): PublicSet {
  const read = (set: string): RawSet => JSON.parse(readFileSync(join(dir, `${set}.json`), 'utf8')) as RawSet;
  const raw = read(name);
  const alternates = new Map<string, string[]>();
  const moved = new Set<SetQuestion>();
  const seen = new Map<string, number>();
  for (const question of phrasings > 0 ? raw.queries : []) {
    const turn = seen.get(question.rel[0] ?? '') ?? 0;
    seen.set(question.rel[0] ?? '', turn + 1);
    if (turn % 2 === 1) continue;
    const list = alternates.get(question.rel[0] ?? '') ?? [];
    if (list.length === phrasings) continue;
    alternates.set(question.rel[0] ?? '', [...list, question.q]);
    moved.add(question);
  }
  const passages = raw.docs.flatMap(({ doc, title, text }) => {
    const heading = title === '' ? '' : `# ${title.replaceAll('-', ' ')}\n\n`;
    const parsed = parseFile(`${doc}.md`, Buffer.from(`${heading}${text}\n`)).passages;
    return parsed.map((passage) => ({ ...passage, alternates: alternates.get(doc) ?? passage.alternates }));
  });
  const asked = (set: string, limit: number, part?: string) =>
    every(
      read(set).queries.filter((query) => part === undefined || query.split === part),
      limit,
    ).map(({ q }) => q);
  const far = name === 'piaf' ? [...asked('covid', 150), ...asked('spf', 150)] : asked('piaf', 300, 'test');
  const near = name === 'piaf' ? [] : asked(name === 'spf' ? 'covid' : 'spf', 150);
  return {
    passages,
    questions: raw.queries.filter((query) => !moved.has(query) && (split === '*' || query.split === split)),
    far,
    near,
  };
}
