import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../../test/support/folder.ts';
import { docx, paragraphs, pdf } from './fixtures/files.ts';
import { shownNumber } from './number-format.ts';
import { readDocument } from './read-document.ts';
import { readable } from './reader.ts';
import { readBytes } from './read.ts';
import { zip } from './zip.ts';

const page = async (bytes: Buffer, format: 'html' | 'docx' | 'table' | 'pdf'): Promise<string> => {
  const read = await readDocument(bytes, format);
  return read.ok ? read.pages.join('\n\n') : read.reason;
};
const run = (text: string, properties = ''): string =>
  `<w:r><w:rPr>${properties}</w:rPr><w:t xml:space="preserve">${text}</w:t></w:r>`;

describe('an amount stands under its column', () => {
  test.each<[string, string, string[]]>([
    [
      'a label over two lines',
      '<tr><th>V<th>S<th>W<tr><td rowspan=2>Adulte<td>2 000<td>3 000<tr><td>1 500<td>2 500',
      ['Adulte | 2 000 | 3 000', 'Adulte | 1 500 | 2 500'],
    ],
    [
      'a value over two lines',
      '<tr><th>V<th>S<th>W<tr><td>Enfant<td rowspan="2">500<td>800<tr><td>Retraité<td>900',
      ['Enfant | 500 | 800', 'Retraité | 500 | 900'],
    ],
    [
      'a value over two columns',
      '<tr><th>V<th>S<th>W<tr><td>Bébé<td colspan=2>0 F<tr><td>Chien<td>1<td>2',
      ['Bébé | 0 F | 0 F', 'Chien | 1 | 2'],
    ],
    [
      'a value over two lines and two columns, then another',
      '<tr><th>A<th>B<th>C<th>D<tr><td>x<td rowspan=2 colspan=2>5<td>6<tr><td>y<td>7',
      ['x | 5 | 5 | 6', 'y | 5 | 5 | 7'],
    ],
    [
      'a title over two columns stands once',
      '<tr><th>V<th colspan=2>Prix<tr><th><th>S<th>W<tr><td>a<td>1<td>2',
      ['V | Prix |', ' | S | W', 'a | 1 | 2'],
    ],
    [
      'lines and cells that are not shown',
      '<tr><th>A<th>B<tr hidden><td>vieux<td>1<tr><td style="display:none">z</td><td>x<td>2',
      ['x | 2'],
    ],
  ])('HTML: %s', async (_, rows, lines) => {
    const said = await page(Buffer.from(`<html><table>${rows}</table>`), 'html');
    for (const line of lines) expect(said).toContain(`| ${line}`);
    expect(said).not.toMatch(/vieux|z/);
  });

  test('hostile spans cost little', async () => {
    const row = `<tr>${'<td colspan=50 rowspan=65000>a'.repeat(200)}`;
    expect((await page(Buffer.from(`<html><table>${row.repeat(200)}`), 'html')).length).toBeLessThan(500_000);
  });

  const cell = (text: string, merge = ''): string =>
    `<w:tc><w:tcPr>${merge}</w:tcPr>${paragraphs(text)}</w:tc>`;
  const merged = docx(
    `<w:tbl><w:tr>${cell('V')}${cell('S')}${cell('W')}</w:tr><w:tr>${cell('Adulte', '<w:vMerge w:val="restart"/>')}${cell('2 000')}${cell('3 000')}</w:tr><w:tr>${cell('', '<w:vMerge/>')}${cell('1 500')}${cell('2 500')}</w:tr></w:tbl>`,
  );
  test('DOCX: merged cells, for the desk and for a citizen', async () => {
    expect(await page(merged, 'docx')).toContain('| Adulte | 1 500 | 2 500 |');
    expect(await readBytes(merged)).toMatchObject({
      pages: ['V | S | W\nAdulte | 2 000 | 3 000\nAdulte | 1 500 | 2 500'],
    });
  });

  test('PDF: an empty cell moves nothing', async () => {
    const shown =
      '(Visiteur) Tj 100 0 Td (Semaine) Tj 100 0 Td (Dimanche) Tj -200 -14 Td (Adulte) Tj 100 0 Td (2 000) Tj 100 0 Td (3 000) Tj -200 -14 Td (Enfant) Tj 200 0 Td (900) Tj';
    expect(await page(drawn(shown), 'pdf')).toBe(
      '| Visiteur | Semaine | Dimanche |\n| --- | --- | --- |\n| Adulte | 2 000 | 3 000 |\n| Enfant |  | 900 |',
    );
  });
});

/** A page with these operators in the place of its words. */
const drawn = (operators: string): Buffer =>
  Buffer.from(pdf(['x']).toString('latin1').replace('(x) Tj T*', operators), 'latin1');

describe('a note is no digit, and what is struck out or hidden is not said', () => {
  test.each([
    ['25 000<sup>1</sup> F', '25 000 (1) F'],
    ['25 000<b><sup><a>[3]</a></sup></b>F', '25 000 (3) F'],
    ['<sup>2</sup>25 000 F', '(2) 25 000 F'],
    ['500 F<sup>(5)</sup>.', '500 F (5).'],
    ['10<sup>3</sup> m<sup>2</sup>', '10 (3) m2'],
    ['CO<sub>2</sub> et 5<sub>2</sub>', 'CO2 et 5 (2)'],
    ['1<sup>er</sup> mai', '1er mai'],
    ['<del>3 000</del> <s>3 100</s> <strike>3 200</strike> <ins>3 500</ins> F', '3 500 F'],
    ['<span style="text-decoration: line-through">3 000</span> 3 500 F', '3 500 F'],
    [
      '<span style="visibility:hidden">x</span><span hidden>y</span><i aria-hidden=true>z</i>Bonjour',
      'Bonjour',
    ],
    ['<span style="position:absolute;left:-9999px">x</span>Bonjour', 'Bonjour'],
  ])('HTML: %s', async (html, said) => {
    expect(await page(Buffer.from(`<html><p>${html}</p>`), 'html')).toBe(said);
    expect(await page(Buffer.from(`<html><ul><li>${html}</ul>`), 'html')).toBe(`- ${said}`);
  });

  const strike = '<w:strike/>';
  test.each([
    [run('25 000') + run('1', '<w:vertAlign w:val="superscript"/>') + run(' F'), '25 000 (1) F'],
    [run('1 000', strike) + run('1 100', '<w:dstrike/>') + run('1 200 F'), '1 200 F'],
    [run('Bonjour') + run(' caché', '<w:vanish/>') + run(' vu', '<w:vanish w:val="0"/>'), 'Bonjour vu'],
    [run('Bonjour') + run(' caché', '<w:strike w:val="0"/><w:vanish/>'), 'Bonjour'],
  ])('DOCX: %s', async (body, said) => {
    const file = docx(`<w:p>${body}</w:p>`);
    expect(await page(file, 'docx')).toBe(said);
    expect(await readBytes(file)).toMatchObject({ pages: [said] });
  });

  test.each([
    ['(Le ticket vaut 25 000) Tj /F1 7 Tf 5 Ts (1) Tj 0 Ts /F1 12 Tf ( F par an.) Tj', /25 000 \(1\) F/],
    ['/F1 7 Tf 5 Ts (1) Tj 0 Ts /F1 12 Tf (25 000 F par an.) Tj', /^\(1\) 25 000 F/],
    ['(Une salle de 40 m) Tj /F1 7 Tf 5 Ts (2) Tj 0 Ts /F1 12 Tf ( ou plus.) Tj', /40 m2 ou/],
  ])('PDF: %s', async (operators, said) => {
    expect(await page(drawn(operators), 'pdf')).toMatch(said);
  });
});

describe('a workbook is read as it is shown', () => {
  test.each<[number, string | undefined, string]>([
    [0.07, '0%', '7 %'],
    [7.0000000000000007e-2, '0%', '7 %'],
    [0.015, '0.0%', '1,5 %'],
    [63000, '#,##0" F CFA"', '63 000 F CFA'],
    [63000, '#,##0\\ [$F CFA-28C]', '63 000 F CFA'],
    [-1234.5, '#,##0.00;[Red](#,##0.00)', '(1 234,50)'],
    [1e6, undefined, '1000000'],
    [1e21, undefined, '1000000000000000000000'],
    [0.1 + 0.2, undefined, '0,3'],
    [0.35416666666666669, 'h:mm', '08:30'],
    [1.5, '[h]:mm', '36:00'],
    [45000, 'dd/mm/yyyy', '15/03/2023'],
    [45000.5, 'd/m/yy h:mm', '15/03/2023 12:00'],
    [45000, 'mmmm yyyy', 'mars 2023'],
    [3, '0" mois"', '3 mois'],
    [771234567, '00000', '771234567'],
    [0, '#,##0;-#,##0;"gratuit"', 'gratuit'],
    [12, '@', '12'],
    [1234567, '0.00E+00', '1234567'],
    [12500000, '#,##0,', '12 500'],
  ])('%d as %s is %s', (value, code, shown) => {
    expect(shownNumber(value, code)).toBe(shown);
  });

  test('formats, merged cells, hidden lines, columns and sheets', async () => {
    const text = (at: string, words: string) => `<c r="${at}" t="inlineStr"><is><t>${words}</t></is></c>`;
    const rows = [
      `<row r="1">${text('A1', 'Branche')}${text('B1', 'Taux')}${text('C1', 'Secret')}${text('D1', 'Plafond')}</row>`,
      `<row r="2">${text('A2', 'Famille')}<c r="B2" s="1"><v>7.0000000000000007E-2</v></c>${text('C2', 'caché')}<c r="D2" s="2"><v>63000</v></c></row>`,
      `<row r="3"><c r="B3" s="3"><v>0.09</v></c><c r="D3"><v>1E+06</v></c></row>`,
      `<row r="4" hidden="1">${text('A4', 'ANCIEN')}</row>`,
      `<row r="5"><c r="A5" t="s"><v>0</v></c><c r="B5" t="e"><v>#REF!</v></c><c r="D5"><v>5</v></c></row>`,
    ];
    const main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
    const file = zip(
      new Map(
        Object.entries({
          'xl/workbook.xml': `<workbook ${main}><sheets><sheet name="Taux &amp; plafonds" r:id="r1"/><sheet name="Vieux" state="hidden" r:id="r2"/></sheets></workbook>`,
          'xl/_rels/workbook.xml.rels':
            '<Relationships><Relationship Id="r1" Target="worksheets/a.xml"/><Relationship Id="r2" Target="/xl/worksheets/b.xml"/></Relationships>',
          'xl/styles.xml': `<styleSheet ${main}><numFmts><numFmt numFmtId="164" formatCode="#,##0&quot; F CFA&quot;"/></numFmts><fonts><font/><font><strike/></font></fonts><cellXfs><xf numFmtId="0"/><xf numFmtId="9"/><xf numFmtId="164"/><xf numFmtId="9" fontId="1"/></cellXfs></styleSheet>`,
          'xl/sharedStrings.xml': `<sst ${main}><si><r><t>Accident</t></r><r><rPr><vertAlign val="superscript"/></rPr><t>1</t></r><r><rPr><strike/></rPr><t>non</t></r><rPh><t>non</t></rPh></si></sst>`,
          'xl/worksheets/a.xml': `<worksheet ${main}><cols><col min="3" max="3" hidden="1"/></cols><sheetData>${rows.join('')}</sheetData><mergeCells><mergeCell ref="A2:A3"/></mergeCells></worksheet>`,
          'xl/worksheets/b.xml': `<worksheet ${main}><sheetData><row r="1">${text('A1', 'caché')}</row></sheetData></worksheet>`,
        }).map(([name, part]) => [name, Buffer.from(part)]),
      ),
    );
    expect(await page(file, 'table')).toBe(
      [
        '| Branche | Taux | Plafond |\n| --- | --- | --- |',
        '| Famille | 7 % | 63 000 F CFA |\n| Famille |  | 1000000 |\n| Accident (1) |  | 5 |',
      ].join('\n'),
    );
  });
});

test('packages reached through a link may be read where they are', () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'packages'));
  mkdirSync(join(folder, 'root/src'), { recursive: true });
  cpSync(import.meta.filename, join(folder, 'root/package.json'));
  symlinkSync(join(folder, 'packages'), join(folder, 'root/node_modules'));
  expect(readable(pathToFileURL(join(folder, 'root/')))).toEqual([
    join(folder, 'root/src/'),
    join(folder, 'root/node_modules/'),
    join(folder, 'packages/'),
    join(folder, 'root/package.json'),
  ]);
});
