import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Answer, Question, SessionDocument, SessionDocuments } from '../../message/answer.ts';
import type { EmbeddedAnswerer } from '../embedded.ts';
import { createEmbeddedAnswerer } from '../embedded.ts';
import { memoryDocuments } from './memory.ts';

const clock = { time: 0, now: () => 0, monotonic: () => clock.time };
const BILL: SessionDocument = {
  id: 'bill',
  kind: 'image',
  pages: [
    'ÉCOLE FICTIVE DE TESTVILLE\n\nFacture de la cantine\n\nÉlève : Awa Exemple, classe de CM1\nPériode : octobre à décembre 2025\n\nMontant à payer : 63 000 F CFA\nÉchéance : 15 décembre 2025\n\nRèglement au secrétariat, tous les matins.',
  ],
};
const RULES: SessionDocument = {
  id: 'rules',
  kind: 'pdf',
  name: 'règlement*.pdf',
  pages: [
    'Règlement intérieur\n\nCe règlement fixe les droits et les devoirs de chacun dans l’entreprise. Il est remis à toute personne qui arrive.',
    'Congés\n\nChaque salarié a droit à 24 jours ouvrables de congés par an. Les dates sont fixées avec le chef de service avant le 31 mars de chaque année.\n\nRetards\n\nTrois retards de plus de\nquinze minutes dans le même mois donnent lieu à un avertissement écrit.',
    'Cantine\n\nLa cantine ouvre de 12 h à 14 h. Le repas coûte 1 250 F.\n\n* Voir [ici](http://evil.example) le menu_du_jour.',
  ],
};

let documents: SessionDocuments;
let answerer: EmbeddedAnswerer;
beforeAll(async () => {
  documents = memoryDocuments(clock);
  answerer = await createEmbeddedAnswerer({
    folder: join(import.meta.dirname, '../fixtures/desk'),
    language: 'fr',
    clock,
    documents,
  });
  await documents.save('bill', BILL);
  await documents.save('rules', RULES);
  await documents.save('both', RULES);
  await documents.save('both', { ...BILL, id: 'bill2' });
});

const ask = (text: string, session: string, previous?: Question['previous']): Promise<Answer> =>
  answerer.answer(
    { text, language: 'fr', session, ...(previous && { previous }) },
    new AbortController().signal,
  );
const says = (part: string) => expect.stringContaining(part) as string;

describe('a question about the file', () => {
  test.each<[string, string, string, object]>([
    ['bill', 'Quel est le montant à payer ?', '63 000 F CFA', {}],
    ['bill', 'quel est le montant sur ce papier ?', '63 000 F CFA', {}],
    ['bill', 'cette facture est de combien', '63 000 F CFA', {}],
    ['bill', "C'est combien ?", '63 000 F CFA', {}],
    ['bill', 'Que dit ce document ?', 'ÉCOLE FICTIVE', {}],
    ['bill', "c'est quoi ça ?", 'Facture de la cantine', {}],
    ['bill', 'Résume', 'Facture de la cantine', {}],
    ['bill', 'c koi ce papié', 'Facture de la cantine', {}],
    ['bill', 'Quelle est l’échéance ?', '15 décembre 2025', {}],
    ['bill', 'qui est l’élève', 'Awa Exemple', {}],
    ['rules', 'Combien de jours de congés par an ?', '24 jours ouvrables', { page: 2, section: 'Congés' }],
    [
      'rules',
      'que dit ce document sur les retards ?',
      'plus de quinze minutes',
      { page: 2, section: 'Retards' },
    ],
    ['rules', 'Résume ce document', 'Ce règlement fixe', { page: 1 }],
    ['rules', 'quel est le prix du repas ?', '1 250 F', { page: 3, section: 'Cantine' }],
    ['both', 'Combien de jours de congés ?', '24 jours', { document: 'rules' }],
    ['both', 'Que dit ce document ?', 'ÉCOLE FICTIVE', { document: 'bill2' }],
  ])('%s: %s → %s', async (session, question, words, source) => {
    const answer = await ask(question, session);
    expect(answer).toMatchObject({
      status: 'answered',
      body: says(words),
      sources: [{ own: true, document: session === 'both' ? expect.any(String) : session, ...source }],
    });
  });

  test('the name is a title as it was given, a photo has none; neither has a page when there is one', async () => {
    expect(await ask('prix du repas ?', 'rules')).toMatchObject({ sources: [{ title: 'règlement*.pdf' }] });
    const { sources } = (await ask('Que dit ce document ?', 'bill')) as Extract<
      Answer,
      { status: 'answered' }
    >;
    expect(sources[0]).toMatchObject({ title: '', own: true });
    expect(sources[0]).not.toHaveProperty('page');
    expect(sources[0]?.excerpt).toContain('63 000 F CFA');
  });

  test('its marks are shown, never obeyed', async () => {
    const answer = await ask('où voir le menu du jour dans ce document ?', 'rules');
    if (answer.status !== 'answered') throw new Error(answer.status);
    expect(answer.body).toContain('\\[ici\\](http://evil.example)');
    expect(answer.sources[0]?.excerpt).toContain('[ici](http://evil.example) le menu_du_jour');
  });

  test('a follow-up of an answer from the file stays in it', async () => {
    const previous = { question: 'Combien de jours de congés ?', topic: 'Congés' };
    expect(await ask('Et avant quelle date ?', 'rules', previous)).toMatchObject({
      body: says('31 mars'),
      sources: [{ own: true }],
    });
  });
});

describe('a file that answers as well as the desk', () => {
  const COPY: SessionDocument = {
    id: 'copy',
    kind: 'image',
    name: 'affiche.jpg',
    pages: ['BIBLIOTHEQUE BIB\nTarif annuel de la BIB : 12 500 F\nTarif mensuel de la BIB : 1 500 F'],
  };
  const TABLE: SessionDocument = {
    id: 'table',
    kind: 'text',
    name: 'tarifs.csv',
    pages: ['article;prix;stock\ncierge ordinaire;500 F;12\ncierge votif;1 500 F;3\n'],
  };
  beforeAll(async () => {
    await documents.save('copy', COPY);
    await documents.save('table', TABLE);
  });

  test('goes first, though the desk says the same, and a follow-up stays with it', async () => {
    const first = await ask('Quel est le tarif annuel de la BIB ?', 'copy');
    expect(first).toMatchObject({ body: says('12 500 F'), sources: [{ own: true, document: 'copy' }] });
    const previous = { question: 'Quel est le tarif annuel de la BIB ?', topic: 'affiche.jpg' };
    expect(await ask('Et le mensuel ?', 'copy', previous)).toMatchObject({
      body: says('1 500 F'),
      sources: [{ own: true }],
    });
  });

  test('does not go before what the desk alone answers', async () => {
    expect(await ask('Combien de livres peut-on emprunter ?', 'copy')).not.toMatchObject({
      sources: [{ own: true }],
    });
  });

  test('a file of values is read as a table', async () => {
    expect(await ask('Combien coûte le cierge votif ?', 'table')).toMatchObject({
      body: says('| cierge votif | 1 500 F | 3 |'),
      sources: [{ own: true }],
    });
  });
});

describe('any other question', () => {
  test.each([
    ['Quel est le tarif annuel de la BIB ?', '12 500 F'],
    ['Combien de livres peut-on emprunter ?', 'huit livres'],
    ['Quand la piscine est-elle ouverte ?', 'lundi'],
  ])('is answered from the desk: %s', async (question, words) => {
    for (const session of ['bill', 'rules', 'none']) {
      const answer = await ask(question, session);
      expect(answer).toMatchObject({ status: 'answered', body: says(words) });
      expect(answer).not.toMatchObject({ sources: [{ own: true }] });
    }
  });

  test.each(['Quel film passe au cinéma ce soir ?', 'Comment demander un visa Schengen ?', '?', '', '12'])(
    'is not answered: %s',
    async (question) => {
      for (const session of ['bill', 'rules', 'both'])
        expect((await ask(question, session)).status).toMatch(/^(?:abstained|redirected)$/);
    },
  );

  test.each([
    'Quels documents faut-il pour un cours de natation ?',
    'Comment obtenir mon certificat médical ?',
  ])('that names a paper does not point at the file: %s', async (question) => {
    expect(await ask(question, 'bill')).not.toMatchObject({ sources: [{ own: true }] });
  });

  test('a follow-up of an answer from the desk stays there', async () => {
    const previous = { question: 'inscription à la bibliothèque', topic: 'Inscription' };
    expect(await ask('Quels documents faut-il ?', 'bill', previous)).toMatchObject({
      body: says("pièce d'identité"),
    });
  });
});

describe('the session', () => {
  test('a file of another session is never answered from', async () => {
    expect(await ask('Que dit ce document ?', 'someone else')).not.toMatchObject({
      sources: [{ own: true }],
    });
    expect(await ask('Combien de jours de congés par an ?', 'bill')).not.toMatchObject({
      sources: [{ own: true }],
    });
  });

  test('a file kept again under its id is read again', async () => {
    const keep = (text: string) =>
      answerer.keep({ session: 'again', id: 'same', bytes: Buffer.from(text) }, new AbortController().signal);
    expect(await keep('Le code est 1111.')).toEqual({
      status: 'kept',
      document: { id: 'same', kind: 'text', pages: 1, preview: 'Le code est 1111.' },
    });
    expect(await ask('Quel est le code ?', 'again')).toMatchObject({ body: says('1111') });
    await keep('Le code est 2222.');
    expect(await ask('Quel est le code ?', 'again')).toMatchObject({ body: says('2222') });
    await answerer.close();
  });

  test('a store that is down: the desk still answers, and a file is not said to be kept', async () => {
    const down = (): Promise<never> => Promise.reject(new Error('down'));
    const own = await createEmbeddedAnswerer({
      folder: join(import.meta.dirname, '../fixtures/desk'),
      language: 'fr',
      clock,
      documents: { save: down, of: down },
    });
    const signal = new AbortController().signal;
    expect(
      await own.answer(
        { text: 'Quel est le tarif annuel de la BIB ?', language: 'fr', session: 's' },
        signal,
      ),
    ).toMatchObject({ status: 'answered' });
    expect(await own.keep({ session: 's', id: 'd', bytes: Buffer.from('Bonjour') }, signal)).toEqual({
      status: 'unavailable',
      reason: 'failed',
    });
    await own.close();
  });
});

test('documents in memory are forgotten after 30 minutes of silence, and their number is bounded', async () => {
  const now = { time: 0 };
  const memory = memoryDocuments({ now: () => 0, monotonic: () => now.time });
  await memory.save('a', { ...BILL, id: '1' });
  await memory.save('a', { ...BILL, id: '2' });
  expect((await memory.of('a')).map(({ id }) => id)).toEqual(['2', '1']);
  now.time += 29 * 60_000;
  expect(await memory.of('a')).toHaveLength(2);
  now.time += 30 * 60_000;
  expect(await memory.of('a')).toEqual([]);
  for (let n = 0; n < 201; n += 1) await memory.save(`s${n}`, BILL);
  expect(await memory.of('s0')).toEqual([]);
  for (let n = 0; n < 11; n += 1) await memory.save('s200', { ...BILL, id: `d${n}` });
  expect(await memory.of('s200')).toHaveLength(10);
});
