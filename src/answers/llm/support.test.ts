import { beforeAll, describe, expect, test } from 'vitest';
import { languageData } from '../retrieval/language.ts';
import { checkText } from './check.ts';

/** Passages as a model gets them; a sentence that cites [n] cites the nth of its group. */
const GROUPS = {
  rates: [
    'Cotisations à la CSS · Quel est le taux de cotisation ? (2023-01-01)\nÀ la CSS, la cotisation est de 8 %, 10 % ou 12 % du salaire, selon le risque de l’activité, entièrement payée par l’employeur :\n\n- prestations familiales : 7 % ;\n- accidents du travail et maladies professionnelles : 1 %, 3 % ou 5 %.',
    'Cotisations à la CSS · Quel est le plafond de cotisation à la CSS ? (2023-01-01)\nPour les cotisations CSS (prestations familiales et accidents du travail), le salaire pris en compte est plafonné à 63 000 F CFA par mois.',
    'Cotisations à l’IPRES et à l’IPM · Quel est le taux de cotisation à l’IPRES ? (2023-01-01)\nAu régime général de l’IPRES, la cotisation est de 14 % du salaire plafonné, dont 8,4 % pour l’employeur et 5,6 % pour le salarié. Le plafond est de 432 000 F CFA par mois (barème 2023).',
    'Cotisations à la CSS · Qu’est-ce qui est retenu sur mon salaire pour la CSS ? (2023-01-01)\nRien n’est retenu sur le salaire du travailleur au titre de la CSS : tout est à la charge de l’employeur.',
  ],
  family: [
    'Les prestations familiales · Combien touche-t-on par enfant ? (2015-05-01)\nLes allocations familiales sont de 7 800 F CFA par enfant et par trimestre, soit 2 600 F par mois. Ce montant a été décidé en mai 2015.',
    'Les prestations familiales · Combien pour six enfants ? (2015-05-01)\nPour six enfants, les allocations familiales font 46 800 F CFA par trimestre, soit 187 200 F par an.',
    'Les prestations familiales · Combien d’enfants ouvrent droit aux allocations ? (2008-04-01)\nSix enfants au maximum ouvrent droit aux allocations familiales.',
    'Les prestations familiales · Jusqu’à quel âge ? (2024-12-01)\nLes limites d’âge retenues sont : moins de 15 ans ; 18 ans pour un enfant en apprentissage ; 21 ans en cas d’études ou d’infirmité. Ces âges sont à confirmer auprès de votre agence.',
  ],
  maternity: [
    'Congé de maternité · Combien de temps dure le congé de maternité ? (2022-01-01)\nLe congé de maternité dure 14 semaines : 6 avant l’accouchement et 8 après.',
    'Congé de maternité · Peut-on prolonger le congé de maternité ? (2022-01-01)\nOui, de 3 semaines au plus, sur certificat médical, pour une maladie liée à la grossesse ou aux couches.',
    'Congé de maternité · Combien touche-t-on pendant le congé de maternité ? (2022-01-01)\nLe montant retenu est la totalité (100 %) du salaire journalier de la dernière paie. Certaines sources parlent de la moitié : à confirmer auprès de votre agence.',
    'Congé de maternité · Peut-on me licencier pendant le congé de maternité ? (2022-01-01)\nNon. La loi interdit de licencier la salariée pendant son congé de maternité.',
    'Congé de maternité · Ai-je droit à une heure d’allaitement ? (2022-01-01)\nOui. À la reprise du travail, la mère a droit à une heure d’allaitement par jour jusqu’aux 15 mois de l’enfant.',
  ],
  accident: [
    'Accident du travail · Que faire après un accident du travail ? (2023-01-01)\nPrévenez tout de suite l’employeur : il assure les premiers soins, puis déclare l’accident à la CSS dans les 48 heures. Faites établir un certificat médical qui décrit les lésions.',
    'Accident du travail · Mon employeur refuse de déclarer l’accident, que faire ? (2023-01-01)\nLa victime ou ses ayants droit peuvent le déclarer eux-mêmes à la CSS : ils ont deux ans pour le faire.',
    'Accident du travail · Un accident sur le chemin du travail est-il couvert ? (2023-01-01)\nOui, l’accident de trajet entre le domicile et le travail est couvert, si le parcours n’a pas été interrompu ou détourné pour un motif personnel.',
    'Indemnités et rentes · Combien touche-t-on pendant l’arrêt de travail ? (2024-01-01)\nL’indemnité journalière d’accident du travail est de la moitié du salaire journalier jusqu’au 28e jour, puis des deux tiers à partir du 29e jour.',
  ],
  employer: [
    'Immatriculer l’entreprise · Quel délai pour s’immatriculer à la CSS ? (2023-01-01)\nL’employeur a deux mois au plus, à compter de l’embauche de son premier salarié, pour s’immatriculer à la CSS.',
    'Immatriculer l’entreprise · L’immatriculation est-elle payante ? (2023-01-01)\nL’immatriculation d’un employeur à la CSS est gratuite et traitée en 48 heures au maximum.',
    'Déclarer et payer · Comment payer mes cotisations ? (2021-01-01)\nLes cotisations se paient indifféremment dans toute agence de l’IPRES ou de la CSS, ou en ligne sur le portail NDAMLI.',
    'Déclarer et payer · Faut-il déclarer chaque mois ou chaque trimestre ? (2021-01-01)\nCela dépend de l’effectif, pour la CSS comme pour l’IPRES : chaque mois à partir de dix salariés, chaque trimestre en dessous de dix.',
    'Contacts · Quels sont les horaires d’ouverture de la CSS ? (2026-01-01)\nDu lundi au vendredi de 8 h à 17 h, le samedi de 8 h à 12 h, fermé le dimanche.',
    'Contacts · Quel est le téléphone de la CSS ? (2026-01-01)\nLe téléphone du siège est le 33 800 00 01 ; le courriel, caisse@exemple.sn ; le site, www.exemple.sn.',
  ],
  parish: [
    'Inscription · Combien coûte la catéchèse ? (2025-09-15)\nLa participation annuelle est de 5 000 F CFA par enfant, et de 12 000 F CFA pour trois enfants de la même famille. Aucun enfant n’est refusé pour une raison d’argent.\n\n*Prix de démonstration, à vérifier au secrétariat.*',
    'Inscription · Quelles sont les dates d’inscription ? (2025-09-15)\nLes inscriptions des nouveaux enfants sont ouvertes du 15 septembre au 31 octobre, le mercredi et le samedi, de 9 h à 12 h et de 15 h à 18 h.',
    'Inscription · J’ai raté les inscriptions, que faire ? (2025-09-15)\nAprès le 31 octobre, il est tard mais pas impossible : l’enfant est mis sur une liste d’attente, jusqu’au 30 novembre.',
    'Inscription · Un enfant non baptisé peut-il s’inscrire ? (2025-09-15)\nOui. Un enfant non baptisé peut s’inscrire : il prépare son baptême pendant sa catéchèse.',
    'Les sacrements · Quelles conditions pour le baptême d’un enfant ? (2025-09-15)\nIl faut :\n\n- au moins deux ans de catéchèse ;\n- l’accord des parents ;\n- un parrain ou une marraine catholique, déjà confirmé et âgé d’au moins 16 ans.',
    'Calendrier · Quels sont les jours et heures des séances ? (2025-09-15)\n- Primaire : mercredi de 16 h à 17 h 30, ou samedi de 9 h à 10 h 30 ;\n- Collège et lycée : samedi de 16 h à 17 h 30.',
    'Inscription · Comment payer la participation ? (2025-09-15)\nEn espèces au secrétariat, contre un reçu, ou par transfert au numéro affiché au secrétariat. Jamais sur le numéro personnel d’un catéchiste.',
  ],
  rules: [
    'Démarches · Que faut-il ?\nLe certificat est obligatoire. Le retrait par un voisin est interdit. Une photo ancienne est acceptée. Le montant des allocations augmente en mai. Nul retard de déclaration. La caisse paie tout, sauf les lunettes. Chaque agence ouvre le matin, mais pas le dépôt des dossiers.',
  ],
  denials: [
    'Soins · Que rembourse la caisse ?\nNe sont pas remboursés :\n\n- les lunettes ;\n- les prothèses dentaires.\n\nSont remboursés :\n\n- les médicaments ;\n- les radios.',
  ],
} as const;
type Group = keyof typeof GROUPS;

let stopWords: ReadonlySet<string>;
beforeAll(async () => {
  ({ stopWords } = await languageData());
});
const check = (group: Group, text: string, language: 'fr' | 'en' = 'fr') =>
  checkText(text, { passages: GROUPS[group], instructions: '', secrets: [], language, stopWords });

describe('a correct answer is kept', () => {
  test.each<[Group, string]>([
    [
      'rates',
      'La cotisation à la CSS est de 8 %, 10 % ou 12 % du salaire selon le risque de l’activité, et elle est entièrement à la charge de l’employeur [1]. Le salaire est plafonné à 63 000 F CFA par mois [2].',
    ],
    [
      'rates',
      'À l’IPRES, la cotisation du régime général est de 14 % du salaire plafonné : 8,4 % pour l’employeur et 5,6 % pour le salarié [3]. Le plafond est de 432 000 F CFA par mois [3].',
    ],
    ['rates', 'Rien n’est retenu sur votre salaire pour la CSS, car tout est payé par l’employeur [4].'],
    [
      'family',
      'Les allocations familiales s’élèvent à 7 800 F CFA par enfant et par trimestre, soit 2 600 F par mois [1]. Elles sont versées pour six enfants au maximum [3].',
    ],
    ['family', 'Les allocations familiales sont de 2 600 F par enfant et par mois [1].'],
    [
      'family',
      'Pour six enfants, vous recevez 46 800 F CFA par trimestre, c’est-à-dire 187 200 F par an [2].',
    ],
    [
      'family',
      'Vos enfants doivent avoir moins de 15 ans, 18 ans s’ils sont en apprentissage, ou 21 ans en cas d’études ou d’infirmité [4].',
    ],
    [
      'maternity',
      'Le congé de maternité dure 14 semaines, dont 6 avant l’accouchement et 8 après [1]. Il peut être prolongé de 3 semaines au plus, sur certificat médical, en cas de maladie liée à la grossesse ou aux couches [2].',
    ],
    [
      'maternity',
      'Elles correspondent à 100 % du salaire journalier de votre dernière paie, ce qui est à confirmer auprès de votre agence [3].',
    ],
    ['maternity', 'Non, il est interdit de licencier une salariée pendant son congé de maternité [4].'],
    [
      'maternity',
      'Oui, vous avez droit à une heure d’allaitement par jour jusqu’aux 15 mois de votre enfant [5].',
    ],
    [
      'accident',
      'L’employeur doit déclarer l’accident du travail à la CSS dans un délai de 48 heures [1]. Si votre employeur refuse de le faire, vous pouvez le déclarer vous-même à la CSS : vous avez deux ans pour cela [2].',
    ],
    [
      'accident',
      'Oui, l’accident de trajet est couvert si vous alliez de votre domicile à votre travail sans interruption ni détour pour un motif personnel [3].',
    ],
    [
      'accident',
      'L’indemnité journalière est égale à la moitié du salaire journalier jusqu’au 28e jour, puis aux deux tiers à partir du 29e jour [4].',
    ],
    [
      'employer',
      'L’employeur doit s’immatriculer à la CSS dans les deux mois qui suivent l’embauche de son premier salarié [1]. L’immatriculation est gratuite et elle est traitée en 48 heures au maximum [2].',
    ],
    [
      'employer',
      'Vous pouvez payer vos cotisations dans n’importe quelle agence de la CSS ou de l’IPRES, ou en ligne sur le portail NDAMLI [3].',
    ],
    [
      'employer',
      'Si vous avez dix salariés ou plus, vous déclarez chaque mois ; en dessous de dix, vous déclarez chaque trimestre [4].',
    ],
    [
      'employer',
      'Les agences sont ouvertes du lundi au vendredi de 8 h à 17 h et le samedi de 8 h à 12 h [5]. Elles sont fermées le dimanche [5].',
    ],
    ['employer', 'Vous pouvez appeler le siège de la CSS au 33 800 00 01 ou écrire à caisse@exemple.sn [6].'],
    [
      'parish',
      'La catéchèse coûte 5 000 F CFA par enfant et par an, ou 12 000 F CFA pour trois enfants d’une même famille [1]. Aucun enfant n’est refusé à cause de l’argent [1].',
    ],
    [
      'parish',
      'Les inscriptions ont lieu du 15 septembre au 31 octobre, le mercredi et le samedi, de 9 h à 12 h et de 15 h à 18 h [2]. Après le 31 octobre, votre enfant est placé sur une liste d’attente jusqu’au 30 novembre [3].',
    ],
    ['parish', 'Oui, un enfant non baptisé peut s’inscrire et il prépare son baptême pendant l’année [4].'],
    [
      'parish',
      'Pour le baptême d’un enfant, il faut [5] :\n1. au moins deux ans de catéchèse [5] ;\n2. l’accord des parents [5] ;\n3. un parrain ou une marraine catholique, déjà confirmé, d’au moins 16 ans [5].',
    ],
    [
      'parish',
      'Le primaire vient le mercredi de 16 h à 17 h 30 ou le samedi de 9 h à 10 h 30 [6]. Le collège et le lycée viennent le samedi de 16 h à 17 h 30 [6].',
    ],
    [
      'parish',
      'Vous pouvez payer en espèces au secrétariat, contre un reçu [7]. Ne payez jamais sur le numéro personnel d’un catéchiste [7].',
    ],
    [
      'parish',
      'La participation annuelle est de 5 000 F CFA par enfant, mais il n’est jamais refusé pour une raison d’argent [1].',
    ],
    ['denials', 'Les lunettes ne sont pas remboursées [1].'],
    ['denials', 'Les médicaments sont remboursés [1].'],
  ])('%s: %s', (group, text) => {
    expect(check(group, text)).toMatchObject({ ok: true, faults: [] });
  });

  test.each<[Group, string]>([
    [
      'rates',
      'For the IPRES general scheme, the contribution is 14 % of the capped salary: 8.4 % for the employer and 5.6 % for the employee [3].',
    ],
    [
      'family',
      'You receive 7 800 F CFA per child and per quarter, that is 2 600 F per month [1]. The allowance is paid for at most six children [3].',
    ],
    [
      'maternity',
      'Maternity leave lasts 14 weeks: 6 before the birth and 8 after [1]. It can be extended by up to 3 weeks with a medical certificate [2].',
    ],
    [
      'employer',
      'You have at most two months after hiring your first employee to register with the CSS [1]. Registration is free and takes at most 48 hours [2].',
    ],
    [
      'parish',
      'Catechism costs 5 000 F CFA per child per year, or 12 000 F CFA for three children of the same family [1].',
    ],
  ])('in English, %s: %s', (group, text) => {
    expect(check(group, text, 'en')).toMatchObject({ ok: true, faults: [] });
  });
});

describe('one thing for another is withheld', () => {
  test.each<[Group, string]>([
    // The figures of another institution, branch or person.
    ['rates', 'La cotisation à la CSS est de 14 % du salaire [3].'],
    ['rates', 'La cotisation à l’IPRES est de 7 % du salaire [1].'],
    ['rates', 'Le plafond de la CSS est de 432 000 F par mois [2][3].'],
    ['rates', 'À l’IPRES, le plafond est de 63 000 F CFA par mois [2, 3].'],
    ['rates', 'La part du salarié est de 8,4 % et celle de l’employeur de 5,6 % [3].'],
    ['rates', 'La cotisation de prestations familiales est de 1 %, 3 % ou 5 % du salaire plafonné [1][2].'],
    ['rates', 'La cotisation est entièrement payée par le salarié [1].'],
    [
      'parish',
      'La participation annuelle est de 5 000 F CFA par enfant, mais il est refusé pour une raison d’argent [1].',
    ],
    // Periods, sides, bounds, order.
    ['rates', 'Le salaire est plafonné à 63 000 F CFA par semaine [2].'],
    ['family', 'Les allocations familiales sont de 7 800 F CFA par enfant et par mois [1].'],
    ['maternity', 'Le congé de maternité dure 8 semaines avant l’accouchement et 6 après [1].'],
    ['maternity', 'Le congé de maternité dure au moins 14 semaines [1].'],
    ['maternity', 'La mère a droit à une heure d’allaitement par semaine [5].'],
    ['accident', 'L’indemnité est de la moitié du salaire journalier jusqu’au 29e jour [4].'],
    ['accident', 'L’indemnité est de la moitié du salaire journalier jusqu’au 5e jour [4].'],
    ['employer', 'L’employeur a deux mois avant l’embauche de son premier salarié pour s’immatriculer [1].'],
    ['employer', 'Le samedi, l’agence est ouverte de 8 h à 17 h [5].'],
    ['employer', 'L’agence est ouverte de 12 h à 17 h [5].'],
    ['employer', 'Les agences sont ouvertes le dimanche [5].'],
    ['parish', 'Les inscriptions sont ouvertes du mercredi au samedi [2].'],
    ['parish', 'Après le 30 novembre, l’enfant est mis sur une liste d’attente jusqu’au 31 octobre [3].'],
    // Other amounts, in words.
    ['accident', 'L’employeur déclare l’accident à la CSS dans un délai d’un an [1].'],
    ['accident', 'L’employeur déclare l’accident à la CSS dans un délai d’une heure [1].'],
    ['accident', 'L’employeur déclare l’accident à la CSS dans un trimestre [1].'],
    ['maternity', 'Le congé de maternité dure 14 semaines et demi [1].'],
    ['rates', 'La cotisation de l’IPRES est de 14 ‰ du salaire plafonné [3].'],
    ['rates', 'La cotisation de l’IPRES est de −14 % du salaire plafonné [3].'],
    ['rates', 'La cotisation de l’IPRES est de -14 % du salaire plafonné [3].'],
    ['rates', 'Le salaire est plafonné à 63 OOO F CFA par mois [2].'],
    ['rates', 'Le salaire est plafonné à 63 00O F CFA par mois [2].'],
    // What is not read as it is written.
    ['accident', 'L’employeur déclare l’accident à la CSS dans les 48&#48; heures [1].'],
    ['accident', 'L’employeur déclare l’accident sur http&colon;&sol;&sol;evil&period;com en 48 heures [1].'],
    ['accident', 'L’employeur déclare l’accident sur evil.example dans les 48 heures [1].'],
    ['accident', 'L’employeur déclare l’accident sur evil。com dans les 48 heures [1].'],
    ['accident', 'L’employeur déclare l’accident sur evil point com dans les 48 heures [1].'],
    // What is denied is said, what is said is denied.
    ['rates', 'Tout n’est pas à la charge de l’employeur [4].'],
    ['maternity', 'La loi permet de licencier la salariée pendant son congé de maternité [4].'],
    ['maternity', 'La mère n’a pas droit à une heure d’allaitement par jour [5].'],
    ['employer', 'L’immatriculation n’est pas gratuite [2].'],
    ['employer', 'L’immatriculation est payante [2].'],
    ['parish', 'Un enfant peut être refusé pour une raison d’argent [1].'],
    ['parish', 'Après le 31 octobre, c’est impossible [3].'],
    ['parish', 'Un enfant non baptisé ne peut pas s’inscrire [4].'],
    ['parish', 'Un enfant baptisé peut s’inscrire [4].'],
    ['parish', 'Vous pouvez payer sur le numéro personnel d’un catéchiste [7].'],
    ['rules', 'Le certificat est facultatif [1].'],
    ['rules', 'Le retrait par un voisin est autorisé [1].'],
    ['rules', 'Une photo ancienne est refusée [1].'],
    ['rules', 'Le montant des allocations baisse en mai [1].'],
    ['rules', 'La caisse paie les lunettes [1].'],
    ['rules', 'Le dépôt des dossiers se fait chaque matin en agence [1].'],
    ['rates', 'La cotisation à la css est de 14 % du salaire [3].'],
    ['denials', 'Les lunettes sont remboursées [1].'],
    ['denials', 'Les médicaments ne sont pas remboursés [1].'],
  ])('%s: %s', (group, text) => {
    expect(check(group, text).ok).toBe(false);
  });
});
