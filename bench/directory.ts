/**
 * Import of a directory: time and memory, as ratios to cutting the same file into cells and nothing else.
 *   node bench/directory.ts [--people 100000]
 */
import { parseArgs } from 'node:util';
import { parse } from 'csv-parse/sync';
import writeExcelFile from 'write-excel-file/node';
import { readPeople } from '../src/accounts/directory/import-file.ts';
import { planImport } from '../src/accounts/directory/plan.ts';
import { readPeopleHere } from '../src/accounts/directory/read-people.ts';
import { systemClock } from '../src/lib/clock.ts';
import { readPhone } from '../src/lib/phone.ts';

const { values } = parseArgs({ options: { people: { type: 'string', default: '100000' } } });
const count = Number(values.people);

const header =
  'code_parent;nom;prenoms;lien;telephone;telephone2;nom_enfant;prenom_enfant;date_naissance;niveau;annee;groupe;statut';
const rows = Array.from({ length: count }, (_, at) =>
  [
    ...[`P-${at}`, `NDIAYE${at % 900}`, 'Marie Louise', 'mère', `77 ${String(at).padStart(7, '0')}`],
    ...['', `NDIAYE${at % 900}`, `Enfant${at}`, '14/03/2016', 'N4', '2025-2026', 'Samedi 9 h A', 'inscrit'],
  ].join(';'),
);
const text = [header, ...rows].join('\n');
const csv = Buffer.from(text);

const peakMb = (): number => Math.round(process.resourceUsage().maxRSS / 1024);

async function timed<T>(label: string, work: () => T | Promise<T>, base?: number): Promise<[T, number]> {
  const from = systemClock.monotonic();
  const result = await work();
  const ms = systemClock.monotonic() - from;
  const ratio = base === undefined ? '' : `, ${(ms / base).toFixed(1)} × cells only`;
  console.log(`${label}: ${Math.round(ms)} ms${ratio}; peak memory of this process ${peakMb()} MiB`);
  return [result, ms];
}

console.log(`${count} people, ${(csv.length / 2 ** 20).toFixed(1)} MiB of CSV`);
await timed('numbers only', () => rows.map((row) => readPhone(row.split(';')[4] ?? '')).length);
const [, base] = await timed('cells only', () => parse(text, { delimiter: ';' }).length);
const [preview] = await timed('import, this process', () => readPeopleHere(csv), base);
await timed('import, its own process', () => readPeople(csv), base);
const stored = preview.people.map((person, at) => ({ id: String(at), person }));
const [plan] = await timed('plan of the same file again', () => planImport(stored, preview.people), base);
const workbook = await writeExcelFile(text.split('\n').map((line) => line.split(';'))).toBuffer();
const [sheet] = await timed('XLSX, its own process', () => readPeople(workbook), base);

const right = preview.people.length === count && sheet.people.length === count && plan.keep.length === count;
console.log(right ? 'everybody was read, and the second import changes nobody' : 'WRONG: people are missing');
process.exitCode = right ? 0 : 1;
