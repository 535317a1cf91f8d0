import { appendFileSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../test/support/folder.ts';
import { readQuestions } from '../answers/evaluation/questions.ts';
import { addToSet, questionSetFile } from './question-set.ts';

test('a group is added once, and a line cut short by a crash loses no other', () => {
  const data = temporaryFolder();
  const group = { group: '1.0', source: 'reponses/chien', questions: ['Mon chien ?', 'Un chien'] };
  addToSet(data, group);
  addToSet(data, group);
  const file = questionSetFile(data);
  expect(readQuestions(readFileSync(file, 'utf8'), file)).toMatchObject([
    {
      id: 'inbox-1.0-1',
      question: 'Mon chien ?',
      answerable: true,
      source: 'reponses/chien',
      style: 'inbox',
    },
    { id: 'inbox-1.0-2' },
  ]);
  appendFileSync(file, '{"id":"x"');
  addToSet(data, { ...group, group: '2.0' });
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  expect(lines).toHaveLength(5);
  expect(lines.slice(3).map((line) => JSON.parse(line) as object)).toMatchObject([
    { id: 'inbox-2.0-1' },
    { id: 'inbox-2.0-2' },
  ]);
});
