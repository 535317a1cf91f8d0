import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isDate } from './day.ts';

test.each([
  ['2024-02-29', true],
  ['2000-02-29', true],
  ['1900-02-29', false],
  ['2023-02-29', false],
  ['2023-04-31', false],
  ['2023-13-01', false],
  ['2023-00-10', false],
  ['2023-01-00', false],
  ['2023-1-1', false],
  ['23-01-01', false],
  ['2023-01-01T00:00:00Z', false],
  ['2023-01-01\n', false],
  ['', false],
])('%j is a day: %s', (value, real) => {
  expect(isDate(value)).toBe(real);
});

test('every day of the calendar is one', () => {
  const dates = fc.date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true });
  fc.assert(fc.property(dates, (date) => isDate(date.toISOString().slice(0, 10))));
});
