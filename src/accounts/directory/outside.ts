import { createBreaker } from '../../lib/breaker.ts';
import type { Clock } from '../../lib/clock.ts';
import { readPhone } from '../../lib/phone.ts';
import { backoff } from '../../lib/retry.ts';
import { readHeader } from './columns.ts';
import type { Directory, DirectoryFailure, DirectoryMatch } from './person.ts';
import { readRows } from './read-people.ts';
import { reasonOf } from '../../lib/http.ts';

/** Rows of another system: one per adult and child, their keys are the column names of the import. */
export type OutsideRow = Readonly<Record<string, unknown>>;

/** What one call brought. `refused` rows are none: the system said that it will not answer this. */
export type OutsideAnswer =
  { status: 'rows'; rows: readonly OutsideRow[] } | { status: 'failed'; again: boolean };

export interface OutsideOptions {
  clock: Clock;
  /** Longest wait for one call, ms. */
  timeoutMs?: number;
  /** Calls in all, the first included. */
  attempts?: number;
  /** Waits between two calls; tests pass their own. */
  pause?: (ms: number) => Promise<void>;
}

export interface OutsideCall extends OutsideOptions {
  /** One call. May reject; `code` TIMEOUT, ECONNREFUSED or ABORTED says why. */
  call(phone: string, signal: AbortSignal, timeoutMs: number): Promise<OutsideAnswer>;
}

const MAX_ROWS = 200;
const PAUSE = { base: 200, cap: 1_000 };

/**
 * A directory in another system. A call that fails is made again, a system that keeps failing is left alone for half a
 * minute, and whoever waits is told so at once. Never throws.
 */
export function createOutsideDirectory(options: OutsideCall): Directory {
  const { clock, call, timeoutMs = 4_000, attempts = 2 } = options;
  const pause = options.pause ?? ((ms) => new Promise((done) => setTimeout(done, ms)));
  const breaker = createBreaker({ clock });

  return {
    async match(phone, signal) {
      let reason: DirectoryFailure = 'refused';
      for (let attempt = 1; attempt <= attempts; attempt += 1) {
        if (signal.aborted) return unavailable('aborted');
        if (!breaker.enter()) return unavailable(reason);
        try {
          const answer = await call(phone, signal, timeoutMs);
          const match = answer.status === 'rows' ? peopleWith(phone, answer.rows) : undefined;
          if (match) {
            breaker.succeeded();
            return match;
          }
          reason = 'failed';
          if (answer.status === 'failed' && !answer.again) {
            breaker.succeeded();
            return unavailable('failed');
          }
          breaker.failed();
        } catch (error) {
          if (signal.aborted) {
            breaker.released();
            return unavailable('aborted');
          }
          breaker.failed();
          reason = reasonOf(error);
        }
        if (attempt < attempts) await pause(backoff(attempt, PAUSE));
      }
      return unavailable(reason);
    },
  };
}

const unavailable = (reason: DirectoryFailure): DirectoryMatch => ({ status: 'unavailable', reason });

/**
 * The people of these rows who have this number; undefined when the rows are no directory. A system that searches
 * loosely ("ends with") must not open somebody else's family, and that it also brings other numbers is no failure of its.
 */
function peopleWith(phone: string, rows: readonly OutsideRow[]): DirectoryMatch | undefined {
  if (rows.length === 0) return { status: 'none' };
  if (rows.length > MAX_ROWS) return undefined;
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const columns = readHeader(names);
  if (!columns.at.has('lastName')) return undefined;
  const hasPhone = (['phone', 'phone2', 'whatsapp'] as const).some((field) => columns.at.has(field));
  // A query may leave the number out: it was asked for that number and no other.
  const cells = (row: OutsideRow) => names.map((name) => cellText(row[name]));
  const header = hasPhone ? names : [...names, 'telephone'];
  const lines = rows.map((row, at) => ({
    line: at + 1,
    cells: hasPhone ? cells(row) : [...cells(row), phone],
  }));
  const { people, unread } = readRows(lines, readHeader(header), header.length, { keepApart: true });
  const theirs = people.filter((person) => person.phones.some((one) => one === phone));
  if (theirs.length > 0) return { status: 'found', people: theirs };
  // Somebody is badly written there: no answer for them, and no reason to leave the system alone.
  return unread.length === rows.length ? unavailable('failed') : { status: 'none' };
}

function cellText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (typeof value === 'boolean') return value ? 'oui' : 'non';
  return value instanceof Date && !Number.isNaN(value.getTime()) ? value.toISOString().slice(0, 10) : '';
}

/** The spellings under which other systems keep a number: E.164, without `+`, and as at home. */
export function spellings(phone: string): { phone: string; digits: string; national: string } {
  const read = readPhone(phone);
  const digits = phone.replace(/\D/g, '');
  const home = read.ok && read.country === 'SN' && digits.startsWith('221');
  return { phone, digits, national: home ? digits.slice(3) : digits };
}
