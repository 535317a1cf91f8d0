import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { passage } from '../fixtures/passage.ts';
import type { Passage } from '../ingest/passage.ts';
import { createRetriever } from './retriever.ts';

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

  test('a phrasing without a word to search by is found when it is asked so', async () => {
    const where = passage('Le bureau', 'Rue de la Fontaine.', { alternates: ['où êtes-vous'] });
    const retriever = await createRetriever([parking, where]);
    expect(retriever.search('Où êtes-vous ?', 3)).toMatchObject({
      zone: 'answer',
      results: [{ title: 'Le bureau' }],
    });
    expect(retriever.search('Où est-ce ?', 3).results).toEqual([]);
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

  test('the number in the name of a file is not a title', async () => {
    const scan = (n: number, text: string) =>
      passage(`Scan ${n}`, text, { document: `pieces/scan-${n}`, id: `scan-${n}#1`, kind: 'document' });
    const passages = [
      scan(16, 'Le parking du marché.'),
      scan(7, 'Un enfant de 16 ans est admis.'),
      scan(9, 'Autre chose.'),
    ];
    const { results } = (await createRetriever(passages)).search('16 ans', 5);
    expect(results.map(({ id }) => id)).toEqual(['scan-7#1']);
    // Neither has words: that does not make them the same.
    const alone = await createRetriever([scan(16, 'Le parking du marché.')]);
    for (const wordless of ['?', '👍', ' ']) expect(alone.search(wordless, 5).zone).toBe('abstain');
  });

  test('words that stand together in the question stand together in the best passage', async () => {
    const apart =
      'La carte est demandée au bureau. Le séjour et la plage sont une autre affaire, loin de là.';
    const together = 'La carte de séjour est demandée au bureau. La plage est une autre affaire, loin de là.';
    expect(await first([passage('Un', apart), passage('Deux', together), mayor], 'la carte de séjour')).toBe(
      'Deux',
    );
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
