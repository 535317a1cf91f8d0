import { expect, test } from 'vitest';
import type { DocumentVersion } from '../../message/library.ts';
import type { Answering, DeskFile, Listed } from './listing.ts';
import { listDocuments } from './listing.ts';

const NOW = Date.parse('2026-03-01T00:00:00Z');
const version = (number: number, more: Partial<DocumentVersion> = {}): DocumentVersion => ({
  ...{ id: `v${number}`, document: 'd', number, state: 'ready', reason: null, file: 'd.pdf', format: 'pdf' },
  ...{ title: null, hash: '', bytes: 1, effective_from: null, effective_to: null, by: 'x', why: null },
  ...{ at: NOW - 100 + number, withdrawn_at: null, withdrawn_by: null, withdrawn_why: null },
  ...more,
});
const file = (more: Partial<DeskFile> = {}): DeskFile => ({
  ...{ id: 'd', file: 'd.md', format: 'markdown', key: 'file d.md 1', state: 'ready' },
  ...more,
});
const reading = { state: 'reading' } as const;
const refused = { state: 'refused', reason: 'encrypted' } as const;

test.each<[string, DeskFile[], DocumentVersion[], Partial<Listed>]>([
  ['one version', [], [version(1)], { state: 'ready', version: 1, answered: { version: 1 } }],
  [
    'a new one that is being read',
    [],
    [version(1), version(2, reading)],
    { state: 'reading', version: 2, answered: { version: 1 } },
  ],
  [
    'a new one that was refused',
    [],
    [version(1), version(2, refused)],
    {
      state: 'refused',
      version: 2,
      answered: { version: 1 },
      reason: expect.stringMatching(/password/) as string,
    },
  ],
  [
    'one that waits for its day',
    [],
    [version(1), version(2, { effective_from: '2026-04-01' })],
    { state: 'waiting', version: 2, answered: { version: 1 } },
  ],
  ['the first, refused', [], [version(1, refused)], { state: 'refused', version: 1 }],
  [
    'one that is over',
    [],
    [version(1), version(2, { effective_to: '2026-02-01' })],
    { state: 'ended', version: 2 },
  ],
  ['a file of the desk', [file()], [], { origin: 'desk', state: 'ready', answered: { file: 'd.md' } }],
  [
    'a refused file of the desk',
    [file({ state: 'refused', reason: 'No.' })],
    [],
    { origin: 'desk', state: 'refused', reason: 'No.' },
  ],
  [
    'a version refused over a file of the desk',
    [file()],
    [version(1, refused)],
    { origin: 'library', state: 'refused', version: 1, answered: { file: 'd.md' } },
  ],
  [
    'a version refused over a refused file of the desk',
    [file({ state: 'refused', reason: 'No.' })],
    [version(1, refused)],
    { origin: 'library', state: 'refused', version: 1 },
  ],
  [
    'a version withdrawn over a file of the desk',
    [file()],
    [version(1, { withdrawn_at: NOW })],
    { origin: 'desk', state: 'ready', answered: { file: 'd.md' } },
  ],
  [
    'a version that ended over a file of the desk, which stays silent',
    [file()],
    [version(1, { effective_to: '2026-02-01' })],
    { origin: 'library', state: 'ended', version: 1 },
  ],
])('%s', (_, folder, versions, listed) => {
  const [one, ...others] = listDocuments(folder, versions, NOW);
  expect(others).toEqual([]);
  expect(one).toMatchObject(listed);
  expect(one?.answered).toEqual(listed.answered);
});

const serving = (from: Answering['from']): Answering => ({ from, passages: 1 });

test.each<[string, DeskFile[], DocumentVersion[], Answering | undefined, Partial<Listed>]>([
  ['the first, read and not answered from', [], [version(1)], undefined, { state: 'reading', version: 1 }],
  [
    'the second, read and not answered from',
    [],
    [version(1), version(2)],
    serving({ version: 'v1' }),
    { state: 'reading', version: 2, answered: { version: 1 } },
  ],
  [
    'the second, answered from',
    [],
    [version(1), version(2)],
    serving({ version: 'v2' }),
    { state: 'ready', version: 2, answered: { version: 2 } },
  ],
  [
    'one that waits for its day does not hide the one that is answered from',
    [],
    [version(1), version(2, { effective_from: '2026-04-01' })],
    serving({ version: 'v1' }),
    { state: 'waiting', answered: { version: 1 } },
  ],
  [
    'one read over a file of the desk that still answers',
    [file()],
    [version(1)],
    serving({ file: 'd.md', content: 'file d.md 1' }),
    { origin: 'library', state: 'reading', answered: { file: 'd.md' } },
  ],
  ['a file of the desk, read and not answered from', [file()], [], undefined, { state: 'reading' }],
  [
    'a file of the desk that was read anew',
    [file({ key: 'file d.md 2' })],
    [],
    serving({ file: 'd.md', content: 'file d.md 1' }),
    { state: 'reading', answered: { file: 'd.md' } },
  ],
  [
    'a file of the desk under a version just withdrawn',
    [file()],
    [version(1, { withdrawn_at: NOW })],
    serving({ version: 'v1' }),
    { origin: 'desk', state: 'reading', answered: { version: 1 } },
  ],
  [
    'a refused file of the desk',
    [file({ state: 'refused', reason: 'No.' })],
    [],
    undefined,
    { state: 'refused' },
  ],
])('a running desk: %s', (_, folder, versions, answering, listed) => {
  const [one, ...others] = listDocuments(folder, versions, NOW, () => answering);
  expect(others).toEqual([]);
  expect(one).toMatchObject(listed);
  expect(one?.answered).toEqual(listed.answered);
});
