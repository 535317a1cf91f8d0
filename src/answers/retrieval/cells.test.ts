import { expect, test } from 'vitest';
import { passage } from '../fixtures/passage.ts';
import { loadFrenchWords } from './french-words.ts';
import { createRetriever } from './retriever.ts';

const school = (title: string, text: string) =>
  passage(`École › ${title}`, text, { id: title, document: title, documentTitle: 'École', kind: 'document' });
const retriever = await createRetriever(
  [
    school(
      'Tarifs',
      '| Classe | Inscription (F CFA) | Mensualité (F CFA) | Cantine |\n| --- | --- | --- | --- |\n| CI | 40 000 | 22 000 | 15 000 |\n| CP | 40 000 | 22 000 | 15 000 |\n| Petite section | 35 000 | 18 000 | 12 000 |',
    ),
    school('Inscription', "Pour l'inscription : extrait de naissance, carnet de vaccination et deux photos."),
    school(
      'Réductions',
      'Le deuxième enfant paie 10 % de moins sur la mensualité. Les frais d’inscription restent dus.',
    ),
    school('Horaires', 'Les cours ont lieu du lundi au vendredi, de 8 h à 13 h.'),
  ],
  { french: await loadFrenchWords(), synonyms: [['écolage', 'mensualité']] },
);
const first = (question: string) => retriever.search(question, 1);

test.each([
  ['combien coute linscription en CP', 'Tarifs', 'answer'],
  ["Combien coûte l'inscription en CI et en CP ?", 'Tarifs', 'answer'],
  ['La mensualité de la petite section ?', 'Tarifs', 'answer'],
  // By a synonym of the column.
  ["Combien est l'écolage en CP ?", 'Tarifs', 'answer'],
  ['Combien coûte la cantine ?', 'Tarifs', 'answer'],
  // A column, and a row that is not there; a row without a column.
  ['Quels papiers pour une inscription ?', 'Inscription', 'answer'],
  ['La mensualité du deuxième enfant ?', 'Réductions', 'answer'],
])('%s', (question, title, zone) => {
  const { results, zone: found } = first(question);
  expect([results[0]?.id, found]).toEqual([title, zone]);
});
