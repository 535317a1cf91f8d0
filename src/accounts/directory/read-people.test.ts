import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readPeopleHere } from './read-people.ts';
import type { PeoplePreview } from './read-people.ts';

const bytes = (text: string, encoding: BufferEncoding = 'utf8'): Uint8Array => Buffer.from(text, encoding);
const swapped = (utf16: Buffer): Uint8Array => Buffer.from(utf16).swap16();
const read = (text: string): Promise<PeoplePreview> => readPeopleHere(bytes(text));
const codes = ({ problems }: PeoplePreview): string[] =>
  problems.map(({ line, code }) => `${line ?? '-'} ${code}`);

const HEADER = 'code_parent;nom;prénoms;lien;téléphone;nom_enfant;prenom_enfant;date_naissance;niveau';
const LINE = 'P-1;NDIAYE;Hélène;mère;77 000 00 01;NDIAYE;Noël;14/03/2016;N4';
const HELENE = {
  code: 'P-1',
  lastName: 'NDIAYE',
  firstNames: 'Hélène',
  phones: ['+221770000001'],
  children: [
    {
      lastName: 'NDIAYE',
      firstNames: 'Noël',
      relation: 'mother',
      birthDate: '2016-03-14',
      level: 'N4',
      status: 'enrolled',
    },
  ],
};

describe('one file, however it is saved', () => {
  const text = `${HEADER}\r\n${LINE}\r\n`;
  const utf16 = Buffer.from(`\ufeff${text}`, 'utf16le');
  test.each<[string, Uint8Array, string]>([
    ['UTF-8', bytes(text), 'utf-8'],
    ['UTF-8 with its mark', bytes(`\ufeff${text}`), 'utf-8'],
    ['windows-1252', bytes(text, 'latin1'), 'windows-1252'],
    ['UTF-16, Excel’s "Unicode text"', utf16, 'utf-16le'],
    ['UTF-16 big-endian', swapped(utf16), 'utf-16be'],
    ['UTF-16 without its mark', bytes(text, 'utf16le'), 'utf-16le'],
    ['UTF-8 saved as windows-1252 and again', bytes(Buffer.from(text).toString('latin1')), 'utf-8'],
    ['line feeds', bytes(text.replaceAll('\r', '')), 'utf-8'],
    ['carriage returns', bytes(text.replaceAll('\n', '')), 'utf-8'],
    ['commas', bytes(text.replaceAll(';', ',')), 'utf-8'],
    ['tabs', bytes(text.replaceAll(';', '\t')), 'utf-8'],
    ['quotes around everything', bytes(text.replace(/[^;\r\n]+/g, '"$&"')), 'utf-8'],
    ['a declared separator', bytes(`sep=;\r\n${text}`), 'utf-8'],
    ['a title above', bytes(`Paroisse ; année 2025-2026\r\n;;;\r\n${text}`), 'utf-8'],
    ['empty lines', bytes(text.replace('\r\n', '\r\n\r\n;;;;;;;;\r\n')), 'utf-8'],
    ['no line end at the end', bytes(text.trim()), 'utf-8'],
  ])('%s', async (_label, file, encoding) => {
    const preview = await readPeopleHere(file);
    expect(preview.people).toEqual([HELENE]);
    expect([preview.lines, preview.errors]).toEqual([1, 0]);
    expect(preview.format).toMatchObject({ kind: 'csv', encoding });
  });

  test('accents that were broken are told', async () => {
    const preview = await readPeopleHere(bytes(Buffer.from(text).toString('latin1')));
    expect(codes(preview)).toEqual(['- repaired_accents']);
  });

  test.each([
    'telephone;prenoms;nom',
    'TÉLÉPHONE;PRÉNOMS;NOM',
    'Tél.;Prénom(s);Nom de famille',
    'N° téléphone;Prénom du parent;Nom du parent',
    'phone;first name;last name',
    'Tél portable;Prénom;Nom',
    'Tel. mobile;Prénoms;Nom et prénom',
    'N° de tél;Prénom;Nom du tuteur',
    'Numéro (WhatsApp);Prénom;Nom(s)',
    'Téléphone 1;Prénom;Nom',
    'CONTACT;Prénom;Nom',
    'Numéro;Prénom;Nom',
    'Contact parent;Prénom;Nom',
  ])('header %s', async (header) => {
    const preview = await read(`${header}\n77 000 00 01;Fatou;DIOP\n`);
    expect(preview.people).toMatchObject([
      { lastName: 'DIOP', firstNames: 'Fatou', phones: ['+221770000001'] },
    ]);
    expect(preview.problems).toEqual([]);
  });
});

describe('what is wrong is told by line', () => {
  const line = (cells: string) => read(`nom;prenoms;lien;telephone;prenom_enfant;date_naissance\n${cells}\n`);
  test.each<[string, string, string[]]>([
    ['nothing', 'DIOP;Fatou;mère;770000001;Awa;14/03/2016', []],
    ['no name', ';;mère;770000001;Awa;', ['2 no_name']],
    ['no number', 'DIOP;Fatou;mère;;Awa;', ['2 no_phone']],
    ['a dash for a number', 'DIOP;Fatou;mère;—;Awa;', ['2 no_phone']],
    ['digits missing', 'DIOP;Fatou;mère;77 000 00;Awa;', ['2 phone', '2 no_phone']],
    ['a letter', 'DIOP;Fatou;mère;77 000 00 0O;Awa;', ['2 phone', '2 no_phone']],
    ['rounded by Excel', 'DIOP;Fatou;mère;7,7E+08;Awa;', ['2 phone', '2 no_phone']],
    ['an old number', 'DIOP;Fatou;mère;889 19 89;Awa;', ['2 phone', '2 no_phone']],
    ['no country', 'DIOP;Fatou;mère;06 12 34 56 78;Awa;', ['2 phone', '2 no_phone']],
    ['a landline', 'DIOP;Fatou;mère;33 800 00 00;Awa;', ['2 phone_fixed']],
    ['one number of two', 'DIOP;Fatou;mère;770000001 / 889 19 89;Awa;', ['2 phone']],
    ['an Excel error', 'DIOP;Fatou;mère;#N/A;Awa;', ['2 excel_error', '2 no_phone']],
    ['a column too narrow', 'DIOP;Fatou;mère;########;Awa;', ['2 excel_error', '2 no_phone']],
    ['a month of 14', 'DIOP;Fatou;mère;770000001;Awa;03/14/2016', ['2 date']],
    ['a stray separator', 'DIOP;Fatou;mère;770000001;Awa;;2016', ['2 too_many_cells']],
    ['a parent who died', 'DIOP;Fatou;mère (décédée);770000001;Awa;', ['2 deceased']],
    ['the other parent died', 'DIOP;Fatou;mère (père décédé);770000001;Awa;', []],
    ['the name Late', 'LATE;Feu;mère;770000001;Awa;', []],
  ])('%s', async (_label, cells, expected) => {
    expect(codes(await line(cells))).toEqual(expected);
  });

  test('an error says where, what was read and what to write, in two languages', async () => {
    const { problems } = await line('DIOP;Fatou;mère;77 000 00 0O;Awa;');
    expect(problems[0]).toMatchObject({
      level: 'error',
      line: 2,
      column: 'telephone',
      value: '77 000 00 0O',
    });
    expect(problems[0]?.message.fr).toMatch(/lettre.*77 000 00 01/);
    expect(problems[0]?.message.en).toMatch(/letter.*77 000 00 01/);
    expect(JSON.stringify(problems[0]?.message)).not.toContain('0O');
  });

  test('a line inside quotes keeps the count of lines', async () => {
    const preview = await read('nom;telephone\n"DIOP\nNDOUR";770000001\nFALL;77\n');
    expect(preview.people[0]?.lastName).toBe('DIOP NDOUR');
    expect(codes(preview)).toEqual(['4 phone', '4 no_phone']);
  });

  test('many problems are counted, not all listed', async () => {
    const preview = await read(`nom;telephone\n${'DIOP;77\n'.repeat(2_000)}`);
    expect([preview.errors, preview.warnings, preview.problems.length]).toEqual([2_000, 2_000, 1_000]);
  });
});

describe('a file that cannot be used says why', () => {
  test.each<[string, Uint8Array, string]>([
    ['empty', bytes(''), '- empty'],
    ['a header and nothing else', bytes('nom;telephone\n'), '- empty'],
    ['no header', bytes('DIOP;Fatou;770000001\n'), '- no_header'],
    ['no column of numbers', bytes('nom;prenoms\nDIOP;Fatou\n'), '1 missing_column'],
    ['no column of names', bytes('prenoms;telephone\nFatou;770000001\n'), '1 missing_column'],
    ['a quote never closed', bytes('nom;telephone\n"DIOP;770000001\n'), '2 broken_quotes'],
    ['a picture', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), '- unsupported'],
    ['an old workbook', Buffer.from('d0cf11e0a1b11ae1', 'hex'), '- unsupported'],
    ['a workbook cut short', bytes('PK\u0003\u0004 and then nothing'), '- unreadable'],
    ['too large', new Uint8Array(31 * 1024 * 1024), '- too_large'],
  ])('%s', async (_label, file, expected) => {
    const preview = await readPeopleHere(file);
    expect([preview.people, codes(preview)]).toEqual([[], [expected]]);
  });

  test('columns that are not read are named', async () => {
    const preview = await read('nom;telephone;Nom;pointure;observations\nDIOP;770000001;FALL;38;divorcée\n');
    expect(codes(preview)).toEqual(['1 unknown_column', '1 repeated_column']);
    expect(JSON.stringify(preview)).not.toContain('divorcée');
  });
});

describe('columns of numbers', () => {
  const phones = async (header: string, cells: string): Promise<string[] | undefined> =>
    (await read(`nom;${header}\nDIOP;${cells}\n`)).people[0]?.phones;

  test('two of them are both read', async () => {
    const both = ['+221770000001', '+221770000002'];
    expect(await phones('Téléphone;Portable', '770000001;770000002')).toEqual(both);
    expect(await phones('Tel;Autre numéro', '770000001;770000002')).toEqual(both);
  });

  test('"contact" beside a telephone may be somebody else: not read, and said', async () => {
    for (const [header, cells] of [
      ['telephone;contact', '770000001;770000002'],
      ['contact;telephone', '770000002;770000001'],
    ] as const) {
      const preview = await read(`nom;${header}\nDIOP;${cells}\n`);
      expect(preview.people[0]?.phones).toEqual(['+221770000001']);
      expect(codes(preview)).toEqual(['1 repeated_column']);
    }
  });

  test.each(['contact en cas d’urgence', 'tél père', 'tél école', 'numéro de dossier', 'n'])(
    '“%s” is nobody’s number',
    async (header) => {
      expect(codes(await read(`nom;prenoms;${header}\nDIOP;Fatou;770000001\n`))).toEqual([
        '1 missing_column',
      ]);
    },
  );

  test.each<[string, RegExp, RegExp]>([
    [
      'nom;prenoms;téléphne',
      /Titres lus : nom ; prenoms ; téléphne\. « téléphne » : voulez-vous dire telephone \?/,
      /Headers read: nom ; prenoms ; téléphne\. “téléphne”: do you mean telephone\?/,
    ],
    ['nom;prenoms;joindre', /Titres lus : nom ; prenoms ; joindre\.$/, /Headers read.*joindre\.$/],
    ['nm;parentt;telephone', /« nom ».*Titres lus : nm.*« parentt » : voulez-vous dire nom/, /“nom”/],
    ['nom;joindre', /« telephone » manque.*Titres lus : nom ; joindre/, /nothing is imported/],
  ])('%s is refused with the headers read and what was perhaps meant', async (header, fr, en) => {
    const { people, problems } = await read(`${header}\nDIOP;Fatou;770000001\n`);
    expect(people).toEqual([]);
    expect(problems.map(({ code }) => code)).toEqual(['missing_column']);
    expect(problems[0]?.message.fr).toMatch(fr);
    expect(problems[0]?.message.en).toMatch(en);
  });
});

describe('lines become people', () => {
  const people = async (...lines: string[]) => {
    const header = 'code;nom;prenoms;telephone;telephone2;whatsapp;nom_enfant;prenom_enfant;annee;statut';
    return read([header, ...lines].join('\n'));
  };

  test('two children of one parent, with and without a code', async () => {
    for (const code of ['P-1', '']) {
      const preview = await people(
        `${code};DIOP;Fatou;770000001;;oui;SARR;Awa;2025-2026;inscrit`,
        `${code};Diop ;FATOU;+221 77 000 00 01;;;SARR;Omar;2025-2026;en attente`,
      );
      expect(preview.people).toHaveLength(1);
      expect(preview.people[0]?.children.map((child) => [child.firstNames, child.status])).toEqual([
        ['Awa', 'enrolled'],
        ['Omar', 'waiting'],
      ]);
      expect(preview.problems).toEqual([]);
    }
  });

  test('numbers of all columns, once each', async () => {
    const preview = await people('P-1;DIOP;Fatou;770000001 / 780000002;0033612345678;+221770000001;;;;');
    expect(preview.people[0]?.phones).toEqual(['+221770000001', '+221780000002', '+33612345678']);
  });

  test('the same child of two years is one child, of the later year', async () => {
    const preview = await people(
      'P-1;DIOP;Fatou;770000001;;;SARR;Awa;2025-2026;inscrit',
      'P-1;DIOP;Fatou;770000001;;;SARR;Awa;2024-2025;abandon',
    );
    expect(preview.people[0]?.children).toMatchObject([{ year: '2025-2026', status: 'enrolled' }]);
  });

  test('two parents with one number are two people, and told', async () => {
    const preview = await people('P-1;DIOP;Fatou;770000001;;;;;;', 'P-2;SARR;Modou;770000001;;;;;;');
    expect([preview.people.length, codes(preview)]).toEqual([2, ['3 shared_phone']]);
    expect(preview.problems[0]?.message.en).toContain('lines 2, 3');
  });

  test('one name written in two ways is told', async () => {
    const preview = await people(
      'P-1;NDIAYE;Marie;770000001;;;;;;',
      "P-2;N'Diaye;Marie Louise;770000001;;;;;;",
    );
    expect(codes(preview)).toEqual(['3 duplicate_person']);
  });

  test('a line written twice counts once', async () => {
    const preview = await people(
      'P-1;DIOP;Fatou;770000001;;;SARR;Awa;;',
      'P-1;DIOP;Fatou;770000001;;;SARR;Awa;;',
    );
    expect([preview.people[0]?.children.length, codes(preview)]).toEqual([1, ['3 duplicate_line']]);
  });

  const family = (name: string, phone: string, child: string): string =>
    `P-1;${name};${phone};;;${child};Enfant${child};;`;
  test.each<[string, string[], string[]]>([
    [
      'two strangers',
      [family('DIOP;Fatou', '770000001', 'A'), family('FALL;Modou', '770000002', 'B')],
      ['2 3', '3 2'],
    ],
    [
      'one first name',
      [family('NDIAYE;Awa', '770000001', 'A'), family('FALL;Awa', '780000002', 'B')],
      ['2 3', '3 2'],
    ],
    [
      'one family name',
      [family('FALL;Awa', '770000001', 'A'), family('FALL;Modou', '780000002', 'B')],
      ['2 3', '3 2'],
    ],
    [
      'one number',
      [family('DIOP;Fatou', '770000001', 'A'), family('FALL;Modou', '770000001', 'B')],
      ['2 3', '3 2'],
    ],
    [
      'a couple with one number',
      [family('FALL;Awa', '770000001', 'A'), family('FALL;Modou', '770000001', 'B')],
      ['2 3', '3 2'],
    ],
    [
      'names alike, no number in common',
      [family('FALL;Fatou', '770000001', 'A'), family('FALL;Fatoumata', '770000002', 'B')],
      ['2 3', '3 2'],
    ],
    [
      'a third line',
      [
        family('FALL;Awa', '770000001', 'A'),
        family('FALL;Awa', '770000001', 'B'),
        family('DIOP;Awa', '770000002', 'C'),
      ],
      ['2 4', '3 2, 4', '4 2'],
    ],
  ])(
    'a code of %s never joins their children: none is taken, each line names the other',
    async (_label, lines, told) => {
      const preview = await people(...lines, 'P-2;SARR;Rose;770000009;;;;;;');
      expect(preview.people.map(({ lastName }) => lastName)).toEqual(['SARR']);
      expect(new Set(preview.problems.map(({ code }) => code))).toEqual(new Set(['code_conflict']));
      expect(
        preview.problems.map(
          ({ line, message }) => `${String(line)} ${/ligne ([\d, ]+)/.exec(message.fr)?.[1] ?? ''}`,
        ),
      ).toEqual(told);
      expect(preview.unread.map(({ line, code }) => [line, code])).toEqual(
        lines.map((_, at) => [at + 2, 'P-1']),
      );
    },
  );

  test.each([
    ['Fatou', 'FATOU'],
    ['Fatou', 'Fatoumata'],
    ['Aïssatou', 'Aissatu'],
  ])('one code, one family name and one number: %s and %s are one', async (one, other) => {
    const preview = await people(
      family(`N'DIAYE;${one}`, '770000001', 'A'),
      family(`Ndiaye;${other}`, '770000001', 'B'),
    );
    expect(preview.people).toHaveLength(1);
    expect(preview.people[0]?.children).toHaveLength(2);
  });

  test('a code of the family is nobody’s', async () => {
    const preview = await read(
      'code famille;nom;prenoms;telephone\nF-1;FALL;Awa;770000001\nF-1;FALL;Modou;770000002\n',
    );
    expect(preview.people.map(({ firstNames, code }) => [firstNames, code])).toEqual([
      ['Awa', undefined],
      ['Modou', undefined],
    ]);
  });

  test('a line that cannot be taken says whose it may be', async () => {
    const preview = await people(
      'P-2;FALL;Awa;770000002;;;FALL;Zoé;;;oops',
      ';;;770000003;;;DIOP;Max;;',
      'P-4;DIOP;Ali;77 1;;;;;;',
    );
    expect(preview.unread).toEqual([
      { line: 2, code: 'P-2', lastName: 'FALL', firstNames: 'Awa', phones: ['+221770000002'] },
      { line: 3, lastName: '', firstNames: '', phones: ['+221770000003'] },
    ]);
  });

  test('people without code or number stay apart, even with one name', async () => {
    const preview = await people(';DIOP;Fatou;;;;SARR;Awa;;', ';DIOP;Fatou;;;;FALL;Omar;;');
    expect(preview.people).toHaveLength(2);
  });

  test('the number of a catechist, and of who fetches the child, is not kept', async () => {
    const { people: anna } = await read(
      'nom;telephone;prenom_enfant;catechiste;personnes_autorisees\n' +
        'DIOP;770000001;Awa;Mme Sarr (77 000 00 09);"grand-mère Anna 78 000 00 08 ; tante Rose"\n',
    );
    expect(anna[0]?.children[0]).toMatchObject({
      catechist: 'Mme Sarr',
      authorised: ['grand-mère Anna', 'tante Rose'],
    });
  });

  test('a grown-up who follows the courses is their own contact', async () => {
    const preview = await read(
      'nom;prenoms;telephone;lien;date_naissance;niveau\nDIOP;Awa;770000001;elle-même;2001;ADU\n',
    );
    expect(preview.people[0]?.children).toMatchObject([
      { firstNames: 'Awa', relation: 'self', level: 'ADU' },
    ]);
  });
});

describe('any file', () => {
  test('never throws, and nobody is invented', async () => {
    const cell = fc.constantFrom(
      'DIOP',
      '',
      '770000001',
      '"',
      '""',
      ';',
      ',',
      '\n',
      '\r\n',
      '\t',
      'nom',
      'telephone',
      '\u0000',
      '=1+1',
      'é',
    );
    const file = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.array(cell, { maxLength: 60 }).map((parts) => bytes(parts.join(''))),
      fc.array(cell, { maxLength: 60 }).map((parts) => bytes(`nom;telephone\n${parts.join('')}`)),
    );
    await fc.assert(
      fc.asyncProperty(file, async (content) => {
        const preview = await readPeopleHere(content);
        expect(preview.people.length).toBeLessThanOrEqual(preview.lines);
        if (preview.people.length === 0) expect(preview.problems.length).toBeGreaterThan(0);
      }),
      { numRuns: 300 },
    );
  });

  test('reading what was read gives the same people', async () => {
    const name = fc.stringMatching(/^[A-Z][a-z]{1,8}$/);
    const line = fc.tuple(name, name, fc.integer({ min: 0, max: 9_999_999 }), name);
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 20 }), async (lines) => {
        const rows = lines.map(
          ([last, first, number, child]) => `${last};${first};77${String(number).padStart(7, '0')};${child}`,
        );
        const file = ['nom;prenoms;telephone;prenom_enfant', ...rows].join('\n');
        const again = await read(file.replace(/77(\d{7})/g, '+221 77 $1'));
        expect(again.people).toEqual((await read(file)).people);
      }),
      { numRuns: 50 },
    );
  });
});
