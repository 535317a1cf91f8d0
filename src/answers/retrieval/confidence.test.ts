import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ANSWER_FROM, calibrate, confidenceOf, SUGGEST_FROM, zoneOf } from './confidence.ts';

const raws = fc.array(fc.double({ min: -2, max: 8, noNaN: true }), { minLength: 0, maxLength: 300 });

describe('the lines of a collection', () => {
  test('nine in ten of the bank are not answered, seven in ten not even offered titles', () => {
    const bank = Array.from({ length: 200 }, (_, index) => 5 + index / 40);
    const lines = calibrate(bank);
    const zones = bank.map((raw) => zoneOf(confidenceOf(raw, lines)));
    expect(zones.filter((zone) => zone === 'answer')).toHaveLength(20);
    expect(zones.filter((zone) => zone === 'abstain')).toHaveLength(140);
  });

  test('a bank that shares no word with a small collection does not let everything be answered', () => {
    const lines = calibrate(Array.from({ length: 200 }, () => -1));
    expect(zoneOf(confidenceOf(4.1, lines))).toBe('abstain');
    expect(zoneOf(confidenceOf(4.9, lines))).not.toBe('answer');
  });

  test('more raw confidence is never less confidence, whatever the bank', () => {
    fc.assert(
      fc.property(
        raws,
        fc.double({ min: -2, max: 8, noNaN: true }),
        fc.double({ min: 0, max: 3, noNaN: true }),
        (bank, raw, more) => {
          const lines = calibrate(bank);
          const confidence = confidenceOf(raw, lines);
          expect(confidence).toBeGreaterThanOrEqual(0);
          expect(confidence).toBeLessThanOrEqual(1);
          expect(confidenceOf(raw + more, lines)).toBeGreaterThanOrEqual(confidence);
          expect(confidenceOf(lines.answer, lines)).toBeCloseTo(ANSWER_FROM);
          expect(confidenceOf(lines.suggest, lines)).toBeCloseTo(SUGGEST_FROM);
        },
      ),
    );
  });
});
