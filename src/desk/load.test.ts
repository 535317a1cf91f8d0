import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fill } from '../message/rich.ts';
import { TEXT_KEYS } from './desk.ts';
import type { Desk, DeskTexts, Page } from './desk.ts';
import { DeskError } from './error.ts';
import { loadDesk } from './load.ts';

const desks = join(import.meta.dirname, '../../desks');
const THREE_LINES = 'name: ecole\norganisation: École des Manguiers\nlanguage: fr\n';

let root: string;
let count = 0;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'desk-'));
});
afterAll(() => {
  rmSync(root, { recursive: true });
});

/** Writes a desk called `ecole` in a folder of its own. */
function write(files: Record<string, string>): string {
  count += 1;
  const folder = join(root, String(count), 'ecole');
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

const french = (desk: Desk): DeskTexts => {
  const texts = desk.languages.get('fr');
  if (texts === undefined) throw new Error('no French texts');
  return texts;
};
const page = (desk: Desk, id: string): Page => {
  const found = french(desk).pages.get(id);
  if (found === undefined) throw new Error(`no page ${id}`);
  return found;
};
const json = (value: unknown) => JSON.stringify(value);

describe('a desk of three lines', () => {
  test('has every text, page, command and limit', () => {
    const desk = loadDesk(write({ 'desk.yaml': THREE_LINES }));
    expect(desk).toMatchObject({
      name: 'ecole',
      organisation: 'École des Manguiers',
      language: 'fr',
      values: { organisation: 'École des Manguiers' },
      limits: {
        messagesPerMinute: 10,
        phoneRequestsPerSession: 3,
        accountAttemptsPerHour: 1,
        webhooksPerMinute: 1000,
        concurrentAccounts: 100,
      },
      retention: {
        messages: 90,
        media: 30,
        audit: 365,
        deadLetters: 30,
        dedup: 8,
        interactions: 365,
        questions: 90,
        forms: 365,
        legalHold: false,
      },
      sessionMs: 1_800_000,
      openAnswers: false,
      home: 'start',
      menu: 'menu',
      contact: 'contact',
    });
    expect([...desk.languages.keys()]).toEqual(['fr']);
    expect(Object.keys(french(desk).texts).toSorted()).toEqual(TEXT_KEYS.toSorted());
    expect([...french(desk).pages.keys()]).toEqual([
      'start',
      'menu',
      'aide',
      'contact',
      'status',
      'mes_donnees',
      'historique',
      'export',
      'supprimer',
      'langue',
      'notifications',
    ]);
    expect(french(desk).commands.map((it) => it.name)).toEqual([
      'start',
      'aide',
      'help',
      'menu',
      'contact',
      'status',
      'historique',
      'history',
      'mesdonnees',
      'mydata',
      'supprimer',
      'delete',
      'langue',
      'language',
      'notifications',
    ]);
    expect(page(desk, 'status')).toMatchObject({ kind: 'status', view: { text: [] } });
  });

  test.each([
    ['menu', 'menu'],
    ['bonjour', 'start'],
    ['salam aleykoum', 'start'],
    ['nanga def', 'start'],
    ['etat du service', 'status'],
  ])('understands the word %s', (word, id) => {
    expect(french(loadDesk(write({ 'desk.yaml': THREE_LINES }))).words.get(word)).toBe(id);
  });

  test('shows no line about a telephone it does not have', () => {
    const shown = json(page(loadDesk(write({ 'desk.yaml': THREE_LINES })), 'contact').view.text);
    expect(shown).not.toContain('Téléphone');
    const withPhone = write({ 'desk.yaml': `${THREE_LINES}values: { telephone: "33 000 00 01" }\n` });
    expect(json(page(loadDesk(withPhone), 'contact').view.text)).toContain('Téléphone');
  });

  test('may speak English, or both languages', () => {
    const english = loadDesk(write({ 'desk.yaml': 'organisation: Mango School\nlanguage: en\n' }));
    expect([...english.languages.keys()]).toEqual(['en']);
    expect(english.name).toBe('ecole');
    const both = loadDesk(write({ 'desk.yaml': `${THREE_LINES}languages: [en, fr]\n` }));
    expect([...both.languages.keys()]).toEqual(['fr', 'en']);
  });
});

test('a desk keeps its classes of data as long as it says', () => {
  const retention = 'retention: { messages: 30, dead_letters: 10, forms: 1000, legal_hold: true }';
  const desk = loadDesk(write({ 'desk.yaml': `${THREE_LINES}${retention}\n` }));
  expect(desk.retention).toEqual({
    ...{ messages: 30, media: 30, audit: 365, deadLetters: 10, dedup: 8 },
    ...{ interactions: 365, questions: 90, forms: 1000, legalHold: true },
  });
});

describe('a desk over the default one', () => {
  test('replaces texts, pages and commands by name and adds its words', () => {
    const desk = loadDesk(
      write({
        'desk.yaml': `${THREE_LINES}limits: { messages_per_minute: 20 }\nsession_minutes: 5\n`,
        'texts.fr.yaml': `
texts: { thanks_reply: "De rien." }
pages:
  menu:
    text: Les classes
    examples: [Quand est la *rentrée* ?, { label: Cantine, question: Combien coûte la cantine par mois ? }]
    buttons:
      - [{ label: Accueil, page: start }, { label: Site, url: "https://exemple.sn" }]
commands: [{ name: menu, page: menu, description: Les classes }]
words: { menu: [Classes], start: [menu] }
thanks: [jàjëf]
`,
      }),
    );
    const texts = french(desk);
    expect(desk.limits).toMatchObject({ messagesPerMinute: 20, webhooksPerMinute: 1000 });
    expect(desk.sessionMs).toBe(300_000);
    expect(texts.texts.thanks_reply).toEqual([
      { type: 'paragraph', children: [{ type: 'text', value: 'De rien.' }] },
    ]);
    expect(texts.words.get('classes')).toBe('menu');
    expect(texts.words.get('menu')).toBe('start');
    expect(texts.thanks.has('jajef') && texts.thanks.has('merci')).toBe(true);
    expect(texts.commands.find((it) => it.name === 'menu')?.description).toBe('Les classes');
    expect(page(desk, 'menu').view.buttons).toEqual([
      [{ label: 'Quand est la *rentrée* ?', question: 'Quand est la *rentrée* ?' }],
      [{ label: 'Cantine', question: 'Combien coûte la cantine par mois ?' }],
      [
        { label: 'Accueil', page: 'start' },
        { label: 'Site', url: 'https://exemple.sn' },
      ],
    ]);
    expect(json(page(desk, 'menu').view.text)).toContain(
      '• Quand est la *rentrée* ?\\n• Combien coûte la cantine par mois ?',
    );
  });

  test('a full view without buttons takes those of the page', () => {
    const desk = loadDesk(write({ 'desk.yaml': THREE_LINES }));
    const start = page(desk, 'start');
    expect(start.full?.buttons).toEqual(start.view.buttons);
    expect(start.full?.text).not.toEqual(start.view.text);
  });
});

describe('placeholders', () => {
  test('a hostile first name is text in the shipped welcome', () => {
    const welcome = page(loadDesk(join(desks, 'css')), 'start').full?.text ?? [];
    const hostile = fc.oneof(
      fc.string({ minLength: 1 }),
      fc.constantFrom('*x* _y_', '<b>', '[a](tg://user?id=1)', '{telephone}', '`'),
    );
    fc.assert(
      fc.property(hostile, (name) => {
        expect(fill(welcome, { first_name: name })[0]).toEqual({
          type: 'paragraph',
          children: [
            { type: 'text', value: '🏛️ ' },
            {
              type: 'strong',
              children: [
                { type: 'text', value: 'Bienvenue ' },
                { type: 'text', value: name },
                { type: 'text', value: ' !' },
              ],
            },
          ],
        });
      }),
    );
  });

  test('a source without section or date is shown without their dots', () => {
    const source = french(loadDesk(join(desks, 'css'))).texts.answer_source;
    expect(json(fill(source, { title: 'Guide', section: '', page: '', date: '' }))).not.toContain('·');
  });
});

describe('broken desks: one sentence that teaches', () => {
  const desk = (more: string) => ({ 'desk.yaml': THREE_LINES + more });
  const texts = (yaml: string) => ({ 'desk.yaml': THREE_LINES, 'texts.fr.yaml': yaml });
  const label = 'x'.repeat(61);

  test.each<[string, Record<string, string>, string]>([
    [
      'no organisation',
      { 'desk.yaml': 'language: fr' },
      'ecole/desk.yaml: organisation is missing: write the name of the organisation, as citizens know it.',
    ],
    [
      'no language',
      { 'desk.yaml': 'organisation: École' },
      'ecole/desk.yaml: language is missing: write a language such as fr or en.',
    ],
    [
      'an empty file',
      { 'desk.yaml': '' },
      'ecole/desk.yaml: organisation is missing: write the name of the organisation, as citizens know it.',
    ],
    [
      'a list',
      { 'desk.yaml': '- a' },
      'ecole/desk.yaml is ["a"]: write name, organisation and language, one per line.',
    ],
    [
      'a bad limit',
      desk('limits: { messages_per_minute: dix }'),
      'ecole/desk.yaml: limits.messages_per_minute is "dix": write the messages one person may send in a minute, a whole number from 1 to 600.',
    ],
    [
      'messages kept for ever',
      desk('retention: { messages: -1 }'),
      'ecole/desk.yaml: retention.messages is -1: write the days messages are kept, a whole number from 1 to 3650.',
    ],
    [
      'ids forgotten before a platform repeats them',
      desk('retention: { dedup: 7 }'),
      'ecole/desk.yaml: retention.dedup is 7: write the days the ids of received updates are kept, a whole number from 8 to 3650.',
    ],
    [
      'a hold that is none',
      desk('retention: { legal_hold: perhaps }'),
      'ecole/desk.yaml: retention.legal_hold is "perhaps": write true or false.',
    ],
    [
      'a misspelt class',
      desk('retention: { mesages: 30 }'),
      'ecole/desk.yaml: retention.mesages is not a key known here: write messages or remove it.',
    ],
    [
      'a misspelt key',
      desk('organization: x'),
      'ecole/desk.yaml: organization is not a key known here: write organisation or remove it.',
    ],
    [
      'a number for a value',
      desk('values: { telephone: 330000001 }'),
      'ecole/desk.yaml: values.telephone is 330000001: write a text between quotes.',
    ],
    [
      'a value the product fills',
      desk('values: { first_name: Awa }'),
      'ecole/desk.yaml: values.first_name is filled by the product itself: choose another name.',
    ],
    [
      'a language without texts',
      { 'desk.yaml': 'organisation: École\nlanguage: wo' },
      'ecole/texts.wo.yaml is missing, and there are no default texts in this language: write it, or choose another language in ecole/desk.yaml.',
    ],
    [
      'a language left out',
      { ...desk('languages: [fr]'), 'texts.en.yaml': '' },
      'ecole/desk.yaml: languages leaves out en, but there is a texts.en.yaml: add en or remove that file.',
    ],
    [
      'a home that does not exist',
      desk('home: accueil'),
      'ecole/texts.fr.yaml: pages.accueil is missing, and desk.yaml says it is the home: write this page.',
    ],
    [
      'not YAML',
      desk('values: { a: b'),
      'ecole/desk.yaml is not valid YAML (Flow map in block collection must be sufficiently indented and end with a } at line 4, column 15): check the indentation and the quotes there.',
    ],
    [
      'a key twice',
      desk('language: en'),
      'ecole/desk.yaml is not valid YAML (Map keys must be unique at line 4, column 1): check the indentation and the quotes there.',
    ],
    [
      'prototype pollution',
      desk('values: { __proto__: { a: b } }'),
      'ecole/desk.yaml: values.__proto__ is not a key of this file: remove it.',
    ],
    [
      'prototype pollution of pages',
      texts('pages: { __proto__: { text: x } }'),
      'ecole/texts.fr.yaml: pages.__proto__ is not a key of this file: remove it.',
    ],
    [
      'an unknown text',
      texts('texts: { accueil: Bonjour }'),
      'ecole/texts.fr.yaml: texts.accueil is not a key known here: check its spelling or remove it.',
    ],
    [
      'an empty text',
      texts('texts: { thanks_reply: " " }'),
      'ecole/texts.fr.yaml: texts.thanks_reply is " ": write a text in Markdown.',
    ],
    [
      'an unknown placeholder',
      texts('texts: { thanks_reply: "Merci {prenom}" }'),
      'ecole/texts.fr.yaml: texts.thanks_reply holds {prenom}, which nothing fills: write one of {first_name}, {organisation}, {time}, {channel}, {telephone}, {adresse}, {courriel}, {site}, {horaires}, or add it to values in desk.yaml.',
    ],
    [
      'a placeholder of another text',
      texts('texts: { thanks_reply: "{limit}" }'),
      'ecole/texts.fr.yaml: texts.thanks_reply holds {limit}, which nothing fills: write one of {first_name}, {organisation}, {time}, {channel}, {telephone}, {adresse}, {courriel}, {site}, {horaires}, or add it to values in desk.yaml.',
    ],
    [
      'a page id with a capital',
      texts('pages: { Menu: { text: x } }'),
      'ecole/texts.fr.yaml: pages.Menu is not a name known here: use 1 to 40 of a-z, 0-9 and _.',
    ],
    [
      'a page without text',
      texts('pages: { menu: { buttons: [{ label: a, page: start }] } }'),
      'ecole/texts.fr.yaml: pages.menu.text is missing: write the text of this page in Markdown.',
    ],
    [
      'a page without next step',
      texts('pages: { menu: { text: x } }'),
      'ecole/texts.fr.yaml: pages.menu.buttons is empty, so the page is a dead end: add a button, such as { label: 🏠, page: start }.',
    ],
    [
      'a page nobody can open',
      texts('pages: { cave: { text: x, buttons: [{ label: a, page: start }] } }'),
      'ecole/texts.fr.yaml: pages.cave is opened by no button, command or word: add a button that opens it, or remove it.',
    ],
    [
      'a button to nowhere',
      texts('pages: { menu: { text: x, buttons: [{ label: Rien, page: rien }] } }'),
      'ecole/texts.fr.yaml: pages.menu.buttons.Rien opens the page "rien", which does not exist: write one of start, menu, aide, contact, status, mes_donnees, historique, export, supprimer, langue, notifications.',
    ],
    [
      'a button with two targets',
      texts('pages: { menu: { text: x, buttons: [{ label: a, page: start, question: q }] } }'),
      'ecole/texts.fr.yaml: pages.menu.buttons[0] is {"label":"a","page":"start","question":"q"}: write exactly one of page, question or url beside the label.',
    ],
    [
      'a long label',
      texts(`pages: { menu: { text: x, buttons: [{ label: ${label}, page: start }] } }`),
      `ecole/texts.fr.yaml: pages.menu.buttons[0].label is "${'x'.repeat(56)}…: write a label of 1 to 60 characters.`,
    ],
    [
      'a label of a row',
      texts(
        `pages: { menu: { text: x, buttons: [[{ label: ok, page: start }, { label: "", page: start }]] } }`,
      ),
      'ecole/texts.fr.yaml: pages.menu.buttons[0][1].label is "": write a label of 1 to 60 characters.',
    ],
    [
      'a script as an address',
      texts('pages: { menu: { text: x, buttons: [{ label: a, url: "javascript:alert(1)" }] } }'),
      'ecole/texts.fr.yaml: pages.menu.buttons[0].url is "javascript:alert(1)": write an address that starts with https://.',
    ],
    [
      'a misspelt key of a button',
      texts('pages: { menu: { text: x, buttons: [{ label: a, pgae: start }] } }'),
      'ecole/texts.fr.yaml: pages.menu.buttons[0].pgae is not a key known here: write page or remove it.',
    ],
    [
      'too many questions',
      texts(
        `pages: { menu: { text: x, examples: [${Array.from({ length: 11 }, (_, at) => `q${at}`).join(', ')}] } }`,
      ),
      'ecole/texts.fr.yaml: pages.menu.examples is ["q0","q1","q2","q3","q4","q5","q6","q7","q8","q9","q10"]: write at most 10 example questions.',
    ],
    [
      'a long question',
      texts(`pages: { menu: { text: x, examples: [${label}] } }`),
      `ecole/texts.fr.yaml: pages.menu.examples[0] is "${'x'.repeat(56)}…: write a label of 1 to 60 characters.`,
    ],
    [
      'a command with a slash',
      texts('commands: [{ name: /menu, page: menu }]'),
      'ecole/texts.fr.yaml: commands[0].name is "/menu": write 1 to 32 of a-z, 0-9 and _, without the slash.',
    ],
    [
      'a command twice',
      texts('commands: [{ name: menu, page: menu }, { name: menu, page: start }]'),
      'ecole/texts.fr.yaml: commands[1].name is "menu", already used above: give each command its own name.',
    ],
    [
      'a command without page',
      texts('commands: [{ name: menu, page: rien }]'),
      'ecole/texts.fr.yaml: commands.menu.page opens the page "rien", which does not exist: write one of start, menu, aide, contact, status, mes_donnees, historique, export, supprimer, langue, notifications.',
    ],
    [
      'a long description',
      texts(`commands: [{ name: menu, page: menu, description: ${'d'.repeat(257)} }]`),
      `ecole/texts.fr.yaml: commands[0].description is "${'d'.repeat(56)}…: write a description of 1 to 256 characters.`,
    ],
    [
      'the same word twice',
      texts('words: { menu: [Élève], start: [eleve !] }'),
      'ecole/texts.fr.yaml: words.start[0] is "eleve !", the same as "Élève" above once accents and capitals are put aside: keep one of them.',
    ],
    [
      'a word that also thanks',
      texts('words: { menu: [super] }\nthanks: [Super !]'),
      'ecole/texts.fr.yaml: thanks[0] is "Super !", the same as "super" above once accents and capitals are put aside: keep one of them.',
    ],
    [
      'a word of emoji',
      texts('words: { menu: [👋] }'),
      'ecole/texts.fr.yaml: words.menu[0] is "👋": write a word with letters or digits.',
    ],
    [
      'a word for no page',
      texts('words: { rien: [x] }'),
      'ecole/texts.fr.yaml: words.rien.x opens the page "rien", which does not exist: write one of start, menu, aide, contact, status, mes_donnees, historique, export, supprimer, langue, notifications.',
    ],
  ])('%s', (_label, files, sentence) => {
    const folder = write(files);
    let read = '';
    try {
      loadDesk(folder);
    } catch (error) {
      expect(error).toBeInstanceOf(DeskError);
      read = error instanceof Error ? error.message : '';
    }
    expect(read).toBe(sentence);
  });

  test('a folder that is no desk', () => {
    const folder = write({});
    expect(() => loadDesk(folder)).toThrow(
      `${folder} is not a desk (it has no desk.yaml): write there name, organisation and language, one per line, or choose another folder with GUICHET_DESK.`,
    );
  });

  test('names of built-in properties are pages like any other', () => {
    const desk_ = loadDesk(
      write(
        texts(
          'pages:\n  constructor: { text: x, buttons: [{ label: a, page: start }] }\nwords: { constructor: [classe] }',
        ),
      ),
    );
    expect(page(desk_, 'constructor').id).toBe('constructor');
    expect(french(desk_).words.get('classe')).toBe('constructor');
  });
});

test('a phrasing of danger that names a list which is not there is told', () => {
  const folder = write({
    'desk.yaml': THREE_LINES,
    'texts.fr.yaml': 'safeguarding: [un danger, <enfnt> battu]\n',
  });
  expect(() => loadDesk(folder)).toThrow(
    'ecole/texts.fr.yaml: safeguarding[1] is "<enfnt> battu" and names the list <enfnt>, which is not there',
  );
});
