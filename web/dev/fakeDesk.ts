/// <reference types="node" />
/**
 * A stand-in for the product, to work on the pages without it: `npm run fake` (port 8000 or the first argument)
 * beside `npm run dev`, or alone, serving `build/` under the strictest policy the pages must live with.
 * `?off` on the start line (`node dev/fakeDesk.ts 8000 off`) plays a desk that has real tokens.
 */
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { FakeTelegram } from './fakeTelegram.ts';

const port = Number(process.argv[2] ?? 8000);
const isOff = process.argv[3] === 'off';
const build = join(import.meta.dirname, '..', 'build');
const api = '/simulator/api/telegram/';
const telegram = new FakeTelegram();

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const KINDS: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
};

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return JSON.parse(text || '{}') as Record<string, unknown>;
}

function events(request: IncomingMessage, response: ServerResponse, user: number): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  const send = (): void =>
    void response.write(`event: state\ndata: ${JSON.stringify(telegram.state(user))}\n\n`);
  send();
  request.on('close', telegram.listen(send));
}

function answer(question: string): [number, unknown] {
  if (question.length > 500)
    return [400, { error: 'Question trop longue', details: '500 caractères au plus' }];
  if (!/taux|cotisation/i.test(question)) {
    const message = 'Je n’ai pas trouvé cela dans les documents que je possède.';
    return [
      404,
      { answer: null, abstained: true, message, suggestions: ['Quel est le taux de cotisation ?'] },
    ];
  }
  const excerpt = 'Le taux fictif de démonstration est de 7 % du salaire plafonné.';
  const source = {
    title: 'Cotisations sociales',
    document: 'cotisations.md',
    section: 'Taux',
    excerpt,
    score: 3.1,
  };
  const text =
    'Le taux est de **7 %** (valeur fictive).\n\n- à la charge de l’employeur\n- sur un salaire *plafonné*';
  return [200, { answer: text, sources: [source], confidence: 0.9, abstained: false }];
}

async function page(response: ServerResponse, path: string): Promise<void> {
  const name = path === '/' ? '/index.html' : extname(path) === '' ? `${path}.html` : path;
  const file = join(build, normalize(name));
  const content = await readFile(file).catch(() => null);
  response.setHeader('content-security-policy', POLICY);
  response.setHeader(
    'content-type',
    content ? (KINDS[extname(file)] ?? 'text/plain') : 'text/html; charset=utf-8',
  );
  response.statusCode = content ? 200 : 404;
  response.end(content ?? (await readFile(join(build, '404.html'))));
}

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const { pathname } = url;
  if (pathname.startsWith(api)) {
    if (isOff) return json(response, 404, { error: 'Not found' });
    const action = pathname.slice(api.length);
    const user = Number(url.searchParams.get('user') ?? telegram.firstUser);
    if (request.method === 'GET' && !telegram.knows(user))
      return json(response, 400, { error: 'unknown user' });
    if (action === 'state') return json(response, 200, telegram.state(user));
    if (action === 'events') return events(request, response, user);
    const error = telegram.act(action, await bodyOf(request));
    return json(response, error === undefined ? 200 : 400, error === undefined ? {} : { error });
  }
  if (pathname === '/health') {
    const channels = isOff ? { telegram: 'degraded' } : { telegram: 'ok' };
    return json(response, 200, { status: isOff ? 'degraded' : 'ok', channels, answers: 'ok', storage: 'ok' });
  }
  if (pathname === '/ask-question-ultra') {
    return json(response, ...answer(String((await bodyOf(request))['question'])));
  }
  await page(response, pathname);
}

createServer((request, response) => {
  handle(request, response).catch((error: unknown) => json(response, 500, { error: String(error) }));
}).listen(port, () => process.stdout.write(`http://localhost:${String(port)}\n`));
