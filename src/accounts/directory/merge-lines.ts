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

/**
 * Lines (one per child and parent) as people with their children. Lines are of one person when they have the same code;
 * without a code, when they have the same name and a number in common.
 */
export function mergeLines(lines: readonly PersonLine[]): { people: DirectoryPerson[]; problems: Problem[] } {
  const byKey = new Map<string, Gathered>();
  const all: Gathered[] = [];
  const problems: Problem[] = [];
  for (const { line, person } of lines) {
    const keys = keysOf(person);
    const known = keys.map((key) => byKey.get(key)).find((one) => one !== undefined);
    if (known && !sameAdult(known.person, person)) {
      const detail = String(known.lines[0] ?? '');
      problems.push(problem('error', 'code_conflict', { line, detail }));
      continue;
    }
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
  return { people: all.map(({ person }) => person), problems };
}

function keysOf(person: DirectoryPerson): string[] {
  if (person.code !== undefined) return [`code ${nameKey(person.code)}`];
  const name = nameKey(person.lastName, person.firstNames);
  return person.phones.map((phone) => `name ${name} ${phone}`);
}

/** A code typed wrongly must not show one family's children to another. */
const sameAdult = (one: DirectoryPerson, other: DirectoryPerson): boolean =>
  nameKey(one.lastName) === nameKey(other.lastName) ||
  nameKey(one.firstNames) === nameKey(other.firstNames) ||
  one.phones.some((phone) => other.phones.includes(phone));

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
