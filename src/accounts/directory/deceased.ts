import { fold } from '../../message/fold.ts';
import { readRelation } from './values.ts';

/** What of a line may say that its adult has died. */
export interface DeceasedCells {
  title: string;
  names: readonly string[];
  phones: readonly string[];
  relation: string;
  status: string;
}

const DEAD = '(?:decede e|decedee?|defunt e|defunte?|deceased)';
const WHEN = '(?: (?:en|le|depuis|in|on))?(?: \\d+| [a-z]{3,9} \\d{4})*';
const MARKER = new RegExp(`^(?:est )?(?:${DEAD}|feue?|late)${WHEN}$`);
/** "père décédé", "décédée": an adult who is nobody but the one of the line. */
const ADULT = new RegExp(
  `^(?:feue? )?(?:le |la )?(pere|papa|mere|maman|parent|tuteur|tutrice|father|mother|guardian)?(?: ?${DEAD}${WHEN})?$`,
);
const HAS_MARKER = new RegExp(`^(?:feue? )|${DEAD}`);
const BRACKETS = /[([]([^)\]]*)[)\]]/g;

/**
 * Whether the adult of a line has died: they stay in the sheets of their children. "mère (père décédé)" says it of
 * somebody else, and Feu and Late are names: a name or a number says it in brackets, with a † or as "feu Modou".
 */
export function isDeceased({ title, names, phones, relation, status }: DeceasedCells): boolean {
  const own = (text: string): boolean =>
    text.includes('†') || [...text.matchAll(BRACKETS)].some(([, inside = '']) => MARKER.test(fold(inside)));
  const about = adultIn(relation);
  if (names.some((name) => own(name) || /^feue? \S/.test(fold(name)))) return true;
  if (phones.some((phone) => own(phone) || MARKER.test(fold(phone)))) return true;
  if (own(title) || MARKER.test(fold(title)) || about !== undefined || relation.includes('†')) return true;
  const said = adultIn(status);
  if (said === undefined) return false;
  return said === '' || said === 'parent' || readRelation(said) === readRelation(relation);
}

/** The word for the adult that a cell marks as deceased, empty when it is the marker alone; undefined when it marks none. */
function adultIn(cell: string): string | undefined {
  const text = fold(cell);
  if (!HAS_MARKER.test(text)) return undefined;
  const read = ADULT.exec(text);
  return read === null ? undefined : (read[1] ?? '');
}
