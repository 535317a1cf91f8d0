import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { smallDesk } from '../../test/support/small-desk.ts';
import { parseFile } from '../answers/ingest/documents.ts';
import { loadDesk } from '../desk/load.ts';
import { checkWarnings } from './check-warnings.ts';

const desk = (yaml: string, texts?: string) => {
  const folder = smallDesk();
  writeFileSync(join(folder, 'desk.yaml'), `organisation: Mairie\nlanguage: fr\nlanguages: [fr]\n${yaml}`);
  if (texts !== undefined) writeFileSync(join(folder, 'texts.fr.yaml'), texts);
  return loadDesk(folder);
};
const page = (text: string): string =>
  `pages:\n  contact:\n    text: |\n      ${text}\n    buttons:\n      - { label: Retour, page: start }\n`;

test.each<[string, Parameters<typeof desk>, boolean]>([
  ['nothing', [''], true],
  ['hours alone', ['values:\n  horaires: de 8 h à 17 h, en 2025-2026\n'], true],
  ['an empty number', ['values:\n  telephone: ""\n'], true],
  ['a number', ['values:\n  telephone: 33 000 00 01\n'], false],
  ['an address', ['values:\n  adresse: place de la mairie\n'], false],
  ['its own page with a number', ['', page('Appelez le 33 000 00 01.')], false],
  ['its own page with a link', ['', page('Écrivez [ici](https://mairie.exemple).')], false],
  ['its own page that forgets the number', ['values:\n  telephone: 33 000 00 01\n', page('Venez.')], true],
])('a desk whose contact is %s', (_, it, warned) => {
  const warnings = checkWarnings(desk(...it), []);
  expect(warnings).toHaveLength(warned ? 1 : 0);
  if (warned) expect(warnings[0]).toMatch(/"contact" \(fr\).*telephone/);
});

test('two entries that share a phrasing are named', () => {
  const { passages } = parseFile(
    'a.md',
    Buffer.from('# A\n\n## Où payer ?\n\nIci.\n\n## Ou payer ?\n\nLà.\n'),
  );
  const asked = passages.map((passage) => ({ ...passage, kind: 'faq' as const }));
  expect(checkWarnings(desk('values:\n  telephone: 33 000 00 01\n'), asked)).toEqual([
    expect.stringMatching(/^"Où payer \?" asks for "Où payer \?" of documents\/a and .* of documents\/a/),
  ]);
});
