import { spawnSync } from 'node:child_process';
import type { TelegramSimulator } from '../../simulator/telegram/telegram.ts';
import { readPeople } from '../../src/accounts/directory/import-file.ts';
import { applyPlan, planAgainst } from '../../src/accounts/directory/import.ts';
import { newId } from '../../src/lib/ids.ts';
import { createSealer, generateKey } from '../../src/lib/seal.ts';
import type { Guichet } from '../../src/main.ts';
import { directoryTables } from '../../src/storage/directory.ts';

const KEY = generateKey().toString('hex');
export const desk = 'desks/catechese';
const HEADER =
  'code_parent;nom;prenoms;lien;telephone;nom_enfant;prenom_enfant;date_naissance;niveau;annee;groupe;catechiste;statut';
export const family = (n: number, phone: string, parent: string, child: string): string =>
  `P-${String(n)};FICTIF;${parent};mère;${phone};FICTIF;${child};14/03/2016;N4;2025-2026;Samedi 9 h A;Catéchiste Démo;inscrit`;

/** Fills the directory of a running desk. */
export async function fill(guichet: Guichet, lines: string[]): Promise<void> {
  const sealer = createSealer(Buffer.from(KEY, 'hex'));
  const tables = directoryTables(guichet.store, sealer);
  const { people } = await readPeople(Buffer.from([HEADER, ...lines].join('\n')));
  await applyPlan(tables, await planAgainst(tables, people), { newId, at: 1 });
}

/** A command of staff, on a desk that runs. */
export function command(data: string, ...args: string[]): { code: number | null; out: string } {
  const settings = {
    GUICHET_DESK: desk,
    GUICHET_DATA: data,
    GUICHET_KEY: KEY,
    TELEGRAM_TOKEN: `700000001:${'A'.repeat(35)}`,
  };
  const { status, stdout, stderr } = spawnSync(process.execPath, ['src/cli/guichet.ts', ...args], {
    env: { PATH: process.env['PATH'] ?? '', ...settings },
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { code: status, out: stdout + stderr };
}

export const env = { GUICHET_KEY: KEY };
export const keyboardOf = (simulator: TelegramSimulator, chat: number): string[][] => {
  const markup = simulator.state.keyboard(chat) as { keyboard?: { text: string }[][] } | null;
  return (markup?.keyboard ?? []).map((row) => row.map(({ text }) => text));
};
export const accounts = (guichet: Guichet) =>
  guichet.store.db.selectFrom('user_accounts').selectAll().execute();
export const audit = (guichet: Guichet) =>
  guichet.store.db.selectFrom('account_creation_audit').selectAll().orderBy('id').execute();
