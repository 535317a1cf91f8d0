import { beforeAll, describe, expect, test } from 'vitest';
import { languageData } from '../retrieval/language.ts';
import { checkText } from './check.ts';

/** Passages in which one figure can be mistaken for another. */
const PASSAGES = {
  sentences:
    'Célébrations · Combien coûte le baptême ? (2025-09-15)\nUn enfant paie 3 000 FCFA. Un adulte paie 12 000 FCFA.',
  clauses:
    'Célébrations · Combien coûte le baptême ? (2025-09-15)\nUn enfant paie 3 000 FCFA et un adulte 12 000 FCFA.',
  fees: 'Inscription · Combien coûte la catéchèse ? (2025-09-15)\nLa participation annuelle est de 5 000 F CFA par enfant, et de 12 000 F CFA pour trois enfants de la même famille.',
  rows: "Cotisations · Barème (2025-09-15)\n| Nombre d'enfants | Cotisation |\n| --- | --- |\n| 1 | 15 000 |\n| 2 | 28 000 |\n| 3 | 39 000 |\n\nLa cotisation est annuelle.",
  columns:
    'Loisirs · Tarifs (2025-09-15)\n| Activité | Enfant | Adulte |\n|---|---|---|\n| Piscine | 500 F | 1 000 F |\n| Tennis | 1 500 F | 4 000 F |',
  calendar:
    "Calendrier · Quel est le calendrier de l'année ? (2025-09-15)\n| Date | Événement |\n|---|---|\n| 15 septembre - 31 octobre 2025 | inscriptions |\n| samedi 18 octobre 2025 | messe de rentrée |\n| 25 avril 2026 | récollection |\n| 7 juin 2026 | premières communions |",
  points:
    'Rentes · Quelle rente pour la famille ? (2023-01-01)\nLes rentes se calculent sur le salaire de la victime :\n\n- conjoint : 30 % ;\n- orphelins : 15 % pour un, 30 % pour deux, 40 % pour trois et 10 % par enfant en plus ;\n- ascendants : 10 % chacun.',
  shares:
    "Rentes · Comment se calcule la rente d'accident ? (2024-01-01)\nExemples :\n\n- incapacité de 20 % : rente de 10 % du salaire annuel ;\n- incapacité de 60 % : 25 % + 15 % = 40 % du salaire annuel.",
  monthly:
    'Familles · Combien verse la France ? (2016-04-01)\nLa participation mensuelle est :\n\n- un enfant : 6 290 F CFA ;\n- deux enfants : 12 580 F ;\n- trois enfants : 18 870 F.',
  ages: "Allocations · Jusqu'à quel âge ? (2005-01-01)\nLes limites d'âge sont : moins de 15 ans ; 18 ans pour un enfant en apprentissage ; 21 ans en cas d'études.",
  dates:
    'Étranger · Y a-t-il un accord avec la France ? (1976-09-01)\nLa convention de sécurité sociale date du 29 mars 1974 et s’applique depuis le 1er septembre 1976.',
  holidays:
    'Calendrier · Y a-t-il séance pendant les vacances ? (2025-09-15)\nPas de séance à Noël, du 20 décembre 2025 au 3 janvier 2026 ; à Pâques, du 28 mars au 12 avril 2026.',
  hours:
    'Contacts · Quels sont les horaires ? (2026-01-01)\nDu lundi au vendredi de 8 h à 17 h, le samedi de 8 h à 12 h.',
  calls:
    "Contacts · Que faire en cas d'urgence ? (2025-09-15)\nEn cas d'accident, appelez les pompiers (18) ou le SAMU (1515).",
  periods:
    'Déclarer · Chaque mois ou chaque trimestre ? (2021-01-01)\nCela dépend : chaque mois à partir de dix salariés, chaque trimestre en dessous de dix.',
  agents:
    "Accident · Que faire ? (2023-01-01)\nL'employeur déclare l'accident dans les 48 heures. L'Inspection du travail est aussi informée.",
  asked:
    'Cotisations · La cotisation est-elle de 24 % ? (2023-01-01)\nNon, 24 % n’est pas un taux de la caisse. C’est l’addition de 14 % pour la retraite, 7 % pour la famille et 3 % pour les accidents.',
  reduced:
    'Retraite · Quelles conditions pour la réversion ? (2011-01-01)\nAnciennes conditions : deux ans de mariage ; une veuve de 50 ans (45 avec réduction) ou ayant deux enfants de moins de 21 ans.',
  headed:
    'Loisirs · Tarifs (2025-09-15)\n### Enfants\n\nLa piscine coûte 500 F.\n\n### Adultes\n\nLa piscine coûte 1 000 F.',
  both: 'Qui fait quoi · À quoi servent les cotisations ? (2023-01-01)\nLa retraite (14 %) relève de l’IPRES, les prestations familiales (7 %) relèvent de la CSS.',
  kept: 'Données · Combien de temps gardez-vous les informations ? (2025-09-15)\nLes messages que vous écrivez sont gardés 90 jours, puis effacés. La fiche d’un enfant reste active jusqu’à un an après son dernier sacrement.',
} as const;
type Name = keyof typeof PASSAGES;

let stopWords: ReadonlySet<string>;
beforeAll(async () => {
  ({ stopWords } = await languageData());
});
const isShown = (name: Name, sentence: string): boolean =>
  checkText(`${sentence} [1].`, {
    passages: [PASSAGES[name]],
    instructions: '',
    secrets: [],
    language: 'fr',
    stopWords,
  }).ok;

describe('a figure said of what the passage says it', () => {
  test.each<[Name, string]>([
    ['sentences', 'Un adulte paie 12 000 FCFA'],
    ['sentences', 'Un enfant paie 3 000 FCFA et un adulte 12 000 FCFA'],
    ['sentences', 'Le baptême d’un adulte coûte 12 000 FCFA'],
    ['clauses', 'Un adulte paie 12 000 FCFA'],
    ['clauses', 'Un enfant paie 3 000 FCFA'],
    ['fees', 'La catéchèse coûte 5 000 F CFA par enfant'],
    ['fees', 'La participation est de 12 000 F CFA pour trois enfants de la même famille'],
    ['rows', 'Pour deux enfants inscrits, la cotisation est de 28 000 FCFA par an'],
    ['rows', 'La cotisation est de 15 000 FCFA pour un enfant'],
    ['columns', 'La piscine coûte 1 000 F pour un adulte'],
    ['columns', 'Un enfant paie 1 500 F au tennis'],
    ['calendar', 'La récollection a lieu le 25 avril 2026'],
    ['calendar', 'Les inscriptions vont du 15 septembre au 31 octobre 2025'],
    ['points', 'Le conjoint reçoit une rente de 30 % du salaire de la victime'],
    ['points', 'Pour deux orphelins, la rente est de 30 %'],
    ['shares', 'Avec une incapacité de 60 %, la rente est de 40 % du salaire annuel'],
    ['monthly', 'Pour deux enfants, la participation mensuelle est de 12 580 F CFA'],
    ['ages', 'L’allocation est versée jusqu’à 21 ans si votre enfant poursuit des études'],
    ['dates', 'La convention s’applique depuis le 1er septembre 1976'],
    ['holidays', 'À Pâques, il n’y a pas de séance du 28 mars au 12 avril 2026'],
    ['hours', 'Le samedi, nous sommes ouverts de 8 h à 12 h'],
    ['calls', 'En cas d’accident, appelez les pompiers au 18 ou le SAMU au 1515'],
    ['periods', 'En dessous de dix salariés, vous déclarez chaque trimestre'],
    ['agents', 'L’employeur déclare l’accident dans les 48 heures'],
    ['asked', 'Le taux de 24 % n’est pas un taux de la caisse'],
    ['headed', 'Un adulte paie 1 000 F à la piscine'],
    ['both', 'La CSS demande 7 % pour les prestations familiales'],
    ['kept', 'Vos messages sont gardés 90 jours puis effacés'],
  ])('%s: %s', (name, sentence) => {
    expect(isShown(name, sentence)).toBe(true);
  });
});

describe('a figure said of another', () => {
  test.each<[Name, string]>([
    ['sentences', 'Un adulte paie 3 000 FCFA'],
    ['sentences', 'Un enfant paie 12 000 FCFA et un adulte 3 000 FCFA'],
    ['sentences', 'Le baptême d’un adulte coûte 3 000 FCFA'],
    ['clauses', 'Un adulte paie 3 000 FCFA'],
    ['clauses', 'Un enfant paie 12 000 FCFA'],
    ['fees', 'La catéchèse coûte 12 000 F CFA par enfant'],
    ['fees', 'La participation est de 5 000 F CFA pour trois enfants de la même famille'],
    ['rows', 'Pour deux enfants inscrits, la cotisation est de 15 000 FCFA par an'],
    ['rows', 'La cotisation est de 28 000 FCFA pour un enfant'],
    ['rows', 'Pour deux enfants inscrits, la cotisation est de 28 000 FCFA par mois'],
    ['columns', 'La piscine coûte 500 F pour un adulte'],
    ['columns', 'La piscine coûte 4 000 F pour un adulte'],
    ['calendar', 'La récollection a lieu le 7 juin 2026'],
    ['calendar', 'La rentrée a lieu le 15 septembre 2025'],
    ['points', 'Le conjoint reçoit une rente de 40 % du salaire de la victime'],
    ['points', 'Pour trois orphelins, la rente est de 30 %'],
    ['shares', 'Avec une incapacité de 60 %, la rente est de 10 % du salaire annuel'],
    ['monthly', 'Pour deux enfants, la participation mensuelle est de 18 870 F CFA'],
    ['ages', 'L’allocation est versée jusqu’à 18 ans en cas d’études'],
    ['dates', 'La convention s’applique depuis le 29 mars 1974'],
    ['holidays', 'À Pâques, il n’y a pas de séance du 20 décembre 2025 au 3 janvier 2026'],
    ['hours', 'Le samedi, nous sommes ouverts de 8 h à 17 h'],
    ['calls', 'Appelez le SAMU au 18 ou les pompiers au 1515'],
    ['periods', 'Vous déclarez chaque trimestre à partir de dix salariés'],
    ['agents', 'L’Inspection du travail déclare l’accident dans les 48 heures'],
    ['asked', 'Le taux de cotisation de la caisse est de 24 %'],
    ['reduced', 'La veuve doit avoir 45 ans, ou 50 ans avec une pension réduite'],
    ['headed', 'Un adulte paie 500 F à la piscine'],
    ['both', 'La CSS demande 14 % pour la retraite'],
    ['both', 'La retraite relève de la CSS'],
    ['kept', 'La fiche d’un enfant est gardée 90 jours'],
  ])('%s: %s', (name, sentence) => {
    expect(isShown(name, sentence)).toBe(false);
  });
});
