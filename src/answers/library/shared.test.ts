import { expect, test } from 'vitest';
import { parseFile } from '../ingest/documents.ts';
import { sharedPhrasings } from './shared.ts';

const faq = (name: string, ...sections: string[]) =>
  parseFile(`${name}.md`, Buffer.from(`---\nkind: faq\n---\n# ${name}\n\n${sections.join('\n\n')}\n`))
    .passages;
const entry = (title: string, alternates?: string): string =>
  `## ${title}\n\n${alternates === undefined ? '' : `<!-- alternates: ${alternates} -->\n\n`}La réponse.`;

test.each<[string, ReturnType<typeof faq>, [string, string[]][]]>([
  ['nothing', faq('a', entry('Où payer ?'), entry('Quand payer ?')), []],
  [
    'two titles of two documents, whatever their accents and marks',
    [...faq('a', entry('Où payer ?')), ...faq('b', entry('OU PAYER'))],
    [['Où payer ?', ['a', 'b']]],
  ],
  [
    'two sections of one document',
    faq('a', entry('Où payer ?'), entry('Où payer ?')),
    [['Où payer ?', ['a', 'a']]],
  ],
  [
    'an alternate of one and the title of another',
    faq('a', entry('Où payer ?', 'rien de tel | la caisse'), entry('La caisse')),
    [['la caisse', ['a', 'a']]],
  ],
  [
    'the pieces of one long chapter',
    faq('a', `## Où payer ?\n\n${'Une phrase de la réponse. '.repeat(600)}`),
    [],
  ],
  [
    'sections that are no entries',
    ['a', 'b'].flatMap(
      (name) => parseFile(`${name}.md`, Buffer.from('# Guide\n\n## Tarifs\n\nDix.\n')).passages,
    ),
    [],
  ],
])('phrasings shared: %s', (_, passages, shared) => {
  expect(
    sharedPhrasings(passages).map(({ phrasing, entries }) => [phrasing, entries.map((one) => one.document)]),
  ).toEqual(shared);
});
