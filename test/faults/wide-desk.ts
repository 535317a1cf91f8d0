import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../support/folder.ts';

/** A desk with the widest limits, so that the test may write as fast as it likes. */
export function wideDesk(): string {
  const folder = join(temporaryFolder(), 'wide');
  mkdirSync(folder);
  writeFileSync(
    join(folder, 'desk.yaml'),
    'organisation: Service Exemple\nlanguage: fr\nlimits: { messages_per_minute: 600, webhooks_per_minute: 1000000 }\n',
  );
  mkdirSync(join(folder, 'documents'));
  writeFileSync(join(folder, 'documents', 'accueil.md'), '# Accueil\n\nLe service est ouvert le lundi.\n');
  return folder;
}
