import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toCsv } from './csv.ts';

const read = (text: string): string[][] =>
  parse(text, { delimiter: ';', bom: true, relax_column_count: true }) as unknown as string[][];

test.each([
  ['=1+1', "'=1+1"],
  ['+221770000001', "'+221770000001"],
  ['-3', "'-3"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\t=1', "'\t=1"],
  ['  =1', "'  =1"],
  ['＝1', "'＝1"],
  ['Awa; "Exemple"', 'Awa; "Exemple"'],
  ["d'Exemple\nfin", "d'Exemple\nfin"],
  ['14/03/2016', '14/03/2016'],
])('%j is read as %j', (value, shown) => {
  expect(read(toCsv([[value]]))).toEqual([[shown]]);
});

test('whatever people wrote, cells stay where they are and none runs', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ minLength: 1, unit: 'binary' }), { minLength: 1, maxLength: 5 }),
      (row) => {
        const [cells = []] = read(toCsv([row]));
        expect(cells.map((cell) => cell.replace(/^'/, ''))).toEqual(
          row.map((cell) => cell.replace(/^'/, '')),
        );
        for (const cell of cells) expect(cell).not.toMatch(/^\s*[=+\-@|%]/);
      },
    ),
  );
});
