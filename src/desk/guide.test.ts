import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../test/support/folder.ts';
import { loadDesk } from './load.ts';

test('the desk that docs/desk.md writes out is a valid one', () => {
  const guide = readFileSync(join(import.meta.dirname, '../../docs/desk.md'), 'utf8');
  const [about = '', texts = '', form = ''] = [...guide.matchAll(/```yaml\n(.*?)```/gs)].map(
    ([, yaml]) => yaml,
  );
  const folder = join(temporaryFolder(), 'mine');
  mkdirSync(join(folder, 'forms'), { recursive: true });
  writeFileSync(join(folder, 'desk.yaml'), about);
  writeFileSync(join(folder, 'forms/inscription.fr.yaml'), form);
  // As the guide says: a page opens the form, and something opens the page.
  const page = '  inscription: { kind: form, form: inscription }\n  horaires:\n    text: Ouvert';
  const opened = texts
    .replace('  horaires:\n    text: Ouvert', page)
    .replace('words:', 'words: # …\n  inscription: [inscription]');
  writeFileSync(join(folder, 'texts.fr.yaml'), opened);
  const desk = loadDesk(folder);
  expect(desk.languages.get('fr')?.pages.get('inscription')?.kind).toBe('form');
  expect(desk.accounts).toBe(true);
});
