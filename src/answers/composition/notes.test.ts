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
  [
    'one that says so',
    'Oui, à confirmer en agence.',
    [passage('a_confirmer')],
    'Oui, à confirmer en agence.',
  ],
  ['who holds it', 'Appelez.', [passage('demonstration', 'redirect')], 'Appelez.'],
])('%s', (_, body, passages, said) => {
  expect(withNotes(body, passages, NOTES)).toBe(said);
});
