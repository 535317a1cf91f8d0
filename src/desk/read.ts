import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse, YAMLError } from 'yaml';
import type { z } from 'zod';
import { utf8 } from '../lib/decode.ts';
import { DeskError, show } from './error.ts';
import { nearest } from './nearest.ts';
import { KNOWN_KEYS } from './schema.ts';

/** A file of a desk after validation, and the name to call it by in messages (`css/desk.yaml`). */
export interface Loaded<T> {
  file: string;
  data: T;
}

/** Reads and validates one YAML file; undefined when it does not exist. Throws `DeskError`. */
export function readYaml<T>(
  folder: string,
  name: string,
  schema: z.ZodType<T>,
  known = KNOWN_KEYS,
): Loaded<T> | undefined {
  const file = `${basename(folder)}/${name}`;
  const path = join(folder, name);
  if (!existsSync(path)) return undefined;
  const value = parseYaml(file, readText(file, path)) ?? {};
  refuseProto(file, value, []);
  const result = schema.safeParse(value);
  if (!result.success) throw teach(file, value, result.error.issues[0], known);
  return { file, data: result.data };
}

/** As UTF-8 and nothing else: a file saved in another encoding would show citizens broken letters. */
function readText(file: string, path: string): string {
  if (!statSync(path).isFile())
    throw new DeskError(file, [], 'is not a file', 'write a YAML file of this name');
  const text = utf8(readFileSync(path));
  if (text === undefined)
    throw new DeskError(file, [], 'is not UTF-8 text', 'save it again with the UTF-8 encoding');
  return text;
}

function parseYaml(file: string, source: string): unknown {
  try {
    const value = parse(source, { prettyErrors: true, maxAliasCount: 100 }) as unknown;
    // An alias inside its own anchor makes a value without end.
    JSON.stringify(value);
    return value;
  } catch (error) {
    if (!(error instanceof YAMLError || error instanceof ReferenceError || error instanceof TypeError))
      throw error;
    const [what = ''] = error.message.split('\n');
    throw new DeskError(
      file,
      [],
      `is not valid YAML (${what.replace(/:$/, '')})`,
      'check the indentation and the quotes there',
    );
  }
}

/** zod passes over `__proto__` in silence; here it is a mistake like any other unknown key. */
function refuseProto(file: string, value: unknown, path: readonly PropertyKey[]): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    const at = [...path, Array.isArray(value) ? Number(key) : key];
    if (key === '__proto__') throw new DeskError(file, at, 'is not a key of this file', 'remove it');
    refuseProto(file, inner, at);
  }
}

function teach(
  file: string,
  root: unknown,
  issue: z.core.$ZodIssue | undefined,
  known: readonly string[],
): DeskError {
  if (issue === undefined) return new DeskError(file, [], 'cannot be read', 'compare it with another desk');
  const best = deepest(issue);
  if (best.code === 'unrecognized_keys') {
    const key = best.keys[0] ?? '';
    const meant = nearest(key, known);
    const instead = meant === undefined ? 'check its spelling or remove it' : `write ${meant} or remove it`;
    return new DeskError(file, [...best.path, key], 'is not a key known here', instead);
  }
  if (best.code === 'invalid_key') {
    return new DeskError(
      file,
      best.path,
      'is not a name known here',
      best.issues[0]?.message ?? 'check its spelling',
    );
  }
  return new DeskError(file, best.path, `is ${show(at(root, best.path))}`, best.message);
}

/** A union hides the real mistake one level down: take the branch that went furthest into the value. */
function deepest(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== 'invalid_union') return issue;
  const inner = issue.errors.flat().map((it) => deepest({ ...it, path: [...issue.path, ...it.path] }));
  return inner.reduce(
    (best, it) => (it.path.length > best.path.length || it.code === 'unrecognized_keys' ? it : best),
    issue,
  );
}

function at(root: unknown, path: readonly PropertyKey[]): unknown {
  let value = root;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}
