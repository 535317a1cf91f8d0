import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadDesk } from '../desk/load.ts';
import { childNameIn } from './child-name.ts';
import { turn, typed } from './fixtures/turns.ts';
import { voiceOf } from './texts.ts';

const voice = voiceOf(turn(), typed(''), loadDesk(join(import.meta.dirname, '../../desks/catechese')));

describe('the name that was asked for', () => {
  test.each([
    ['Léo', 'Léo'],
    ['  zoé ', 'zoé'],
    ['Marie Louise NDIAYE', 'Marie Louise NDIAYE'],
    ['Marie-Louise', 'Marie-Louise'],
    ['Pape Abdou', 'Pape Abdou'],
    ['Jean de Dieu', 'Jean de Dieu'],
    ["C'est Léo", 'Léo'],
    ["Mon fils s'appelle Léo", 'Léo'],
    ["mon enfant s'appelle Marie Louise", 'Marie Louise'],
    ['Sama doom Astou', 'Astou'],
    ['My daughter is Zoé', 'Zoé'],
    ['Je suis la maman de Zoé', 'Zoé'],
    ['Léo et Zoé', 'Léo'],
    ['Léo, Zoé', 'Léo'],
    ['Léo, 9 ans', 'Léo'],
    ['Léo merci', 'Léo'],
    ["Bonjour, c'est Léo", 'Léo'],
    ['Bonsoir mon fils c’est Léo svp', 'Léo'],
  ])('%j', (text, name) => {
    expect(childNameIn(text, voice)).toBe(name);
  });

  test.each([
    'Léo ?',
    'Quand est la première communion',
    'c quand la rentrée',
    'les horaires svp',
    'Combien coûte une inscription',
    'je veux inscrire mon enfant',
    'je ne sais pas',
    'pourquoi vous me demandez ça',
    'naka la bind sama doom',
    'parler à un humain',
    'calendrier',
    'what are the documents',
    '12',
    '👍',
    '',
  ])('%j is none', (text) => {
    expect(childNameIn(text, voice)).toBeUndefined();
  });
});
