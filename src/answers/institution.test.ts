import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../lib/clock.ts';
import { previousAfter } from '../message/answer.ts';
import type { Answer, Question } from '../message/answer.ts';
import type { EmbeddedAnswerer } from './embedded.ts';
import { createEmbeddedAnswerer } from './embedded.ts';

const NEVER = new AbortController().signal;

/** Three institutions, whose documents share the names of their sections. */
const DOCUMENTS = {
  css: `# Caisse de sécurité sociale (CSS)

## Taux de cotisation

Le taux de cotisation aux prestations familiales est de 7 % du salaire.

## Pièces à fournir

- l'extrait de naissance de l'enfant ;
- le bulletin de salaire.

## Délai de paiement

Les allocations sont payées chaque trimestre.

## Contact

Téléphone : +221 33 000 00 01.
`,
  ipres: `# Institution de prévoyance retraite (IPRES)

## Taux de cotisation

Le taux de cotisation au régime général est de 14 % du salaire.

## Pièces à fournir

- le relevé de carrière ;
- le certificat de cessation d'activité.

## Délai de paiement

La pension est payée tous les deux mois.

## Contact

Téléphone : +221 33 000 00 02.
`,
  ipm: `# Institution de prévoyance maladie (IPM)

## Taux de cotisation

Le taux de cotisation est de 6 % du salaire, partagé par moitié.

## Pièces à fournir

- la feuille de soins ;
- l'ordonnance.

## Délai de paiement

Le remboursement est fait en 15 jours.

## Contact

Téléphone : +221 33 000 00 03.
`,
};

const folders: string[] = [];
const engines = new Map<string, EmbeddedAnswerer>();

async function deskOf(documents: Record<string, string>): Promise<EmbeddedAnswerer> {
  const folder = await mkdtemp(join(tmpdir(), 'desk-'));
  folders.push(folder);
  await mkdir(join(folder, 'documents'));
  for (const [name, text] of Object.entries(documents))
    await writeFile(join(folder, 'documents', `${name}.md`), text);
  return createEmbeddedAnswerer({ folder, language: 'fr', clock: systemClock });
}

beforeAll(async () => {
  engines.set('three', await deskOf(DOCUMENTS));
  const { css, ipm } = DOCUMENTS;
  const ipres = DOCUMENTS.ipres.replace(/## Délai de paiement[^#]*/, '');
  engines.set('gap', await deskOf({ css, ipm, ipres }));
  const folder = join(import.meta.dirname, '../../desks/css');
  engines.set('css', await createEmbeddedAnswerer({ folder, language: 'fr', clock: systemClock }));
}, 60_000);
afterAll(async () => {
  for (const engine of engines.values()) await engine.close();
  for (const folder of folders) await rm(folder, { recursive: true });
});

const ask = async (desk: string, question: Omit<Question, 'language'>): Promise<Answer> =>
  (await engines.get(desk)?.answer({ language: 'fr', ...question }, NEVER)) ?? {
    status: 'unavailable',
    reason: 'failed',
  };

/** What each question gets, asked one after the other as a conversation does: words, or '' when nothing is said. */
async function talk(desk: string, turns: readonly string[]): Promise<string[]> {
  const said: string[] = [];
  let previous: Question['previous'];
  for (const text of turns) {
    const answer = await ask(desk, { text, ...(previous && { previous }) });
    said.push('body' in answer ? answer.body : '');
    previous = previousAfter(text, answer);
  }
  return said;
}

async function expectTalk(desk: string, turns: readonly [string, RegExp][]): Promise<void> {
  const said = await talk(
    desk,
    turns.map(([text]) => text),
  );
  for (const [at, [text, wanted]] of turns.entries()) expect(said[at], text).toMatch(wanted);
}

describe('the institution in question', () => {
  test.each<[string, ...[string, RegExp][]]>([
    [
      'three',
      ['Taux de cotisation IPRES', /14 %/],
      ['Quelles pièces faut-il ?', /carrière/],
      ['Et le délai ?', /deux mois/],
      ['Et le contact ?', /00 02/],
    ],
    ['three', ['Taux de cotisation IPRES', /14 %/], ['Et le délai de paiement ?', /deux mois/]],
    ['three', ['Taux de cotisation IPRES', /14 %/], ['Délai de paiement ?', /deux mois/]],
    [
      'three',
      ['Taux de cotisation à la CSS ?', /7 %/],
      ["Et à l'IPRES ?", /14 %/],
      ["Et l'IPM ?", /6 %/],
      ['Quelles pièces ?', /ordonnance/],
      ['Et pour la CSS ?', /bulletin/],
      ['Le contact ?', /00 01/],
    ],
    ['three', ['Contact IPM', /00 03/], ['Et le taux ?', /6 %/], ['Et les pièces à fournir ?', /ordonnance/]],
    ['three', ['Contact IPM', /00 03/], ['la météo ?', /^$/], ['Et le taux ?', /6 %/]],
    ['three', ['Contact IPM', /00 03/], ['Et la fusée ?', /^$/], ['Quelles pièces ?', /ordonnance/]],
    [
      'css',
      ["taux de cotisation à l'IPRES ?", /14 %/],
      ['Et le plafond ?', /432 000/],
      ['Et le délai pour payer ?', /^$|le 15 du mois/],
    ],
    [
      'css',
      ['Qui paie la pension de retraite ?', /IPRES/],
      ['Quelles pièces ?', /IPRES/],
      ['Et le délai ?', /^$/],
    ],
    ['css', ["Quel est l'âge de la retraite ?", /60 ans/], ['Et le téléphone ?', /^$/]],
    ['css', ["Quel est l'âge de la retraite ?", /60 ans/], ['Où se trouve le siège ?', /^$/]],
  ])('stays, on the desk %s: %j, %j', async (desk, ...turns) => {
    await expectTalk(desk, turns);
  });

  test.each<[string, ...[string, RegExp][]]>([
    ['three', ['Taux IPRES', /14 %/], ['Et pour la maladie ?', /6 %/], ['Et le contact ?', /00 03/]],
    [
      'three',
      ['Taux IPRES', /14 %/],
      ['Quel est le délai de paiement de la CSS ?', /trimestre/],
      ['Et les pièces ?', /bulletin/],
    ],
    ['three', ['Taux IPRES', /14 %/], ["Et à la CSS et à l'IPM ?", /^$/], ['Et le délai ?', /^$/]],
    [
      'css',
      ["taux de cotisation à l'IPRES ?", /14 %/],
      ['Combien de temps dure le congé de maternité ?', /14 semaines/],
      ['et combien on touche ?', /100 %/],
    ],
    [
      'css',
      ["taux de cotisation à l'IPRES ?", /14 %/],
      ['Et pour les accidents du travail ?', /1 %, 3 % ou 5 %/],
      ['et le plafond ?', /63 000/],
    ],
    [
      'css',
      ["taux de cotisation à l'IPRES ?", /14 %/],
      ['Quelles pièces pour les allocations familiales ?', /acte de mariage/],
    ],
    ['css', ["taux de cotisation à l'IPRES ?", /14 %/], ['Existe-t-il une assurance chômage ?', /^Non/]],
    ['css', ["taux de cotisation à l'IPRES ?", /14 %/], ['Quel est le montant du SMIG ?', /370,526/]],
    [
      'css',
      ['Quel est le taux de cotisation à la CSS ?', /8 %/],
      ['Comment obtenir mon relevé de points ?', /IPRES|demande écrite/],
    ],
    [
      'css',
      ['Quel est le taux de cotisation à la CSS ?', /8 %/],
      ['Comment faire une demande de pension ?', /IPRES/],
    ],
    [
      'css',
      ['What is the contribution rate at IPRES?', /14 %/],
      ['How much does IPRES take from salary?', /^$|5,6/],
    ],
    ['css', ['IPM contribution rate?', /^$|4 %/], ['taux cotisation CMU', /^$|7 000/]],
    [
      'css',
      ['Quel est le taux de cotisation à la CSS ?', /8 %/],
      ['Et la retraite ?', /14 %/],
      ['et le plafond ?', /432 000/],
    ],
  ])('gives way, on the desk %s: %j, %j', async (desk, ...turns) => {
    await expectTalk(desk, turns);
  });

  test('is not answered for by those that have the section it lacks', async () => {
    for (const text of ['Et le délai ?', 'Et le délai de paiement ?', 'Délai de paiement ?'])
      expect(await talk('gap', ['Taux de cotisation IPRES', text]), text).toEqual([
        expect.stringMatching(/14 %/),
        '',
      ]);
  });

  test('stays through a correction, unless that names another', async () => {
    const first = await ask('three', { text: 'Taux IPRES' });
    const previous = previousAfter('Taux IPRES', first);
    if (previous === undefined) throw new Error('Nothing was answered.');
    expect(await ask('three', { text: 'le délai', previous, corrects: true })).toMatchObject({
      body: expect.stringMatching(/deux mois/) as string,
    });
    expect(await ask('three', { text: "l'IPM", previous, corrects: true })).toMatchObject({
      body: expect.stringMatching(/6 %/) as string,
      institution: 'ipm',
    });
  });

  test.each<[NonNullable<Question['previous']>, RegExp]>([
    [{ question: 'Taux de cotisation IPRES' }, /deux mois/],
    [{ question: 'Taux de cotisation IPRES', topic: 'Taux de cotisation' }, /deux mois/],
    [{ question: 'Taux de cotisation IPRES', institution: 'css' }, /deux mois/],
    [{ question: 'Quel taux ?', institution: 'ipm' }, /15 jours/],
    [{ question: 'Quel taux ?', topic: 'Taux de cotisation' }, /^$/],
    [{ question: 'Quel taux ?', institution: 'gone' }, /^$/],
  ])('after a session that remembers %j', async (previous, wanted) => {
    const answer = await ask('three', { text: 'Et le délai ?', previous });
    expect('body' in answer ? answer.body : '').toMatch(wanted);
  });

  test('is the last one named, whatever is asked and in whatever order', async () => {
    const leaning = ['Et le délai ?', 'Quelles pièces ?', 'Et le contact ?', 'Et le taux ?', 'Combien ?'];
    const names = ['CSS', 'IPRES', 'IPM'];
    const naming = names.flatMap((name) => [`Taux ${name}`, `Et pour ${name} ?`, `Contact ${name} ?`]);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...naming),
        fc.array(fc.constantFrom(...leaning, ...naming), { minLength: 1, maxLength: 6 }),
        async (first, others) => {
          let previous: Question['previous'];
          let wanted = '';
          for (const text of [first, ...others]) {
            wanted = names.find((name) => text.includes(name))?.toLowerCase() ?? wanted;
            const answer = await ask('three', { text, ...(previous && { previous }) });
            if ('sources' in answer) expect([wanted]).toContain(answer.sources[0]?.document);
            previous = previousAfter(text, answer);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
