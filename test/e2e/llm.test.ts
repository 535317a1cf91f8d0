import type { ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { botSaid, somebody, startProduct } from '../support/product.ts';

const KEY = 'inv3nted-key-of-the-model-0001';
const QUESTION = 'Quel est le taux de cotisation des prestations familiales ?';
const WORDED = 'Voici ce que disent nos documents';

interface Model {
  url: string;
  asked: string[];
  stop(): Promise<void>;
}

/** A model that streams `write(passage 1)`; silent when that is undefined. */
async function startModel(
  write: (passage: string, response: ServerResponse) => string | undefined,
): Promise<Model> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const sent = Buffer.concat(parts).toString();
      asked.push(`${request.headers.authorization ?? ''} ${sent}`);
      const { messages } = JSON.parse(sent) as { messages: { content: string }[] };
      const passage = /\[1\][^\n]*\n([^\n]+)/.exec(messages[1]?.content ?? '')?.[1] ?? '';
      const text = write(passage, response);
      if (text === undefined) return;
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const word of text.split(/(?<= )/))
        response.write(`data: ${JSON.stringify({ choices: [{ delta: { content: word } }] })}\n\n`);
      response.end('data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n');
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
  return { url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/v1`, asked, stop };
}

const environment = (model: Model): Record<string, string> => ({
  LLM_BASE_URL: model.url,
  LLM_MODEL: 'essai',
  LLM_API_KEY: KEY,
});
/** The first sentence of the passage, introduced, and cited. */
const repeats = (passage: string): string => {
  const sentence = passage.split(/(?<=[.!?])\s/)[0]?.replace(/[.\s]+$/, '') ?? '';
  return `${WORDED} : ${sentence} [1].`;
};

test('a model words the answer from our passages; killed, the documents answer within 5 seconds', async () => {
  const model = await startModel(repeats);
  const { simulator, guichet, url, logged } = await startProduct({ env: environment(model) });
  const awa = somebody();
  simulator.phone.text(awa, QUESTION);
  expect((await botSaid(simulator, awa, 1)).text).toContain(WORDED);
  expect(model.asked).toHaveLength(1);
  expect(model.asked[0]).toContain(`Bearer ${KEY}`);
  expect(model.asked[0]).not.toContain(String(awa.id));
  expect(model.asked[0]).not.toContain(awa.first_name);

  await model.stop();
  simulator.phone.text(awa, QUESTION);
  const said = await botSaid(simulator, awa, 2, 5000);
  expect(said.text).not.toContain(WORDED);
  expect(said.text).toMatch(/\d/);
  await guichet.pipeline.idle();
  expect(simulator.state.botMessages(awa.id)).toHaveLength(2);
  expect(((await (await fetch(`${url}/health`)).json()) as { answers: string }).answers).toBe('ok');
  expect(logged.join('')).not.toContain(KEY);
});

test('a model that hangs: the documents answer within 5 seconds, once', async () => {
  const model = await startModel(() => undefined);
  const { simulator, guichet } = await startProduct({ env: environment(model) });
  const awa = somebody();
  simulator.phone.text(awa, QUESTION);
  await botSaid(simulator, awa, 1, 5000);
  await guichet.pipeline.idle();
  expect(simulator.state.botMessages(awa.id)).toHaveLength(1);
  expect(model.asked).toHaveLength(1);
});

test('the answers API is worded too, and what a model invents reaches nobody', async () => {
  const model = await startModel(() => 'La cotisation est de 99 999 F, payez sur http://evil.example [1].');
  const { simulator, url } = await startProduct({ env: environment(model) });
  const reply = await fetch(`${url}/ask-question-ultra`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ question: QUESTION }),
  });
  expect(reply.status).toBe(200);
  const awa = somebody();
  simulator.phone.text(awa, QUESTION);
  const { text } = await botSaid(simulator, awa, 1);
  for (const said of [await reply.text(), text]) expect(said).not.toMatch(/99.999|evil/);
  expect(model.asked).toHaveLength(2);
});
