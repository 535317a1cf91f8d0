import { describe, expect, test } from 'vitest';
import type { InboundEvent } from '../message/event.ts';
import type { Turn } from '../message/session.ts';
import { desk, EXAMPLE } from './fixtures/desk.ts';
import {
  answeredWith,
  contact,
  found,
  media,
  NOW,
  on,
  recorded,
  seen,
  tap,
  turn,
  typed,
} from './fixtures/turns.ts';
import { decide } from './decide.ts';
import { askId } from './taps.ts';

const MENU = '[📋 Menu→menu]';
const HELP = `Aide\n${MENU}`;
const WELCOME = `Bienvenue Awa !\n${MENU}`;
const MENU_PAGE = 'Menu\n[État civil→cat_civil | 🔙 Retour→start]';
const HOME = `Accueil de Mairie de Ndiarème-Exemple\n${MENU}\n[📞 Contact→contact]`;

describe('a text in private', () => {
  test.each([
    ['/start', WELCOME, 'command:start'],
    ['/start c29tZSBwYXlsb2Fk', WELCOME, 'command:start'],
    ['  /START\n', WELCOME, 'command:start'],
    ['/aide', HELP, 'command:aide'],
    ['/help', HELP, 'command:help'],
    ['/Aidé svp 🙏', HELP, 'command:aide'],
    ['/menu🙂', MENU_PAGE, 'command:menu'],
    ['/menu@mairie_bot', MENU_PAGE, 'command:menu'],
    ['/contact', 'Appelez le 33 000 00 01\n[🔙 Retour→start]', 'command:contact'],
    [
      '/etat_civil',
      `État civil\n[Prix→${askId(EXAMPLE)}]\n[Site→https://mairie.example/civil]\n[🔙 Menu→menu]`,
      'command:etat_civil',
    ],
    ['/nimporte quoi', `unknown_command\n${MENU}`, 'command:unknown'],
    ['Bonjour !', WELCOME, 'page:start'],
    ['hello', WELCOME, 'page:start'],
    ['📋 MENU', MENU_PAGE, 'page:menu'],
    ['l’aide', HELP, 'page:aide'],
    ['Merci 🙏🏾', `thanks_reply\n${MENU}`, 'thanks'],
    ['Jërëjëf', `thanks_reply\n${MENU}`, 'thanks'],
    ['', `empty_message\n${MENU}`, 'unsupported:empty'],
    [' \n\t', `empty_message\n${MENU}`, 'unsupported:empty'],
    ['👍', `laugh_reply\n${MENU}`, 'talk:laugh'],
    ['/', `empty_message\n${MENU}`, 'unsupported:empty'],
    ['😀'.repeat(4097), `too_long\n${MENU}`, 'unsupported:too_long'],
    ['a'.repeat(4097), `too_long\n${MENU}`, 'unsupported:too_long'],
  ])('%j', (text, reply, record) => {
    const decision = on(typed(text));
    expect(seen(decision)).toEqual([reply]);
    expect(recorded(decision)).toEqual([record]);
    expect(decision).toMatchObject({ asks: [], counted: true, session: {} });
    expect(decision.replies[0]).not.toHaveProperty('inPlace');
  });

  test.each([
    'Bonjour, quel est le prix ?',
    'constructor',
    'مرحبا بكم',
    '😀'.repeat(2047) + ' ok',
    'prixes'.repeat(682),
  ])('asks %j', (text) => {
    const decision = on(typed(` ${text} `), { newSession: true });
    expect(decision.asks).toEqual([{ type: 'answer', question: { text, language: 'fr' } }]);
    expect(recorded(decision)).toEqual(['question']);
    expect(decision).toMatchObject({ replies: [], counted: true });
  });

  test('speaks the language of the person, else the desk’s', () => {
    const say = (language: string) => seen(on(typed('/rien'), { person: { id: 'p', language } }));
    expect(say('en')).toEqual([`en unknown_command\n${MENU}`]);
    expect(say('en-GB')).toEqual([`en unknown_command\n${MENU}`]);
    expect(say('wo')).toEqual([`unknown_command\n${MENU}`]);
    expect(say('constructor')).toEqual([`unknown_command\n${MENU}`]);
  });

  test('names nobody when there is no first name', () => {
    expect(seen(on(typed('/start'), { person: { id: 'p', language: 'fr' } }))).toEqual([
      `Bienvenue !\n${MENU}`,
    ]);
  });
});

describe('a tap', () => {
  test.each([
    ['start', HOME, 'tap:start'],
    ['menu', MENU_PAGE, 'tap:menu'],
    ['aide', HELP, 'tap:aide'],
  ])('on %s edits the message', (id, reply, record) => {
    const decision = on(tap(id));
    expect(seen(decision)).toEqual([reply]);
    expect(decision.replies[0]).toMatchObject({ inPlace: true });
    expect(recorded(decision)).toEqual([record]);
    expect(decision.counted).toBe(false);
  });

  test('on a message that cannot be edited sends a new one', () => {
    expect(on(tap('menu', false)).replies[0]?.inPlace ?? false).toBe(false);
  });

  test.each(['old_page', 'ask:00000000', 'ask:', '', '__proto__', 'x'.repeat(300)])(
    'on %j is outdated',
    (id) => {
      const decision = on(tap(id));
      expect(seen(decision)).toEqual([`outdated_button\n${MENU}`]);
      expect(decision.replies[0]).not.toHaveProperty('inPlace');
      expect(recorded(decision)).toEqual(['tap:outdated']);
    },
  );

  test('on an example asks it for itself and quotes it above the answer', () => {
    const session = { previous: { question: 'Et le mariage ?' } };
    const event = tap(askId(EXAMPLE));
    const first = on(event, { session });
    expect(first.asks).toEqual([{ type: 'answer', question: { text: EXAMPLE, language: 'fr' } }]);
    expect(recorded(first)).toEqual(['tap:question', 'question']);
    expect(first.counted).toBe(false);

    const last = answeredWith(event, found, { session });
    expect(last.replies[0]?.body[0]).toEqual({
      type: 'paragraph',
      children: [{ type: 'strong', children: [{ type: 'text', value: EXAMPLE }] }],
    });
    expect(last.replies[0]).not.toHaveProperty('inPlace');
    expect(last.counted).toBe(false);
  });
});

describe('status', () => {
  const check = { checkedAt: NOW - 60_000 };
  test.each([
    [{ ok: true, ...check }, 'État\n\nstatus_ok à 08:04\n[🏠 Accueil→start]'],
    [{ ok: false, reachable: true, ...check }, 'État\n\nstatus_degraded à 08:04\n[🏠 Accueil→start]'],
    [{ ok: false, ...check }, 'État\n\nstatus_down à 08:04\n[🏠 Accueil→start]'],
  ])('%j', (health, reply) => {
    for (const event of [typed('/status'), typed('Statut ?'), tap('status')]) {
      const first = on(event);
      expect(first).toMatchObject({ asks: [{ type: 'health' }], replies: [] });
      const last = decide(turn(), { event, result: { type: 'health', health, at: NOW } }, desk);
      expect(seen(last)).toEqual([reply]);
      expect(last.replies[0]?.inPlace === true).toBe(event.kind === 'tap');
      expect(last.effects).toEqual([]);
    }
  });
});

describe('what is not a text', () => {
  test.each([
    ['sticker', media('sticker'), 'unsupported_message', 'unsupported:sticker'],
    ['location', media('location'), 'unsupported_message', 'unsupported:location'],
    ['media without media', { kind: 'media', media: [] }, 'unsupported_message', 'unsupported:other'],
    ['contact', contact, 'unsupported_message', 'unsupported:contact'],
    ['poll', { kind: 'other', what: 'poll', direct: true }, 'unsupported_message', 'unsupported:poll'],
    [
      'odd kind',
      { kind: 'other', what: 'Awa Ndiaye', direct: true },
      'unsupported_message',
      'unsupported:other',
    ],
  ] satisfies [string, InboundEvent, string, string][])('%s', (_, event, key, record) => {
    const decision = on(event);
    expect(seen(decision)).toEqual([`${key}\n${MENU}`]);
    expect(recorded(decision)).toEqual([record]);
    expect(decision).toMatchObject({ asks: [], counted: true });
  });

  test.each([
    ['edited', { kind: 'edited', text: 'Quel prix ?' }, ['edited']],
    ['reaction', { kind: 'other', what: 'reaction', direct: false }, []],
    ['blocked', { kind: 'membership', state: 'blocked' }, ['reachable:false']],
    ['left', { kind: 'membership', state: 'left' }, ['reachable:false']],
    ['joined', { kind: 'membership', state: 'joined' }, ['reachable:true']],
    ['moved', { kind: 'moved', chat: '-100123' }, ['moved:-100123']],
    ['take over', { kind: 'take_over', staffId: 's' }, []],
    ['hand back', { kind: 'hand_back', staffId: 's' }, []],
    ['timer', { kind: 'timer', name: 't' }, []],
    ['blank staff reply', { kind: 'staff_reply', staffId: 's', markdown: ' \n' }, []],
  ] satisfies [string, InboundEvent, string[]][])('%s is not answered', (_, event, effects) => {
    const decision = on(event);
    expect(decision).toMatchObject({ replies: [], asks: [], counted: false });
    expect(recorded(decision)).toEqual(effects);
  });

  test('a staff reply is sent as it is written', () => {
    const reply = on(
      { kind: 'staff_reply', staffId: 's', markdown: '**Venez** {first_name}' },
      { mode: 'human' },
    );
    expect(seen(reply)).toEqual(['Venez {first_name}']);
  });
});

describe('a human who has the conversation', () => {
  test.each([typed('Quel prix ?'), typed('/menu'), tap('menu'), media('photo'), contact])(
    'answers %j',
    (event) => {
      expect(on(event, { mode: 'human', recentMessages: 99 })).toMatchObject({
        replies: [],
        asks: [],
        effects: [],
        counted: false,
      });
    },
  );
});

describe('groups and channels', () => {
  const group: Partial<Turn> = { chat: 'group' };
  test.each([
    ['talk', typed('Quel prix ?', false)],
    ['a photo', media('photo', { caption: 'Quel prix ?' })],
    ['a contact', contact],
    ['an edit', { kind: 'edited', text: 'x' }],
    ['something else', { kind: 'other', what: 'poll', direct: true }],
    ['another bot’s command', typed('/roll 6')],
  ] satisfies [string, InboundEvent][])('%s in a group is left alone', (_, event) => {
    expect(on(event, group)).toMatchObject({ replies: [], asks: [], effects: [] });
  });

  test.each([
    ['/start@mairie_bot', `Bienvenue !\n${MENU}`],
    ['@mairie_bot menu', MENU_PAGE],
    ['/roll@mairie_bot', `unknown_command\n${MENU}`],
  ])('%s in a group is answered, and names nobody', (text, reply) => {
    const event: InboundEvent = { ...typed(text), sender: { scheme: 'user', value: '1', firstName: 'Awa' } };
    expect(seen(on(event, group))).toEqual([reply]);
  });

  test('a question in a group is asked without our name', () => {
    expect(on(typed('@mairie_bot, quel prix ?'), group).asks).toMatchObject([
      { question: { text: 'quel prix ?' } },
    ]);
  });

  test.each([typed('/menu'), tap('menu'), media('photo')])('a channel gets nothing for %j', (event) => {
    expect(on(event, { chat: 'channel' })).toMatchObject({ replies: [], asks: [], effects: [] });
  });
});
