import { expect, test } from 'vitest';
import { passage } from '../fixtures/passage.ts';
import type { Passage } from '../ingest/passage.ts';
import { withNotes } from './notes.ts';

const noted = (status: Passage['status'], kind: Passage['kind'] = 'faq') =>
  passage('A ?', 'Oui.', { kind, status });
const [CONFIRM, DEMO] = ['⚠️ À confirmer auprès de nous.', '⚠️ Valeur de démonstration.'];
const NOTES = { a_confirmer: CONFIRM, demonstration: DEMO };

test.each<[string, string, Passage[], string[]]>([
  ['a sure answer', 'Oui.', [noted('confirmed')], []],
  ['an unsure one', 'Oui.', [noted('a_confirmer')], [CONFIRM]],
  ['once', 'Oui.', [noted('demonstration'), noted('demonstration')], [DEMO]],
  ['one that says so', 'À confirmer auprès de la CSS.', [noted('a_confirmer')], []],
  ['one that uses the word', 'Il sert à confirmer la grossesse.', [noted('a_confirmer')], [CONFIRM]],
  ['who holds it', 'Appelez.', [noted('demonstration', 'redirect')], []],
])('%s', (_, body, passages, notes) => {
  expect(withNotes(body, passages, NOTES)).toBe([body, ...notes].join('\n\n'));
});
