import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { echo, start, talk } from './fixtures/server.ts';
import { temporaryFolder } from '../../test/support/folder.ts';

describe('pages', () => {
  const BOOT = 'window.__boot = { base: "" };';

  function build(): string {
    const folder = temporaryFolder();
    mkdirSync(join(folder, '_app/immutable'), { recursive: true });
    mkdirSync(join(folder, 'aide'));
    const html = `<!doctype html><script src="/_app/immutable/a.js"></script><script>${BOOT}</script><p>page</p>`;
    writeFileSync(join(folder, 'index.html'), html);
    writeFileSync(join(folder, 'simulator.html'), html.replace('page', 'simulator'));
    writeFileSync(join(folder, 'aide/index.html'), html.replace('page', 'aide'));
    writeFileSync(join(folder, '_app/immutable/a.js'), 'export {};');
    writeFileSync(join(folder, '_app/immutable/a.js.br'), brotliCompressSync('export {};'));
    writeFileSync(join(folder, 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
    return folder;
  }

  test('a page is served at its address, its boot script is allowed by hash', async () => {
    const { url } = await start({ staticFolder: build() });
    const hash = createHash('sha256').update(BOOT).digest('base64');
    for (const [address, text] of Object.entries({
      '/': 'page',
      '/simulator': 'simulator',
      '/aide': 'aide',
    })) {
      const answer = await fetch(url + address);
      expect([address, answer.status, answer.headers.get('cache-control')]).toEqual([
        address,
        200,
        'no-cache',
      ]);
      expect(answer.headers.get('content-type')).toMatch(/^text\/html/);
      expect(answer.headers.get('content-security-policy')).toContain(`script-src 'self' 'sha256-${hash}';`);
      expect(await answer.text()).toContain(`<p>${text}</p>`);
    }
  });

  test('hashed assets are kept for ever and come compressed', async () => {
    const { url } = await start({ staticFolder: build() });
    const answer = await fetch(`${url}/_app/immutable/a.js`, { headers: { 'accept-encoding': 'br' } });
    expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(answer.headers.get('content-encoding')).toBe('br');
    expect(answer.headers.get('content-type')).toMatch(/javascript/);
    expect(await answer.text()).toBe('export {};');
    expect((await fetch(`${url}/favicon.svg`)).headers.get('cache-control')).toBe('no-cache');
  });

  test.each([
    '/simulator',
    '/simulator.html',
    '/simulator/x',
    '/%73imulator',
    '/simulator%2ehtml',
    '//simulator',
    '/./simulator',
  ])('a hidden page does not exist at %s', async (path) => {
    const { port } = await start({ staticFolder: build(), hiddenPages: ['/simulator'] });
    const heard = await talk(port, `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect(heard).not.toContain('<p>simulator</p>');
    expect(heard).toMatch(/^HTTP\/1\.1 40\d /);
  });

  test.each([
    '/../package.json',
    '/..%2fpackage.json',
    '/%2e%2e/package.json',
    '/_app/../../x',
    '/a%00b',
    '/%zz',
    '/.env',
  ])('nothing outside the folder: %s', async (path) => {
    const { port } = await start({ staticFolder: build() });
    expect(await talk(port, `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 40\d /,
    );
  });

  test('a missing page is a page for people and JSON for programs', async () => {
    const { url } = await start({ staticFolder: build() });
    const forPeople = await fetch(`${url}/rien`, { headers: { accept: 'text/html' } });
    expect([forPeople.status, forPeople.headers.get('content-type')]).toEqual([
      404,
      'text/html; charset=utf-8',
    ]);
    const forPrograms = await fetch(`${url}/api/v1/rien`, { headers: { accept: 'text/html' } });
    expect([forPrograms.status, forPrograms.headers.get('content-type')]).toEqual([
      404,
      'application/json; charset=utf-8',
    ]);
  });

  test('without built pages, / links to what there is', async () => {
    const { url } = await start({
      staticFolder: join(tmpdir(), 'guichet-no-such-folder'),
      links: [{ href: '/docs', label: 'Docs' }],
    });
    expect(await (await fetch(url)).text()).toContain('<a href="/docs">Docs</a>');
  });

  test('every answer carries the security headers', async () => {
    const { url } = await start({
      staticFolder: build(),
      routes: [echo('/w')],
      mounts: [{ prefix: '/m', handle: (_request, response) => response.end('m') }],
      hsts: true,
    });
    for (const [method, path] of [
      ['GET', '/'],
      ['GET', '/favicon.svg'],
      ['GET', '/nothing'],
      ['GET', '/%zz'],
      ['POST', '/'],
      ['POST', '/w'],
      ['GET', '/w'],
      ['GET', '/m/x'],
    ] as const) {
      const { headers } = await fetch(url + path, { method });
      const label = `${method} ${path}`;
      expect(`${label} ${headers.get('content-security-policy')}`).toMatch(
        /default-src '(self|none)'.*frame-ancestors 'none'/,
      );
      expect(`${label} ${headers.get('content-security-policy')}`).toMatch(
        /object-src 'none'.*base-uri 'none'|base-uri 'none'.*object-src 'none'/,
      );
      expect(`${label} ${headers.get('x-content-type-options')}`).toBe(`${label} nosniff`);
      expect(`${label} ${headers.get('referrer-policy')}`).toBe(`${label} no-referrer`);
      expect(`${label} ${headers.get('cross-origin-opener-policy')}`).toBe(`${label} same-origin`);
      expect(`${label} ${headers.get('strict-transport-security')}`).toMatch(/max-age=31536000/);
      expect(`${label} ${headers.get('x-powered-by')}`).toBe(`${label} null`);
    }
  });
});
