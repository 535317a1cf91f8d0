import { expect, test } from 'vitest';
import type { Passage } from '../ingest/passage.ts';
import { withNotes } from './notes.ts';

const passage = (status: Passage['status'], kind: Passage['kind'] = 'faq'): Passage => ({
  ...{ id: 'a#1', document: 'a', documentTitle: 'A', title: 'A ?', alternates: [], text: 'Oui.' },
  ...{ kind, status },
});
const [CONFIRM, DEMO] = ['⚠️ À confirmer auprès de nous.', '⚠️ Valeur de démonstration.'];
const NOTES = { a_confirmer: CONFIRM, demonstration: DEMO };

test.each<[string, string, Passage[], string[]]>([
  ['a sure answer', 'Oui.', [passage('confirmed')], []],
  ['an unsure one', 'Oui.', [passage('a_confirmer')], [CONFIRM]],
  ['once', 'Oui.', [passage('demonstration'), passage('demonstration')], [DEMO]],
  ['one that says so', 'À confirmer auprès de la CSS.', [passage('a_confirmer')], []],
  ['one that uses the word', 'Il sert à confirmer la grossesse.', [passage('a_confirmer')], [CONFIRM]],
  ['who holds it', 'Appelez.', [passage('demonstration', 'redirect')], []],
])('%s', (_, body, passages, notes) => {
  expect(withNotes(body, passages, NOTES)).toBe([body, ...notes].join('\n\n'));
});
