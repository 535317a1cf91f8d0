import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { people } from './people.ts';
import { body, requests, text } from './requests.ts';
import { bench } from './support.ts';
import type { Answer, Bench } from './support.ts';
import type { Template } from './whatsapp.ts';

const [awa, moussa, , fatou] = people;
const START = 1_790_000_000_000;
const DAY = 86_400_000;
let now = START;
let it: Bench;

const templates: Template[] = [
  { name: 'en_attente', language: 'fr', body: 'x', status: 'pending' },
  { name: 'en_pause', language: 'fr', body: 'x', status: 'paused' },
  { name: 'arret', language: 'fr', body: 'x', status: 'disabled' },
  { name: 'long', language: 'fr', body: `${text(1000)} {{1}} {{1}} {{2}}` },
];
beforeEach(async () => {
  now = START;
  it = await bench({ now: () => now, templates });
  it.sim.phone.text(awa, 'Bonjour');
});
afterEach(() => it.stop());

const { send, template } = requests(() => it, awa.wa_id);
const codeOf = ({ status, error }: Answer) => [status, error?.code];
const shown = () => it.sim.state.botMessages(awa.wa_id).map((message) => message.text);

describe('the customer service window', () => {
  test.each([
    ['just written', 0, true],
    ['a moment before its end', DAY - 1, true],
    ['at its end', DAY, false],
    ['a week later', 7 * DAY, false],
  ])('%s', async (_, later, open) => {
    now += later;
    expect(it.sim.state.window(awa.wa_id ?? '')).toEqual({ open, until: START + DAY });
    expect((await it.say(awa.wa_id, 'Voici')).status).toBe(200);
    expect(shown()).toEqual(open ? ['Voici'] : []);
  });

  test.each<[string, () => unknown]>([
    ['a text', () => it.sim.phone.text(awa, 'x')],
    ['a tap', () => it.sim.phone.reply(awa, it.sim.state.botMessages()[0]?.id ?? '', 'b')],
    ['a photo', () => it.sim.phone.image(awa)],
    ['a reaction', () => it.sim.phone.reaction(awa, it.sim.state.botMessages()[0]?.id ?? '', '👍')],
  ])('%s opens it again, for 24 hours', async (_, act) => {
    await requests(() => it, awa.wa_id).buttons(['b', 'Bien']);
    now += 3 * DAY;
    act();
    expect(it.sim.state.window(awa.wa_id ?? '')).toEqual({ open: true, until: now + DAY });
    await it.say(awa.wa_id, 'Voici');
    expect(shown()).toContain('Voici');
  });

  test.each<[string, () => unknown]>([
    ['reading', () => it.sim.phone.read(awa)],
    ['blocking and unblocking', () => (it.sim.phone.block(awa), it.sim.phone.unblock(awa))],
    ['a change of number', () => it.sim.phone.changeNumber(awa, '221770000091')],
    ['what the bot sends', () => template('hello_world', 'en_US')],
  ])('%s does not', async (_, act) => {
    await it.say(awa.wa_id);
    now += 3 * DAY;
    await act();
    expect(it.sim.state.window(awa.user_id ?? '').open).toBe(false);
  });

  test('never opened by who never wrote', () => {
    expect(it.sim.state.window(moussa.wa_id ?? '')).toEqual({ open: false, until: 0 });
    expect(it.sim.state.window('221770000099')).toEqual({ open: false, until: 0 });
  });

  test('its length is an option', async () => {
    await it.stop();
    it = await bench({ now: () => now, windowMs: 1000 });
    it.sim.phone.text(awa, 'Bonjour');
    now += 1000;
    expect(it.sim.state.window(awa.wa_id ?? '').open).toBe(false);
  });
});

describe('templates', () => {
  test('pass outside the window, filled in, with their buttons', async () => {
    now += 3 * DAY;
    const answer = await template('reponse_disponible', 'fr', body('Awa'), {
      type: 'button',
      sub_type: 'quick_reply',
      index: '0',
      parameters: [{ type: 'payload', payload: 'recevoir' }],
    });
    expect(answer.messages).toEqual([{ id: expect.any(String), message_status: 'accepted' }]);
    expect(it.sim.state.lastBotMessage(awa.wa_id ?? '')).toMatchObject({
      kind: 'template',
      text: expect.stringMatching(/^Bonjour Awa, /),
      buttons: [
        { id: 'recevoir', title: 'Recevoir la réponse' },
        { id: 'Plus de messages', title: 'Plus de messages' },
      ],
    });
    expect(it.sim.state.violations).toEqual([]);
  });

  const button = (more: object) => [
    body('Awa'),
    { type: 'button', sub_type: 'quick_reply', index: 0, ...more },
  ];
  test.each<[string, number, number, RegExp, string, object[]]>([
    ['unknown', 404, 132001, /\(rien\) does not exist in fr/, 'rien', []],
    ['not approved yet', 404, 132001, /does not exist/, 'en_attente', []],
    ['paused', 400, 132015, /paused/, 'en_pause', []],
    ['disabled', 400, 132016, /disabled/, 'arret', []],
    ['too few values', 400, 132000, /\(1\) does not match .* \(2\)/, 'long', [body('a')]],
    ['too many values', 400, 132000, /\(3\) does not match .* \(2\)/, 'long', [body('a', 'b', 'c')]],
    ['too long when filled in', 400, 132005, /too long/, 'long', [body(text(20), 'b')]],
    [
      'a header it has not',
      400,
      132000,
      /header/,
      'reponse_disponible',
      [body('Awa'), { type: 'header', parameters: [{ type: 'text', text: 'x' }] }],
    ],
    [
      'an amount for a text',
      400,
      132012,
      /takes texts/,
      'reponse_disponible',
      [{ type: 'body', parameters: [{ type: 'payload', text: 'x' }] }],
    ],
    ['a tab', 400, 132018, /new-line\/tab/, 'reponse_disponible', [body('A\tB')]],
    [
      'a link it has not',
      400,
      132012,
      /no such button/,
      'reponse_disponible',
      button({ sub_type: 'url', parameters: [{ type: 'text', text: 'x' }] }),
    ],
    ['a third button', 400, 131009, /no button 2/, 'reponse_disponible', button({ index: '2' })],
    ['a button without number', 400, 131009, /no button/, 'reponse_disponible', button({ index: '' })],
    [
      'a text for a payload',
      400,
      132012,
      /payload/,
      'reponse_disponible',
      button({ parameters: [{ type: 'text', text: 'x' }] }),
    ],
    ['another language', 404, 132001, /hello_world\) does not exist in fr/, 'hello_world', []],
  ])('%s', async (_, status, code, why, name, components) => {
    const answer = await template(name, 'fr', ...components);
    expect(codeOf(answer)).toEqual([status, code]);
    expect(`${answer.error?.message} ${answer.error?.error_data?.details}`).toMatch(why);
    expect(shown()).toEqual([]);
  });

  test('a part that is none', async () => {
    const answer = await template('hello_world', 'en_US', { type: 'pied', parameters: [] });
    expect(codeOf(answer)).toEqual([400, 100]);
    expect(answer.error?.error_data?.details).toMatch(/must be one of/);
  });

  test('a name where numbers are expected is recorded', async () => {
    const parameters = [{ type: 'text', text: 'Awa', parameter_name: 'prenom' }];
    expect((await template('reponse_disponible', 'fr', { type: 'body', parameters })).status).toBe(200);
    expect(it.sim.state.violations).toMatchObject([{ rule: 'template' }]);
  });
});

describe('rates, when asked for', () => {
  const several = async (n: number, to = awa.wa_id) => {
    const codes = [];
    for (let i = 0; i < n; i++) codes.push((await it.say(to, String(i))).error?.code ?? 200);
    return codes;
  };

  test('none without', async () => {
    expect(new Set(await several(90))).toEqual(new Set([200]));
  });

  test('one person: 45 at once, then one in six seconds', async () => {
    it.sim.faults.throttle = true;
    it.sim.phone.text(moussa, 'Bonjour');
    expect(await several(46)).toEqual([...Array.from({ length: 45 }, () => 200), 131056]);
    expect(await several(1, moussa.wa_id)).toEqual([200]);
    now += 5999;
    expect(await several(1)).toEqual([131056]);
    now += 1;
    expect(await several(2)).toEqual([200, 131056]);
    now += 12_000;
    expect(await several(3)).toEqual([200, 200, 131056]);
    expect(shown()).toHaveLength(48);
  });

  test('the number and the business-scoped id are one pair', async () => {
    it.sim.faults.throttle = true;
    await several(45);
    const answer = await send({ to: undefined, recipient: awa.user_id, text: { body: 'x' } });
    expect(answer.error?.code).toBe(131056);
  });

  test('80 a second in all', async () => {
    it.sim.faults.throttle = true;
    const persons = Array.from({ length: 81 }, (_, i) => ({ wa_id: String(221770001000 + i) }));
    for (const person of persons) it.sim.phone.text(person, 'Bonjour');
    const codes = [];
    for (const { wa_id } of persons) codes.push((await it.say(wa_id)).error?.code ?? 200);
    expect(codes).toEqual([...Array.from({ length: 80 }, () => 200), 130429]);
    now += 1000;
    expect((await it.say(persons[80]?.wa_id)).status).toBe(200);
  });

  test('refused as 400 or as 429: only the code tells', async () => {
    it.sim.faults.throttle = true;
    await several(45);
    const seen = new Set<number>();
    for (let i = 0; i < 30; i++) seen.add((await it.say(awa.wa_id)).status);
    expect(seen).toEqual(new Set([400, 429]));
  });
});

describe('errors asked for', () => {
  test.each([
    [190, 401],
    [131016, 500],
    [2, 503],
    [368, 403],
    [80007, 400],
    [133010, 400],
    [131048, 400],
  ])('%i as %i, so many times', async (code, status) => {
    it.sim.faults.errors = [{ code, times: 1 }];
    expect(codeOf(await it.say(awa.wa_id))).toEqual([status, code]);
    expect(codeOf(await it.say(awa.wa_id))).toEqual([200, undefined]);
    expect(shown()).toHaveLength(1);
  });

  test('to one person, with a status and a sentence', async () => {
    it.sim.phone.text(fatou, 'Bonjour');
    it.sim.faults.errors = [{ code: 130429, httpStatus: 403, details: 'plus tard', to: awa.wa_id ?? '' }];
    const { status, error } = await it.say(awa.wa_id);
    expect([status, error?.code, error?.error_data?.details]).toEqual([403, 130429, 'plus tard']);
    expect((await send({ to: undefined, recipient: fatou.user_id, text: { body: 'x' } })).status).toBe(200);
  });

  test('HTML of a proxy in between', async () => {
    it.sim.faults.errors = [{ code: 2, html: '<h1>502</h1>', times: 1 }];
    const response = await it.request(`${it.sim.phoneId}/messages`, { method: 'POST', body: '{}' });
    expect([response.status, response.headers.get('content-type')]).toEqual([502, 'text/html']);
    expect(await response.text()).toBe('<h1>502</h1>');
  });

  test.each([
    ['reset', 0],
    ['record-then-reset', 1],
  ] as const)('%s: no answer, %i message', async (mode, messages) => {
    it.sim.faults.dropCalls = [{ mode, times: 1 }];
    await expect(it.say(awa.wa_id)).rejects.toThrow();
    expect(shown()).toHaveLength(messages);
    expect(it.sim.state.callsOf('POST messages')).toMatchObject([
      { dropped: 'reset', executed: messages === 1 },
    ]);
    expect((await it.say(awa.wa_id)).status).toBe(200);
  });

  test.each([
    ['hang', 0],
    ['record-then-hang', 1],
  ] as const)('%s: the client waits, %i message', async (mode, messages) => {
    it.sim.faults.dropCalls = [{ mode, times: 1 }];
    const abort = new AbortController();
    const asked = it.request(`${it.sim.phoneId}/messages`, {
      method: 'POST',
      signal: abort.signal,
      body: JSON.stringify({ messaging_product: 'whatsapp', to: awa.wa_id, text: { body: 'x' } }),
    });
    const lost = expect(asked).rejects.toThrow();
    await it.sim.waitFor(() => it.sim.state.calls[0]?.dropped === 'hang');
    expect(shown()).toHaveLength(messages);
    abort.abort();
    await lost;
  });

  test('other calls than messages', async () => {
    it.sim.faults.errors = [{ call: 'POST read', code: 131000 }];
    const [message] = it.sim.state.messages(awa.wa_id);
    expect(codeOf(await it.send({ status: 'read', message_id: message?.id }))).toEqual([500, 131000]);
    expect(it.sim.state.readMarks.size).toBe(0);
    expect((await it.say(awa.wa_id)).status).toBe(200);
    it.sim.faults.reset();
    expect((await it.send({ status: 'read', message_id: message?.id })).status).toBe(200);
    expect(it.sim.state.readMarks).toEqual(new Set([message?.id]));
  });
});

describe('read and typing', () => {
  test('typing ends after 25 seconds', async () => {
    const id = it.sim.phone.text(awa, 'Une question');
    await it.send({ status: 'read', message_id: id, typing_indicator: { type: 'text' } });
    now += 24_999;
    expect(it.sim.state.typing(awa.wa_id ?? '')).toBe(true);
    now += 1;
    expect(it.sim.state.typing(awa.wa_id ?? '')).toBe(false);
  });

  test('or with the answer', async () => {
    const id = it.sim.phone.text(awa, 'Une question');
    await it.send({ status: 'read', message_id: id, typing_indicator: { type: 'text' } });
    await it.say(awa.wa_id);
    expect(it.sim.state.typing(awa.wa_id ?? '')).toBe(false);
  });

  test('a receipt is for all that came before, of that person', async () => {
    const ids = ['un', 'deux', 'trois'].map((said) => it.sim.phone.text(awa, said));
    it.sim.phone.text(moussa, 'Bonjour');
    expect(await it.send({ status: 'read', message_id: ids[1] })).toEqual({ status: 200, success: true });
    const [first] = it.sim.state.messages(awa.wa_id);
    expect(it.sim.state.readMarks).toEqual(new Set([first?.id, ids[0], ids[1]]));
  });

  test('not of what the bot has said', async () => {
    const { messages } = await it.say(awa.wa_id);
    expect(codeOf(await it.send({ status: 'read', message_id: messages?.[0]?.id }))).toEqual([400, 131009]);
  });
});
