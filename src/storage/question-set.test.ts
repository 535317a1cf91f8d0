import { appendFileSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../test/support/folder.ts';
import { readQuestions } from '../answers/evaluation/questions.ts';
import { addToSet, questionSetFile } from './question-set.ts';

test('a line cut short by a crash loses no other', () => {
  const data = temporaryFolder();
  addToSet(data, { id: 'a', source: 'reponses/chien', question: 'Mon chien ?' });
  addToSet(data, { id: 'b', source: 'reponses/chat', question: 'Mon chat ?' });
  const file = questionSetFile(data);
  expect(readQuestions(readFileSync(file, 'utf8'), file)).toMatchObject([
    {
      ...{ id: 'inbox-a', question: 'Mon chien ?', answerable: true },
      ...{ source: 'reponses/chien', style: 'inbox' },
    },
    { id: 'inbox-b' },
  ]);
  appendFileSync(file, '{"id":"x"');
  addToSet(data, { id: 'c', source: 'reponses/chat', question: 'Un chat ?' });
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  expect(lines).toHaveLength(4);
  expect(JSON.parse(lines[3] ?? '')).toMatchObject({ id: 'inbox-c' });
});
