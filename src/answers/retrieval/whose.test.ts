import { expect, test } from 'vitest';
import { parseFile } from '../ingest/documents.ts';
import { createRetriever } from './retriever.ts';

const FUNDS = [
  ['Fonds maladie des tisserands (FMT)', '12 %', 'une carte de tisserand'],
  ['Fonds retraite des tisserands (FRT)', '9 %', 'un relevé de carrière'],
  ['Fonds logement des tisserands (FLT)', '3 %', 'un titre de propriété'],
] as const;
const documents = FUNDS.map(([title, rate, piece], at) =>
  parseFile(
    `d${at}.md`,
    Buffer.from(
      `# ${title}\n\n## Taux de cotisation\n\nLe taux de cotisation est de ${rate}.\n\n## Pièces à fournir\n\nIl faut ${piece}.\n`,
    ),
  ),
);
const retriever = await createRetriever(documents.flatMap(({ passages }) => passages));

test.each([
  ['Taux de cotisation au FRT', 'answer', 'd1'],
  ['taux de cotisation frt', 'answer', 'd1'],
  ['Quelles pièces pour le FLT ?', 'answer', 'd2'],
  // Who the documents do not know.
  ['Taux de cotisation de la CNAM', 'suggest', undefined],
  ['Quelles pièces pour le FNR ?', 'abstain', undefined],
  // What somebody has or is in is not whom they ask about.
  ['Taux de cotisation au FRT pour un CDD', 'answer', 'd1'],
  ['TAUX DE COTISATION AU FRT SVP', 'answer', 'd1'],
  // Three say as much, and nobody is named.
  ['Taux de cotisation', 'suggest', undefined],
])('%s → %s', (question, zone, document) => {
  const found = retriever.search(question, 3);
  expect(found.zone).toBe(zone);
  if (document !== undefined) expect(found.results[0]?.source).toBe(document);
  else expect(found.results.length).toBeGreaterThan(1);
});
