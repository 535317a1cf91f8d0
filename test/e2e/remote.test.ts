import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { botSaid, buttonsOf, somebody, startProduct } from '../support/product.ts';

type Handler = (question: string, response: ServerResponse, request: IncomingMessage) => void;

/** An answers API of somebody else, as the seeds describe it. */
async function startApi(handle: Handler): Promise<{ url: string; stop(): Promise<void> }> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (request.url === '/health') {
        response.end('{"status":"ok"}');
        return;
      }
      const { question } = JSON.parse(Buffer.concat(chunks).toString()) as { question: string };
      handle(question, response, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.closeAllConnections();
      server.close(() => {
        resolve();
      });
    });
  onTestFinished(stop);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop };
}

const json = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
};

test('a long answer of the API arrives whole, in marked parts within the limit, in order', async () => {
  const paragraphs = Array.from(
    { length: 120 },
    (_, i) => `Paragraphe ${i + 1} : **la cotisation** est due chaque mois 😀.`,
  );
  const api = await startApi((_question, response) => {
    json(response, 200, { answer: paragraphs.join('\n\n'), sources: ['guide officiel'] });
  });
  const { simulator, guichet } = await startProduct({ env: { CSS_API_URL: api.url } });
  const awa = somebody();
  simulator.phone.text(awa, 'Dites-moi tout');
  await botSaid(simulator, awa, 2);
  await guichet.pipeline.idle();
  const said = simulator.state.botMessages(awa.id).map((message) => message.text);
  expect(said.length).toBeGreaterThan(1);
  said.forEach((text, i) => {
    expect([...text].length).toBeLessThanOrEqual(4096);
    if (i > 0) expect(text.startsWith(`(Suite ${i + 1}/${said.length})`)).toBe(true);
  });
  const numbers = said.join('\n').match(/Paragraphe \d+/g);
  expect(numbers).toEqual(paragraphs.map((_, i) => `Paragraphe ${i + 1}`));
  expect(said.at(-1)).toContain('documentation officielle CSS');
});

test.each([
  ['nothing found', 404, { detail: 'Not found' }, "je n'ai pas trouvé"],
  ['its own error', 500, { error: 'x' }, 'réessayer'],
  ['something that is not JSON', 200, undefined, 'réessayer'],
])(
  'the API answers %s: the person reads a friendly sentence and a next step',
  async (_, status, body, says) => {
    const api = await startApi((_question, response) => {
      if (body === undefined) response.end('<html>');
      else json(response, status, body);
    });
    const { simulator } = await startProduct({ env: { CSS_API_URL: api.url } });
    const awa = somebody();
    simulator.phone.text(awa, 'Quel est le taux ?');
    const reply = await botSaid(simulator, awa, 1);
    expect(reply.text).toContain(says);
    expect(buttonsOf(reply).flat().length).toBeGreaterThan(0);
  },
);

test('an API that is down is said within 5 seconds, menus still work, and /status tells the truth', async () => {
  const api = await startApi((_question, response) => {
    json(response, 200, { answer: 'oui' });
  });
  const { simulator, url } = await startProduct({ env: { CSS_API_URL: api.url } });
  await api.stop();
  const awa = somebody();
  simulator.phone.text(awa, 'Quel est le taux ?');
  expect((await botSaid(simulator, awa, 1, 5000)).text).toContain('Impossible de se connecter');
  simulator.phone.text(awa, '/menu');
  expect((await botSaid(simulator, awa, 2)).text).toContain('Menu des catégories');
  simulator.phone.text(awa, '/status');
  expect((await botSaid(simulator, awa, 3)).text).toContain('Hors ligne');
  expect(((await (await fetch(`${url}/health`)).json()) as { answers: string }).answers).toBe('down');
});

test('a slow API is waited for, typing is shown again and again, and other chats are answered meanwhile', async () => {
  const api = await startApi((_question, response) => {
    setTimeout(() => {
      json(response, 200, { answer: 'Voici la réponse.' });
    }, 5500);
  });
  const { simulator } = await startProduct({ env: { CSS_API_URL: api.url } });
  const [slow, quick] = [somebody(), somebody()];
  simulator.phone.text(slow, 'Quel est le taux ?');
  simulator.phone.text(quick, '/menu');
  await botSaid(simulator, quick, 1, 3000);
  expect(simulator.state.botMessages(slow.id)).toHaveLength(0);
  expect((await botSaid(simulator, slow, 1, 9000)).text).toContain('Voici la réponse.');
  expect(simulator.state.callsOf('sendChatAction', slow.id).length).toBeGreaterThanOrEqual(2);
});

test('our own answers API always uses our documents, whatever CSS_API_URL says', async () => {
  const api = await startApi((_question, response) => {
    json(response, 200, { answer: 'ailleurs' });
  });
  const { url } = await startProduct({ env: { CSS_API_URL: api.url } });
  const ask = (body: string) =>
    fetch(`${url}/ask-question-ultra`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
  const answered = await ask('{"question":"Quel est le taux de cotisation ?"}');
  expect(answered.status).toBe(200);
  expect(await answered.json()).toMatchObject({
    answer: expect.stringMatching(/8 %, 10 % ou 12 %/) as string,
    abstained: false,
    sources: [{ title: 'Cotisations à la CSS', excerpt: expect.any(String) as string }],
  });
  const missing = await ask('{"question":"Comment réparer un vélo électrique ?"}');
  expect(missing.status).toBe(404);
  expect(await missing.json()).toMatchObject({
    answer: null,
    abstained: true,
    message: expect.any(String) as string,
  });
  const personal = await ask('{"question":"Où en est mon dossier ?"}');
  expect(personal.status).toBe(404);
  for (const bad of ['', '{}', '{"question":""}', '{"question":42}', '[]']) {
    const refused = await ask(bad);
    expect([refused.status, Object.keys((await refused.json()) as object).sort()]).toEqual([
      400,
      ['details', 'error', 'timestamp'],
    ]);
  }
});
