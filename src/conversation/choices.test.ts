import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SessionState } from '../message/session.ts';
import { desk, EXAMPLE } from './fixtures/desk.ts';
import { answeredWith, found, media, on, recorded, seen, tap, typed } from './fixtures/turns.ts';
import { askId } from './taps.ts';

const choices = [
  { id: 'cat_civil', label: '🏛️ État civil' },
  { id: askId(EXAMPLE), label: 'Prix' },
  { id: 'contact', label: '📞 Contact' },
  { id: 'start', label: '🔙 Menu' },
  { id: 'menu', label: 'Double' },
  { id: 'start', label: 'double !' },
  { id: 'gone', label: 'Ancien' },
];
const session: SessionState = { choices };
const CIVIL = seen(on(tap('cat_civil', false)));

describe('a typed text that names a choice on the screen', () => {
  test.each([
    ['1', 'cat_civil'],
    ['1.', 'cat_civil'],
    [' 1) ', 'cat_civil'],
    ['1️⃣', 'cat_civil'],
    ['n\u00a03', undefined],
    ['état civil', 'cat_civil'],
    ['ETAT CIVIL', 'cat_civil'],
    ['🏛️ État civil', 'cat_civil'],
    ['état-civil ?', 'cat_civil'],
    ['3', 'contact'],
    ['contact', 'contact'],
    ['4', 'start'],
    ['5', 'menu'],
    ['6', 'start'],
    // Two of that name.
    ['double', undefined],
    ['0', undefined],
    ['01', undefined],
    ['8', undefined],
    ['100', undefined],
    ['1 2', undefined],
    ['-', undefined],
    ['état', undefined],
  ])('%j is %s', (text, id) => {
    const decision = on(typed(text), { session });
    if (id === undefined) expect(recorded(decision).join()).not.toMatch(/^tap/);
    else {
      expect(seen(decision)).toEqual(seen(on(tap(id, false))));
      expect(recorded(decision)).toEqual(recorded(on(tap(id, false))));
    }
    expect(decision.counted).toBe(true);
  });

  test('a label wins over a word of the desk that opens another page', () => {
    expect(recorded(on(typed('menu'), { session }))).toEqual(['tap:start']);
    expect(recorded(on(typed('menu')))).toEqual(['page:menu']);
  });

  test('a word of the desk that opens the same page shows it whole', () => {
    const home = { session: { choices: [{ id: 'start', label: 'Bonjour' }] } };
    expect(seen(on(typed('bonjour'), home))).toEqual(seen(on(typed('bonjour'))));
    expect(seen(on(typed('1'), home))).toEqual(seen(on(tap('start', false))));
  });

  test('a command is never a choice', () => {
    expect(recorded(on(typed('/contact'), { session }))).toEqual(['command:contact']);
  });

  test('asks the question behind it, and quotes it above the answer', () => {
    const decision = answeredWith(typed('2'), found, { session });
    expect(seen(decision)[0]).toMatch(new RegExp(`^${EXAMPLE.replace('?', '\\?')}\n\nUn acte`));
    expect(decision.counted).toBe(true);
  });

  test('a choice that is no more is told so', () => {
    expect(seen(on(typed('7'), { session }))[0]).toMatch(/^outdated_button/);
  });

  test('without a menu on the screen a number is a question', () => {
    expect(on(typed('2')).asks).toHaveLength(1);
  });

  test('is only a typed text: a caption is about its picture', () => {
    expect(on(media('photo', { caption: '1' }), { session }).asks).toHaveLength(1);
  });
});

describe('the choices on the screen', () => {
  test('are those of the last reply that offers some, in order, links apart', () => {
    const first = on(typed('/etat_civil'));
    expect(first.session.choices).toEqual([
      { id: askId(EXAMPLE), label: 'Prix' },
      { id: 'menu', label: '🔙 Menu' },
    ]);
    const answered = answeredWith(typed('Quel prix ?'), found, { session: first.session });
    expect(answered.session.choices).toEqual(first.session.choices);
    expect(seen(on(typed('état civil'), { session: on(typed('/menu')).session }))).toEqual(CIVIL);
  });

  test('number by number, every page of the desk opens as its buttons do', () => {
    const pages = [...(desk.languages.get('fr')?.pages.keys() ?? [])];
    fc.assert(
      fc.property(fc.constantFrom(...pages), fc.nat({ max: 12 }), (page, at) => {
        const { session: after } = on(tap(page));
        const choice = after.choices?.[at];
        const byNumber = on(typed(String(at + 1)), { session: after });
        if (choice) expect(seen(byNumber)).toEqual(seen(on(tap(choice.id, false), { session: after })));
        else expect(recorded(byNumber)).toEqual(['question']);
      }),
    );
  });
});
