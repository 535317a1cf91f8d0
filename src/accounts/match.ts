import type { DirectoryFailure, DirectoryMatch, DirectoryPerson } from './directory/person.ts';
import { nameKey } from './directory/values.ts';

/**
 * Who a proven number is. `ask`: several people have it: ask for their child's first name, and never name anybody.
 * `unknown_child`: the name given settles nothing.
 */
export type MatchOutcome =
  | { type: 'one'; person: DirectoryPerson }
  | { type: 'none' }
  | { type: 'ask' }
  | { type: 'unknown_child' }
  | { type: 'unavailable'; reason: DirectoryFailure };

/** `child`: the first name that the person wrote when asked. */
export function matchPerson(match: DirectoryMatch, child?: string): MatchOutcome {
  if (match.status === 'unavailable') return { type: 'unavailable', reason: match.reason };
  if (match.status === 'none') return { type: 'none' };
  const only = single(match.people);
  if (only) return { type: 'one', person: only };
  if (match.people.length === 0) return { type: 'none' };
  if (child === undefined) return { type: 'ask' };
  const named = single(match.people.filter((person) => hasChild(person, child)));
  return named ? { type: 'one', person: named } : { type: 'unknown_child' };
}

/** The one of them; or the first of several who see exactly the same children, as parents with one telephone do. */
function single(people: readonly DirectoryPerson[]): DirectoryPerson | undefined {
  const [first, ...others] = people;
  if (first === undefined) return undefined;
  if (others.length === 0) return first;
  const family = familyOf(first);
  return family !== '' && others.every((person) => familyOf(person) === family) ? first : undefined;
}

const familyOf = ({ children }: DirectoryPerson): string =>
  children
    .map((child) => `${nameKey(child.lastName)} ${nameKey(child.firstNames)} ${child.birthDate ?? ''}`)
    .sort()
    .join('|');

/** "Marie", "marie-louise" and "Marie Louise NDIAYE" are all Marie Louise NDIAYE. */
function hasChild({ children }: DirectoryPerson, written: string): boolean {
  const key = nameKey(written);
  if (key.length < 2) return false;
  return children.some(({ firstNames, lastName }) => {
    const names = [...firstNames.split(/[\s-]+/).map((name) => nameKey(name)), nameKey(firstNames)];
    return names.some((name) => {
      return name !== '' && [name, name + nameKey(lastName), nameKey(lastName) + name].includes(key);
    });
  });
}
