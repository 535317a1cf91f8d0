import { describe, expect, test } from 'vitest';
import { PendingTaps } from './pendingTaps.ts';

describe('PendingTaps', () => {
  test('a button is busy until its callback is answered', () => {
    const taps = new PendingTaps();
    taps.begin('a', 0);
    expect(taps.update([], 10)).toEqual(['a']);
    expect(taps.update(['c1'], 20)).toEqual(['a']);
    expect(taps.update(['c1'], 60_000)).toEqual(['a']);
    expect(taps.update([], 60_001)).toEqual([]);
  });

  test('a callback answered before it was ever seen ends by itself', () => {
    const taps = new PendingTaps();
    taps.begin('a', 0);
    expect(taps.update([], 2_000)).toEqual([]);
  });

  test('two taps end one by one, in the order of their own callbacks', () => {
    const taps = new PendingTaps();
    taps.begin('a', 0);
    taps.update(['c1'], 1);
    taps.begin('b', 2);
    taps.update(['c1', 'c2'], 3);
    expect(taps.update(['c1'], 4)).toEqual(['a']);
    expect(taps.update([], 5)).toEqual([]);
  });

  test('callbacks that were waiting before any tap are not taken for ours', () => {
    const taps = new PendingTaps();
    taps.update(['old'], 0);
    taps.begin('a', 1);
    expect(taps.update(['old', 'mine'], 2)).toEqual(['a']);
    expect(taps.update(['mine'], 3)).toEqual(['a']);
    expect(taps.update(['old'], 4)).toEqual([]);
  });

  test('a tap the server refused is forgotten', () => {
    const taps = new PendingTaps();
    taps.begin('a', 0);
    taps.cancel('a');
    expect(taps.update([], 1)).toEqual([]);
  });
});
