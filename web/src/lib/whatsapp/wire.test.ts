import { describe, expect, test } from 'vitest';
import { viewOf, written, type WireMessage, type WireState } from './wire.ts';

const aside = {
  faults: {},

  askLabels: { contact: 'Mon numéro', location: 'Ma position' },
};

const stateWith = (...messages: Partial<WireMessage>[]): WireState => ({
  business: { name: 'CSS', number: '221330000000' },
  users: [
    { id: '221770000001', wa_id: '221770000001', name: 'Awa Démo' },
    { id: 'SN.1', name: 'Fatou Sans Numéro' },
  ],
  user: { id: '221770000001', wa_id: '221770000001', name: 'Awa Démo' },
  chat: {
    typing: false,
    blocked: false,
    windowOpen: true,
    windowUntil: 87_400,
    messages: messages.map((message, index) => ({
      id: `m${index + 1}`,
      from: 'bot',
      timestamp: 1_000 + index,
      kind: 'text',
      text: '',
      ...message,
    })),
  },
  violations: 0,
});

const only = (message: Partial<WireMessage>) => viewOf(stateWith(message), aside).messages[0];

test('marks are read, and not shown', () => {
  expect(only({ text: '*Menu*' })).toMatchObject({
    text: 'Menu',
    entities: [{ type: 'bold', offset: 0, length: 4 }],
  });
});

test.each([
  [
    {
      buttons: [
        { id: 'a', title: 'Aide' },
        { id: 'b', title: 'Menu' },
      ],
    },
    [[{ text: 'Aide', data: 'a' }], [{ text: 'Menu', data: 'b' }]],
  ],
  [
    { url: { text: 'Ouvrir', url: 'https://css.example' } },
    [[{ text: 'Ouvrir', url: 'https://css.example' }]],
  ],
  [{ asks: 'contact' as const }, [[{ text: 'Mon numéro', asks: 'contact' }]]],
  [{ asks: 'contact' as const, from: 'user' as const }, []],
])('buttons of %j, one below the other', (message, buttons) => {
  expect(only(message)?.buttons).toEqual(buttons);
});

describe('ticks', () => {
  test.each([
    [{ status: 'read' }, 'read', undefined],
    [{ status: 'failed', error: 131047 }, 'failed', 131047],
    [{}, 'sent', undefined],
    [{ from: 'user' }, 'delivered', undefined],
    [{ from: 'user', read: true }, 'read', undefined],
  ] as [Partial<WireMessage>, string, number | undefined][])('%j', (message, status, failure) => {
    expect(only(message)).toMatchObject({ status });
    expect(only(message)?.failure).toBe(failure);
  });
});

test('an answer shows what it answers; a place and a card show themselves', () => {
  const view = viewOf(
    stateWith(
      { text: '*Menu*' },
      { from: 'user', kind: 'interactive', text: 'Aide', replyTo: 'm1' },
      { from: 'user', kind: 'location', text: '14.7, -17.4' },
      { from: 'user', kind: 'contacts', text: '+221770000001' },
    ),
    aside,
  );
  expect(view.messages[1]?.quote).toEqual({ mine: false, text: 'Menu' });
  expect(view.messages[2]).toMatchObject({ text: '', media: { kind: 'location', name: '14.7, -17.4' } });
  expect(view.messages[3]).toMatchObject({ text: '', contact: { phone: '+221770000001' } });
});

test('until when the desk may write', () => {
  const state = stateWith();
  expect(viewOf(state, aside).window).toEqual({ open: true, until: 87_400 });
  const never = { ...state, chat: { ...state.chat, windowOpen: false, windowUntil: 0 } };
  expect(viewOf(never, aside).window).toEqual({ open: false, until: undefined });
});

test('people are known by their number, or by its absence', () => {
  expect(viewOf(stateWith(), aside).people).toEqual([
    { id: '221770000001', name: 'Awa Démo', number: '+221 77 000 00 01' },
    { id: 'SN.1', name: 'Fatou Sans Numéro', number: null },
  ]);
  expect(written('33612345678')).toBe('+33612345678');
});

test('a file is shown from where its bytes are', () => {
  expect(only({ kind: 'image', media: { kind: 'image', id: '1 2', size: 3 } })?.media).toEqual({
    kind: 'photo',
    size: 3,
    address: '/simulator/api/whatsapp/media/1%202',
  });
});

test.each([
  [{ revoked: true }, 'revoked'],
  [{ kind: 'unsupported' }, 'unsupported'],
  [{}, undefined],
])('what is missing of %j', (message, missing) => {
  expect(only(message)?.missing).toBe(missing);
});
