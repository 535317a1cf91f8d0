import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { QuestionState } from '../storage/questions.ts';
import { group, type OpenQuestion } from './question-groups.ts';

const wordsOf = (text: string): string[] => text.split(' ').filter((word) => word.length > 2);

const row = (id: string, text: string, group_id: string | null = null, state: QuestionState = 'open') => ({
  ...{
    id,
    text,
    group_id,
    state,
    person_id: null,
    conversation_id: null,
    channel: 'x',
    outcome: 'abstained' as const,
  },
  ...{ confidence: null, document: null, vote: 0 as const, reply: null, at: 1 },
});
const groupsOf = (rows: (OpenQuestion & { group_id: string | null })[]) =>
  group(rows, wordsOf).map(({ id, group_id, state }) => [id, group_id, state]);

test('alike with alike, under the first of them', () => {
  expect(
    groupsOf([
      row('1', 'venir avec chien'),
      row('2', 'vendre des tomates'),
      row('3', 'chien venir'),
      row('4', 'grosses tomates vendre'),
      row('5', 'ou'),
      row('6', 'Ou ?'),
    ]),
  ).toEqual([
    ['1', '1', 'open'],
    ['2', '2', 'open'],
    ['3', '1', 'open'],
    ['4', '2', 'open'],
    ['5', '5', 'open'],
    ['6', '5', 'open'],
  ]);
});

test('a group stays what it was when its first question is gone, and when others come', () => {
  expect(groupsOf([row('3', 'chien venir', '1'), row('4', 'chien venir avec')])).toEqual([
    ['3', '1', 'open'],
    ['4', '1', 'open'],
  ]);
});

test('what is like a dismissed question is dismissed with it', () => {
  expect(groupsOf([row('1', 'vendre tomates', '1', 'dismissed'), row('2', 'tomates vendre')])).toEqual([
    ['1', '1', 'dismissed'],
    ['2', '1', 'dismissed'],
  ]);
});

test('grouping twice, or one after the other, is grouping once', () => {
  const text = fc
    .array(fc.constantFrom('chien', 'venir', 'avec', 'tomates', 'vendre', 'prix', 'ou'), {
      minLength: 1,
      maxLength: 4,
    })
    .map((words) => words.join(' '));
  fc.assert(
    fc.property(fc.array(text, { maxLength: 12 }), fc.nat(12), (texts, cut) => {
      const rows = texts.map((each, at) => row(String(at), each));
      const whole = group(rows, wordsOf);
      const first = group(rows.slice(0, cut), wordsOf);
      const then = group([...first.map(({ isNew: _, ...each }) => each), ...rows.slice(cut)], wordsOf);
      expect(then.map(({ group_id }) => group_id)).toEqual(whole.map(({ group_id }) => group_id));
    }),
  );
});
