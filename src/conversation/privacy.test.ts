import { describe, expect, test } from 'vitest';
import type { Desk, DeskTexts, Page, PageKind } from '../desk/desk.ts';
import { parseMarkdown } from '../message/markdown.ts';
import type { WaitingRequest } from '../message/personal.ts';
import type { AskResult, Decision, SessionState, Turn } from '../message/session.ts';
import { decide } from './decide.ts';
import { desk as townHall } from './fixtures/desk.ts';
import { contact, media, NOW, on as onDesk, recorded, seen, tap, turn, typed } from './fixtures/turns.ts';

const KINDS = ['history', 'my_data', 'erase', 'language', 'notifications'] as const;

const pageOf = (kind: PageKind): [string, Page] => [
  `p_${kind}`,
  {
    id: `p_${kind}`,
    kind,
    view: { text: parseMarkdown(`page ${kind}`), buttons: [[{ label: 'Garder', page: 'menu' }]] },
  },
];

/** The town hall with its personal pages, in both languages. */
const desk: Desk = {
  ...townHall,
  languages: new Map(
    [...townHall.languages].map(([language, texts]): [string, DeskTexts] => [
      language,
      {
        ...texts,
        pages: new Map([...texts.pages, ...KINDS.map(pageOf)]),
        commands: [...texts.commands, ...KINDS.map((kind) => ({ name: kind, page: `p_${kind}` }))],
      },
    ]),
  ),
};

const on = (event: Parameters<typeof onDesk>[0], more: Partial<Turn> = {}): Decision =>
  onDesk(event, more, desk);
/** Somebody asks for the deletion: what waits for staff is looked up, and named. */
const asksToErase = (
  event: Parameters<typeof onDesk>[0],
  more: Partial<Turn> = {},
  requests: WaitingRequest[] = [],
): Decision => {
  const asked = on(event, more);
  expect(asked).toMatchObject({ asks: [{ type: 'waiting' }], replies: [] });
  return told(event, { type: 'waiting', requests }, { ...more, session: asked.session });
};
const told = (event: Parameters<typeof onDesk>[0], result: AskResult, more: Partial<Turn> = {}): Decision =>
  decide(turn(more), { event, result }, desk);

const MENU = '[📋 Menu→menu]';
const ERASE_PAGE = 'page erase\n[Garder→menu]\n[erase_yes→do:erase]';
const CONFIRMING: SessionState = { confirming: 'erase' };

describe('deleting everything', () => {
  test.each([
    ['a command', typed('/erase')],
    ['a button', tap('p_erase')],
    ['a confirmation of long ago', tap('do:erase')],
  ])('%s explains and asks', (_what, event) => {
    const decision = asksToErase(event);
    expect(seen(decision)).toEqual([ERASE_PAGE]);
    expect(decision.session.confirming).toBe('erase');
    expect(recorded(decision)).not.toContain('erase');
  });

  test.each([
    ['the button', tap('do:erase'), 'tap:erase'],
    ['the word', typed(' Erase_Word !'), 'confirm'],
    ['the word in the desk’s other language', typed('en erase word'), 'confirm'],
    ['the label of the button, typed', typed('erase_yes'), 'tap:erase'],
    ['the number of the button, typed', typed('2'), 'tap:erase'],
  ])('%s confirms', (_what, event, how) => {
    const asked = asksToErase(typed('/erase')).session;
    const decision = on(event, { session: asked });
    expect(seen(decision)).toEqual([`erase_done\n${MENU}`]);
    expect(recorded(decision)).toEqual([how, 'erase']);
    expect(decision.session.confirming).toBeUndefined();
  });

  test('the first choice on the screen keeps everything: a hasty "1" deletes nothing', () => {
    const asked = asksToErase(typed('/erase')).session;
    const decision = on(typed('1'), { session: asked });
    expect(recorded(decision)).not.toContain('erase');
    expect(decision.session.confirming).toBeUndefined();
  });

  test.each([
    ['another page', tap('menu'), 'erase_cancelled\n\nMenu\n[État civil→cat_civil | 🔙 Retour→start]'],
    ['a word of thanks', typed('merci'), `erase_cancelled\n${MENU}`],
    ['a command nobody knows', typed('/rien'), `erase_cancelled\n\nunknown_command\n${MENU}`],
    ['a sticker', media('sticker'), `erase_cancelled\n\nunsupported_message\n${MENU}`],
    ['a contact', contact, `erase_cancelled\n\nunsupported_message\n${MENU}`],
  ])('%s takes it back, and says so', (_what, event, reply) => {
    const decision = on(event, { session: CONFIRMING });
    expect(seen(decision)).toEqual([reply]);
    expect(decision.session.confirming).toBeUndefined();
    expect(recorded(decision)).not.toContain('erase');
  });

  test.each([
    ['a question', typed('Quel prix ?')],
    ['a photo', media('photo')],
    ['another setting', tap('do:language:en')],
    ['STOP', typed('STOP')],
  ])('%s takes it back', (_what, event) => {
    const { session } = on(event, { session: CONFIRMING });
    expect(session.confirming).toBeUndefined();
    expect(recorded(on(tap('do:erase'), { session }))).not.toContain('erase');
  });

  test('asking twice is not confirming', () => {
    const decision = asksToErase(typed('/erase'), { session: CONFIRMING });
    expect(recorded(decision)).not.toContain('erase');
    expect(decision.session.confirming).toBe('erase');
  });

  test('names what nobody has dealt with', () => {
    const waiting = [{ at: NOW, reference: 'SVA-FEQ' }, { at: NOW - 60_000 }];
    const [shown] = seen(asksToErase(typed('/erase'), {}, waiting));
    expect(shown).toContain(
      'page erase\n\nerase_waiting\n\nform SVA-FEQ\nmessage 1 mars 2026, 08:04\n[Garder→menu]',
    );
  });

  test('an edit of an older message changes nothing', () => {
    const { session } = on({ kind: 'edited', text: 'erase_word' }, { session: CONFIRMING });
    expect(session.confirming).toBe('erase');
  });
});

describe('what somebody wrote last', () => {
  test('is asked for, and shown with its dates, the newest first', () => {
    const event = typed('/history');
    expect(on(event)).toMatchObject({ asks: [{ type: 'history', most: 10 }], replies: [] });
    const decision = told(event, {
      type: 'history',
      messages: [
        { at: NOW, text: 'Quel prix\npour **un** acte ?', file: false },
        { at: NOW - 86_400_000, text: 'é'.repeat(400), file: false },
        { at: NOW - 2 * 86_400_000, file: true },
      ],
    });
    const [shown] = seen(decision);
    expect(shown).toContain('1 mars 2026, 08:05\nQuel prix pour **un** acte ?');
    expect(shown).toContain(`28 févr. 2026, 08:05\n${'é'.repeat(249)}…`);
    expect(shown).toContain('27 févr. 2026, 08:05\nhistory_file\n[Garder→menu]');
  });

  test('is said to be nothing for somebody new', () => {
    const decision = told(tap('p_history'), { type: 'history', messages: [] });
    expect(seen(decision)).toEqual(['page history\n\nhistory_empty\n[Garder→menu]']);
    expect(decision.replies[0]?.inPlace).toBe(true);
  });
});

describe('all we hold of somebody', () => {
  test('is asked for, and comes as two files under the words of its page', () => {
    const event = typed('/my_data');
    const asked = on(event);
    expect(asked.asks).toEqual([{ type: 'export' }]);
    expect(recorded(asked)).toEqual(['command:my_data', 'export']);
    const { replies } = told(
      event,
      { type: 'export', text: '{"a":1}', readable: 'A : 1' },
      { session: asked.session },
    );
    expect(replies).toMatchObject([
      { document: { name: 'export_file.txt', mime: 'text/plain', text: 'A : 1' } },
      { body: [], document: { name: 'export_file.json', mime: 'application/json', text: '{"a":1}' } },
    ]);
  });

  test.each([
    [59_999, 'export_wait'],
    [-59_999, 'export_wait'],
    [60_000, undefined],
  ])('again after %d ms: %s', (ms, said) => {
    const decision = on(tap('p_my_data'), { session: { exportedAt: NOW - ms } });
    expect(decision.asks).toHaveLength(said === undefined ? 1 : 0);
    if (said !== undefined) expect(seen(decision)).toEqual([`${said}\n${MENU}`]);
  });
});

describe('the language', () => {
  test('is chosen among the desk’s, the present one marked', () => {
    expect(seen(on(typed('/language')))).toEqual([
      'page language\n[✓ language_name→do:language:fr]\n[en language_name→do:language:en]\n[Garder→menu]',
    ]);
  });

  test('once chosen is kept, and heard at once', () => {
    const decision = on(tap('do:language:en'));
    expect(recorded(decision)).toEqual(['tap:language', 'preference:en']);
    expect(seen(decision)[0]).toMatch(/^en language_changed/);
  });

  test('that the desk has no more is an old button', () => {
    const decision = on(tap('do:language:wo'));
    expect(recorded(decision)).toEqual(['tap:language']);
    expect(seen(decision)).toEqual([`outdated_button\n${MENU}`]);
  });
});

describe('notifications', () => {
  const person = (notifications?: boolean): Partial<Turn> => ({
    person: { id: 'p1', language: 'fr', ...(notifications === undefined ? {} : { notifications }) },
  });
  const ON =
    'page notifications\n\nnotifications_on\n[notifications_turn_off→do:notifications:off]\n[Garder→menu]';
  const OFF =
    'page notifications\n\nnotifications_off\n[notifications_turn_on→do:notifications:on]\n[Garder→menu]';

  test.each([
    [undefined, ON],
    [true, ON],
    [false, OFF],
  ])('shown when they are %s', (notifications, page) => {
    expect(seen(on(typed('/notifications'), person(notifications)))).toEqual([page]);
  });

  test.each([
    ['off', OFF, 'preference:false'],
    ['on', ON, 'preference:true'],
  ])('turned %s by a button', (to, page, effect) => {
    const decision = on(tap(`do:notifications:${to}`), person(to === 'off'));
    expect(seen(decision)).toEqual([page]);
    expect(recorded(decision)).toEqual(['tap:notifications', effect]);
  });

  test.each(['STOP', 'stop.', 'Arrêt', 'ARRÊT !'])('%s turns them off', (word) => {
    const decision = on(typed(word));
    expect(seen(decision)).toEqual([`notifications_stopped\n${MENU}`]);
    expect(recorded(decision)).toEqual(['stop', 'preference:false']);
  });
});

test.each([
  ...KINDS.map((kind) => [kind, typed(`/${kind}@mairie_bot`)] as const),
  ['a button of the product', tap('do:notifications:off')] as const,
])('in a group nothing personal is shown or settled: %s', (_what, event) => {
  const decision = on(event, { chat: 'group' });
  expect(seen(decision)).toEqual([`private_only\n${MENU}`]);
  expect(decision.asks).toEqual([]);
  expect(decision.effects.map(({ type }) => type)).toEqual(['interaction']);
});
