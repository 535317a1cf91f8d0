import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fold } from '../message/fold.ts';
import { alarmOf, PhrasingError } from './alarm.ts';

const alarm = alarmOf({
  words: { child: ['mon (fils|enfant)', 'ma fille'], hits: ['(frappé|battu)(e|)'] },
  phrases: ['<hits> <child>', '<child> … été <hits>', 'me (touche|frappe)', 'coups'],
  except: ['coups de (main|fil)', '<hits> au foot'],
});

describe('a phrasing', () => {
  test.each([
    ['Il a frappé ma fille !', true],
    ['battue, mon enfant', true],
    ['ma fille a encore été battue', true],
    ['MA FILLE, à l’école, a été battue', true],
    ['ma fille un deux trois quatre cinq été battue', false],
    ['il me touche', true],
    ['il me touchera', false],
    ['ma fillette a été battue', false],
    ['', false],
  ])('%j: %s', (text, heard) => {
    expect(alarm(fold(text))).toBe(heard);
  });

  test.each([
    ['un coup de fil et des coups de main', false],
    ['des coups de main, et des coups', true],
    ['ma fille a été battue au foot', false],
    ['ma fille a été battue au foot, il me frappe', true],
    // What is put aside joins nothing.
    ['il me coups de main touche', false],
  ])('beside what is no danger, %j: %s', (text, heard) => {
    expect(alarm(fold(text))).toBe(heard);
  });

  test('is heard wherever it stands, whatever is around it', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        expect(alarm(fold(`${before} . il me frappe . ${after}`))).toBe(true);
      }),
    );
  });

  test.each(['', '…', '()', '<nobody> frappe'])('%j cannot be read', (phrase) => {
    expect(() => alarmOf({ words: {}, phrases: [phrase], except: [] })).toThrow(PhrasingError);
  });
});
