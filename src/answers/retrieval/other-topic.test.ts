import { expect, test } from 'vitest';
import { passage } from '../fixtures/passage.ts';
import { loadFrenchWords } from './french-words.ts';
import { createRetriever } from './retriever.ts';

const visit = (title: string, text: string) => passage(title, text, { documentTitle: 'Visites' });
const retriever = await createRetriever(
  [
    visit("Combien coûte l'entrée du zoo ?", "L'entrée du zoo coûte 500 F."),
    visit('Quand ouvre le zoo ?', 'Le zoo ouvre à 9 heures.'),
    visit('Où se trouve le bassin ?', 'Derrière la mairie.'),
    visit('Que faire des déchets ?', 'Les déchets se mettent dans la poubelle verte.'),
  ],
  { french: await loadFrenchWords() },
);

test.each([
  ["Combien coûte l'entrée du musée ?", 'suggest'],
  ['Quand ouvre le musée ?', 'suggest'],
  ['Où se trouve la piscine ?', 'suggest'],
  ["Combien coûte l'entrée du zoo ?", 'answer'],
  // Only "combien coûte" is held.
  ['Combien coûte le parking ?', 'suggest'],
  ["L'entrée du zoo, combien ça coûte ?", 'answer'],
  ['Quand ouvre le zoo demain ?', 'answer'],
])('%s %s', (question, zone) => {
  expect(retriever.search(question, 1).zone).toBe(zone);
});
