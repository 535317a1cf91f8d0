import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadDesk } from '../desk/load.ts';
import type { InboundEvent } from '../message/event.ts';
import { decide } from './decide.ts';
import { turn, typed } from './fixtures/turns.ts';

const desks = join(import.meta.dirname, '../../desks');
const names = readdirSync(desks).filter((name) => !name.startsWith('_'));

/** What a message becomes at a real desk. */
const becomes = (name: string, text: string) =>
  decide(turn(), { event: typed(text) }, loadDesk(join(desks, name)));
const alarms = (name: string, text: string): boolean =>
  becomes(name, text).effects.some(
    (effect) => effect.type === 'staff_message' && effect.kind === 'safeguarding',
  );

const DISTRESS = [
  'je veux mourir',
  'je veux mouri',
  'jveu mourir',
  'je veux me suicider',
  'je veux me suicidé',
  'suicide',
  'suisside',
  "j'ai envie d'en finir",
  'je veux en finir avec la vie',
  'je vais me tué',
  'me tuer',
  'J’ai plus envie de vivre',
  'je veux mettre fin à mes jours',
  'I want to die',
  'i want to kill myself',
  'dama bëgg dee',
];

describe.each(names)('distress at the desk %s', (name) => {
  test.each(DISTRESS)('%j is heard by a human, and nothing else is said', (text) => {
    const decision = becomes(name, text);
    expect(alarms(name, text)).toBe(true);
    expect(decision.asks).toEqual([]);
    expect(JSON.stringify(decision.replies)).toMatch(/17.*18/s);
    expect(JSON.stringify(decision.replies)).not.toMatch(/Vouliez-vous|Did you mean/);
  });

  test.each([
    'Que se passe-t-il quand un retraité vient à mourir ?',
    'Mon mari est mort, quelle pension ?',
    'Que se passe-t-il en cas d’accident mortel ?',
    'Je veux finir mon inscription',
    'Je veux vivre au Sénégal',
    'Combien de temps dure le congé ?',
    'Qui paie en cas de décès ?',
  ])('%j is a question', (text) => {
    expect(alarms(name, text)).toBe(false);
  });
});

test.each([
  'mon patron me frappe',
  'un enfant est en danger : enfant battu',
  "mon mari m'a battue",
  'il bat mes enfants',
  'viol au travail',
])('the desk css hears %j', (text) => {
  expect(alarms('css', text)).toBe(true);
});

test.each([
  'je me bats pour ma retraite',
  'Mon enfant est malade',
  'Mon patron me demande de payer',
  'un collègue blessé',
])('the desk css takes %j for a question', (text) => {
  expect(alarms('css', text)).toBe(false);
});

describe('danger is heard', () => {
  const desk = loadDesk(join(desks, 'catechese'));
  const words = 'un catéchiste frappe mon fils';
  const heard = (over: Parameters<typeof turn>[0], event: InboundEvent): boolean =>
    decide(turn(over), { event }, desk).effects.some(({ type }) => type === 'staff_message');

  test('a day late', () => {
    const { now } = turn();
    expect(heard({}, { ...typed(words), sentAt: now - 30 * 3600_000 })).toBe(true);
  });

  test('while a human has the conversation', () => {
    expect(heard({ mode: 'human' }, typed(words))).toBe(true);
  });

  test('when it was written into an earlier message', () => {
    expect(heard({}, { kind: 'edited', text: words })).toBe(true);
    expect(heard({}, { kind: 'edited', text: 'bonjour' })).toBe(false);
  });
});
