import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DocumentVersion } from '../../message/library.ts';
import { hasEnded, nextChange, turnOf } from './effective.ts';

const at = (text: string): number => Date.parse(text.length === 10 ? `${text}T00:00:00Z` : text);
const version = (number: number, more: Partial<DocumentVersion> = {}): DocumentVersion => ({
  ...{ id: `v${number}`, document: 'd', number, state: 'ready', reason: null, file: 'd.pdf', format: 'pdf' },
  ...{ title: null, hash: '', bytes: 1, effective_from: null, effective_to: null, by: 'x', why: null },
  ...{ at: at('2026-01-01') + number, withdrawn_at: null, withdrawn_by: null, withdrawn_why: null },
  ...more,
});

describe('whose turn it is', () => {
  test.each<[string, DocumentVersion[], string, number | undefined]>([
    ['the newest', [version(1), version(2)], '2026-02-01', 2],
    [
      'not one that is being read, refused or withdrawn',
      [
        version(1),
        version(2, { state: 'reading' }),
        version(3, { state: 'refused' }),
        version(4, { withdrawn_at: 1 }),
      ],
      '2026-02-01',
      1,
    ],
    [
      'the one before, until its day',
      [version(1), version(2, { effective_from: '2026-03-01' })],
      '2026-02-28T23:59:59Z',
      1,
    ],
    ['the new one, on its day', [version(1), version(2, { effective_from: '2026-03-01' })], '2026-03-01', 2],
    [
      'a correction made meanwhile does not outlive the planned one',
      [version(1), version(2, { effective_from: '2026-03-01' }), version(3)],
      '2026-03-02',
      2,
    ],
    [
      'a day long past does not put it behind the one before',
      [version(1, { effective_from: '2026-01-01' }), version(2, { effective_from: '2020-01-01' })],
      '2026-02-01',
      2,
    ],
    ['none before its day', [version(1, { effective_from: '2026-03-01' })], '2026-02-01', undefined],
    [
      'one that has ended is not followed by those it replaced',
      [version(1), version(2, { effective_to: '2026-03-01' })],
      '2026-05-01',
      2,
    ],
  ])('%s', (_, versions, now, number) => {
    expect(turnOf(versions, at(now))?.number).toBe(number);
  });

  test('the last day is answered from until its end', () => {
    const last = version(1, { effective_to: '2026-03-01' });
    expect(hasEnded(last, at('2026-03-01T23:59:59Z'))).toBe(false);
    expect(hasEnded(last, at('2026-03-02'))).toBe(true);
  });

  test('nothing changes before the next change', () => {
    const day = fc.option(
      fc.integer({ min: 1, max: 27 }).map((n) => `2026-02-${String(n).padStart(2, '0')}`),
      { nil: null },
    );
    const some = fc.array(fc.record({ effective_from: day, effective_to: day }), {
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(some, fc.integer({ min: 0, max: 40 }), (dates, days) => {
        const versions = dates.map((date, n) => version(n + 1, date));
        const now = at('2026-01-20') + days * 24 * 3600_000;
        const answered = (time: number) => {
          const one = turnOf(versions, time);
          return one && !hasEnded(one, time) ? one.number : undefined;
        };
        const next = nextChange(versions, now);
        const end = Number.isFinite(next) ? next : at('2027-01-01');
        for (let time = now; time < end; time += 6 * 3600_000) expect(answered(time)).toBe(answered(now));
      }),
    );
  });
});
