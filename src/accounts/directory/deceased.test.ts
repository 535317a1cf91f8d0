import { expect, test } from 'vitest';
import { isDeceased } from './deceased.ts';
import type { DeceasedCells } from './deceased.ts';

test.each<[string, Partial<DeceasedCells>, boolean]>([
  ['nothing said', {}, false],
  ['the other parent died', { relation: 'mère (père décédé)' }, false],
  ['the other parent, without brackets', { relation: 'mère, père décédé' }, false],
  ['the other parent, in the status', { relation: 'mère', status: 'père décédé' }, false],
  ['a widow', { relation: 'mère', status: 'inscrit (veuve, mari décédé)' }, false],
  ['her husband, beside her name', { names: ['NDIAYE', 'Awa (mari décédé)'] }, false],
  ['the family name Late', { names: ['LATE', 'Awa'] }, false],
  ['the first name Feu', { names: ['SARR', 'Feu'], relation: 'tuteur' }, false],
  ['a name that begins so', { names: ['NDIAYE', 'Feudji Awa'] }, false],
  ['a widower’s number', { phones: ['77 000 00 01 (père décédé, mère)'] }, false],
  ['in brackets after the name', { names: ['NDIAYE', 'Modou (décédé)'] }, true],
  ['in brackets, with a year', { names: ['NDIAYE (décédée en 2019)', 'Awa'] }, true],
  ['in brackets, with a date', { names: ['NDIAYE', 'Awa [décédé(e)]', '(décédé le 14 mars 2019)'] }, true],
  ['a dagger', { names: ['NDIAYE †', 'Modou'] }, true],
  ['feu Modou', { names: ['NDIAYE', 'feu Modou'] }, true],
  ['in brackets after the number', { phones: ['77 000 00 01 (décédé)'] }, true],
  ['instead of the number', { phones: ['décédé'] }, true],
  ['the relation itself', { relation: 'mère (décédée)' }, true],
  ['the relation, without brackets', { relation: 'père décédé' }, true],
  ['feu before the relation', { relation: 'feu père' }, true],
  ['the status', { status: 'Décédé' }, true],
  ['the status, by its relation', { relation: 'papa', status: 'père décédé' }, true],
  ['the title', { title: 'Feu' }, true],
])('%s', (_label, cells, expected) => {
  const none = { title: '', names: [], phones: [], relation: '', status: '' };
  expect(isDeceased({ ...none, ...cells })).toBe(expected);
});
