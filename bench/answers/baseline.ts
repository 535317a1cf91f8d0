import { DatabaseSync } from 'node:sqlite';
import type { Passage } from '../../src/answers/ingest/passage.ts';
import { words } from '../../src/answers/retrieval/fold.ts';
import { addBm25, buildPostings } from '../../src/answers/retrieval/postings.ts';
import { finished } from '../../src/answers/retrieval/slices.ts';
import { stem } from '../../src/answers/retrieval/views.ts';

/** Plain BM25 over title and body as one field, stemmed: what the engine is compared with, in the same process. */
export function plainBm25(passages: readonly Passage[]): (question: string, k: number) => string[] {
  const ids = new Map<string, number>();
  const texts = passages.map((passage) =>
    words(`${passage.title} ${passage.alternates.join(' ')} ${passage.text}`).map((word) => {
      const key = stem(word);
      const id = ids.get(key) ?? ids.size;
      ids.set(key, id);
      return id;
    }),
  );
  const postings = finished(
    buildPostings(texts.length, ids.size, (index, visit) => {
      texts[index]?.forEach(visit);
    }),
  );
  return (question, k) => {
    const scores = new Float64Array(passages.length);
    const reached: number[] = [];
    const terms = [...new Set(words(question).map(stem))].flatMap((key) => {
      const id = ids.get(key);
      return id === undefined ? [] : [{ id, weight: 1 }];
    });
    addBm25(postings, terms, 1.2, 0.75, scores, reached);
    reached.sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0));
    return reached.slice(0, k).map((index) => passages[index]?.document ?? '');
  };
}

/** SQLite's full-text search as most would use it: `unicode61`, any word of the question, its own bm25. */
export function fts5(passages: readonly Passage[]): (question: string, k: number) => string[] {
  const db = new DatabaseSync(':memory:');
  db.exec("CREATE VIRTUAL TABLE passage USING fts5(title, body, tokenize = 'unicode61 remove_diacritics 2')");
  const insert = db.prepare('INSERT INTO passage (rowid, title, body) VALUES (?, ?, ?)');
  passages.forEach(({ title, alternates, text }, index) => {
    insert.run(index, [title, ...alternates].join(' '), text);
  });
  const select = db.prepare('SELECT rowid FROM passage WHERE passage MATCH ? ORDER BY bm25(passage) LIMIT ?');
  return (question, k) => {
    const terms = [...new Set(question.match(/[\p{L}\p{N}]+/gu) ?? [])].map((word) => `"${word}"`);
    if (terms.length === 0) return [];
    const rows = select.all(terms.join(' OR '), k);
    return rows.map(({ rowid }) => passages[Number(rowid)]?.document ?? '');
  };
}
