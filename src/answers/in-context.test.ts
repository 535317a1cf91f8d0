import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../lib/clock.ts';
import { previousAfter } from '../message/answer.ts';
import type { Answer, Question } from '../message/answer.ts';
import type { EmbeddedAnswerer } from './embedded.ts';
import { createEmbeddedAnswerer } from './embedded.ts';

const NEVER = new AbortController().signal;
const engines = new Map<string, EmbeddedAnswerer>();
beforeAll(async () => {
  for (const name of ['css', 'catechese']) {
    const folder = join(import.meta.dirname, '../../desks', name);
    engines.set(name, await createEmbeddedAnswerer({ folder, language: 'fr', clock: systemClock }));
  }
}, 60_000);
afterAll(async () => {
  for (const engine of engines.values()) await engine.close();
});

/** Asks one after the other, as a conversation does; what the last one gets. */
async function talk(desk: string, turns: readonly string[]): Promise<Answer> {
  let previous: Question['previous'];
  let answer: Answer = { status: 'unavailable', reason: 'failed' };
  for (const text of turns) {
    answer =
      (await engines.get(desk)?.answer({ text, language: 'fr', ...(previous && { previous }) }, NEVER)) ??
      answer;
    previous = previousAfter(text, answer) ?? previous;
  }
  return answer;
}
const said = (answer: Answer): string => ('body' in answer ? answer.body : '');

describe('what a follow-up names takes the place of what was asked about', () => {
  test.each<[desk: string, says: RegExp, ...turns: string[]]>([
    ['css', /63 000/, "Quel est le plafond de l'IPRES ?", 'Et la CSS ?'],
    ['css', /432 000/, 'Quel est le plafond de cotisation à la CSS ?', "Et l'IPRES ?"],
    ['css', /63 000/, "Quel est le plafond de l'IPRES ?", 'et à la CSS ?'],
    ['css', /14 %/, 'Quel est le taux pour les prestations familiales ?', 'et pour la retraite ?'],
    ['css', /14 %/, 'Quel est le taux pour les accidents du travail ?', 'Et la retraite ?'],
    ['css', /7 %/, "Quel est le taux de cotisation à l'IPRES ?", 'et pour les prestations familiales ?'],
    ['css', /14 %/, 'Quel est le taux des accidents du travail ?', "et celui de l'IPRES ?"],
    [
      'css',
      /432 000/,
      'Quel est le taux pour les prestations familiales ?',
      'Et la retraite ?',
      'et le plafond ?',
    ],
    ['css', /60 ans/, 'Quel est le taux pour les prestations familiales ?', "et l'âge de la retraite ?"],
    ['css', /100 %|totalité/, 'How much is the family allowance?', 'And for maternity leave?'],
    ['css', /100 %|totalité/, 'Combien dure le congé de maternité ?', 'et combien on touche ?'],
    [
      'css',
      /attestation de travail/,
      'Quelles pièces pour les allocations familiales ?',
      'Et pour la maternité ?',
    ],
    ['css', /15 ans/, "Quel est l'âge de la retraite ?", 'et pour les allocations familiales ?'],
    ['css', /pas une caisse de retraite/, 'Qui paie les cotisations ?', 'et les pensions ?'],
    ['catechese', /communié/, 'Quelles conditions pour la première communion ?', 'Et la confirmation ?'],
    [
      'catechese',
      /extrait de naissance/,
      'Quelles conditions pour la confirmation ?',
      'quels documents pour le baptême ?',
    ],
    ['catechese', /5 000/, 'Comment inscrire mon enfant ?', 'combien ça coûte ?'],
  ])('%s: %s in %j, %j', async (desk, says, ...turns) => {
    expect(said(await talk(desk, turns))).toMatch(says);
  });

  test.each<[desk: string, old: RegExp, ...turns: string[]]>([
    [
      'css',
      /totalité|100 %/,
      'Combien touche-t-on pendant le congé de maternité ?',
      'Et pour un accident du travail ?',
    ],
    ['css', /particulier employeur/, 'Comment déclarer mon employée de maison ?', 'et la CAF en France ?'],
    ['css', /14 %/, 'Quel est le taux de cotisation retraite ?', "Et l'IPM ?"],
    ['css', /carnet|lésions/, 'Quelles pièces pour un accident du travail ?', 'et la météo ?'],
    ['css', /demande/, 'Quelles pièces pour les allocations familiales ?', 'et la fusée ?'],
    ['catechese', /18 octobre/, 'Quand a lieu la rentrée de la catéchèse ?', 'et la première communion ?'],
    ['catechese', /18 octobre/, 'Quand a lieu la rentrée de la catéchèse ?', 'et à Paris ?'],
    ['catechese', /5 000/, 'Combien coûte la catéchèse ?', 'et le baptême ?'],
    ['catechese', /samedi/, 'Quels sont les horaires du secrétariat ?', "et le prix du billet d'avion ?"],
  ])('%s: never %s of %j in %j', async (desk, old, ...turns) => {
    expect(said(await talk(desk, turns.slice(0, -1)))).not.toBe('');
    expect(said(await talk(desk, turns))).not.toMatch(old);
  });
});

describe('a question of general words', () => {
  test.each<[desk: string, says: RegExp, ...turns: string[]]>([
    ['css', /indifféremment/, 'Quelles pièces pour un accident du travail ?', 'comment payer'],
    ['css', /attestation de travail/, 'Combien dure le congé de maternité ?', 'quelles pièces ?'],
    ['css', /lésions/, 'Que faire après un accident du travail ?', 'quelles pièces ?'],
    ['css', /7 800/, 'Combien touche-t-on par enfant ?', 'Et pour deux enfants ?'],
    ['css', /14 %/, "Quel est le taux de cotisation à l'IPRES ?", 'Combien ?'],
    ['catechese', /extrait de naissance/, 'Comment inscrire mon enfant ?', 'quelles pièces ?'],
    ['catechese', /reçu/, 'Comment inscrire mon enfant ?', 'comment payer ?'],
  ])('%s: %s in %j, %j', async (desk, says, ...turns) => {
    expect(said(await talk(desk, turns))).toMatch(says);
  });
});
