import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answererContract } from '../../test/contracts/answerer.ts';
import { temporaryFolder } from '../../test/support/folder.ts';
import type { Answer, Question } from '../message/answer.ts';
import type { EmbeddedAnswerer } from './embedded.ts';
import { createEmbeddedAnswerer } from './embedded.ts';

const DESK = join(import.meta.dirname, 'fixtures/desk');
const clock = { now: () => 1_700_000_000_000, monotonic: () => 0 };
const open = (folder = DESK) =>
  createEmbeddedAnswerer({ folder, language: 'fr', clock, notes: { a_confirmer: 'À confirmer.' } });

let answerer: EmbeddedAnswerer;
beforeAll(async () => {
  answerer = await open();
});
afterAll(() => answerer.close());
answererContract('embedded', async () => {
  const own = await open();
  return { answerer: own, close: () => own.close() };
});

const ask = (text: string, previous?: Question['previous']): Promise<Answer> =>
  answerer.answer({ text, language: 'fr', ...(previous && { previous }) }, new AbortController().signal);

describe('who is asked about', () => {
  test.each([
    ['Quel est le tarif annuel de la PIS ?', '45 000'],
    ['tarif annuel pis', '45 000'],
    ['Quel est le tarif annuel de la piscine ?', '45 000'],
    ['Quel est le tarif annuel de la bibliothèque ?', '12 500'],
    ['tarif annuel BIB', '12 500'],
  ])('%s → %s', async (question, amount) => {
    expect(await ask(question)).toMatchObject({
      status: 'answered',
      body: expect.stringContaining(amount) as unknown,
    });
  });
});

describe('how it is asked', () => {
  test.each([
    ['without accents', 'combien de livres peut on emprunter a la bibliotheque'],
    ['in capitals', 'COMBIEN DE LIVRES PEUT-ON EMPRUNTER'],
    ['by an alternate phrasing', 'nombre de bouquins'],
    ['as an SMS', 'cb de livr on peu enprunter'],
    ['misspelled', 'combien de livvres peut-on empruntter'],
  ])('%s', async (_, question) => {
    expect(await ask(question)).toMatchObject({
      status: 'answered',
      body: expect.stringContaining('huit livres') as unknown,
    });
  });

  test('a corrected question that would not be answered either is not asked about', () => {
    const found = answerer.search('la reliure dorée des livvres anciens', 3);
    expect(found.understood.corrections).toEqual([{ typed: 'livvres', searched: 'livres' }]);
    expect(found).not.toHaveProperty('meant');
  });
});

describe('what is said', () => {
  test('the pieces asked for come as the whole list', async () => {
    const answer = await ask("Quels documents pour l'inscription à la bibliothèque ?");
    expect(answer).toMatchObject({ status: 'answered' });
    if (answer.status !== 'answered') return;
    expect(answer.body).toMatch(/il faut apporter :\n\n- une pièce d'identité ;\n- un justificatif/);
    expect(answer.body).toContain("- l'autorisation des parents");
    expect(answer.body).not.toContain('rez-de-chaussée');
  });

  test('a long section is answered by the sentences that answer', async () => {
    const answer = await ask('Combien coûte un livre rendu en retard ?');
    expect(answer).toMatchObject({
      status: 'answered',
      sources: [{ section: 'Retards', document: 'bibliotheque' }],
    });
    if (answer.status !== 'answered') return;
    expect(answer.body).toContain('100 F par jour');
    expect(answer.body).not.toContain('deuxième rappel');
  });

  test('an entry to confirm carries the desk’s note', async () => {
    expect(await ask('Quand la piscine est-elle ouverte ?')).toMatchObject({
      body: expect.stringMatching(/\n\nÀ confirmer\.$/) as unknown,
    });
  });

  test('a near question is offered titles that can be asked', async () => {
    const answer = await ask('Le directeur de la bibliothèque est-il marié depuis longtemps ?');
    if (answer.status !== 'abstained') throw new Error(answer.status);
    expect(answer.suggestions.length).toBeLessThanOrEqual(3);
    for (const { title } of answer.suggestions) expect((await ask(title)).status).toBe('answered');
  });
});

describe('follow-ups', () => {
  test.each([
    ['Quels documents faut-il ?', 'cours de natation à la piscine', 'certificat médical'],
    ['Quels documents faut-il ?', 'inscription à la bibliothèque', "pièce d'identité"],
    ['Et pour la piscine ?', 'tarif annuel', '45 000'],
  ])('%s after "%s"', async (question, topic, expected) => {
    expect(await ask(question, { question: topic, topic })).toMatchObject({
      status: 'answered',
      body: expect.stringContaining(expected) as unknown,
    });
  });

  test('a question with a topic of its own does not depend on the previous one', async () => {
    const alone = await ask('Combien de livres peut-on emprunter ?');
    expect(
      await ask('Combien de livres peut-on emprunter ?', {
        question: 'la piscine',
        topic: 'La piscine de Testville',
      }),
    ).toEqual(alone);
  });
});

describe('the folder', () => {
  test('a new document is answered from at the next start; a broken one stops it and says where', async () => {
    const folder = temporaryFolder();
    cpSync(DESK, folder, { recursive: true });
    const { size } = await open(folder);
    writeFileSync(
      join(folder, 'documents/parking.md'),
      '## Combien coûte le parking ?\n\nLe parking coûte 300 F.\n',
    );
    const own = await open(folder);
    expect(own.size).toBe(size + 1);
    expect(own.search('Combien coûte le parking ?', 1).results[0]?.source).toBe('parking');
    writeFileSync(join(folder, 'documents/parking.md'), '---\nkind: vélo\n---\nx');
    await expect(open(folder)).rejects.toThrow(/parking\.md, line 2: "kind" is "vélo"/);
  });

  test('a folder without documents, and wrong synonyms, stop the start with a sentence', async () => {
    await expect(open(temporaryFolder())).rejects.toThrow(/no documents folder/);
    const folder = temporaryFolder();
    cpSync(DESK, folder, { recursive: true });
    writeFileSync(join(folder, 'synonyms.yaml'), 'bonjour: salut');
    await expect(open(folder)).rejects.toThrow(/synonyms\.yaml must be a list of groups/);
  });
});

test('search gives ids, sources, plain texts and falling scores', () => {
  const { results, confidence, abstain, answer } = answerer.search('tarif annuel de la bibliothèque', 3);
  expect(results).toHaveLength(3);
  expect(results[0]).toMatchObject({
    id: 'bibliotheque#2',
    source: 'bibliotheque',
    title: 'Quel est le tarif annuel de la BIB ?',
    score: 1,
  });
  expect(results.map(({ score }) => score)).toEqual(results.map(({ score }) => score).sort((a, b) => b - a));
  expect(confidence).toBeGreaterThan(0.5);
  expect(abstain).toBe(false);
  expect(answer).toContain('12 500 F');
  expect(answerer.search('tarif', 0).results).toEqual([]);
});
