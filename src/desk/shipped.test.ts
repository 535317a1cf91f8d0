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
  const phrasings = [...(loadDesk(join(desks, 'catechese')).languages.get('fr')?.safeguarding ?? [])];
  const alarms = (text: string): boolean =>
    phrasings.some((words) => ` ${fold(text)} `.includes(` ${words} `));

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
  ])('%s', (text) => {
    expect(alarms(text)).toBe(true);
  });

  test.each([
    'Quand a lieu la messe des familles ?',
    'Combien coûte l’inscription de mon fils ?',
    'Ma fille a manqué une séance',
    'Quelles pièces pour le baptême ?',
    'Mon enfant est en CE2, quel niveau ?',
  ])('and not: %s', (text) => {
    expect(alarms(text)).toBe(false);
  });
});
