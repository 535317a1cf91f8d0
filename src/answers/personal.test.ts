import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../test/support/folder.ts';
import type { EmbeddedAnswerer } from './embedded.ts';
import { createEmbeddedAnswerer } from './embedded.ts';
import { personalQuestions } from './personal.ts';

const personal = await personalQuestions();

describe('questions about one person’s own file', () => {
  test.each([
    'Où en est mon dossier ?',
    'Bonjour madame, où en est ma demande de carte ?',
    'ou en é mon dossié',
    'mon dossier il en est où',
    'Le dossier de ma mère en est où ?',
    'Je voudrais savoir si ma demande a été acceptée',
    'Ma demande a-t-elle été acceptée ?',
    "Ma demande a-t'elle été acceptée ?",
    'mon pret c bon ?',
    'J’ai déposé mon dossier en avril. Toujours rien. Pourquoi ?',
    'Mon prêt est-il accepté ?',
    'Pourquoi mon prêt a été refusé ?',
    'pk mon pret a ete refuse',
    'Pourquoi ai-je reçu moins que le mois dernier ?',
    'Ai-je payé ma cotisation de mars ?',
    'Avez-vous reçu mon courrier de lundi ?',
    'vs avez recu mon dossier ?',
    'Combien je dois encore sur mon prêt ?',
    'Combien je vous dois ?',
    'combien il me reste a payer',
    'Combien ai-je cotisé depuis janvier ?',
    'Quel est le montant de ma pension ?',
    'C’est quoi mon numéro de membre ?',
    'mon solde svp',
    'jai pa encor recu mon argent',
    'Mon virement n’est toujours pas arrivé',
    'Suis-je à jour ?',
    'Mon fils est-il inscrit ?',
    'Changez mon adresse',
    'Pouvez-vous modifier mon numéro de téléphone ?',
    'Where is my file?',
    'How much do I still owe?',
    'I haven’t received my payment',
    'Why was my loan refused?',
    'What’s my balance?',
    'Sama dossier fu mu tollu ?',
    'ana sama xaalis',
    'Ñaata laa la ameel ?',
    'J’ai déposé mes papiers à Thiès il y a deux mois, est-ce que c’est passé ?',
    'mon fils é ds kel groupe et ki é son moniteur',
    'Pouvez-vous me dire pourquoi ma demande du 12 janvier a été rejetée ?',
    'mon dossier é valider ou pa',
    'La marraine que j’ai proposée est-elle acceptée ?',
    'Dites-moi si mes certificats sont bien arrivés',
    'Vous m’avez versé 12 000 au lieu de 24 000, pourquoi ?',
    'Le certificat que j’ai demandé est prêt ?',
    'Ma rente a été suspendue en mai, que s’est-il passé ?',
    'Qu’est-ce qui manque dans le dossier de Paul ?',
    'Ma fille redouble-t-elle ?',
    'Personne ne m’a rappelée',
    'quelle moyenne a ma fille',
    'quand est-ce que vous allez me payer',
    'J’ai laissé une enveloppe au secrétariat, vous l’avez eue ?',
    'Did my transfer arrive?',
    'Why is my daughter not on the list?',
  ])('%s', (question) => {
    expect(personal.asks(question)).toBe(true);
  });

  test('a word taken as misspelled is read as what it was taken for', () => {
    const typed = 'J’attends ma reclamassion';
    expect(personal.asks(typed)).toBe(false);
    expect(personal.asks(typed, [{ typed: 'reclamassion', searched: 'reclamation' }])).toBe(true);
  });
});

describe('questions about the rules, whoever asks them', () => {
  test.each([
    'Combien je touche pour mon enfant ?',
    'Comment renouveler ma carte ?',
    'Où déposer mon dossier ?',
    'Combien je dois payer pour ma fille cette année ?',
    'Mon dossier a été rejeté, que faire ?',
    'Si mon prêt est refusé, puis-je recommencer ?',
    'Comment consulter mon solde ?',
    'Comment savoir où en est mon dossier ?',
    'Comment changer mon adresse ?',
    'Ma demande est traitée en combien de temps ?',
    'Ma pension est-elle versée à l’étranger ?',
    'Combien je touche si j’ai cotisé quinze ans ?',
    'Pourquoi dois-je payer ma cotisation ?',
    'Quelle est la durée de mon prêt ?',
    'Mon employeur ne m’a pas déclaré',
    'Ma fille est inscrite, que doit-elle apporter ?',
    'Suis-je couvert si je voyage ?',
    'J’attends mon premier enfant',
    'J’ai perdu ma carte',
    'Quand recevrai-je ma carte ?',
    'Où en est le chantier ?',
    'How do I renew my card?',
    'Where do I send my application?',
    'Naka laay bindu sama doom ?',
    'Pourquoi mes cotisations sont plus élevées que celles de mon employeur ?',
    'Pourquoi mon certificat de baptême n’est pas suffisant ?',
    'Quel est mon numéro d’urgence ?',
    'L’allocation de mon mari est-elle versée chaque mois ?',
    'Ma rente est-elle versée à vie ?',
    'j’ai perdu mon avis, je fais quoi',
    'mon fils a raté trois séances, il peut continuer ?',
    'Ma demande est rejetée, quel recours ?',
    'Je suis enceinte, j’ai droit à quoi ?',
    'Ma fille a déjà fait deux ans dans une autre paroisse, elle reprend à zéro ?',
    'Mon contrat est terminé, je garde mes allocations ?',
    'Notre mariage n’est pas célébré à l’église, notre enfant est-il accepté ?',
    'Mes soins sont-ils remboursés ?',
    'Pourquoi mon fils doit suivre trois ans ?',
    'Quel est le numéro de mon agence ?',
    'My son missed three classes, can he continue?',
  ])('%s', (question) => {
    expect(personal.asks(question)).toBe(false);
  });
});

test('whatever is written is judged', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) =>
      [true, false].includes(personal.asks(text)),
    ),
  );
});

const LOANS = `---
title: Les prêts
---

## Quel est le plafond d'un prêt ?

Un prêt va jusqu'à 300 000 F CFA, à rembourser en dix mois. La cotisation de mars est due avant le 10 avril.

## Comment renouveler ma carte ?

Apportez votre ancienne carte au bureau.

## Où déposer mon dossier ?

Le dossier de prêt se dépose au bureau, le mardi.
`;

describe('a desk of three lines', () => {
  const open = (redirect = ''): Promise<EmbeddedAnswerer> => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'documents'));
    writeFileSync(join(folder, 'documents/prets.md'), LOANS);
    if (redirect !== '') writeFileSync(join(folder, 'documents/ailleurs.md'), redirect);
    const clock = { now: () => 1_700_000_000_000, monotonic: () => 0 };
    return createEmbeddedAnswerer({ folder, language: 'fr', clock });
  };
  const ask = (of: EmbeddedAnswerer, text: string) =>
    of.answer({ text, language: 'fr' }, new AbortController().signal);

  test.each([
    'Combien je dois encore sur mon prêt ?',
    'Ai-je payé ma cotisation de mars ?',
    'Pourquoi mon prêt a été refusé ?',
    'Où en est mon dossier ?',
  ])('says nothing of the file: %s', async (question) => {
    const answerer = await open();
    expect(await ask(answerer, question)).toEqual({
      status: 'abstained',
      suggestions: [],
      confidence: 0,
      personal: true,
    });
    expect(answerer.search(question, 3)).toMatchObject({ abstain: true, confidence: 0 });
    await answerer.close();
  });

  test.each([
    ['Quel est le plafond de mon prêt ?', '300 000'],
    ['Comment renouveler ma carte ?', 'ancienne carte'],
    ['Où déposer mon dossier ?', 'le mardi'],
  ])('answers: %s', async (question, said) => {
    const answerer = await open();
    expect(await ask(answerer, question)).toMatchObject({
      status: 'answered',
      body: expect.stringContaining(said) as unknown,
    });
    await answerer.close();
  });

  test.each([
    ['redirect', 'redirected'],
    ['faq', 'answered'],
  ])('an entry of the desk for it is said: %s', async (kind, status) => {
    const own = await open(
      `---\ntitle: Votre dossier\nkind: ${kind}\n---\n\n## Où en est mon dossier ?\n\nDemandez à Awa, au bureau.\n`,
    );
    expect(await ask(own, 'Où en est mon dossier ?')).toMatchObject({
      status,
      body: 'Demandez à Awa, au bureau.',
    });
    await own.close();
  });
});
