import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { people } from './people.ts';
import { bench } from './support.ts';
import type { Answer, Bench } from './support.ts';

const [awa, , , fatou] = people;
let it: Bench;
let known: string;
beforeAll(async () => {
  it = await bench();
  known = it.sim.phone.text(awa, 'Bonjour');
  it.sim.phone.text(fatou, 'Bonjour');
});
afterAll(() => it.stop());

const loose = fc.jsonValue({ maxDepth: 3 });
/** Nearly right: so that what is deep inside is reached. */
const nearly = (shape: Record<string, fc.Arbitrary<unknown>>) =>
  fc.oneof(
    { weight: 6, arbitrary: fc.record(shape) },
    { weight: 2, arbitrary: fc.record(shape, { requiredKeys: [] }) },
    { weight: 1, arbitrary: loose },
  );
const words = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom('x', 'Menu', 'Le **montant**', '😀'.repeat(11)) },
  { weight: 2, arbitrary: fc.constantFrom('', ' ', '\ud83d', 'é'.repeat(5000)) },
  { weight: 1, arbitrary: loose },
);
const several = (item: fc.Arbitrary<unknown>) =>
  fc.oneof(
    { weight: 4, arbitrary: fc.array(item, { minLength: 1, maxLength: 4 }) },
    { weight: 1, arbitrary: loose },
  );

const interactive = nearly({
  type: fc.oneof(fc.constantFrom('button', 'list', 'cta_url', 'request_contact_info', 'constructor'), loose),
  header: nearly({ type: fc.constantFrom('text', 'image', 'x'), text: words, image: loose }),
  body: nearly({ text: words }),
  footer: nearly({ text: words }),
  action: nearly({
    name: fc.constantFrom('cta_url', 'request_contact_info', 'x'),
    buttons: several(nearly({ type: fc.constant('reply'), reply: nearly({ id: words, title: words }) })),
    button: words,
    sections: several(
      nearly({ title: words, rows: several(nearly({ id: words, title: words, description: words })) }),
    ),
    parameters: nearly({ display_text: words, url: fc.oneof(fc.webUrl(), words) }),
  }),
});
const template = nearly({
  name: fc.oneof(fc.constantFrom('hello_world', 'reponse_disponible', '__proto__'), loose),
  language: nearly({ code: fc.constantFrom('fr', 'en_US') }),
  components: several(
    nearly({
      type: fc.constantFrom('header', 'body', 'button'),
      sub_type: fc.constantFrom('quick_reply', 'url'),
      index: fc.oneof(fc.integer(), loose),
      parameters: several(nearly({ type: fc.constantFrom('text', 'payload'), text: words, payload: words })),
    }),
  ),
});
const media = nearly({ id: words, link: fc.oneof(fc.webUrl(), words), caption: words, filename: words });
const types = ['text', 'interactive', 'template', 'image', 'document', 'location', 'contacts', 'reaction'];

const message: fc.Arbitrary<Record<string, unknown>> = fc.record(
  {
    messaging_product: fc.oneof(
      { weight: 9, arbitrary: fc.constant('whatsapp') },
      { weight: 1, arbitrary: loose },
    ),
    to: fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(awa.wa_id, '+221 77 000 00 02', '221770000099') },
      { weight: 1, arbitrary: loose },
    ),
    recipient: fc.oneof(fc.constant(fatou.user_id), loose),
    recipient_type: fc.constantFrom('individual', 'group'),
    type: fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...types) }, { weight: 1, arbitrary: loose }),
    context: nearly({ message_id: words }),
    biz_opaque_callback_data: words,
    text: nearly({ body: words, preview_url: fc.oneof(fc.boolean(), loose) }),
    interactive,
    template,
    image: media,
    document: media,
    location: nearly({ latitude: fc.oneof(fc.double(), loose), longitude: fc.double(), name: words }),
    contacts: several(
      nearly({
        name: nearly({ formatted_name: words, first_name: words }),
        phones: several(nearly({ phone: words })),
      }),
    ),
    reaction: nearly({ message_id: words, emoji: words }),
    status: fc.oneof(fc.constant('read'), loose),
    message_id: words,
    typing_indicator: nearly({ type: fc.constant('text') }),
  },
  { requiredKeys: [] },
);

/** The type it says, and nothing of the others: else the first unknown key ends it. */
const proper = fc
  .tuple(fc.constantFrom(...types), fc.constantFrom(awa.wa_id, '221770000002'), message)
  .map(([type, to, { [type]: content, biz_opaque_callback_data }]) => ({
    messaging_product: 'whatsapp',
    to,
    type,
    [type]: content,
    biz_opaque_callback_data,
  }));

async function post(body: string): Promise<Answer> {
  const response = await it.request(`${it.sim.phoneId}/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  return { ...((await response.json()) as Answer), status: response.status };
}

/** 200 with what was done, or an error in the platform's form; never a 5xx, which nobody asked for. */
function expectGraph(answer: Answer): void {
  if (answer.status === 200) {
    expect(answer.success === true || typeof answer.messages?.[0]?.id === 'string').toBe(true);
    return;
  }
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(answer.status).toBeLessThan(500);
  expect(answer.error).toMatchObject({
    message: expect.stringMatching(/./),
    type: expect.any(String),
    code: expect.any(Number),
    fbtrace_id: expect.any(String),
  });
}

test('any JSON', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(loose, message), async (body) => expectGraph(await post(JSON.stringify(body)))),
    { numRuns: 300 },
  );
});

test('nearly right messages: some pass, most are refused, each in the form of the API', async () => {
  const outcomes = { sent: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(proper, async (body) => {
      const answer = await post(JSON.stringify(body));
      expectGraph(answer);
      outcomes[answer.status === 200 ? 'sent' : 'refused']++;
    }),
    { numRuns: 600, seed: 3 },
  );
  expect(outcomes.sent).toBeGreaterThan(10);
  expect(outcomes.refused).toBeGreaterThan(100);
});

test('any text, as a body', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 50 }), async (body) =>
      expectGraph(await post(body)),
    ),
    { numRuns: 100 },
  );
});

test('any path and method: refused in the form of the API', async () => {
  const path = fc.oneof(
    fc.webPath(),
    fc.constantFrom('/', '//', '/v25.0', '/v25.0/', '/v0.0/1', '/v25.0/1/messages', '/v25.0/__proto__', '/%'),
  );
  const method = fc.constantFrom('GET', 'POST', 'PUT', 'DELETE');
  await fc.assert(
    fc.asyncProperty(path, method, async (where, how) => {
      const headers = { authorization: `Bearer ${it.sim.token}` };
      const response = await fetch(`${it.sim.url}${where}`, { method: how, headers });
      expect(response.status).toBe(400);
      expect(((await response.json()) as Answer).error?.code).toBeTypeOf('number');
    }),
    { numRuns: 100 },
  );
});

test('after all that it works', async () => {
  expect((await it.send({ status: 'read', message_id: known })).status).toBe(200);
  expect((await it.say(awa.wa_id, 'Voici')).status).toBe(200);
  expect(it.sim.state.lastBotMessage(awa.wa_id ?? '')?.text).toBe('Voici');
});
