import { isSpelling } from './names.ts';
import type { DirectoryChild, DirectoryPerson } from './person.ts';
import type { PersonLine } from './person-line.ts';
import { problem } from './problem.ts';
import type { Problem } from './problem.ts';
import { nameKey } from './values.ts';

interface Gathered {
  person: DirectoryPerson;
  lines: number[];
  /** Each line as read, to find the ones that say the same. */
  seen: Map<string, number>;
}

export interface MergedLines {
  people: DirectoryPerson[];
  /** Lines that were not taken. */
  refused: PersonLine[];
  problems: Problem[];
}

/**
 * Lines (one per child and parent) as people with their children. Lines are of one person when they have the same code;
 * without a code, when they have the same name and a number in common. A code that two people have is nobody's: none of
 * its lines is taken, or with `keepApart` they are read as if they had no code.
 */
export function mergeLines(read: readonly PersonLine[], { keepApart = false } = {}): MergedLines {
  const conflicts = codeConflicts(read);
  const lines = read.map((one) => (keepApart && conflicts.has(codeOf(one)) ? withoutCode(one) : one));
  const refused = lines.filter((one) => conflicts.has(codeOf(one)));
  const problems = refused.map(({ line, person: { code = '' } }) => {
    const others = (conflicts.get(nameKey(code)) ?? []).filter((other) => other !== line);
    return problem('error', 'code_conflict', { line, value: code, detail: others.join(', ') });
  });
  const byKey = new Map<string, Gathered>();
  const all: Gathered[] = [];
  for (const { line, person } of lines.filter((one) => !conflicts.has(codeOf(one)))) {
    const keys = keysOf(person);
    const known = keys.map((key) => byKey.get(key)).find((one) => one !== undefined);
    const gathered: Gathered = known ?? {
      person: { ...person, phones: [], children: [] },
      lines: [],
      seen: new Map(),
    };
    if (!known) all.push(gathered);
    for (const key of keys) byKey.set(key, gathered);
    const content = JSON.stringify(person);
    const before = gathered.seen.get(content);
    if (before === undefined) {
      gathered.seen.set(content, line);
      add(gathered.person, person);
    } else problems.push(problem('warning', 'duplicate_line', { line, detail: String(before) }));
    gathered.lines.push(line);
  }
  problems.push(...sharedNumbers(all));
  return { people: all.map(({ person }) => person), refused, problems };
}

const codeOf = ({ person: { code } }: PersonLine): string | undefined =>
  code === undefined ? undefined : nameKey(code);

function withoutCode({ person: { code: _, ...person }, ...line }: PersonLine): PersonLine {
  return { ...line, person };
}

/** The lines of one code that have one name: the first of them, and the numbers of all. */
interface OneName {
  line: number;
  person: DirectoryPerson;
  phones: Set<string>;
}

/** Of each code that two people have: one line of each of them. Under another spelling of the name, a number must tell. */
function codeConflicts(lines: readonly PersonLine[]): Map<string | undefined, number[]> {
  const byCode = new Map<string, Map<string, OneName>>();
  for (const one of lines) {
    const code = codeOf(one);
    if (code === undefined) continue;
    const names = byCode.get(code) ?? new Map<string, OneName>();
    byCode.set(code, names);
    const { line, person } = one;
    const name = `${nameKey(person.lastName)} ${nameKey(person.firstNames)}`;
    const known = names.get(name) ?? { line, person, phones: new Set<string>() };
    names.set(name, known);
    for (const phone of person.phones) known.phones.add(phone);
  }
  const conflicts = new Map<string | undefined, number[]>();
  for (const [code, names] of byCode) {
    const [first, ...others] = names.values();
    if (first === undefined) continue;
    const strangers = others.filter(
      ({ person, phones }) =>
        ![...phones].some((phone) => first.phones.has(phone)) || !isSpelling(first.person, person),
    );
    // Enough to find the mistake.
    if (strangers.length > 0)
      conflicts.set(
        code,
        [first, ...strangers.slice(0, 3)].map(({ line }) => line),
      );
  }
  return conflicts;
}

function keysOf(person: DirectoryPerson): string[] {
  if (person.code !== undefined) return [`code ${nameKey(person.code)}`];
  const name = nameKey(person.lastName, person.firstNames);
  return person.phones.map((phone) => `name ${name} ${phone}`);
}

function add(to: DirectoryPerson, from: DirectoryPerson): void {
  to.phones = [...new Set([...to.phones, ...from.phones])];
  if (to.title === undefined && from.title !== undefined) to.title = from.title;
  if (from.contactConsent !== undefined) {
    // Any "no" of the same person is a no.
    if (to.contactConsent === undefined || !from.contactConsent.given)
      to.contactConsent = from.contactConsent;
  }
  for (const child of from.children) {
    const at = to.children.findIndex((one) => sameChild(one, child));
    const known = to.children[at];
    if (known === undefined) to.children.push(child);
    else if ((child.year ?? '') >= (known.year ?? '')) to.children[at] = { ...known, ...child };
    else to.children[at] = { ...child, ...known };
  }
}

const sameChild = (one: DirectoryChild, other: DirectoryChild): boolean =>
  nameKey(one.lastName, one.firstNames) === nameKey(other.lastName, other.firstNames) &&
  (one.birthDate === undefined || other.birthDate === undefined || one.birthDate === other.birthDate);

function sharedNumbers(all: readonly Gathered[]): Problem[] {
  const owners = new Map<string, Gathered[]>();
  for (const gathered of all) {
    for (const phone of gathered.person.phones) {
      const known = owners.get(phone);
      if (known) known.push(gathered);
      else owners.set(phone, [gathered]);
    }
  }
  const told = new Set<string>();
  return [...owners.values()].flatMap((people) => {
    const detail = people.map(({ lines }) => lines[0] ?? 0).join(', ');
    const [first] = people;
    if (people.length < 2 || first === undefined || told.has(detail)) return [];
    told.add(detail);
    const line = people.at(-1)?.lines[0] ?? 0;
    const twins = people.slice(1).some(({ person }) => isAlike(first.person, person));
    return [problem('warning', twins ? 'duplicate_person' : 'shared_phone', { line, detail })];
  });
}

/** NDIAYE Fatou and N'Diaye Fatoumata: the same family name, and one first name begins the other. */
function isAlike(one: DirectoryPerson, other: DirectoryPerson): boolean {
  if (nameKey(one.lastName) !== nameKey(other.lastName)) return false;
  const [a, b] = [nameKey(one.firstNames), nameKey(other.firstNames)];
  return a.startsWith(b) || b.startsWith(a);
}
