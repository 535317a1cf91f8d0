import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DirectoryPerson } from './person.ts';
import type { UnreadLine } from './person-line.ts';
import { planImport } from './plan.ts';
import type { StoredPerson } from './plan.ts';

const person = (lastName: string, more: Partial<DirectoryPerson> = {}): DirectoryPerson => ({
  lastName,
  firstNames: 'Fatou',
  phones: [],
  children: [],
  ...more,
});
const awa = { lastName: 'SARR', firstNames: 'Awa', relation: 'mother', status: 'enrolled' } as const;
const stored = (...people: DirectoryPerson[]): StoredPerson[] =>
  people.map((one, at) => ({ id: `id-${at}`, person: one }));
const shape = (existing: StoredPerson[], incoming: DirectoryPerson[]) => {
  const { add, change, keep, withdraw, problems } = planImport(existing, incoming);
  return {
    add: add.map(({ lastName }) => lastName),
    change: change.map(({ id }) => id),
    keep,
    withdraw,
    problems: problems.map(({ code }) => code),
  };
};
const nothing = { add: [], change: [], keep: [], withdraw: [], problems: [] };
const P1 = { code: 'P-1', phones: ['+221770000001'] };

describe('who of a file is who of the directory', () => {
  test.each<[string, StoredPerson[], DirectoryPerson[], object]>([
    ['nobody yet', [], [person('DIOP', P1)], { add: ['DIOP'] }],
    ['the same', stored(person('DIOP', P1)), [person('DIOP', P1)], { keep: ['id-0'] }],
    [
      'listed in another order',
      stored(person('DIOP', { ...P1, phones: ['+221770000001', '+221770000002'] })),
      [person('DIOP', { ...P1, phones: ['+221770000002', '+221770000001'] })],
      { keep: ['id-0'] },
    ],
    [
      'by code, a new name and the same number',
      stored(person('DIOP', P1)),
      [person('FALL', { ...P1, code: 'p 1' })],
      { change: ['id-0'] },
    ],
    [
      'by code, a new number and the same name',
      stored(person('DIOP', P1)),
      [person('DIOP', { code: 'P-1', phones: ['+221770000009'] })],
      { change: ['id-0'] },
    ],
    [
      'by code, another spelling, the same number and child',
      stored(person('DIOP', { ...P1, children: [awa] })),
      [person('DIOPE', { ...P1, firstNames: 'Fatoumata', children: [awa] })],
      { change: ['id-0'] },
    ],
    [
      'by code, everything else changed: it is somebody else',
      stored(person('DIOP', P1)),
      [person('FALL', { code: 'p 1', phones: ['+221770000009'] })],
      { change: ['id-0'], problems: ['other_person'] },
    ],
    [
      'by code, the husband who has the same number',
      stored(person('DIOP', { ...P1, children: [awa] })),
      [person('DIOP', { ...P1, firstNames: 'Modou' })],
      { change: ['id-0'], problems: ['other_person'] },
    ],
    [
      'without a code, by name and number',
      stored(person('NDIAYE', { phones: ['+221770000001'] })),
      [person("N'Diaye", { phones: ['+221770000001', '+221770000002'] })],
      { change: ['id-0'] },
    ],
    [
      'without a code, a new number and the same child',
      stored(person('DIOP', { phones: ['+221770000001'], children: [awa] })),
      [person('DIOP', { phones: ['+221770000009'], children: [awa] })],
      { change: ['id-0'] },
    ],
    [
      'a code is given to somebody who had none',
      stored(person('DIOP', { phones: ['+221770000001'] })),
      [person('DIOP', P1)],
      { change: ['id-0'] },
    ],
    [
      'the same name and number under two codes are two people',
      stored(person('DIOP', P1)),
      [person('DIOP', P1), person('DIOP', { ...P1, code: 'P-2' })],
      { keep: ['id-0'], add: ['DIOP'] },
    ],
    [
      'a namesake is somebody else',
      stored(person('DIOP', { phones: ['+221770000001'] })),
      [person('DIOP', { phones: ['+221770000009'] })],
      { add: ['DIOP'], withdraw: ['id-0'] },
    ],
    [
      'two may be meant: neither is changed',
      stored(
        person('DIOP', { phones: ['+221770000001'], children: [awa] }),
        person('DIOP', { phones: ['+221770000002'], children: [awa] }),
      ),
      [person('DIOP', { phones: ['+221770000009'], children: [awa] })],
      { keep: ['id-0', 'id-1'], problems: ['unclear_person'] },
    ],
    [
      'who is not in the file is withdrawn',
      stored(person('DIOP', P1), person('FALL', { code: 'P-2' })),
      [person('DIOP', P1)],
      { keep: ['id-0'], withdraw: ['id-1'] },
    ],
  ])('%s', (_label, existing, incoming, expected) => {
    expect(shape(existing, incoming)).toEqual({ ...nothing, ...expected });
  });

  const many = (n: number): DirectoryPerson[] =>
    Array.from({ length: n }, (_, at) => person('DIOP', { code: `P-${at}`, phones: ['+221770000001'] }));

  test.each([
    [60, 54, undefined],
    [60, 53, 7],
    [60, 7, 53],
    [10, 7, undefined],
    [10, 6, 4],
    [4, 0, 4],
    [3, 0, undefined],
  ])('of %i people %i are left: %s must be confirmed', (before, after, withdraw) => {
    const plan = planImport(stored(...many(before)), many(before).slice(0, after));
    expect(plan.confirm).toEqual(withdraw === undefined ? {} : { withdraw });
    expect(plan.problems.map(({ code }) => code)).toEqual(withdraw === undefined ? [] : ['withdrawn_many']);
    if (withdraw !== undefined)
      expect(plan.problems[0]?.message.en).toContain(`--withdraw ${String(withdraw)}`);
  });

  test.each([
    [0, [], {}],
    [6, ['numbers_lost'], {}],
    [53, ['numbers_lost_many'], { loseNumbers: 53 }],
  ])('%i people lose their only number', (lost, codes, confirm) => {
    const file = many(60).map((one, at) => (at < lost ? { ...one, phones: [] } : one));
    const plan = planImport(stored(...many(60)), file);
    expect(plan.unreachable).toHaveLength(lost);
    expect(plan.problems.map(({ code }) => code)).toEqual(codes);
    expect(plan.confirm).toEqual(confirm);
  });

  test('codes that two people have exchanged must be confirmed, and say whose they were', () => {
    const fatou = person('DIOP', { ...P1, children: [awa] });
    const modou = person('DIOP', { code: 'P-2', firstNames: 'Modou', phones: P1.phones });
    const exchanged = [
      { ...fatou, code: 'P-2' },
      { ...modou, code: 'P-1' },
    ];
    const plan = planImport(stored(fatou, modou), exchanged);
    expect([plan.others.sort(), plan.confirm]).toEqual([['id-0', 'id-1'], { otherPeople: 2 }]);
    expect(plan.problems.map(({ message }) => message.en).join()).toContain('P-1, Fatou DIOP → Modou DIOP');
  });

  test('another number, or one of two, is no loss', () => {
    const [first] = many(1);
    const before = stored(person('DIOP', { ...first, phones: ['+221770000001', '+221770000002'] }));
    const plan = planImport(before, [person('DIOP', { ...first, phones: ['+221770000003'] })]);
    expect(plan.unreachable).toEqual([]);
  });
});

describe('a line that was not taken', () => {
  const fall = person('FALL', { code: 'P-2', phones: ['+221770000002'] });
  const diop = person('DIOP', { phones: ['+221770000001'], children: [awa] });
  const line = { line: 3, lastName: '', firstNames: '', phones: [] };
  const before = stored(diop, fall);

  test.each<[string, Partial<UnreadLine>, DirectoryPerson[], object]>([
    ['its code', { code: 'p2' }, [diop], { keep: ['id-1', 'id-0'] }],
    [
      'its code, and another line of theirs',
      { code: 'P-2' },
      [diop, { ...fall, phones: [] }],
      { keep: ['id-1', 'id-0'] },
    ],
    [
      'its name and number',
      { lastName: 'Diop', firstNames: 'fatou', phones: ['+221770000001'] },
      [fall, { ...diop, children: [] }],
      { keep: ['id-0', 'id-1'] },
    ],
    ['its number alone', { phones: ['+221770000001'] }, [fall], { keep: ['id-1', 'id-0'] }],
    ['its name alone', { lastName: 'DIOP', firstNames: 'Fatou' }, [fall], { keep: ['id-1', 'id-0'] }],
    [
      'a number alone does not stop the change of somebody who is in the file',
      { phones: ['+221770000001'] },
      [fall, { ...diop, children: [] }],
      { keep: ['id-1'], change: ['id-0'] },
    ],
  ])('keeps its person as they were: %s', (_label, unread, incoming, expected) => {
    const plan = planImport(before, incoming, [{ ...line, ...unread }]);
    const { keep, change, withdraw, add } = plan;
    expect({ ...nothing, keep, change: change.map(({ id }) => id), withdraw, add, problems: [] }).toEqual({
      ...nothing,
      ...expected,
    });
    expect(plan.problems.map((one) => `${String(one.line)} ${one.code}`)).toEqual(['3 kept_unread']);
    expect(plan.confirm).toEqual({});
  });

  test('nobody is recognised in it: one withdrawal must be confirmed', () => {
    for (const unread of [
      {},
      { code: 'P-9' },
      { lastName: 'SARR', firstNames: 'Awa', phones: ['+221770000009'] },
    ]) {
      const plan = planImport(before, [diop], [{ ...line, ...unread }]);
      expect([plan.withdraw, plan.confirm]).toEqual([['id-1'], { withdraw: 1 }]);
      expect(plan.problems.map(({ code }) => code)).toEqual(['withdrawn_unread']);
      expect(planImport(before, [diop, fall], [{ ...line, ...unread }]).problems).toEqual([]);
    }
  });
});

describe('any directory', () => {
  const people = fc.array(
    fc.record({
      lastName: fc.constantFrom('DIOP', 'FALL', 'SARR'),
      firstNames: fc.constantFrom('Fatou', 'Modou'),
      phones: fc.uniqueArray(fc.constantFrom('+221770000001', '+221770000002', '+221770000003'), {
        maxLength: 2,
      }),
      children: fc.constantFrom<DirectoryPerson['children']>([], [awa]),
    }),
    { maxLength: 12 },
  );

  test('the same file twice changes nothing', () => {
    fc.assert(
      fc.property(people, (list) => {
        const coded = list.map((one, at) => ({ ...one, code: `P-${at}` }));
        expect(shape(stored(...coded), coded.toReversed())).toMatchObject({
          add: [],
          change: [],
          withdraw: [],
        });
      }),
    );
  });

  test('everybody stored is kept, changed or withdrawn, once; everybody else of the file is added', () => {
    fc.assert(
      fc.property(people, people, (before, file) => {
        const existing = stored(...before);
        const plan = planImport(existing, file);
        const touched = [...plan.keep, ...plan.change.map(({ id }) => id), ...plan.withdraw].sort();
        expect(touched).toEqual(existing.map(({ id }) => id).sort());
        expect(plan.add.length + plan.change.length).toBeLessThanOrEqual(file.length);
      }),
    );
  });
});
