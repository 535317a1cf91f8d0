import { describe, expect, test } from 'vitest';
import type { DirectoryChild, DirectoryPerson } from './directory/person.ts';
import { isMinor, presentChildren } from './directory/person.ts';
import { matchPerson } from './match.ts';

const child = (firstNames: string, more: Partial<DirectoryChild> = {}): DirectoryChild => ({
  lastName: 'SARR',
  firstNames,
  relation: 'mother',
  status: 'enrolled',
  ...more,
});
const person = (lastName: string, ...children: DirectoryChild[]): DirectoryPerson => ({
  lastName,
  firstNames: 'Fatou',
  phones: ['+221770000001'],
  children,
});
const diop = person('DIOP', child('Awa'), child('Marie Louise'));
const fall = person('FALL', child('Omar'));
const aunt = person('BA', child('Awa', { birthDate: '2014' }));

describe('who a proven number is', () => {
  test.each<[string, DirectoryPerson[], string | undefined, string, string?]>([
    ['one person', [diop], undefined, 'one', 'DIOP'],
    ['one person, whatever is written', [diop], 'Nobody', 'one', 'DIOP'],
    ['two people', [diop, fall], undefined, 'ask'],
    ['the child of one', [diop, fall], 'Omar', 'one', 'FALL'],
    ['in any spelling', [diop, fall], '  oMÂR !', 'one', 'FALL'],
    ['one of two first names', [diop, fall], 'Louise', 'one', 'DIOP'],
    ['both, joined', [diop, fall], 'marie-louise', 'one', 'DIOP'],
    ['with the family name', [diop, fall], 'SARR Omar', 'one', 'FALL'],
    ['a child of both', [diop, aunt], 'Awa', 'unknown_child'],
    ['a child of nobody', [diop, fall], 'Pierre', 'unknown_child'],
    ['the beginning of a name', [diop, fall], 'Om', 'unknown_child'],
    ['a letter', [diop, fall], 'o', 'unknown_child'],
    ['nothing', [diop, fall], '', 'unknown_child'],
    ['the family name alone', [diop, fall], 'Sarr', 'unknown_child'],
    [
      'parents with one telephone and the same children',
      [fall, person('NDOUR', child('Omar'))],
      undefined,
      'one',
      'FALL',
    ],
    ['two people without children', [person('A'), person('B')], undefined, 'ask'],
  ])('%s', (_label, people, written, type, lastName) => {
    const outcome = matchPerson({ status: 'found', people }, written);
    expect([outcome.type, outcome.type === 'one' ? outcome.person.lastName : undefined]).toEqual([
      type,
      lastName,
    ]);
  });

  test('nobody, and no answer', () => {
    expect(matchPerson({ status: 'none' })).toEqual({ type: 'none' });
    expect(matchPerson({ status: 'found', people: [] })).toEqual({ type: 'none' });
    expect(matchPerson({ status: 'unavailable', reason: 'timeout' })).toEqual({
      type: 'unavailable',
      reason: 'timeout',
    });
  });

  test('asking names nobody', () => {
    expect(JSON.stringify(matchPerson({ status: 'found', people: [diop, fall] }))).toBe('{"type":"ask"}');
  });
});

describe('what is shown of a person', () => {
  test('children who have left are not', () => {
    const shown = presentChildren(person('DIOP', child('Awa'), child('Omar', { status: 'left' })));
    expect(shown.map(({ firstNames }) => firstNames)).toEqual(['Awa']);
  });

  test.each<[string | undefined, boolean]>([
    ['2008-11-20', false],
    ['2008-11-21', false],
    ['2008-11-22', true],
    ['2008', true],
    ['2007', false],
    ['2008-10', false],
    ['2008-11', true],
    [undefined, false],
  ])('one’s own contact, born %s, is a minor: %s', (birthDate, minor) => {
    const own = child('Awa', { relation: 'self', ...(birthDate === undefined ? {} : { birthDate }) });
    expect(isMinor(person('SARR', own), '2026-11-21')).toBe(minor);
    expect(isMinor(person('SARR', { ...own, relation: 'mother' }), '2026-11-21')).toBe(false);
  });
});
