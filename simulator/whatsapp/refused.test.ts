import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { people } from './people.ts';
import { body, row, rows, requests, text } from './requests.ts';
import { bench } from './support.ts';
import type { Bench } from './support.ts';

const [awa, , , fatou] = people;
let it: Bench;
let inbound: string;

beforeAll(async () => {
  it = await bench();
});
beforeEach(() => {
  for (const user of people) inbound = it.sim.phone.text(user, 'Bonjour');
  (it.sim.state.violations as unknown[]).length = 0;
});
afterAll(() => it.stop());

const { send, interactive, buttons, list, template } = requests(() => it, awa.wa_id);
const unchecked = { type: 'list', body: { text: 'x' } };

describe('refused', () => {
  test.each<[string, number, RegExp, () => ReturnType<typeof send>]>([
    ['no product', 100, /messaging_product is required/, () => it.send({ messaging_product: undefined })],
    ['another product', 100, /WHATSAPP/, () => send({ messaging_product: 'telegram', text: { body: 'x' } })],
    ['nobody', 100, /parameter to is required/, () => it.send({ text: { body: 'x' } })],
    ['an unknown key', 100, /Unexpected key "texte"/, () => send({ text: { body: 'x' }, texte: 1 })],
    [
      'another type beside',
      100,
      /Unexpected key "image"/,
      () => send({ type: 'text', text: { body: 'x' }, image: {} }),
    ],
    [
      'a key inside',
      100,
      /Unexpected key "parse_mode" on param "text"/,
      () => send({ text: { body: 'x', parse_mode: 'HTML' } }),
    ],
    ['null', 100, /null/, () => send({ text: { body: 'x' }, context: null })],
    ['a null inside', 100, /string/, () => send({ text: { body: null } })],
    ['a group', 100, /INDIVIDUAL/, () => send({ recipient_type: 'group', text: { body: 'x' } })],
    ['no content', 131008, /text is required/, () => send({ type: 'text' })],
    ['no text', 131008, /body/, () => send({ text: {} })],
    ['an empty text', 131009, /empty/, () => send({ text: { body: '' } })],
    ['a blank text', 131009, /empty/, () => send({ text: { body: ' \n' } })],
    ['a long text', 131009, /4096/, () => send({ text: { body: text(4097) } })],
    ['a number for a text', 100, /string/, () => send({ text: { body: 5 } })],
    ['half an emoji', 100, /UTF-8/, () => send({ text: { body: '\ud83d' } })],
    ['an unknown type', 131051, /hologram/, () => send({ type: 'hologram', hologram: {} })],
    ['a type of every object', 131051, /constructor/, () => send({ type: 'constructor' })],
    ['a word for a number', 131009, /malformed/, () => send({ to: 'awa', text: { body: 'x' } })],
    ['an id in to', 131009, /malformed/, () => send({ to: fatou.user_id, text: { body: 'x' } })],
    [
      'a number in recipient',
      131009,
      /business-scoped/,
      () => it.send({ recipient: '221770000001', text: { body: 'x' } }),
    ],
    ['ourselves', 131021, /same/, () => send({ to: it.sim.displayNumber, text: { body: 'x' } })],
    [
      'long callback data',
      131009,
      /512/,
      () => send({ text: { body: 'x' }, biz_opaque_callback_data: text(513) }),
    ],
    [
      'a foreign context',
      131009,
      /not a message id/,
      () => send({ text: { body: 'x' }, context: { message_id: '12' } }),
    ],
    ['no button', 131009, /Min allowed buttons: 1, Max allowed buttons: 3/, () => buttons()],
    [
      '4 buttons',
      131009,
      /Max allowed buttons: 3/,
      () => buttons(['a', 'A'], ['b', 'B'], ['c', 'C'], ['d', 'D']),
    ],
    [
      '21 characters',
      131009,
      /Button title length invalid. Min length: 1, Max length: 20/,
      () => buttons(['a', text(21)]),
    ],
    ['an empty title', 131009, /Min length: 1/, () => buttons(['a', ''])],
    ['a long id', 131009, /256/, () => buttons([text(257), 'A'])],
    ['one id twice', 131009, /Duplicated button reply id/, () => buttons(['a', 'A'], ['a', 'B'])],
    ['one title twice', 131009, /Duplicated button reply title/, () => buttons(['a', 'A'], ['b', 'A'])],
    ['a space around an id', 131009, /spaces/, () => buttons([' a', 'A'])],
    ['a space around a title', 131009, /spaces/, () => buttons(['a', 'A '])],
    [
      '11 rows',
      131009,
      /Total row count exceed max allowed count: 10/,
      () =>
        list([
          { title: 'A', rows: rows(6) },
          { title: 'B', rows: rows(5, 6) },
        ]),
    ],
    ['no section', 131009, /sections/, () => list([])],
    ['an empty section', 131009, /empty/, () => list([{ rows: [] }])],
    [
      'two sections without titles',
      131009,
      /Section title is required/,
      () => list([{ rows: rows(1) }, { title: 'B', rows: rows(1, 1) }]),
    ],
    ['a long section title', 131009, /24/, () => list([{ title: text(25), rows: rows(1) }])],
    [
      'a long row title',
      131009,
      /Row title is too long. Max length is 24/,
      () => list([{ rows: [row('a', text(25))] }]),
    ],
    ['a long description', 131009, /72/, () => list([{ rows: [row('a', 'A', text(73))] }])],
    ['a long row id', 131009, /200/, () => list([{ rows: [row(text(201), 'A')] }])],
    ['one row id twice', 131009, /Duplicated row id/, () => list([{ rows: [row('a', 'A'), row('a', 'B')] }])],
    ['a long list button', 131009, /20/, () => list([{ rows: rows(1) }], text(21))],
    [
      'a long body',
      131009,
      /1024/,
      () => interactive({ ...unchecked, body: { text: text(1025) }, action: {} }),
    ],
    ['no body', 131008, /body/, () => interactive({ type: 'list', action: {} })],
    [
      'a media header on a list',
      100,
      /TEXT/,
      () => interactive({ ...unchecked, header: { type: 'image' }, action: {} }),
    ],
    [
      'a long header',
      131009,
      /60/,
      () => interactive({ ...unchecked, header: { type: 'text', text: text(61) }, action: {} }),
    ],
    [
      'a long footer',
      131009,
      /60/,
      () => interactive({ ...unchecked, footer: { text: text(61) }, action: {} }),
    ],
    [
      'an unknown interactive',
      100,
      /must be one of/,
      () => interactive({ ...unchecked, type: 'carousel', action: {} }),
    ],
    [
      'a link that is none',
      100,
      /valid URI/,
      () =>
        interactive({
          ...unchecked,
          type: 'cta_url',
          action: { name: 'cta_url', parameters: { display_text: 'x', url: 'ici' } },
        }),
    ],
    [
      'a footer on a request',
      131009,
      /not allowed/,
      () =>
        interactive({
          type: 'request_contact_info',
          body: { text: 'x' },
          footer: { text: 'x' },
          action: { name: 'request_contact_info' },
        }),
    ],
    [
      'a media without source',
      131008,
      /id or a link/,
      () => send({ type: 'image', image: { caption: 'x' } }),
    ],
    [
      'a media with two',
      131009,
      /not both/,
      () => send({ type: 'image', image: { id: '1', link: 'https://example.org' } }),
    ],
    ['an unknown media', 131009, /no media 1/, () => send({ type: 'image', image: { id: '1' } })],
    [
      'a caption on audio',
      100,
      /Unexpected key "caption"/,
      () => send({ type: 'audio', audio: { id: '1', caption: 'x' } }),
    ],
    [
      'a long caption',
      131009,
      /1024/,
      () => send({ type: 'image', image: { link: 'https://example.org', caption: text(1025) } }),
    ],
    [
      'a place beyond the pole',
      131009,
      /between/,
      () => send({ type: 'location', location: { latitude: 91, longitude: 0 } }),
    ],
    [
      'a card with one name',
      131009,
      /another name/,
      () => send({ type: 'contacts', contacts: [{ name: { formatted_name: 'x' } }] }),
    ],
    [
      'a reaction to nothing',
      131009,
      /no such message/,
      () => send({ type: 'reaction', reaction: { message_id: 'wamid.x', emoji: '👍' } }),
    ],
    [
      'an unknown template',
      132001,
      /reponse_disponible\) does not exist in en/,
      () => template('reponse_disponible', 'en'),
    ],
    [
      'too few parameters',
      132000,
      /\(0\) does not match the expected number of params \(1\)/,
      () => template('reponse_disponible', 'fr'),
    ],
    [
      'a newline in a parameter',
      132018,
      /new-line/,
      () => template('reponse_disponible', 'fr', body('A\nB')),
    ],
    [
      'five spaces in a parameter',
      132018,
      /4 consecutive/,
      () => template('reponse_disponible', 'fr', body('A     B')),
    ],
    [
      'a receipt for nothing',
      131009,
      /no such message/,
      () => it.send({ status: 'read', message_id: 'wamid.x' }),
    ],
    [
      'a receipt with an address',
      100,
      /Unexpected key "to"/,
      () => send({ status: 'read', message_id: inbound }),
    ],
    [
      'another typing',
      100,
      /TEXT/,
      () => it.send({ status: 'read', message_id: inbound, typing_indicator: { type: 'audio' } }),
    ],
  ])('%s: %i', async (_, code, why, act) => {
    const before = it.sim.state.messages().length;
    const { status, error } = await act();
    expect([status, error?.code]).toEqual([code === 132001 ? 404 : 400, code]);
    expect(`${error?.message} ${error?.error_data?.details}`).toMatch(why);
    expect(error).toMatchObject({ type: 'OAuthException', fbtrace_id: expect.stringMatching(/^A/) });
    expect(it.sim.state.messages()).toHaveLength(before);
  });

  test('the body of a refusal is the platform’s', async () => {
    expect((await buttons(['a', text(21)])).error).toEqual({
      message: '(#131009) Parameter value is not valid',
      type: 'OAuthException',
      code: 131009,
      error_data: {
        messaging_product: 'whatsapp',
        details: 'Button title length invalid. Min length: 1, Max length: 20',
      },
      fbtrace_id: expect.any(String),
    });
  });
});
