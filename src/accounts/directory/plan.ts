import { IMPORT_LIMITS } from './limits.ts';
import type { DirectoryPerson } from './person.ts';
import type { UnreadLine } from './person-line.ts';
import { problem } from './problem.ts';
import type { Problem } from './problem.ts';
import { nameKey } from './values.ts';

/** A person as stored: `id` is ours and stays theirs from one import to the next. */
export interface StoredPerson {
  id: string;
  person: DirectoryPerson;
}

/** What an import does. The same file twice: everything in `keep`. */
export interface ImportPlan {
  add: DirectoryPerson[];
  change: { id: string; from: DirectoryPerson; to: DirectoryPerson }[];
  keep: string[];
  /** In the directory, not in the file. */
  withdraw: string[];
  /** Ids of `change` that have a number in the directory and none in the file. */
  unreachable: string[];
  /** Ids of `change` whose code now comes with somebody who has next to nothing in common with who had it. */
  others: string[];
  /** What must be confirmed, by its exact number, before the plan is applied: a wrong file is not a decision. */
  confirm: { withdraw?: number; loseNumbers?: number; otherPeople?: number };
  problems: Problem[];
}

/** Share of the directory that one import may withdraw, or leave without a number, unconfirmed. */
const MANY = 0.1;
const FEW = 3;

/**
 * Who of a file is who of the directory: the same code; else, where one of them has none, the same name with a number or
 * a child in common. The file is the whole directory: who is not in it is withdrawn, unless a line that could not be
 * taken is theirs: then they stay as they were.
 */
export function planImport(
  existing: readonly StoredPerson[],
  incoming: readonly DirectoryPerson[],
  unread: readonly UnreadLine[] = [],
): ImportPlan {
  const plan: ImportPlan = {
    add: [],
    change: [],
    keep: [],
    withdraw: [],
    unreachable: [],
    others: [],
    confirm: {},
    problems: [],
  };
  const byKey = index(existing);
  const held = findUnread(unread, byKey);
  const taken = new Set(held.surely);
  plan.keep.push(...held.surely);
  // Codes first: nobody known by name takes the place of somebody known by code.
  const ordered = [...incoming].sort((a, b) => Number(a.code === undefined) - Number(b.code === undefined));
  for (const person of ordered) {
    const known = candidatesOf(person, byKey);
    if (known.some(({ id }) => held.surely.has(id))) continue;
    const candidates = known.filter(({ id }) => !taken.has(id));
    const [stored] = candidates;
    if (candidates.length > 1) {
      for (const { id } of candidates) {
        taken.add(id);
        plan.keep.push(id);
      }
      plan.problems.push(
        problem('error', 'unclear_person', { value: `${person.firstNames} ${person.lastName}`.trim() }),
      );
    } else if (stored === undefined) plan.add.push(person);
    else {
      taken.add(stored.id);
      if (canonical(stored.person) === canonical(person)) plan.keep.push(stored.id);
      else plan.change.push({ id: stored.id, from: stored.person, to: person });
    }
  }
  const perhaps = [...held.perhaps].filter((id) => !taken.has(id));
  plan.keep.push(...perhaps);
  for (const id of perhaps) taken.add(id);
  for (const line of held.lines.slice(0, IMPORT_LIMITS.problems))
    plan.problems.push(problem('warning', 'kept_unread', { line }));
  plan.withdraw = existing.filter(({ id }) => !taken.has(id)).map(({ id }) => id);
  plan.unreachable = plan.change
    .filter(({ from, to }) => from.phones.length > 0 && to.phones.length === 0)
    .map(({ id }) => id);
  const others = plan.change.filter(({ from, to }) => !isSame(from, to));
  plan.others = others.map(({ id }) => id);
  if (others.length > 0) plan.confirm.otherPeople = others.length;
  for (const { from, to } of others.slice(0, IMPORT_LIMITS.problems)) {
    const detail = `${to.code ?? ''}, ${called(from)} → ${called(to)}`;
    plan.problems.push(problem('warning', 'other_person', { detail }));
  }
  const many = Math.max(FEW, existing.length * MANY);
  const gone = plan.withdraw.length;
  const lost = plan.unreachable.length;
  if (gone > many) {
    plan.confirm.withdraw = gone;
    plan.problems.push(problem('warning', 'withdrawn_many', { detail: String(gone) }));
  } else if (gone > 0 && held.unclear) {
    plan.confirm.withdraw = gone;
    plan.problems.push(problem('warning', 'withdrawn_unread', { detail: String(gone) }));
  }
  if (lost > many) plan.confirm.loseNumbers = lost;
  if (lost > 0) {
    const code = lost > many ? 'numbers_lost_many' : 'numbers_lost';
    plan.problems.push(problem('warning', code, { detail: String(lost) }));
  }
  return plan;
}

function index(existing: readonly StoredPerson[]): Map<string, StoredPerson[]> {
  const byKey = new Map<string, StoredPerson[]>();
  for (const stored of existing) {
    const { code } = stored.person;
    const keys = [...tracesOf(stored.person), ...looseTracesOf(stored.person)];
    if (code !== undefined) keys.push(codeKey(code));
    for (const key of keys) {
      const known = byKey.get(key);
      if (known) known.push(stored);
      else byKey.set(key, [stored]);
    }
  }
  return byKey;
}

interface Held {
  /** Ids of people whose code, or name and number, a line has that was not taken. */
  surely: ReadonlySet<string>;
  /** Ids of people who have the name or the number of such a line: they stay, if the file does not name them elsewhere. */
  perhaps: ReadonlySet<string>;
  /** Lines whose person was found. */
  lines: number[];
  /** Nobody was found for one of the lines. */
  unclear: boolean;
}

function findUnread(unread: readonly UnreadLine[], byKey: ReadonlyMap<string, StoredPerson[]>): Held {
  const surely = new Set<string>();
  const perhaps = new Set<string>();
  const lines: number[] = [];
  let unclear = false;
  for (const one of unread) {
    const name = nameKey(one.lastName, one.firstNames);
    const exact = one.phones.map((phone) => phoneTrace(name, phone));
    if (one.code !== undefined) exact.push(codeKey(one.code));
    const found = exact.flatMap((key) => byKey.get(key) ?? []);
    for (const { id } of found) surely.add(id);
    const loose = looseTracesOf(one).flatMap((key) => byKey.get(key) ?? []);
    if (found.length === 0) for (const { id } of loose) perhaps.add(id);
    if (found.length + loose.length > 0) lines.push(one.line);
    else unclear = true;
  }
  return { surely, perhaps, lines, unclear };
}

function candidatesOf(
  person: DirectoryPerson,
  byKey: ReadonlyMap<string, StoredPerson[]>,
): readonly StoredPerson[] {
  const { code } = person;
  const coded = code === undefined ? undefined : byKey.get(codeKey(code));
  if (coded) return coded;
  const found = tracesOf(person).flatMap((key) => byKey.get(key) ?? []);
  return [...new Set(found)].filter((stored) => code === undefined || stored.person.code === undefined);
}

const codeKey = (code: string): string => `code ${nameKey(code)}`;

const phoneTrace = (name: string, phone: string): string => `phone ${name} ${phone}`;

/** A name alone, a number alone. */
function looseTracesOf({ lastName, firstNames, phones }: Omit<UnreadLine, 'line'>): string[] {
  const name = nameKey(lastName, firstNames);
  return [...(name === '' ? [] : [`named ${name}`]), ...phones.map((phone) => `number ${phone}`)];
}

const called = ({ firstNames, lastName }: DirectoryPerson): string => `${firstNames} ${lastName}`.trim();

/**
 * Is the one the other, a few things changed? A code that is used again for somebody else must not give them what the
 * first had: a first name and one thing more, or a child and a number, must have stayed.
 */
function isSame(from: DirectoryPerson, to: DirectoryPerson): boolean {
  const shares = (words: (person: DirectoryPerson) => readonly string[]): boolean => {
    const after = new Set(words(to));
    return words(from).some((word) => after.has(word));
  };
  const child = shares(({ children }) => children.map((one) => nameKey(one.lastName, one.firstNames)));
  const number = shares(({ phones }) => phones);
  if (child && number) return true;
  if (!shares(({ firstNames }) => firstNames.split(/[\s-]+/).map((name) => nameKey(name)))) return false;
  return child || number || nameKey(from.lastName) === nameKey(to.lastName);
}

/** Name and number, name and child: what stays when the other changes. */
function tracesOf(person: DirectoryPerson): string[] {
  const name = nameKey(person.lastName, person.firstNames);
  return [
    ...person.phones.map((phone) => phoneTrace(name, phone)),
    ...person.children.map((child) => {
      return `child ${name} ${nameKey(child.lastName, child.firstNames)} ${child.birthDate ?? ''}`;
    }),
    // Nothing else is known of them, so nothing else can tell them apart.
    ...(person.phones.length + person.children.length === 0 ? [`only ${name}`] : []),
  ];
}

/** Equal for two people who differ in nothing but the order in which things are listed. */
function canonical(person: DirectoryPerson): string {
  const children = person.children.map((child) => JSON.stringify(child, Object.keys(child).sort()));
  const { phones, ...rest } = person;
  return JSON.stringify({
    code: rest.code,
    title: rest.title,
    lastName: rest.lastName,
    firstNames: rest.firstNames,
    consent: [rest.contactConsent?.given, rest.contactConsent?.date],
    phones: [...phones].sort(),
    children: children.sort(),
  });
}
