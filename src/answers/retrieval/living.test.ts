import fc from 'fast-check';
import { expect, test } from 'vitest';
import { passage } from '../fixtures/passage.ts';
import { createCollection } from './living.ts';
import type { Search } from './retriever.ts';

const shown = ({ results, confidence }: Search) => ({
  confidence,
  results: results.map(({ id, score }) => [id, score]),
});

test('a replaced document answers by its new text, and the retriever taken before by the old one', async () => {
  const collection = createCollection();
  await collection.replace('parking', [passage('parking', 'Le stationnement coûte 300 francs.')]);
  await collection.replace('mairie', [passage('mairie', 'La mairie délivre les actes de naissance.')]);
  const before = await collection.commit();
  await collection.replace('parking', [passage('parking', 'La fourrière garde les véhicules.')]);
  expect(before.search('stationnement', 5).results[0]?.text).toContain('300');
  const after = await collection.commit();
  expect(after.search('stationnement', 5).results).toEqual([]);
  expect(after.search('fourrière', 5).results[0]?.source).toBe('parking');
  // Words that came later mean nothing to it.
  expect(before.search('fourrière', 5).results).toEqual([]);
  expect(before.search('stationnement', 5).results[0]?.text).toContain('300');
});

test('a removed document is gone, words and all', async () => {
  const collection = createCollection();
  await collection.replace('parking', [passage('parking', 'Le stationnement coûte 300 francs.')]);
  await collection.replace('mairie', [passage('mairie', 'La mairie délivre les actes.')]);
  await collection.commit();
  await collection.remove('parking');
  await collection.remove('rien');
  const { collection: index } = await collection.commit();
  expect(collection.documents()).toEqual(['mairie']);
  expect(index.vocabulary.has('stationnement')).toBe(false);
  expect(index.vocabulary.has('mairie')).toBe(true);
});

test('however it came to be, a collection answers as one made at once', async () => {
  const names = ['a', 'b', 'c', 'd', 'e'];
  const texts = ['le train du matin', 'le bateau du soir', 'la gare et le train', 'un port de pêche'];
  const steps = fc.array(fc.tuple(fc.constantFrom(...names), fc.option(fc.constantFrom(...texts))), {
    minLength: 1,
    maxLength: 12,
  });
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      const grown = createCollection();
      for (const [name, text] of all) {
        if (text === null) await grown.remove(name);
        else await grown.replace(name, [passage(name, text, { alternates: [`${text} svp`] })]);
        if (name === 'a') await grown.commit();
      }
      const made = createCollection();
      for (const [name, text] of new Map(all))
        if (text !== null) await made.replace(name, [passage(name, text, { alternates: [`${text} svp`] })]);
      const [one, other] = [await grown.commit(), await made.commit()];
      for (const question of ['le train', 'quel bateau le soir ?', 'pêche', 'gare port'])
        expect(shown(one.search(question, 5))).toEqual(shown(other.search(question, 5)));
    }),
    { numRuns: 30 },
  );
});

test('the event loop goes on while a collection is put together', async () => {
  let now = 0;
  // Every look at the clock is a long slice.
  const collection = createCollection({ clock: { monotonic: () => (now += 100) } });
  let turns = 0;
  let done = false;
  const tick = (): void => {
    turns += 1;
    if (!done) setImmediate(tick);
  };
  setImmediate(tick);
  for (const name of ['a', 'b', 'c']) await collection.replace(name, [passage(name, `texte ${name}`)]);
  await collection.commit();
  done = true;
  expect(turns).toBeGreaterThan(20);
});

test('commits that are asked for together follow each other', async () => {
  const collection = createCollection();
  void collection.replace('a', [passage('a', 'le train')]);
  const first = collection.commit();
  void collection.replace('a', [passage('a', 'le bateau')]);
  const second = collection.commit();
  expect((await first).search('train', 1).results).toHaveLength(1);
  expect((await second).search('train', 1).results).toHaveLength(0);
});
