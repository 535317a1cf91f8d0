import { describe, expect, test } from 'vitest';
import { nameKey, readDate, readRelation, readStatus, readYes, withoutNumbers } from './values.ts';

describe('dates', () => {
  test.each([
    ['14/03/2016', '2016-03-14'],
    ['14-03-2016', '2016-03-14'],
    ['14.3.16', '2016-03-14'],
    ['2016-03-14', '2016-03-14'],
    ['2016-03-14T00:00:00.000Z', '2016-03-14'],
    ['14/03/2016 00:00:00', '2016-03-14'],
    ['14-mars-16', '2016-03-14'],
    ['14 mars 2016', '2016-03-14'],
    ['1er août 2016', '2016-08-01'],
    ['14-Feb-2016', '2016-02-14'],
    ['02/12/78', '1978-12-02'],
    ['42443', '2016-03-14'],
    ['2016', '2016'],
    ['03/2016', '2016-03'],
    ['mars 2016', '2016-03'],
    ['29/02/2016', '2016-02-29'],
    ['29/02/2015', undefined],
    ['03/14/2016', undefined],
    ['31/04/2016', undefined],
    ['0/1/2016', undefined],
    ['770000001', undefined],
    ['vers Noël', undefined],
    ['', undefined],
  ])('%j is %j', (text, date) => {
    expect(readDate(text)).toBe(date);
  });
});

describe('words', () => {
  test.each([
    ['père', 'father'],
    ['Papa', 'father'],
    ['MERE', 'mother'],
    ['tutrice légale', 'guardian'],
    ['grand-mère', 'other'],
    ['belle-mère', 'other'],
    ['tante', 'other'],
    ['lui-même', 'self'],
    ['', 'other'],
  ])('relation %j is %s', (text, relation) => {
    expect(readRelation(text)).toBe(relation);
  });

  test.each([
    ['inscrit', 'enrolled'],
    ['en attente', 'waiting'],
    ['Abandon', 'left'],
    ['participe', 'enrolled'],
    ['', 'enrolled'],
  ])('status %j is %s', (text, status) => {
    expect(readStatus(text)).toBe(status);
  });

  test.each([
    ['oui', true],
    ['X', true],
    ['Baptisée', true],
    ['non', false],
    ['peut-être', undefined],
    ['', undefined],
  ])('%j is %s', (text, yes) => {
    expect(readYes(text)).toBe(yes);
  });

  test('three spellings of a name are one, and numbers beside a name go', () => {
    expect(new Set(['NDIAYE', "N'Diaye", 'Ndiaye ', 'n-diaye'].map((name) => nameKey(name))).size).toBe(1);
    expect(withoutNumbers('Mme Sarr : 77 000 00 09')).toBe('Mme Sarr');
    expect(withoutNumbers('Groupe 3 A')).toBe('Groupe 3 A');
  });
});
