import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { nearest, parseDotenv } from './dotenv.ts';
import { ACCEPTED_NAMES, SETTING_NAMES, isSecret } from './table.ts';
import type { SettingName } from './table.ts';

/** The text of one setting and where it was read, for messages: `environment`, `.env, line 3`, `file named by X_FILE`. */
export interface Found {
  text: string;
  where: string;
}

export interface Sources {
  found: ReadonlyMap<SettingName, Found>;
  problems: string[];
}

/** Gathers what is written: the environment wins over `.env`, empty means absent, NAME_FILE names a secret's file. */
export function readSources(env: Readonly<Record<string, string | undefined>>, cwd: string): Sources {
  const unread: string[] = [];
  const { entries, problems } = parseDotenv(readIfPresent(resolve(cwd, '.env'), unread));
  problems.push(...unread);
  const written = new Map<string, Found>();
  for (const { name, value, line } of entries) {
    const where = `.env, line ${line}`;
    if (!ACCEPTED_NAMES.includes(name)) problems.push(unknown(name, where));
    else if (value !== '') written.set(name, { text: value, where });
  }
  for (const name of ACCEPTED_NAMES) {
    const text = env[name]?.trim();
    if (text !== undefined && text !== '') written.set(name, { text, where: 'environment' });
  }

  const found = new Map<SettingName, Found>();
  for (const name of SETTING_NAMES) {
    const direct = written.get(name);
    const file = isSecret(name) ? written.get(`${name}_FILE`) : undefined;
    if (direct !== undefined && file !== undefined) {
      problems.push(
        `${name} (${direct.where}) and ${name}_FILE (${file.where}) are both given. Keep one of them.`,
      );
    } else if (direct !== undefined) {
      found.set(name, direct);
    } else if (file !== undefined) {
      const read = readPrivateFile(resolve(cwd, file.text));
      if ('problem' in read) problems.push(`${name}_FILE=${file.text} (${file.where}): ${read.problem}`);
      else if (read.text === '')
        problems.push(`${name}_FILE=${file.text} (${file.where}): the file is empty. Write the value in it.`);
      else found.set(name, { text: read.text, where: `file named by ${name}_FILE` });
    }
  }
  return { found, problems };
}

function unknown(name: string, where: string): string {
  const near = nearest(name, ACCEPTED_NAMES);
  const advice =
    near === undefined
      ? 'Remove the line; the known names are in docs/reference/environment.md.'
      : `Did you mean ${near}? Write it so, or remove the line.`;
  return `${name} (${where}) is not a setting. ${advice}`;
}

function readIfPresent(path: string, problems: string[]): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT') return '';
    problems.push(
      code === 'EISDIR'
        ? '.env is a folder: settings are lines NAME=value in a file of that name. Rename the folder.'
        : `.env cannot be read (${code}). Check its owner and its mode.`,
    );
    return '';
  }
}

/** A file that only its owner may read (0600 or stricter), without the line end at its end. */
export function readPrivateFile(path: string): { text: string } | { problem: string } {
  try {
    const { mode } = statSync(path);
    // Windows has no such bits.
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      const bits = (mode & 0o777).toString(8).padStart(4, '0');
      return { problem: `others may read this file (mode ${bits}). Run: chmod 600 ${path}` };
    }
    return { text: readFileSync(path, 'utf8').trim() };
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT') return { problem: 'there is no such file. Write the path of an existing one.' };
    return { problem: `the file cannot be read (${code}). Check its owner and its mode.` };
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
