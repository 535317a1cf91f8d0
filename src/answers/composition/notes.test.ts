import { expect, test } from 'vitest';
import type { Passage } from '../ingest/passage.ts';
import { withNotes } from './notes.ts';

const passage = (status: Passage['status'], kind: Passage['kind'] = 'faq'): Passage => ({
  ...{ id: 'a#1', document: 'a', documentTitle: 'A', title: 'A ?', alternates: [], text: 'Oui.' },
  ...{ kind, status },
});
const NOTES = { a_confirmer: '⚠️ À confirmer auprès de nous.', demonstration: '⚠️ Valeur de démonstration.' };

test.each<[string, string, Passage[], string]>([
  ['a sure answer', 'Oui.', [passage('confirmed')], 'Oui.'],
  ['an unsure one', 'Oui.', [passage('a_confirmer')], 'Oui.\n\n⚠️ À confirmer auprès de nous.'],
  [
    'once',
    'Oui.',
    [passage('demonstration'), passage('demonstration')],
    'Oui.\n\n⚠️ Valeur de démonstration.',
  ],
  ['one that says so', 'À confirmer auprès de la CSS.', [passage('a_confirmer')], 'À confirmer auprès de la CSS.'],
  [
    'one that has the word for something else',
    'Il sert à confirmer la grossesse.',
    [passage('a_confirmer')],
    'Il sert à confirmer la grossesse.

⚠️ À confirmer auprès de nous.',
  ],
  ['who holds it', 'Appelez.', [passage('demonstration', 'redirect')], 'Appelez.'],
])('%s', (_, body, passages, said) => {
  expect(withNotes(body, passages, NOTES)).toBe(said);
});
