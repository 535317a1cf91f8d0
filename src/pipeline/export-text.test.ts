import { expect, test } from 'vitest';
import { readableExport } from './export-text.ts';

const words = { title: (date: string) => `Tout, au ${date}`, nothing: 'rien' };
const read = (all: Record<string, unknown>): string[] => readableExport(all, 'fr', words).split('\r\n');

test('headings, rows and dates, under the names that lead to each value', () => {
  const all = {
    organisation: 'Mairie de Exempleville',
    exporté_le: '2026-03-01T08:05:30.000Z',
    comptes: [],
    messages_à_l_équipe: [
      {
        date: '2026-02-28T23:59:00.000Z',
        type: 'form',
        contenu: { référence: 'ABC-123', réponses: [{ réponse: 'Awa\nExemple' }, { réponse: 'text' }] },
        notifications: true,
        traité_le: undefined,
      },
    ],
  };
  expect(read(all)).toEqual([
    '\uFEFFTout, au 1 mars 2026 à 08:05',
    '',
    'Organisation : Mairie de Exempleville',
    'Exporté le : 1 mars 2026 à 08:05',
    '',
    '',
    'COMPTES',
    'rien',
    '',
    '',
    "MESSAGES À L'ÉQUIPE (1)",
    '',
    'Date : 28 février 2026 à 23:59',
    'Type : formulaire',
    'Contenu, Référence : ABC-123',
    'Contenu, Réponses 1, Réponse : Awa',
    '    Exemple',
    // A person's own words stay as they wrote them.
    'Contenu, Réponses 2, Réponse : text',
    'Notifications : oui',
    '',
  ]);
});

test('nothing that the JSON holds is left out', () => {
  const leaves = ['un', 'deux', 'trois', 'quatre', 'cinq'];
  const [a, b, c, d, e] = leaves;
  const shown = readableExport({ x: [{ a, y: [b, [c, { z: d }]] }, e] }, 'fr', words);
  for (const leaf of leaves) expect(shown).toContain(leaf);
});
