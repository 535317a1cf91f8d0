import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSealer, generateKey } from './seal.ts';

describe('seal', () => {
  const sealer = createSealer(generateKey());

  test('any text comes back as it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (value, place) => {
        const wellFormed = value.toWellFormed();
        expect(sealer.open(sealer.seal(wellFormed, place), place)).toBe(wellFormed);
      }),
    );
  });

  test('the text is not in the sealed bytes, and two seals of it differ', () => {
    const one = sealer.seal('+221 77 000 00 01', 'p');
    expect(Buffer.from(one).includes('77 000')).toBe(false);
    expect(Buffer.from(one).equals(sealer.seal('+221 77 000 00 01', 'p'))).toBe(false);
  });

  test('a value moved to another place does not open', () => {
    expect(() => sealer.open(sealer.seal('x', 'messages|text|1'), 'messages|text|2')).toThrow();
  });

  test('any altered byte is noticed', () => {
    const sealed = sealer.seal('bonjour', 'p');
    for (let i = 0; i < sealed.length; i++) {
      const altered = Uint8Array.from(sealed);
      altered[i] = altered[i]! ^ 1;
      expect(() => sealer.open(altered, 'p'), `byte ${i}`).toThrow();
    }
  });

  test('an older key still opens while a new one seals; without it the message names it', () => {
    const [old, fresh] = [generateKey(), generateKey()];
    const sealed = createSealer(old).seal('x', 'p');
    expect(createSealer(fresh, old).open(sealed, 'p')).toBe('x');
    expect(() => createSealer(fresh).open(sealed, 'p')).toThrow(createSealer(old).keyId);
  });

  test('digests are stable under one key, differ between keys and scopes', () => {
    const key = generateKey();
    expect(createSealer(key).digest('a', 'v')).toBe(createSealer(key).digest('a', 'v'));
    expect(createSealer(key).digest('a', 'v')).not.toBe(createSealer(key).digest('b', 'v'));
    expect(createSealer(key).digest('a', 'v')).not.toBe(createSealer(generateKey()).digest('a', 'v'));
  });
});
