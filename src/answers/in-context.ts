import type { Question } from '../message/answer.ts';
import { UNSURE } from './retrieval/confidence.ts';
import { fold } from './retrieval/fold.ts';
import type { Parts, Retriever, Search, SearchResult } from './retrieval/retriever.ts';

/** A follow-up has at most this many content words of its own. */
const FOLLOW_UP_WORDS = 4;

interface Asked {
  text: string;
  previous?: Question['previous'] | undefined;
  corrects?: true | undefined;
}

/** Searches a question as what it is: whole, the follow-up of another, or another topic for the same question. */
export function findInContext(index: Retriever, { text, previous, corrects }: Asked, k: number): Search {
  const plain = index.search(text, k);
  if (previous === undefined) return plain;
  if (corrects) {
    const asked = previous.question.split(/\s+/).filter((word) => index.isGeneric(word));
    const whole = index.search(`${asked.join(' ')} ${text}`, k);
    return whole.confidence >= plain.confidence ? whole : plain;
  }
  const own = index.parts(text);
  const leans = isAnd(text) && plain.understood.content.length <= FOLLOW_UP_WORDS;
  const topic = index.parts(previous.topic ?? '');
  // A follow-up of a follow-up: what was asked is in the title that answered it.
  const before = isAnd(previous.question) && topic.all.length > 0 ? topic : index.parts(previous.question);
  const turn = { text, plain, own, before };
  if (own.topics.length > 0 || own.institutions.length > 0) return leans ? ofAnother(index, turn, k) : plain;
  if (!leans && own.asked.length > 0 && plain.zone === 'answer') return plain;
  return ofTheSame(index, { ...turn, topic }, previous.topic, k);
}

/** Words a follow-up begins with. */
const AND = /^\W*(?:et|and|ak|mais)\b/;
const isAnd = (text: string): boolean => AND.test(fold(text));

interface Turn {
  text: string;
  plain: Search;
  own: Parts;
  before: Parts;
}

/** "Et pour deux enfants ?" asks the same again; "Quelles pièces ?", "Et le plafond ?" something else of the same topic. */
function ofTheSame(
  index: Retriever,
  { text, plain, own, before, topic }: Turn & { topic: Parts },
  said: string | undefined,
  k: number,
): Search {
  if (!asksItself(own, plain)) {
    const again = index.search(text, k, { context: [...topic.all, ...before.all].join(' ') });
    return again.zone === 'abstain' && plain.zone !== 'abstain' ? plain : again;
  }
  const kept = [...about(topic), ...about(before)];
  const words = [...own.asked, ...own.generic];
  const found = index.search(text, k, { context: kept.join(' '), own: words });
  const [first] = found.results;
  // "Quels horaires ?" may be a question of its own, which the documents answer.
  if (plain.zone === 'answer' && !(found.zone === 'answer' && holds(first, kept))) return plain;
  if (found.zone === 'abstain') return plain;
  const repeats = first !== undefined && (first.passage.section ?? first.passage.documentTitle) === said;
  const fits = words.length > 0 ? holds(first, words) : (first?.features.evidence ?? 0) > 0;
  return repeats && !fits ? unsure(found) : found;
}

/**
 * "Et la CSS ?", "Et pour un accident ?": what was asked before, of something else. Nothing of what it was about may
 * answer, however like it the words are; a topic that nobody knows is never answered with the old one.
 */
function ofAnother(index: Retriever, { text, plain, own, before }: Turn, k: number): Search {
  const known = own.institutions.length > 0 || own.topics.some((word) => index.isKnown(word));
  if (!known) return unsure(plain);
  const whole = asksItself(own, plain);
  if (whole && plain.zone === 'answer') return plain;
  const old = new Set([...before.institutions, ...(own.topics.length > 0 ? before.topics : [])]);
  const asked = [...before.asked, ...before.generic];
  const kept = whole ? asked : before.all.filter((word) => !old.has(word));
  const found = index.search(text, k, { context: kept.join(' '), own: own.topics });
  if (found.zone === 'abstain') return plain;
  const redirect = found.results[0]?.passage.kind === 'redirect';
  return asked.length > 0 && !redirect && !holds(found.results[0], asked) ? unsure(found) : found;
}

/** It says what it asks, and needs nobody else's question. */
const asksItself = (own: Parts, { understood }: Search): boolean =>
  own.asked.length + own.generic.length > 0 || (understood.type !== undefined && own.counted.length === 0);

const about = ({ topics, institutions }: Parts): string[] => [...topics, ...institutions];

const holds = (found: SearchResult | undefined, words: readonly string[]): boolean =>
  found !== undefined && words.some((word) => found.held.includes(word));

const unsure = (search: Search): Search =>
  search.zone === 'answer'
    ? { ...search, zone: 'suggest', confidence: Math.min(search.confidence, UNSURE) }
    : search;
