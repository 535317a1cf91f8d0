import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../../test/support/folder.ts';
import { readDocuments } from '../library/desk.ts';
import { parseFile } from './documents.ts';

const parse = (text: string, file = 'a.md') => parseFile(file, Buffer.from(text));
const FIXTURE = join(import.meta.dirname, '../fixtures/desk/documents');

describe('passages of a file', () => {
  test('headings are passages, their path is the title, attributes under a heading win over the file', async () => {
    const { passages, problems } = await readDocuments(FIXTURE);
    expect(problems).toEqual([]);
    const byTitle = new Map(passages.map((passage) => [passage.title, passage]));
    expect(byTitle.get('Combien de livres peut-on emprunter ?')).toMatchObject({
      document: 'bibliotheque',
      documentTitle: 'La bibliothèque de Testville',
      section: 'Combien de livres peut-on emprunter ?',
      kind: 'faq',
      status: 'confirmed',
      effectiveDate: '2025-01-15',
      alternates: ['nombre de bouquins', "limite d'emprunt"],
    });
    expect(byTitle.get('La bibliothèque de Testville › Inscription')).toMatchObject({
      kind: 'document',
      effectiveDate: '2024-09-01',
    });
    expect(byTitle.get('Quel est le tarif annuel de la PIS ?')).toMatchObject({
      kind: 'faq',
      status: 'a_confirmer',
    });
    expect(byTitle.get("Où payer l'eau ?")?.kind).toBe('redirect');
    expect(new Set(passages.map(({ id }) => id)).size).toBe(passages.length);
  });

  test('a file without front matter takes its title from its first heading, else from its name', () => {
    expect(parse('# Le titre\n\nTexte.').passages).toMatchObject([
      { documentTitle: 'Le titre', title: 'Le titre', text: 'Texte.' },
    ]);
    expect(parse('Texte.', 'sous/deux-mots.md').passages).toMatchObject([
      { document: 'sous/deux-mots', documentTitle: 'Deux mots', title: 'Deux mots' },
    ]);
    expect(parse('Texte.').passages[0]).not.toHaveProperty('section');
  });

  test('an entry keeps its own sub-headings', () => {
    const { passages } = parse('## Que faire ?\n\nD’abord.\n\n### Ensuite\n\nPuis.\n\n## Et après ?\n\nFin.');
    expect(passages.map(({ text }) => text)).toEqual(['D’abord.\n\n**Ensuite**\n\nPuis.', 'Fin.']);
  });

  test('a heading inside a code fence is text', () => {
    expect(parse('# A\n\n```\n# pas un titre\n```\n').passages.map(({ text }) => text)).toEqual([
      '```\n# pas un titre\n```',
    ]);
  });

  test.each([
    ['Avant.\n\n<!-- TODO vérifier -->\n\nAprès.', ['Avant.\n\nAprès.']],
    ['Avant <!-- TODO --> après.', ['Avant après.']],
    [
      '| a | b |\n| - | - |\n| 1 | 2 |\n<!-- TODO -->\n| 3 | 4 |',
      ['| a | b |\n| - | - |\n| 1 | 2 |\n| 3 | 4 |'],
    ],
    [
      '<!-- kind: document -->\nAvant.\n<!-- status: confirmed\n\n## Brouillon\n\nPas encore.\n-->\nAprès.',
      ['Avant.\nAprès.'],
    ],
    [
      'Avant.\n\n```\n<!-- code -->\n```\n\nEt `<!-- ici -->`.',
      ['Avant.\n\n```\n<!-- code -->\n```\n\nEt `<!-- ici -->`.'],
    ],
    ['Jamais <!-- fermé.\n\n## Suite\n\nDite.', ['Jamais <!-- fermé.', 'Dite.']],
    ['<!-- seul -->', []],
  ])('notes of whoever writes are in no passage: %j', (body, texts) => {
    expect(parse(`# T <!-- note -->\n\n${body}`).passages.map(({ text }) => text)).toEqual(texts);
    expect(parse(`# T <!-- note -->\n\nUn.`).passages[0]?.documentTitle).toBe('T');
  });

  test('alternates of the file belong to its first passage', () => {
    const { passages } = parse('---\nalternates: [autre façon]\n---\n# T\n\nUn.\n\n## S\n\nDeux.');
    expect(passages.map(({ alternates }) => alternates)).toEqual([['autre façon'], []]);
  });

  test('Windows line ends, a byte order mark and a long section are read', () => {
    const { passages } = parse(
      `\uFEFF---\r\ntitle: T\r\n---\r\n\r\n## S\r\n\r\n${'Une phrase assez longue pour compter. '.repeat(80)}`,
    );
    expect(passages.length).toBeGreaterThan(2);
    expect(new Set(passages.map(({ title }) => title))).toEqual(new Set(['T › S']));
  });
});

describe('what a person must correct', () => {
  test.each([
    [
      'an impossible date',
      '---\ntitle: T\neffective_date: 2023-02-30\n---\nx',
      3,
      /"effective_date" is "2023-02-30".*YYYY-MM-DD/,
    ],
    ['an unknown kind', '---\nkind: fax\n---\nx', 2, /"kind" is "fax".*document, faq, redirect/],
    ['an unknown status', '---\nstatus: peut-etre\n---\nx', 2, /"status".*a_confirmer/],
    ['an unknown key', '---\ntitre: T\n---\nx', 2, /"titre" is not a known attribute/],
    ['a list as title', '---\ntitle: [a, b]\n---\nx', 2, /"title" takes one value/],
    ['an open front matter', '---\ntitle: T\nx', 1, /never closed/],
    ['broken YAML', '---\ntitle: "T\n---\nx', 2, /not valid YAML/],
    [
      'an unknown attribute under a heading',
      '# T\n\n## S\n\n<!-- kind: redirect; couleur: bleu -->\n\nx',
      5,
      /"couleur" is not a known/,
    ],
    [
      'a wrong date under a heading',
      '# T\n\n## S\n<!-- kind: faq; effective_date: hier -->\n\nx',
      4,
      /"effective_date" is "hier"/,
    ],
    [
      'a heading with attributes and no text',
      '# T\n\n## S\n<!-- kind: redirect -->\n',
      3,
      /"S" has attributes but no text/,
    ],
    ['an empty file', '', 1, /holds no text/],
  ])('%s', (_, text, line, message) => {
    const { problems } = parse(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({
      file: 'a.md',
      line,
      message: expect.stringMatching(message) as unknown,
    });
  });

  test('a file that is not UTF-8, an empty folder, a missing folder', async () => {
    const folder = temporaryFolder();
    expect((await readDocuments(folder)).problems).toMatchObject([
      { message: expect.stringMatching(/holds no document/) as unknown },
    ]);
    mkdirSync(join(folder, 'sub'));
    writeFileSync(join(folder, 'sub', 'x.md'), Buffer.from([0x63, 0xe9]));
    expect((await readDocuments(folder)).problems).toMatchObject([
      { file: 'sub/x.md', message: expect.stringMatching(/UTF-8/) as unknown },
    ]);
    expect((await readDocuments(join(folder, 'none'))).problems).toMatchObject([
      { message: expect.stringMatching(/no documents folder/) as unknown },
    ]);
  });

  test.each<[string, number, RegExp | undefined]>([
    ['2 MB', 2 * 1024 * 1024, undefined],
    ['more than 2 MB', 2 * 1024 * 1024 + 1, /^"grand\.md" is larger .*2 MB for Markdown.*: cut it/],
  ])('a Markdown file of %s beside another one', async (_, size, message) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'petit.md'), '# Petit\n\nOuvert le lundi.\n');
    writeFileSync(join(folder, 'grand.md'), 'Ouvert le mardi.\n\n'.repeat(size / 18 + 1).slice(0, size));
    const { passages, problems } = await readDocuments(folder);
    expect(problems.map((one) => one.message)).toEqual(
      message ? [expect.stringMatching(message) as unknown] : [],
    );
    expect(new Set(passages.map(({ document }) => document))).toEqual(
      new Set(message ? ['petit'] : ['grand', 'petit']),
    );
  });

  test('an ordinary comment under a heading is not read as attributes', () => {
    expect(parse('# T\n\n## S\n\n<!-- note: relire -->\n\nx')).toMatchObject({
      problems: [],
      passages: [{ text: 'x' }],
    });
  });
});
