import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, sep } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { inlineHashes } from './headers.ts';

/** The built pages of `web/`, known once and for all when the server starts. */
export interface Pages {
  folder: string;
  /** Address (`/`, `/simulator`) → file, relative to the folder. */
  addresses: ReadonlyMap<string, string>;
  scriptHashes: string[];
  styleHashes: string[];
}

/** Undefined when nothing is built. `hidden`: addresses that do not exist here, with all that is below them. */
export function readPages(folder: string, hidden: readonly string[]): Pages | undefined {
  if (!existsSync(folder)) return undefined;
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => file.split(sep).join('/'))
    .filter((file) => file.endsWith('.html'));
  const addresses = new Map<string, string>();
  const scripts = new Set<string>();
  const styles = new Set<string>();
  for (const file of files) {
    const address = `/${file.replace(/(^|\/)index\.html$/, '').replace(/\.html$/, '')}`;
    if (hidden.some((prefix) => address === prefix || address.startsWith(`${prefix}/`))) continue;
    addresses.set(address, file);
    const html = readFileSync(join(folder, file), 'utf8');
    for (const hash of inlineHashes(html, 'script')) scripts.add(hash);
    for (const hash of inlineHashes(html, 'style')) styles.add(hash);
  }
  return { folder, addresses, scriptHashes: [...scripts], styleHashes: [...styles] };
}

/** Files by their path, pages by their address. Hashed assets never change; everything else is checked at each visit. */
export async function servePages(
  app: FastifyInstance,
  pages: Pages,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  await app.register(fastifyStatic, {
    root: pages.folder,
    index: false,
    preCompressed: true,
    cacheControl: false,
    // A page is reached by its address only, so that a hidden page has no second name.
    allowedPath: (path, _root, request) =>
      !/\.html(?:\.(?:br|gz))?$/.test(path) || pages.addresses.has(new URL(request.url, 'http://x').pathname),
    setHeaders: (reply, path) => {
      reply.headers(headers);
      const immutable = path.includes(`${sep}_app${sep}immutable${sep}`);
      reply.header('cache-control', immutable ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  for (const [address, file] of pages.addresses) {
    app.get(address, (_request, reply) => reply.sendFile(file));
  }
}

const page = (title: string, body: string): string =>
  `<!doctype html><html lang="fr"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><h1>${title}</h1>${body}</html>`;

/** What `/` shows while the web pages are not built. */
export const landingPage = (links: readonly { href: string; label: string }[]): string =>
  page(
    'Guichet',
    `<ul>${links.map(({ href, label }) => `<li><a href="${href}">${label}</a></li>`).join('')}</ul>`,
  );

export const notFoundPage = page(
  '404',
  '<p lang="fr">Cette page n’existe pas.</p><p><a href="/">Guichet</a></p>',
);
