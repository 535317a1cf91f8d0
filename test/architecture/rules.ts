import { readFileSync, readdirSync } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Folders of `src/` by level: each imports lower levels and itself, never a sibling. */
const LEVELS: readonly (readonly string[])[] = [
  ['lib'],
  ['message', 'config'],
  ['desk'],
  ['conversation', 'answers', 'channels', 'notifications', 'storage'],
  ['accounts', 'jobs', 'broadcasts', 'statistics'],
  ['pipeline'],
  ['http'],
  ['demo', 'upkeep'],
  ['main'],
  ['cli'],
];

/** Packages that one folder alone may know, so that replacing one touches one folder. */
const OWNERS: readonly { packages: RegExp; folders: readonly string[]; why: string }[] = [
  {
    packages: /^(?:kysely|pg|mysql2|node:sqlite)(?:\/|$)/,
    folders: ['storage'],
    why: 'only storage speaks to a database',
  },
  { packages: /^(?:fastify|@fastify\/.*)$/, folders: ['http'], why: 'only http knows the HTTP framework' },
  // A channel's client speaks to one root, which the operator configured: it needs speed, not the guard.
  {
    packages: /^undici$/,
    folders: ['lib', 'channels'],
    why: 'outgoing calls go through lib/http.ts and its guard',
  },
  { packages: /^pino$/, folders: ['lib'], why: 'only lib/log.ts writes' },
  { packages: /^commander$/, folders: ['cli'], why: 'only the command line parses arguments' },
];

const PURE = ['message', 'conversation'];

export interface Import {
  specifier: string;
  typeOnly: boolean;
  dynamic: boolean;
}

/** Every import of a file, in order. */
export function importsOf(content: string): Import[] {
  const found: Import[] = [];
  const statement =
    /(?:^|[;\n>])\s*(?:import|export)\s+(type\s+)?(?:[^'"`;()]*?\sfrom\s*)?['"]([^'"\n]+)['"]/g;
  for (const [, type, specifier = ''] of content.matchAll(statement)) {
    found.push({ specifier, typeOnly: type !== undefined, dynamic: false });
  }
  for (const [, specifier = ''] of content.matchAll(/\bimport\s*\(\s*['"`]([^'"`\n]+)['"`]\s*\)/g)) {
    found.push({ specifier, typeOnly: false, dynamic: true });
  }
  return found;
}

/** `src/http/raw.ts` → `http`, `src/main.ts` → `main`. */
function folderOf(file: string): string {
  const [, folder = ''] = file.split('/');
  return folder.replace(/\.ts$/, '');
}

const levelOf = (folder: string): number => LEVELS.findIndex((names) => names.includes(folder));
const isTest = (file: string): boolean => /\.test\.ts$|\/fixtures\//.test(file);

/** Why `file` (path from the root, with `/`) may not have this import; undefined when it may. */
export function objection(file: string, { specifier, typeOnly, dynamic }: Import): string | undefined {
  const part = file.split('/')[0] ?? '';
  const inside = specifier.startsWith('.');
  const target = inside ? posix.normalize(posix.join(posix.dirname(file), specifier)) : specifier;
  const targetPart = inside ? (target.split('/')[0] ?? '') : '';
  if (target.startsWith('../')) return 'an import leaves the repository';
  if (part === 'simulator' && targetPart === 'src') {
    return 'the simulator is an independent reading of the platform: it shares nothing with src, not even types';
  }
  if (part === 'web' && targetPart === 'src' && !typeOnly) return 'web takes types from src, never code';
  if (part !== 'test' && targetPart === 'test' && !isTest(file)) return 'only tests import what is in test/';
  if (part !== 'src' || isTest(file)) return undefined;

  const folder = folderOf(file);
  if (!inside) return packageObjection(folder, specifier);
  if (targetPart === 'simulator') {
    return folder === 'demo' && dynamic
      ? undefined
      : 'only demo.ts loads the simulator, dynamically, in demo mode';
  }
  if (targetPart !== 'src') return `src imports from src only, not from ${targetPart}/`;
  const targetFolder = folderOf(target);
  if (folder === targetFolder) return undefined;
  const [from, to] = [levelOf(folder), levelOf(targetFolder)];
  if (from === -1)
    return `src/${folder} has no level: give it one in test/architecture/rules.ts and docs/architecture.md`;
  if (from === to)
    return `${folder} and ${targetFolder} are siblings: share a type through message, take a function from main`;
  if (from < to) return `${folder} (level ${from}) is below ${targetFolder} (level ${to})`;
  return undefined;
}

function packageObjection(folder: string, specifier: string): string | undefined {
  const owner = OWNERS.find(({ packages }) => packages.test(specifier));
  if (owner !== undefined && !owner.folders.includes(folder)) return owner.why;
  if (PURE.includes(folder) && specifier.startsWith('node:'))
    return `${folder} is pure: no input, output or clock`;
  return undefined;
}

/** Files of the code, as paths from the root with `/`. */
export function codeFiles(): string[] {
  return ['src', 'simulator', 'bench', 'test', 'web'].flatMap((part) => walk(join(ROOT, part)));
}

const SKIPPED = new Set(['node_modules', 'build', '.svelte-kit', 'data', 'results', 'static']);

function walk(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory())
      return SKIPPED.has(entry.name) && !folder.startsWith(join(ROOT, 'src')) ? [] : walk(path);
    return /\.(?:ts|svelte)$/.test(entry.name) ? [relative(ROOT, path).split(sep).join('/')] : [];
  });
}

export const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
