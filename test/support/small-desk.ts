import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './folder.ts';

/** A town library of three entries: what it answers and what it lacks is plain to see. */
export function smallDesk({ languages = ['fr'] }: { languages?: readonly string[] } = {}): string {
  const folder = join(temporaryFolder(), 'mediatheque');
  mkdirSync(join(folder, 'documents'), { recursive: true });
  writeFileSync(
    join(folder, 'desk.yaml'),
    `organisation: Médiathèque Exemple\nlanguage: fr\nlanguages: [${languages.join(', ')}]\n`,
  );
  writeFileSync(
    join(folder, 'documents', 'emprunts.md'),
    [
      '---\ntitle: Emprunter\nkind: faq\n---\n',
      "## Combien coûte l'abonnement annuel ?\n\nL'abonnement annuel coûte 2 500 F pour un adulte.\n",
      '## Combien de livres peut-on emprunter ?\n\nOn emprunte cinq livres pour trois semaines.\n',
      '## Quels sont les horaires de la médiathèque ?\n\nLa médiathèque ouvre du mardi au samedi, de 9 h à 18 h.\n',
    ].join('\n'),
  );
  writeFileSync(
    join(folder, 'questions.jsonl'),
    `${[
      { id: '1', question: "C'est combien l'abonnement ?", answerable: true, must_contain: ['2 500'] },
      { id: '2', question: 'Vous vendez des vélos ?', answerable: false },
    ]
      .map((row) => JSON.stringify(row))
      .join('\n')}\n`,
  );
  return folder;
}
