import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { parseFile } from '../ingest/documents.ts';
import type { Passage } from '../ingest/passage.ts';
import { languageData } from '../retrieval/language.ts';
import { checkText } from './check.ts';
import { textGiven } from './prompt.ts';

let stopWords: ReadonlySet<string>;
let passages: readonly Passage[];
beforeAll(async () => {
  ({ stopWords } = await languageData());
  passages = ['css', 'catechese'].flatMap((desk) => {
    const folder = join(import.meta.dirname, '../../../desks', desk, 'documents');
    return readdirSync(folder).flatMap((name) => parseFile(name, readFileSync(join(folder, name))).passages);
  });
});

/** Of the passages of our desks whose titles start so. */
function isShown(titles: readonly string[], sentence: string): boolean {
  const given = titles.map((title) => {
    const found = passages.find((passage) => (passage.section ?? passage.title).startsWith(title));
    if (!found) throw new Error(`no passage is called ${title}`);
    return textGiven(found);
  });
  return checkText(sentence, { passages: given, instructions: '', secrets: [], language: 'fr', stopWords })
    .ok;
}

describe('of our own documents, a correct sentence is shown', () => {
  test.each<[string[], string]>([
    [
      ['Comment se calcule la rente'],
      "Pour un taux d'incapacité de 20 %, la rente est de 10 % du salaire annuel [1].",
    ],
    [
      ["Combien touche-t-on pendant l'arrêt"],
      "L'indemnité journalière passe aux deux tiers du salaire journalier à partir du 29e jour [1].",
    ],
    [
      ['Je travaille en France'],
      'Pour deux enfants, la participation mensuelle est de 12 580,40 F CFA selon le barème du 1er avril 2016 [1].',
    ],
    [
      ["Quelle est la cotisation à l'IPM"],
      "La cotisation à l'IPM est comprise entre 4 % et 15 % du salaire, dans la limite de 250 000 F CFA [1].",
    ],
    [['Quel est le montant du SMIG'], "Le SMIG est fixé à 370,526 F de l'heure depuis août 2023 [1]."],
    [['Quels sont les niveaux'], "La 3e année s'adresse aux enfants de 9 à 10 ans, en CE2 ou CM1 [1]."],
    [
      ['Quel est le plafond du régime g'],
      'Le plafond du régime général est de 432 000 F CFA par mois ; ceux de 210 000, 256 000 et 360 000 F sont périmés [1].',
    ],
    [['Quels sont les niveaux'], 'La 4e année prépare à la première communion les enfants de 10-11 ans [1].'],
    [
      ['Tous les combien la pension'],
      "Depuis janvier 2017, les pensions de l'IPRES sont versées chaque mois [1].",
    ],
    [
      ["Combien paie l'employeur à la CSS"],
      "Au plafond, l'employeur paie 5 040 F, 6 300 F ou 7 560 F CFA par mois et par salarié, selon le risque [1].",
    ],
    [['Je travaille en France'], 'Pour trois enfants, la France verse 18 870,60 F CFA par mois [1].'],
  ])('%s: %s', (titles, sentence) => {
    expect(isShown(titles, sentence)).toBe(true);
  });
});

describe('of our own documents, a false one is not', () => {
  test.each<[string[], string]>([
    [['Quels sont les jours et heures'], 'Les collégiens ont séance le mercredi de 16 h à 17 h 30 [1].'],
    [
      ["Combien touche-t-on pendant l'arrêt"],
      "L'indemnité d'accident est des deux tiers du salaire journalier jusqu'au 28e jour [1].",
    ],
    [
      ['Quelle est la cotisation du régime compl'],
      'Pour le salarié, la cotisation du régime des cadres est de 3,6 % [1].',
    ],
    [['Quels sont les jours et heures'], 'Les adultes ont leur séance le samedi de 16 h à 17 h 30 [1].'],
    [
      ["Existe-t-il un bureau de l'arch", 'Et dans le diocèse de Thiès'],
      "Le diocèse de Thiès a une cellule d'écoute depuis le 21 mai 2020 [1][2].",
    ],
    [
      ["J'ai raté les inscriptions"],
      "Les inscriptions sont possibles jusqu'au 30 novembre, puis une liste d'attente est ouverte jusqu'au 31 octobre [1].",
    ],
    [["Quel est le taux de cotisation à l'IPRES"], "À l'IPRES, le salarié paie 14 % du salaire [1]."],
    [['Comment se partage la rente'], 'La veuve reçoit trois annuités si elle a un enfant à charge [1].'],
  ])('%s: %s', (titles, sentence) => {
    expect(isShown(titles, sentence)).toBe(false);
  });
});
