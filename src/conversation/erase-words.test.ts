import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadDesk } from '../desk/load.ts';
import { on, typed } from './fixtures/turns.ts';

const desks = join(import.meta.dirname, '../../desks');

describe.each(['css', 'catechese'])('on the desk %s', (name) => {
  const desk = loadDesk(join(desks, name));

  test.each([
    '/supprimer',
    'efface mes données',
    'Effacez toutes mes données svp',
    'oublie tout',
    'oubliez-moi',
    'supprime mes données',
    'Bonjour, je veux effacer mes données.',
    'je veux que vous supprimiez mes données personnelles',
    'peux-tu supprimer tout ce que tu sais de moi ?',
    'supprimer mon compte',
    'Delete all my data please',
    'I want you to forget everything about me',
  ])('%j asks whether everything may go', (text) => {
    const { asks, effects } = on(typed(text), {}, desk);
    expect(asks).toEqual([{ type: 'waiting' }]);
    expect(effects).not.toContainEqual({ type: 'erase' });
  });

  test.each(['Oublie mon document', 'Comment supprimer un salarié de ma déclaration ?', 'tout'])(
    '%j does not',
    (text) => {
      expect(on(typed(text), {}, desk).asks).not.toContainEqual({ type: 'waiting' });
    },
  );
});
