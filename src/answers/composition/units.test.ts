import { describe, expect, test } from 'vitest';
import { passage } from '../fixtures/passage.ts';
import type { Passage } from '../ingest/passage.ts';
import { compose } from './compose.ts';
import { excerpt } from './excerpt.ts';
import { unitsOf } from './units.ts';

const piece = (text: string, kind: Passage['kind'] = 'document') => passage('D', text, { kind });
const asked = (content: string[], type?: 'list' | 'amount') => ({ content, type, weight: () => 1 });
const filler = 'Cette phrase ne dit rien qui vaille et ne sert ici qu’à remplir. '.repeat(8).trim();

test('blocks: sentences, a list with its lead, a table with its header', () => {
  const { blocks, units } = unitsOf(
    'Un. Deux.\n\nIl faut :\n\n- a\n- b\n  suite\n\n| x | y |\n|---|---|\n| 1 | 2 |',
  );
  expect(units.map(({ kind, plain }) => [kind, plain])).toEqual([
    ['sentence', 'Un.'],
    ['sentence', 'Deux.'],
    ['sentence', 'Il faut :'],
    ['item', 'a'],
    ['item', 'b suite'],
    ['row', '1 2'],
  ]);
  expect(blocks.map(({ lead }) => lead)).toEqual([undefined, undefined, 'Il faut :', '| x | y |\n|---|---|']);
});

describe('compose', () => {
  test('a short passage and an entry up to 1,200 characters are whole', () => {
    expect(compose(piece('Court.'), asked(['autre']))).toBe('Court.');
    expect(compose(piece(filler, 'faq'), asked(['autre']))).toBe(filler);
  });

  test('only words of the passage, in its order', () => {
    const text = `Le plafond est de 63 000 F. ${filler} Le taux est de 7 %. ${filler}`;
    expect(compose(piece(text), asked(['taux', 'plafond'], 'amount'))).toBe(
      'Le plafond est de 63 000 F.\n\nLe taux est de 7 %.',
    );
  });

  test('a table row comes with its header', () => {
    const rows = Array.from({ length: 40 }, (_, n) => `| Ville ${n} | ${n}00 F ${'-'.repeat(20)} |`).join(
      '\n',
    );
    const body = compose(
      piece(`${filler}\n\n| Lieu | Prix |\n|---|---|\n${rows}\n| Zanzibar | 7 F |`),
      asked(['zanzibar']),
    );
    expect(body).toContain('| Lieu | Prix |\n|---|---|\n');
    expect(body).toContain('| Zanzibar | 7 F |');
    expect(body.length).toBeLessThan(600);
  });
});

test('an excerpt is plain, at most 500 characters, never half a character', () => {
  expect(excerpt('**Gras** et [lien](https://a.sn) :\n\n- un')).toBe('Gras et lien :\nun');
  for (const text of ['mot '.repeat(300), '😀'.repeat(400), 'a'.repeat(999)]) {
    expect(excerpt(text).length).toBeLessThanOrEqual(500);
    expect(excerpt(text).isWellFormed()).toBe(true);
    expect(excerpt(text)).toMatch(/…$/);
  }
});
