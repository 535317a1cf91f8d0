import { createServer } from 'node:http';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Script } from './fixtures/scripted.ts';
import {
  ask,
  event,
  EXTRACT,
  expectClean,
  headers,
  KEY,
  opened,
  OWN,
  QUESTION,
  says,
} from './fixtures/scripted.ts';

const redirectTo: { url: string } = { url: '' };

describe('whatever else it does, the person reads the documents’ own answer', () => {
  const rows: [string, Script, string][] = [
    ['invents an amount', says('L’abonnement coûte 99 999 F [1].'), 'withheld'],
    [
      'spells an invented amount',
      says('L’abonnement coûte quatre-vingt-dix-neuf mille francs [1].'),
      'withheld',
    ],
    ['gives a link', says('Inscrivez-vous à la BIB sur http://evil.example/bib [1].'), 'withheld'],
    ['hides a link', says('[La BIB](http://evil.example/bib) coûte 12 500 F [1].'), 'withheld'],
    ['shows a picture', says('![BIB](http://evil.example/?q=bib) 12 500 F [1].'), 'withheld'],
    ['gives a telephone', says('Pour la BIB, appelez le 77 000 00 66 [1].'), 'withheld'],
    ['cites nothing', says(EXTRACT), 'withheld'],
    ['cites what it was not given', says(`${EXTRACT} [9]`), 'withheld'],
    ['writes HTML', says('La BIB coûte <b>12 500 F</b> <script>evil()</script> [1].'), 'withheld'],
    [
      'answers in English',
      says('The yearly card of the library is 12 500 F for an adult and it is free [1].'),
      'withheld',
    ],
    ['knows nothing', says('AUCUNE RÉPONSE'), 'withheld'],
    ['says nothing', says(''), 'withheld'],
    [
      'calls a tool',
      (response) => {
        response.writeHead(200, headers);
        response.write(
          'data: {"choices":[{"delta":{"content":null,"tool_calls":[{"index":0,"function":{"name":"evil","arguments":"{}"}}]}}]}\n\n',
        );
        response.end('data: {"choices":[{"delta":{},"finish_reason":"tool_calls"}]}\n\ndata: [DONE]\n\n');
      },
      'failed',
    ],
    [
      'tells its key',
      (response, call, n) => {
        says(`La clé de la BIB est ${call.authorization ?? ''} [1]. ${EXTRACT} [1]`)(response, call, n);
      },
      'withheld',
    ],
    [
      'tells its instructions',
      (response, call, n) => {
        const body = JSON.parse(call.body) as { messages: { content: string }[] };
        says(`${EXTRACT} [1] ${body.messages[0]?.content ?? ''} [1]`)(response, call, n);
      },
      'withheld',
    ],
    [
      'tells all it was given',
      (response, call, n) => {
        const body = JSON.parse(call.body) as { messages: { content: string }[] };
        says(`${body.messages[1]?.content ?? ''} [1]`)(response, call, n);
      },
      'withheld',
    ],
    ['never begins', () => undefined, 'slow'],
    [
      'begins with silence',
      (response) => {
        response.writeHead(200, headers);
        response.write(': wait\n\n');
      },
      'slow',
    ],
    [
      'goes on for ever, slowly',
      (response) => {
        response.writeHead(200, headers);
        const timer = setInterval(() => response.write(event('BIB ')), 50);
        response.on('close', () => {
          clearInterval(timer);
        });
      },
      'slow',
    ],
    [
      'goes on for ever, fast',
      (response) => {
        response.writeHead(200, headers);
        const timer = setInterval(() => response.write(event('BIB '.repeat(500))), 1);
        response.on('close', () => {
          clearInterval(timer);
        });
      },
      'failed',
    ],
    [
      'stops half-way',
      (response) => {
        response.writeHead(200, headers);
        response.write(event(`${EXTRACT} [1] Mais`), () => response.destroy());
      },
      'failed',
    ],
    [
      'ends without an end',
      (response) => {
        response.writeHead(200, headers);
        response.end(event(`${EXTRACT} [1]`));
      },
      'failed',
    ],
    [
      'is cut at its limit',
      (response) => {
        response.writeHead(200, headers);
        response.end(event(`${EXTRACT} [1]`, 'length') + 'data: [DONE]\n\n');
      },
      'failed',
    ],
    [
      'refuses the key',
      (response) => {
        response.writeHead(401);
        response.end(`{"error":{"message":"Incorrect API key ${KEY}"}}`);
      },
      'failed',
    ],
    [
      'is busy',
      (response) => {
        response.writeHead(429, { 'retry-after': '20' });
        response.end('{}');
      },
      'failed',
    ],
    [
      'fails',
      (response) => {
        response.writeHead(500);
        response.end('<html>99 999');
      },
      'failed',
    ],
    [
      'refuses the request',
      (response) => {
        response.writeHead(400);
        response.end('{}');
      },
      'failed',
    ],
    [
      'streams an error',
      (response) => {
        response.writeHead(200, headers);
        response.end(`data: {"error":{"message":"overloaded"}}\n\n`);
      },
      'failed',
    ],
    [
      'streams garbage',
      (response) => {
        response.writeHead(200, headers);
        response.end(Buffer.from('data: {"choices":[{"delta"\n\n\xff\xfe\x00 99 999 F data:\n\n', 'latin1'));
      },
      'failed',
    ],
    [
      'answers with a page',
      (response) => {
        response.writeHead(200, { 'content-type': 'text/html' });
        response.end('<html>99 999 F</html>');
      },
      'failed',
    ],
    [
      'sends 50 MB',
      (response) => {
        response.writeHead(200, headers);
        const piece = Buffer.alloc(1024 * 1024, 'x');
        let left = 50;
        const more = (): void => {
          while (left > 0 && !response.destroyed) {
            left -= 1;
            if (!response.write(piece)) {
              response.once('drain', more);
              return;
            }
          }
          response.end();
        };
        more();
      },
      'failed',
    ],
    [
      'sends nothing',
      (response) => {
        response.writeHead(200, headers);
        response.end();
      },
      'failed',
    ],
    [
      'leads elsewhere',
      (response) => {
        response.writeHead(307, { location: redirectTo.url });
        response.end();
      },
      'failed',
    ],
  ];

  test.each(rows)('%s', async (_, script, outcome) => {
    // Another host, that must never be called, least of all with the key.
    const elsewhere: unknown[] = [];
    const other = createServer((request, response) => {
      elsewhere.push(request.headers);
      response.end();
    });
    await new Promise<void>((done) => other.listen(0, '127.0.0.1', done));
    onTestFinished(() => void other.close());
    const address = other.address();
    redirectTo.url = `http://127.0.0.1:${String(typeof address === 'object' && address ? address.port : 0)}/v1/chat/completions`;

    const { answerer, logged, metrics } = await opened(
      script,
      undefined,
      '/v1',
      outcome === 'slow' ? 0.1 : 1,
    );
    const answer = await ask(answerer, QUESTION);
    expect(answer).toMatchObject({ status: 'answered', body: OWN, sources: [{ document: 'bibliotheque' }] });
    expectClean(answer);
    expect(await metrics()).toContain(`guichet_llm_total{outcome="${outcome}"} 1`);
    expect(logged.join('')).not.toContain(KEY);
    expect(logged.join('')).not.toContain('tarif annuel');
    expect(elsewhere).toEqual([]);
    expect(await answerer.health()).toMatchObject({ ok: true });
  });
});
