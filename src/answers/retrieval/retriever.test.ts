import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Passage } from '../ingest/passage.ts';
import { createRetriever } from './retriever.ts';

const passage = (title: string, text: string, over: Partial<Passage> = {}): Passage => ({
  id: `${title}#1`,
  document: title,
  documentTitle: title,
  title,
  alternates: [],
  text,
  kind: 'faq',
  status: 'confirmed',
  ...over,
});
const first = async (passages: Passage[], question: string): Promise<string | undefined> =>
  (await createRetriever(passages)).search(question, 5).results[0]?.title;

describe('ranking', () => {
  const parking = passage('Le parking', 'Le parking du marché ouvre à six heures. Il coûte 300 F.');
  const school = passage("L'école", "L'école du marché ouvre à huit heures. Elle est gratuite.");
  const mayor = passage('La mairie', 'La mairie délivre les actes de naissance et les cartes.');

  test.each([
    ['a word of the body', 'actes de naissance', 'La mairie'],
    ['a word of the title', 'école', "L'école"],
    ['another word of the family', 'se garer : le marché, les parkings', 'Le parking'],
    ['plural and capitals', 'LES CARTES DE NAISSANCES', 'La mairie'],
  ])('%s', async (_, question, title) => {
    expect(await first([parking, school, mayor], question)).toBe(title);
  });

  test('the order of the passages does not matter', async () => {
    const titles = ['un', 'deux', 'trois', 'quatre', 'cinq'];
    const passages = titles.map((title, n) =>
      passage(`Sujet ${title}`, `Texte ${title} sur le thème ${'abcde'[n]}xyz et le reste.`),
    );
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(passages, { minLength: 5 }), async (shuffled) => {
        expect(await first(shuffled, 'le thème cxyz')).toBe('Sujet trois');
      }),
      { numRuns: 10 },
    );
  });

  test('an alternate phrasing finds its passage', async () => {
    const named = { ...parking, alternates: ['où laisser ma voiture'] };
    expect(await first([named, school, mayor], 'laisser voiture')).toBe('Le parking');
  });

  test('a misspelled alternate phrasing does not become a word of the collection', async () => {
    const retriever = await createRetriever([{ ...parking, alternates: ['le parkin dla vile'] }, school]);
    expect(retriever.collection.vocabulary.has('parkin')).toBe(false);
    expect(retriever.collection.vocabulary.has('parking')).toBe(true);
  });

  test('a result is there for a word that only a synonym holds', async () => {
    const retriever = await createRetriever([parking, school, mayor], {
      synonyms: [['parking', 'stationnement']],
    });
    expect(retriever.search('stationnement', 1).results[0]?.title).toBe('Le parking');
  });
});

describe('institutions', () => {
  const about = (name: string, text: string) =>
    passage(`Cotiser à l'${name}`, text, {
      title: 'Quel est le taux ?',
      documentTitle: `Cotiser à l'${name}`,
      id: name,
    });
  const passages = [
    about('AAA', 'Le taux est de 7 %.'),
    about('BBB', 'Le taux est de 14 %, beaucoup plus que le taux de la AAA. Le taux AAA est bas.'),
    passage('Autre', 'Rien.'),
    passage('Siège de AAA', 'Rue 10.'),
    passage('Siège de BBB', 'Rue 12.'),
  ];
  test.each([
    ['Quel est le taux AAA ?', 'AAA'],
    ['Quel est le taux de la bbb ?', 'BBB'],
    ['taux chez les alpha', 'AAA'],
  ])('%s', async (question, id) => {
    const retriever = await createRetriever(passages, { synonyms: [['AAA', 'alpha']] });
    expect(retriever.search(question, 1).results[0]?.id).toBe(id);
  });
});

test('no passage, no word, no result', async () => {
  const empty = await createRetriever([]);
  expect(empty.search('quelque chose', 5)).toMatchObject({ results: [], zone: 'abstain' });
  const one = await createRetriever([passage('Titre', 'Texte.')]);
  expect(one.search('', 5)).toMatchObject({ results: [], zone: 'abstain' });
  expect(one.search('le la les de', 5).results).toEqual([]);
});

test('a question that repeats its words thousands of times scores as one that says them once', async () => {
  const retriever = await createRetriever([
    passage('Le parking', 'Il coûte 300 F.'),
    passage('La mairie', 'Elle délivre des actes.'),
  ]);
  const once = retriever.search('parking mairie', 2).results.map(({ score }) => score);
  expect(retriever.search('parking mairie '.repeat(40), 2).results.map(({ score }) => score)).toEqual(once);
});
