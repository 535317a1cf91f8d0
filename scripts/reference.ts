/** Writes the reference pages that are made from the code: `npm run reference`. A test fails when they are stale. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { SETTINGS, SETTING_NAMES } from '../src/config/table.ts';
import type { Group, Setting, SettingName } from '../src/config/table.ts';

const TITLES: Readonly<Record<Group, { en: string; fr: string }>> = {
  server: { en: 'Server', fr: 'Serveur' },
  desk: { en: 'Desk and data', fr: 'Guichet et données' },
  telegram: { en: 'Telegram', fr: 'Telegram' },
  whatsapp: { en: 'WhatsApp', fr: 'WhatsApp' },
  answers: { en: 'Answers', fr: 'Réponses' },
  directory: { en: 'Directory of people', fr: 'Annuaire des personnes' },
  staff: { en: 'Staff', fr: 'Agents' },
  network: { en: 'Network', fr: 'Réseau' },
};

const row = (name: SettingName): Setting => SETTINGS[name];

const grouped = (): [Group, SettingName[]][] =>
  (Object.keys(TITLES) as Group[]).map((group) => [
    group,
    SETTING_NAMES.filter((name) => row(name).group === group),
  ]);

function environmentPage(): string {
  const lines = [
    '# Environment',
    '',
    '<!-- Made from src/config/table.ts by scripts/reference.ts: do not edit. -->',
    '',
    'Settings are read from the environment, then from `.env` in the working folder (the environment wins; empty means absent).',
    'A secret (🔑) can also be put in a file that only its owner may read (`chmod 600`), named by the same name with `_FILE` at the end.',
    'An unknown name in `.env`, or a value that cannot be right, stops the start with exit code 78 and a sentence that says what to write.',
    '',
    'Les réglages se lisent dans l’environnement, puis dans `.env`. Un secret (🔑) peut aussi être mis dans un fichier lisible par son seul propriétaire, désigné par le même nom suivi de `_FILE`.',
  ];
  for (const [group, names] of grouped()) {
    lines.push(
      '',
      `## ${TITLES[group].en}`,
      '',
      '| name | default | what it is | en français |',
      '|---|---|---|---|',
    );
    for (const name of names) {
      const { en, fr, secret, notUsedYet, defaultNote } = row(name);
      const value = row(name).default;
      const usual = value === undefined ? (defaultNote?.en ?? '–') : `\`${value}\``;
      const later = notUsedYet === true ? ' *(checked, not used yet in this version)*' : '';
      lines.push(`| \`${name}\`${secret === true ? ' 🔑' : ''} | ${usual} | ${en}${later} | ${fr} |`);
    }
  }
  return `${lines.join('\n')}\n`;
}

function envExample(): string {
  const plain = (text: string): string => text.replaceAll('`', '');
  const lines = [
    '# Copiez ce fichier en .env et retirez le # devant ce que vous réglez. Rien n’est obligatoire pour essayer.',
    '# Copy this file to .env and remove the # before what you set. Nothing is needed to try.',
    '# Reference: docs/reference/environment.md',
  ];
  for (const [group, names] of grouped()) {
    lines.push('', `# ── ${TITLES[group].fr} · ${TITLES[group].en}`);
    for (const name of names) {
      const { en, fr, defaultNote } = row(name);
      const usual = defaultNote === undefined ? '' : ` (${plain(defaultNote.fr)})`;
      lines.push('', `# ${plain(fr)}${usual}`, `# ${plain(en)}`, `#${name}=${row(name).default ?? ''}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

/** Path from the root of the repository → content as it must be. */
export async function referencePages(): Promise<Map<string, string>> {
  const page = 'docs/reference/environment.md';
  const options = await resolveConfig(rootPath(page));
  return new Map([
    [page, await format(environmentPage(), { ...options, filepath: page })],
    ['.env.example', envExample()],
  ]);
}

export const rootPath = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

if (import.meta.main) {
  for (const [path, content] of await referencePages()) {
    const stale = readOr(path) !== content;
    if (stale) writeFileSync(rootPath(path), content);
    console.log(`${path}: ${stale ? 'written' : 'up to date'}`);
  }
}

function readOr(path: string): string {
  try {
    return readFileSync(rootPath(path), 'utf8');
  } catch {
    return '';
  }
}
