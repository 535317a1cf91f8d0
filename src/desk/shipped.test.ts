import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Inline, Rich } from '../message/rich.ts';
import { fold } from '../message/fold.ts';
import type { PageView } from './desk.ts';
import { loadDesk } from './load.ts';

const desks = join(import.meta.dirname, '../../desks');
const names = readdirSync(desks).filter((name) => !name.startsWith('_'));

/** The words of a text without other structure than lines, as it is written in the desk. */
function words(rich: Rich): string {
  const inline = (nodes: readonly Inline[]): string =>
    nodes
      .map((node) => {
        if (node.type === 'placeholder') return `{${node.name}}`;
        if (node.type === 'strong') return `**${inline(node.children)}**`;
        if (node.type === 'emphasis') return `*${inline(node.children)}*`;
        return 'children' in node ? inline(node.children) : node.value;
      })
      .join('');
  return rich
    .map((block) => ('children' in block && block.type === 'paragraph' ? inline(block.children) : ''))
    .join('\n\n');
}

describe.each(names)('the desk %s', (name) => {
  const desk = loadDesk(join(desks, name));

  test('loads, in its own language first', () => {
    expect(desk.name).toBe(name);
    expect([...desk.languages.keys()][0]).toBe(desk.language);
  });

  test('fits in one message of any platform', () => {
    for (const { pages, texts } of desk.languages.values()) {
      const views = [...pages.values()].flatMap((page) => [page.view.text, page.full?.text ?? []]);
      for (const rich of [...views, ...Object.values(texts)]) expect(words(rich).length).toBeLessThan(3_500);
    }
  });
});

describe.each(names)('the desk %s, on a phone', (name) => {
  const languages = [...loadDesk(join(desks, name)).languages];

  test('no page offers more than a list of WhatsApp holds', () => {
    for (const [language, { pages }] of languages) {
      const long = [...pages.values()].flatMap(({ id, view, full }) =>
        [view, full].flatMap((shown) =>
          (shown?.buttons.flat().length ?? 0) > 10 ? [`${language} ${id}`] : [],
        ),
      );
      expect(long).toEqual([]);
    }
  });

  test('/aide tells of everything that is one’s own', () => {
    const named: Record<string, string[]> = {
      fr: ['/historique', '/mesdonnees', '/supprimer', '/langue', '/notifications'],
      en: ['/history', '/mydata', '/delete', '/language', '/notifications'],
    };
    for (const [language, { pages, forms }] of languages) {
      const help = words(pages.get('aide')?.full?.text ?? []);
      const leave = forms.size === 0 ? [] : ['/annuler'];
      for (const command of [...(named[language] ?? []), ...leave]) expect(help).toContain(command);
    }
  });
});

test('a town hall without an article is welcomed in correct French', () => {
  const texts = loadDesk(join(desks, 'css')).languages.get('fr');
  const said = [
    ...Object.values(texts?.texts ?? {}),
    ...[...(texts?.pages.values() ?? [])].map(({ view }) => view.text),
  ];
  for (const rich of said) expect(words(rich)).not.toMatch(/(?:de|chez|à|au|que) \{organisation\}/);
});

describe('the desk catechese says what parents say', () => {
  const { languages } = loadDesk(join(desks, 'catechese'));
  const form = languages.get('fr')?.forms.get('inscription');

  test('of levels', () => {
    expect(languages.get('fr')?.levels.get('n2')).toBe('2e année');
    expect(languages.get('en')?.levels.get('n2')).toBe('2nd year');
  });

  test('of a first time', () => {
    const step = form?.steps.find(({ id }) => id === 'type');
    const first = step?.kind === 'choice' ? step.choices[0] : undefined;
    expect(first).toMatchObject({
      id: 'nouvelle',
      also: expect.arrayContaining(['premiere fois']) as unknown,
    });
  });

  test('and asks where somebody was baptised only when they were', () => {
    expect(form?.steps.find(({ id }) => id === 'bapteme')?.when).toEqual({ step: 'baptise', is: ['yes'] });
  });
});

describe('the desk css keeps the words of its first bot', () => {
  const folder = join(desks, 'css');
  const texts = loadDesk(folder).languages.get('fr');
  const view = (id: string): PageView | undefined => texts?.pages.get(id)?.view;
  const full = (id: string): PageView | undefined => texts?.pages.get(id)?.full;
  const labels = (shown: PageView | undefined) => shown?.buttons.map((row) => row.map((it) => it.label));

  test('the long welcome', () => {
    expect(words(full('start')?.text ?? [])).toBe(
      `🏛️ **Bienvenue {first_name} !**

Je suis l'assistant virtuel de la Caisse de Sécurité Sociale du Sénégal.

💬 **Posez-moi vos questions directement**, par exemple :
• "Comment faire une demande de pension ?"
• "Quels sont les taux de cotisation ?"
• "Où puis-je retirer ma carte CSS ?"

📋 Utilisez /menu pour voir les catégories
🆘 Utilisez /aide pour obtenir de l'aide

Comment puis-je vous aider aujourd'hui ?`,
    );
  });

  test.each([
    ['start', [['📋 Menu'], ['🆘 Aide'], ['📞 Contact']]],
    [
      'menu',
      [
        ['💰 Cotisations'],
        ['🎯 Prestations'],
        ['📋 Procédures'],
        ['📄 Documents'],
        ['🗂️ Mes données'],
        ['🗑 Supprimer mes données'],
        ['🔙 Retour'],
      ],
    ],
    ['aide', [['🔙 Retour']]],
    ['contact', [['🔙 Retour']]],
  ])('the buttons of %s', (id, expected) => {
    expect(labels(view(id))).toEqual(expected);
  });

  test('/aide shows the buttons of the menu', () => {
    expect(labels(full('aide'))).toEqual(labels(view('menu')));
  });

  test.each([
    [
      'cat_cotisations',
      '**💰 Cotisations et Paiements**',
      'Quel est le taux de cotisation ?',
      'Comment payer mes cotisations ?',
    ],
    [
      'cat_prestations',
      '**🎯 Prestations et Allocations**',
      'Comment demander ma pension ?',
      'Quelles sont les prestations familiales ?',
    ],
    [
      'cat_procedures',
      '**📋 Procédures Administratives**',
      "Comment s'inscrire à la CSS ?",
      'Comment faire une réclamation ?',
    ],
    [
      'cat_documents',
      '**📄 Documents et Formulaires**',
      'Quels documents pour la retraite ?',
      'Comment obtenir une attestation ?',
    ],
  ])('%s: title, questions that can be tapped, two pages below, a way back', (id, title, first, second) => {
    const shown = words(view(id)?.text ?? []);
    expect(shown.startsWith(`${title}\n\n• `)).toBe(true);
    expect(shown.endsWith(`💡 **Exemples de questions** :\n• ${first}\n• ${second}`)).toBe(true);
    const buttons = view(id)?.buttons.flat() ?? [];
    expect(buttons.filter((it) => it.question !== undefined).map((it) => it.question)).toEqual([
      first,
      second,
    ]);
    expect(buttons.slice(-2)).toEqual([
      { label: '🔙 Menu', page: 'menu' },
      { label: '🏠 Accueil', page: 'start' },
    ]);
    const below = buttons.flatMap((it) => (it.page?.includes('_') === true ? it.page : []));
    expect(below.length).toBeGreaterThanOrEqual(2);
    for (const page of below)
      expect(
        view(page)
          ?.buttons.flat()
          .map((it) => it.page),
      ).toEqual(expect.arrayContaining([id, 'start']));
  });

  test.each([
    ['continued', '*(Suite {i}/{n})*'],
    ['answer_timeout', 'La requête a pris trop de temps. Veuillez réessayer avec une question plus simple.'],
    ['answer_refused', 'Impossible de se connecter au service CSS. Veuillez réessayer plus tard.'],
    [
      'answer_unavailable',
      'Le service est temporairement indisponible. Veuillez réessayer dans quelques instants.',
    ],
    ['answer_failed', "Une erreur s'est produite lors du traitement de votre question. Veuillez réessayer."],
    ['technical_error', "Désolé, une erreur s'est produite. Veuillez réessayer."],
  ] as const)('the text %s', (key, expected) => {
    expect(texts === undefined ? '' : words(texts.texts[key])).toBe(expected);
  });

  test('commands and their descriptions', () => {
    expect(texts?.commands.map((it) => `${it.name} - ${it.description ?? ''}`)).toEqual([
      'start - Démarrer le bot CSS',
      "aide - Obtenir de l'aide",
      'help - ',
      'menu - Voir les catégories',
      'contact - Informations de contact',
      'status - Statut du service',
      'historique - Vos derniers messages',
      'history - ',
      'mesdonnees - Recevoir vos données',
      'mydata - ',
      'supprimer - Supprimer vos données',
      'delete - ',
      'langue - Changer de langue',
      'language - ',
      'notifications - Vos notifications',
    ]);
  });

  test('the menus do not repeat the wrong rate', () => {
    for (const page of texts?.pages.values() ?? []) expect(words(page.view.text)).not.toMatch(/24 ?%/);
  });

  test('its questions and synonyms can be read', () => {
    const questions = readFileSync(join(folder, 'questions.jsonl'), 'utf8').trim().split('\n');
    expect(questions.length).toBeGreaterThanOrEqual(60);
    const ids = questions.map((line): unknown => {
      const question: unknown = JSON.parse(line);
      expect(question).toMatchObject({
        question: expect.any(String),
        style: expect.any(String),
        answerable: expect.any(Boolean),
      });
      return typeof question === 'object' && question !== null && 'id' in question ? question.id : undefined;
    });
    expect(new Set(ids).size).toBe(questions.length);
    const groups: unknown = parse(readFileSync(join(folder, 'synonyms.yaml'), 'utf8'));
    expect(Array.isArray(groups)).toBe(true);
    for (const group of Array.isArray(groups) ? (groups as unknown[]) : []) {
      expect(group).toSatisfy(
        (it: unknown) => Array.isArray(it) && it.length >= 2 && it.every((word) => typeof word === 'string'),
      );
    }
  });
});

describe('the desk catechese hears that a child is in danger, however it is said', () => {
  const languages = [...loadDesk(join(desks, 'catechese')).languages.values()];
  const alarms = (text: string): boolean => languages.some(({ safeguarding }) => safeguarding(fold(text)));

  test.each([
    'mon catéchiste me touche',
    'mon oncle me frappe',
    "Le catéchiste m'a touché hier",
    'mon beau-père me tape tous les jours',
    'un moniteur touche ma sœur',
    'kelkun frape mon fils',
    "il a battu une fille de mon groupe, j'ai peur",
    'Un enfant en danger',
    'je veux mourir',
    'dafa ma door',
    // A parent who worries.
    'mon fils a été touché par un adulte',
    'Ma fille dit que le moniteur lui a mis la main sur la cuisse',
    'quelqu un lui a fait du mal au caté',
    "on lui a fait mal à la sortie, il ne veut pas dire qui c'est",
    'mon enfant revient du caté avec des bleus',
    'il a des marques de ceinture sur le dos',
    'Mon fils de 8 ans s’est fait frapper par un plus grand',
    'ma fille a été embrassée de force par un jeune',
    'ma fille a très peur de son catéchiste',
    'mon petit frère est battu à la maison',
    'ma fille a été touchée au caté',
    'le voisin a touché ma petite sœur',
    'ma niece a ete violer',
    'un grand embête et rackette mon fils, il le menace',
    'le moniteur lui demande des photos d’elle',
    'Mon enfant est humilié par la monitrice devant tout le monde',
    'mes enfants ont disparu',
    'mon fils a reçu une gifle du moniteur',
    'le moniteur envoie des messages à ma fille la nuit',
    'mon fils a peur d’y retourner',
    // As people type.
    'mon enfan é frapé',
    'il a dé bleu',
    'mn fis a ete toucher par un monsieur',
    'kelkun a fé du mal a mon enfan',
    'il ma toucher les fess',
    'le kateshist ma fé mal',
    'mon prof me tape avc une chicote',
    'qqn a abuser de ma fille',
    'il m a met la main dans la culotte',
    // A child.
    'le monsieur du caté me fait peur',
    "il m'a dit de ne rien dire à maman",
    "c'est notre secret entre nous il a dit",
    "j'ai peur de lui",
    'papa me donne des coups',
    'je me suis fait taper par les grands',
    'un monsieur veut que je baisse mon pantalon, il a baissé son pantalon',
    "un adulte m'a forcé à l'embrasser",
    // Wolof, or mixed.
    'sama doom dañu ko door ci katesism bi',
    'moniteur bi dafa laal sama rakk',
    'kenn door na sama doom',
    'dañu ko door ci catéchèse bi',
    'sama doom am na des bleus',
    // English.
    'My child is being beaten',
    'my son was touched by a man at church',
    'the teacher hits me',
    'someone hurt my daughter',
    'he puts his hand on her thigh',
    'my kid has bruises on the arms',
    'she is scared of the catechist',
    'he said not to tell my mum',
    'an adult is hurting my boy',
  ])('%s', (text) => {
    expect(alarms(text)).toBe(true);
  });

  test.each([
    'Quand a lieu la messe des familles ?',
    'Combien coûte l’inscription de mon fils ?',
    'Ma fille a manqué une séance',
    'Quelles pièces pour le baptême ?',
    'Mon enfant est en CE2, quel niveau ?',
    "il s'est fait mal en jouant au foot",
    'Mon fils est tombé, il a mal au genou',
    'son genou lui fait mal, il sera absent samedi',
    'les nouvelles chaussures me font mal aux pieds',
    'ma fille a été touchée par la grâce',
    'Votre message m’a touchée, merci',
    'cette prière me touche beaucoup',
    'mon mari a été touché par la maladie',
    'mon fils a été touché par la maladie',
    'ma fille a été très touchée par l’accueil',
    'le bleu du foulard est-il obligatoire ?',
    'faut-il des foulards bleus pour le pèlerinage ?',
    'mon fils est dans le groupe des bleus',
    'qui va battre le tambour à la procession ?',
    'les enfants peuvent battre des mains pendant le chant ?',
    'notre équipe a été battue au foot',
    'ma fille a battu son frère au ludo',
    'ma fille a une marque de naissance sur le bras',
    'mon fils est menacé d’être exclu pour absences',
    'le Christ a été frappé par les soldats',
    'la robe : ma fille veut enlever sa robe de communion après la messe',
    'mon fils a été battu au concours de dessin',
    'merci pour le coup de main, je vous passe un coup de fil',
    'merci pour vos coups de main à la kermesse',
    'j’ai frappé à la porte du secrétariat, personne',
    'je tape le numéro de mon enfant et rien ne vient',
    'il faut appuyer sur la touche étoile ?',
    'la force du Saint-Esprit, c’est pour la confirmation ?',
    'je ne veux pas forcer mon enfant à venir',
    'mon fils est très attaché à son catéchiste',
    'ma fille a peur du noir, y a-t-il une veillée ?',
    'il a peur de parler devant les autres',
    'mon fils a oublié son maillot bleu au caté',
    'la maladie qui touche les enfants en ce moment',
    'le nom de ma fille a disparu de la liste',
    'l’examen me fait peur',
    'je vous embrasse, et les enfants aussi',
    'on se bat pour arriver à l’heure',
    'deux enfants se sont battus ? non, tout va bien',
    'kañ la katesism di door ?',
    'door na ba noppi ?',
    'my knee hurts me, I will be absent',
    'this song touched me',
    'my son is missing a document',
    'can my daughter touch the baptism water?',
    'what time does it start?',
  ])('and not: %s', (text) => {
    expect(alarms(text)).toBe(false);
  });

  test('what is no danger hides nothing of the rest', () => {
    expect(alarms("La messe m'a touchée par la grâce, mais un moniteur a battu mon fils")).toBe(true);
    expect(alarms('Il joue dans le groupe des bleus, et il a des bleus partout')).toBe(true);
  });

  test('no question that the documents answer is taken for one', () => {
    const questions = readFileSync(join(desks, 'catechese/questions.jsonl'), 'utf8').trim().split('\n');
    const asked = questions.map((line) => JSON.parse(line) as { question: string });
    expect(asked.length).toBeGreaterThan(200);
    const taken = asked.filter(({ question }) => alarms(question)).map(({ question }) => question);
    expect(taken).toEqual([]);
  });
});
