/** A partial ISO date: `2016-03-14`, `2016-03` or `2016`. */
export type PartialDate = string;

export type Relation = 'father' | 'mother' | 'guardian' | 'self' | 'other';

/** A child (or an adult who follows the courses) as the parent in question may see it. */
export interface DirectoryChild {
  lastName: string;
  firstNames: string;
  /** What the adult is to the child; `self`: they are the same person. */
  relation: Relation;
  birthDate?: PartialDate;
  /** Code of the course ("N4"), as the directory writes it. */
  level?: string;
  /** "2025-2026" */
  year?: string;
  group?: string;
  /** A name, never a number. */
  catechist?: string;
  status: 'enrolled' | 'waiting' | 'left';
  baptised?: boolean;
  baptismDate?: PartialDate;
  baptismPlace?: string;
  /** Who may fetch the child, as written; numbers are left out. */
  authorised?: string[];
}

/**
 * An adult of the directory, with nothing but what may be shown to them. Remarks, addresses, sex, e-mail and everything
 * about the other parent stay in the organisation's own file.
 */
export interface DirectoryPerson {
  /** The organisation's own id ("P-00231"); some files have none. */
  code?: string;
  title?: string;
  lastName: string;
  firstNames: string;
  /** E.164. To match, never to show. */
  phones: string[];
  children: DirectoryChild[];
  /** May the organisation write first? Absent: the directory does not say. */
  contactConsent?: { given: boolean; date?: PartialDate };
}

/** The children that "Mes enfants" shows: those who have left are not its business. */
export const presentChildren = (person: DirectoryPerson): DirectoryChild[] =>
  person.children.filter(({ status }) => status !== 'left');

/** Nobody under eighteen has an account: a young person in the directory as their own contact. `today`: ISO date. */
export function isMinor(person: DirectoryPerson, today: string): boolean {
  const self = person.children.find(({ relation }) => relation === 'self');
  if (self?.birthDate === undefined || person.children.some(({ relation }) => relation !== 'self'))
    return false;
  // Of a birth date that is not whole, the latest day it can mean.
  const born = self.birthDate + '-12-31'.slice(self.birthDate.length - 4);
  return `${Number(born.slice(0, 4)) + 18}${born.slice(4)}` > today;
}

/**
 * `refused`: no connection, or the circuit is open. `timeout`: it did not answer in time. `failed`: it answered what
 * cannot be used. `aborted`: the caller gave up.
 */
export type DirectoryFailure = 'refused' | 'timeout' | 'failed' | 'aborted';

export type DirectoryMatch =
  | { status: 'found'; people: DirectoryPerson[] }
  | { status: 'none' }
  | { status: 'unavailable'; reason: DirectoryFailure };

/** Who has this telephone number. */
export interface Directory {
  /** `phone`: E.164. `people` are all those who have it, at least one. Never throws. */
  match(phone: string, signal: AbortSignal): Promise<DirectoryMatch>;
}
