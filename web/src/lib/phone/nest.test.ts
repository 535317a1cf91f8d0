import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nest, safeAddress, type Piece } from './nest.ts';

const flat = (pieces: readonly Piece[]): string =>
  pieces.map((piece) => ('text' in piece ? piece.text : flat(piece.inside))).join('');

const covered = (pieces: readonly Piece[], type: string): string =>
  pieces
    .map((piece) =>
      'text' in piece ? '' : piece.entity.type === type ? flat(piece.inside) : covered(piece.inside, type),
    )
    .join('');

describe('nest', () => {
  test('offsets count UTF-16 units', () => {
    const text = '👋🏾 Bonjour Awa';
    expect(covered(nest(text, [{ type: 'bold', offset: 5, length: 7 }]), 'bold')).toBe('Bonjour');
  });

  test('an entity inside another is drawn inside it', () => {
    const tree = nest('un deux trois', [
      { type: 'italic', offset: 3, length: 4 },
      { type: 'bold', offset: 0, length: 13 },
    ]);
    expect(tree).toHaveLength(1);
    expect(tree[0]).toMatchObject({ entity: { type: 'bold' } });
    expect(covered(tree, 'italic')).toBe('deux');
  });

  test('crossing entities each keep all their text', () => {
    const tree = nest('abcdef', [
      { type: 'bold', offset: 0, length: 4 },
      { type: 'italic', offset: 2, length: 4 },
    ]);
    expect(flat(tree)).toBe('abcdef');
    expect(covered(tree, 'bold')).toBe('abcd');
    expect(covered(tree, 'italic')).toBe('cdef');
  });

  test('whatever the entities, no text is lost, doubled or moved', () => {
    const entity = fc.record({
      type: fc.constantFrom('bold', 'italic', 'code'),
      offset: fc.integer({ min: -3, max: 40 }),
      length: fc.integer({ min: -2, max: 40 }),
    });
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 30 }),
        fc.array(entity, { maxLength: 8 }),
        (text, all) => {
          expect(flat(nest(text, all))).toBe(text);
        },
      ),
    );
  });
});

describe('safeAddress', () => {
  test.each([
    ['https://secusociale.example/a?b=1', 'https://secusociale.example/a?b=1'],
    ['secusociale.example', 'https://secusociale.example/'],
    ['mailto:accueil@css.example', 'mailto:accueil@css.example'],
    ['javascript:alert(1)', undefined],
    [' javascript:alert(1)', undefined],
    ['JAVASCRIPT:alert(1)', undefined],
    ['data:text/html,<script>', undefined],
    ['http://', undefined],
    [undefined, undefined],
  ])('%s', (address, expected) => {
    expect(safeAddress(address)).toBe(expected);
  });
});
