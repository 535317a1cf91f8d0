import { fold } from '../message/fold.ts';
import { phrasings } from './talk.ts';

/** What a language says of danger: phrasings, lists of words they name, and what sounds like them and is no danger. */
export interface AlarmLists {
  phrases: readonly string[];
  /** `<child>` in a phrasing stands for any of the list `child`. */
  words: Readonly<Record<string, readonly string[]>>;
  except: readonly string[];
}

/** Does a folded text speak of danger? */
export type Alarm = (folded: string) => boolean;

/** A phrasing that cannot be read; the reader says where it stands. */
export class PhrasingError extends Error {}

/** Words that may stand where a phrasing has `…`. */
const GAP = String.raw`(?: [\p{L}\p{N}]+){0,4}?`;
const PARTS = /(…|<[^<>]*>)/u;
/** No phrasing goes across it. */
const BREAK = '.';

/** The phrasings as one test on whole words. Throws `PhrasingError`. */
export function alarmOf({ phrases, words, except }: AlarmLists): Alarm {
  const lists = new Map(Object.entries(words).map(([name, list]) => [name, list.flatMap(spellings)]));
  const danger = expressionOf(phrases, lists, 'u');
  const innocent = expressionOf(except, lists, 'gu');
  return (folded) => {
    if (danger === undefined) return false;
    const heard = ` ${folded} `;
    return danger.test(innocent === undefined ? heard : heard.replace(innocent, BREAK));
  };
}

/** Any of the phrasings, between spaces that stay for what comes next. */
function expressionOf(
  phrases: readonly string[],
  lists: ReadonlyMap<string, readonly string[]>,
  flags: string,
): RegExp | undefined {
  if (phrases.length === 0) return undefined;
  const any = phrases.map((phrase) => sourceOf(phrase, lists)).join('|');
  return new RegExp(`(?<= )(?:${any})(?= )`, flags);
}

/** One phrasing as the source of an expression on a folded text. Throws `PhrasingError`. */
export function sourceOf(phrase: string, lists: ReadonlyMap<string, readonly string[]>): string {
  let source = '';
  let gap = false;
  for (const part of phrase.split(PARTS)) {
    if (part === '…') {
      gap = source !== '';
      continue;
    }
    const list = part.startsWith('<') ? lists.get(part.slice(1, -1)) : undefined;
    if (part.startsWith('<') && list === undefined)
      throw new PhrasingError(`names the list ${part}, which is not there`);
    const choices = list ?? spellings(part);
    if (choices.length === 0) continue;
    source += `${source === '' ? '' : gap ? `${GAP} ` : ' '}(?:${choices.join('|')})`;
    gap = false;
  }
  if (source === '') throw new PhrasingError('has no letter and no digit');
  return source;
}

/** Letters, digits and spaces alone: nothing in them means more in an expression. */
const spellings = (words: string): string[] => phrasings(words).flatMap((one) => fold(one) || []);
