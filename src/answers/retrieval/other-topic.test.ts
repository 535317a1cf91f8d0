import { expect, test } from 'vitest';
import type { Passage } from '../ingest/passage.ts';
import { loadFrenchWords } from './french-words.ts';
import { createRetriever } from './retriever.ts';

const passage = (title: string, text: string): Passage => ({
  id: title,
  document: title,
  documentTitle: 'Visites',
  title,
  alternates: [],
  text,
  kind: 'faq',
  status: 'confirmed',
});
const retriever = await createRetriever(
  [
    passage("Combien coûte l'entrée du zoo ?", "L'entrée du zoo coûte 500 F."),
    passage('Quand ouvre le zoo ?', 'Le zoo ouvre à 9 heures.'),
    passage('Où se trouve le bassin ?', 'Derrière la mairie.'),
    passage('Que faire des déchets ?', 'Les déchets se mettent dans la poubelle verte.'),
  ],
  { french: await loadFrenchWords() },
);

test.each([
  ["Combien coûte l'entrée du musée ?", 'suggest'],
  ['Quand ouvre le musée ?', 'suggest'],
  ['Où se trouve la piscine ?', 'suggest'],
  ["Combien coûte l'entrée du zoo ?", 'answer'],
  ["L'entrée du zoo, combien ça coûte ?", 'answer'],
  ['Quand ouvre le zoo demain ?', 'answer'],
])('%s %s', (question, zone) => {
  expect(retriever.search(question, 1).zone).toBe(zone);
});
