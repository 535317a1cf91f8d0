import { deflateRawSync } from 'node:zlib';
import writeExcelFile from 'write-excel-file/node';
import { describe, expect, test } from 'vitest';
import { readPeople } from './import-file.ts';

type Cell = string | number | boolean | Date | null;
const workbook = (rows: Cell[][]): Promise<Buffer> =>
  writeExcelFile(rows, { dateFormat: 'dd/mm/yyyy' }).toBuffer();

/** A ZIP whose directory announces `announced` bytes for each part, whatever is in it. */
function zip(parts: Record<string, string>, announced?: number): Uint8Array {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(parts)) {
    const data = deflateRawSync(text);
    const size = announced ?? Buffer.byteLength(text);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(size, 18);
    common.writeUInt16LE(name.length, 22);
    const where = Buffer.alloc(14);
    where.writeUInt32LE(offset, 10);
    locals.push(Buffer.from('PK\u0003\u0004', 'latin1'), common, Buffer.from(name), data);
    central.push(Buffer.from('PK\u0001\u0002\u0014\u0000', 'latin1'), common, where, Buffer.from(name));
    offset += 30 + name.length + data.length;
  }
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006', 'latin1');
  end.writeUInt16LE(Object.keys(parts).length, 8);
  end.writeUInt16LE(Object.keys(parts).length, 10);
  end.writeUInt32LE(Buffer.concat(central).length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, ...central, end]);
}

const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const parts = (sheet: string): Record<string, string> => ({
  'xl/workbook.xml': `<workbook xmlns:r="${RELATIONS}"><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  'xl/_rels/workbook.xml.rels': `<Relationships><Relationship Id="rId1" Type="${RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
  'xl/worksheets/sheet1.xml': `<worksheet><sheetData>${sheet}</sheetData></worksheet>`,
});
const cell = (at: string, text: string): string => `<c r="${at}" t="inlineStr"><is><t>${text}</t></is></c>`;
const head = `<row r="1">${cell('A1', 'nom')}${cell('B1', 'telephone')}</row>`;
const codesOf = async (bytes: Uint8Array, options = {}): Promise<string[]> =>
  (await readPeople(bytes, options)).problems.map(({ code }) => code);

describe('a workbook', () => {
  test('numbers, dates and truth values are read as they were meant', async () => {
    const file = await workbook([
      ['Liste 2025-2026', null, null, null, null],
      ['Nom', 'Téléphone', 'Prénom enfant', 'Date de naissance', 'Baptisé'],
      ['DIOP', 770000001, 'Awa', new Date(Date.UTC(2016, 2, 14)), true],
      [null, null, null, null, null],
      ['FALL', '221770000002.0', 'Omar', '14-mars-16', 'non'],
      ['SARR', 7.7e8, 'Jean', 42443, null],
    ]);
    const preview = await readPeople(file);
    expect(preview.problems).toEqual([]);
    expect(preview.format).toEqual({ kind: 'xlsx' });
    expect(preview.people.map(({ lastName, phones, children }) => [lastName, phones, children[0]])).toEqual([
      ['DIOP', ['+221770000001'], expect.objectContaining({ birthDate: '2016-03-14', baptised: true })],
      ['FALL', ['+221770000002'], expect.objectContaining({ birthDate: '2016-03-14', baptised: false })],
      ['SARR', ['+221770000000'], expect.objectContaining({ birthDate: '2016-03-14' })],
    ]);
  });

  test('problems name the line of the sheet', async () => {
    const file = await workbook([
      ['nom', 'telephone'],
      [null, null],
      ['DIOP', 'l77 000 00 01'],
    ]);
    expect((await readPeople(file)).problems.map(({ line, code }) => [line, code])).toEqual([
      [3, 'phone'],
      [3, 'no_phone'],
    ]);
  });

  test('an error cell is blank', async () => {
    const row = `<row r="2">${cell('A2', 'DIOP')}<c r="B2" t="e"><v>#N/A</v></c></row>`;
    expect((await readPeople(zip(parts(head + row)))).people).toMatchObject([
      { lastName: 'DIOP', phones: [] },
    ]);
  });

  test.each<[string, Uint8Array]>([
    ['parts missing', zip({ 'xl/a.xml': '<a/>' })],
    ['a sheet that is no XML', zip(parts('<row><<<'))],
    ['cells out of order', zip(parts(`${head}<row r="1">${cell('A1', 'x')}</row>`))],
    ['an archive cut short', zip(parts(head)).subarray(0, 200)],
  ])('%s: unreadable', async (_label, file) => {
    expect(['unreadable', 'empty', 'no_header']).toContain((await codesOf(file))[0]);
  });
});

describe('a bomb harms nobody', () => {
  const row = `<row r="2">${cell('A2', 'DIOP')}${cell('B2', '770000001')}</row>`;

  test('announced as large: not opened', async () => {
    expect(await codesOf(zip(parts(head + row), 2 ** 31))).toEqual(['too_heavy']);
  });

  test('announced as small: only that much comes out', async () => {
    const file = zip(parts(head + row + ' '.repeat(2 ** 27)), 1_000);
    expect(file.length).toBeLessThan(2 ** 18);
    expect((await codesOf(file)).length).toBeGreaterThan(0);
  });

  test('too many parts', async () => {
    const many = Object.fromEntries(Array.from({ length: 1_100 }, (_, n) => [`xl/${n}.xml`, '<a/>']));
    expect(await codesOf(zip(many))).toEqual(['too_heavy']);
  });

  test('a few cells far apart ask for more memory than the thread has', async () => {
    const far = `<row r="900000000">${cell('XFD900000000', 'x')}</row>`;
    expect(await codesOf(zip(parts(head + row + far)), { heapMb: 64 })).toEqual(['too_heavy']);
  });

  test('entities are not multiplied', async () => {
    const bomb = parts(head + row);
    const sheet = bomb['xl/worksheets/sheet1.xml'] ?? '';
    bomb['xl/worksheets/sheet1.xml'] =
      `<!DOCTYPE a [<!ENTITY b "${'x'.repeat(1_000)}"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>` +
      sheet.replace('DIOP', '&c;'.repeat(100));
    const preview = await readPeople(zip(bomb));
    expect(JSON.stringify(preview.people).length).toBeLessThan(2_000);
  });

  test('time is up', async () => {
    expect(await codesOf(await workbook([['nom', 'telephone']]), { timeMs: 1 })).toEqual(['too_heavy']);
  });

  test('too large a file does not even start', async () => {
    expect(await codesOf(new Uint8Array(31 * 2 ** 20))).toEqual(['too_large']);
  });
});
