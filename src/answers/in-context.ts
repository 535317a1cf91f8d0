import type { Question } from '../message/answer.ts';
import type { Whose } from './institution.ts';
import { whoseOf } from './institution.ts';
import { UNSURE } from './retrieval/confidence.ts';
import { fold } from './retrieval/fold.ts';
import type { Parts, Retriever, Search, SearchOptions, SearchResult } from './retrieval/retriever.ts';

/** A follow-up has at most this many content words of its own. */
const FOLLOW_UP_WORDS = 4;
/** A question with fewer topics is too short to be sure that it left the institution that was spoken of. */
const TOPICS_OF_ITS_OWN = 2;
/** Results of any institution that those of one are compared with. */
const CANDIDATES = 100;
/** How near to the best of another institution's a passage must be to be said: of its own, and one for all. */
const LEAST_OF_ITS_OWN = 0.5;
const LEAST_OF_ALL = 0.8;
/** Confidence from which a whole question is answered wherever its answer is. */
const SURELY = 0.75;

interface Asked {
  text: string;
  previous?: Question['previous'] | undefined;
  corrects?: true | undefined;
}

/** A search, and the institution that it was made for: named by the question, or by those it leans on. */
export interface InContext extends Search {
  institution?: string;
}

/** Searches a question as what it is: whole, the follow-up of another, or another topic for the same question. */
export function findInContext(index: Retriever, asked: Asked, k: number): InContext {
  const whose = whoseOf(index);
  const own = index.parts(asked.text);
  const named = whose.named(own.institutions);
  const spokenOf = named.length === 0 ? institutionBefore(index, whose, asked.previous) : undefined;
  const institution = named.length > 1 ? undefined : named[0];
  if (spokenOf === undefined) {
    const search = find(index, asked, own, k);
    if (institution !== undefined) return { ...search, institution };
    const leans = asked.previous !== undefined && named.length === 0 && own.topics.length === 0;
    return leans && isAnyones(index, whose, asked.text, search) ? unsure(search) : search;
  }
  return findOf(index, whose, { ...asked, own, institution: spokenOf }, k);
}

/** The institution a conversation is about once this was said of a question; undefined: none. */
export function institutionAfter(
  index: Retriever,
  previous: Question['previous'],
  { institution, results: [first], understood }: InContext,
  said: boolean,
): string | undefined {
  if (institution !== undefined) return institution;
  const whose = whoseOf(index);
  const before = institutionBefore(index, whose, previous);
  const { topics, institutions } = index.parts(understood.all.join(' '));
  if (whose.named(institutions).length > 1) return undefined;
  if (said) return first && whose.of(first.passage);
  const subject = before === undefined ? undefined : whose.subject(topics, before);
  return subject === undefined ? before : subject.institution;
}

function institutionBefore(
  index: Retriever,
  whose: Whose,
  previous: Question['previous'],
): string | undefined {
  if (previous === undefined) return undefined;
  const [name, ...more] = whose.named(index.parts(previous.question).institutions);
  if (more.length > 0) return undefined;
  return name ?? whose.named(previous.institution === undefined ? [] : [previous.institution])[0];
}

/**
 * A question that names no institution, after others about one. What leans on them is only searched in what is this
 * institution's; what is whole by itself, or brings the subject of another, is searched everywhere.
 */
function findOf(
  index: Retriever,
  whose: Whose,
  asked: Asked & { own: Parts; institution: string },
  k: number,
): InContext {
  const { text, own, institution } = asked;
  const only: Within = {
    context: institution,
    only: (passage) => whose.isFor(passage, institution),
  };
  const within = (): InContext => {
    const found = find(index, asked, own, k, only);
    return { ...(isFiller(index, whose, text, institution, found) ? unsure(found) : found), institution };
  };
  // Here an acronym is a topic: it names no institution.
  const topics = [...own.topics, ...own.institutions];
  if (topics.length === 0) return within();
  const everywhere = find(index, asked, own, k);
  if (whose.subject(topics, institution) !== undefined) return everywhere;
  const [first] = everywhere.results;
  if (leansOn(text, everywhere)) return within();
  if (everywhere.zone !== 'answer' || !first) return within();
  if (whose.isFor(first.passage, institution)) return { ...everywhere, institution };
  if (whose.isOpen(first.passage, institution)) return everywhere;
  const mine = within();
  // Whole, and answered so surely in its own words that it cannot be about who was spoken of, who has nothing to say.
  const isLong = own.topics.length >= TOPICS_OF_ITS_OWN || own.institutions.length > 0;
  const isWhole =
    (isLong || !whose.isNamed(first.passage)) &&
    topics.every((word) => first.held.includes(word)) &&
    asksItself(own, everywhere);
  if (mine.zone !== 'answer' && isWhole && everywhere.confidence >= SURELY) return everywhere;
  if (mine.zone === 'answer' || whose.isNamed(first.passage)) return mine;
  const held = new Set(mine.results.flatMap((result) => result.held));
  return isLong && topics.some((word) => !held.has(word)) ? everywhere : mine;
}

/** Is it only the best of what is this institution's, far from what another's documents say to these words? */
function isFiller(
  index: Retriever,
  whose: Whose,
  text: string,
  institution: string,
  { results: [said] }: Search,
): boolean {
  const { results } = index.search(text, CANDIDATES);
  const others = results.find(({ passage }) => !whose.isFor(passage, institution));
  if (!said || !others) return false;
  const known = results.find(({ id }) => id === said.id)?.score;
  const score = known ?? (results.length < CANDIDATES ? 0 : (results.at(-1)?.score ?? 0));
  const least = whose.of(said.passage) === institution ? LEAST_OF_ITS_OWN : LEAST_OF_ALL;
  return score < least * others.score;
}

/** Nobody named an institution, and the documents of another say as much to these words? */
function isAnyones(index: Retriever, whose: Whose, text: string, { results: [said] }: Search): boolean {
  const name = said && whose.of(said.passage);
  if (name === undefined || name === index.institutions.own) return false;
  const { results } = index.search(text, CANDIDATES);
  const known = results.find(({ id }) => id === said?.id);
  return (
    known !== undefined &&
    results.some(({ passage, score }) => !whose.isOpen(passage, name) && score >= LEAST_OF_ALL * known.score)
  );
}

/** Where a follow-up is searched, and what is added to each of its searches. */
type Within = Required<Pick<SearchOptions, 'context' | 'only'>>;

function find(
  index: Retriever,
  { text, previous, corrects }: Asked,
  own: Parts,
  k: number,
  within?: Within,
): Search {
  const search = (words: string, options: SearchOptions = {}): Search => {
    if (!within) return index.search(words, k, options);
    const found = index.search(words, k, { ...options, only: within.only });
    if (found.results.length > 0) return found;
    // Among many institutions, those of one may all be too far down.
    const context = [options.context ?? [], within.context].flat().join(' ');
    return index.search(words, k, { ...options, context, only: within.only });
  };
  const plain = search(
    text,
    within && { own: [...own.topics, ...own.institutions, ...own.asked, ...own.generic] },
  );
  if (previous === undefined) return plain;
  if (corrects) {
    const asksElse = own.asked.length + own.generic.length > 0;
    const isKept = (word: string): boolean =>
      index.isGeneric(word) || (!asksElse && index.parts(word).asked.length > 0);
    const asked = previous.question.split(/\s+/).filter(isKept);
    const whole = search(`${asked.join(' ')} ${text}`);
    return whole.confidence >= plain.confidence ? whole : plain;
  }
  const leans = leansOn(text, plain);
  const topic = index.parts(previous.topic ?? '');
  // A follow-up of a follow-up: what was asked is in the title that answered it.
  const before = isAnd(previous.question) && topic.all.length > 0 ? topic : index.parts(previous.question);
  const turn = { plain, own, before, isKnown: (word: string) => index.isKnown(word) };
  const again = (options: SearchOptions): Search => search(text, options);
  if (own.topics.length > 0 || own.institutions.length > 0) return leans ? ofAnother(again, turn) : plain;
  if (!leans && own.asked.length > 0 && plain.zone === 'answer') return plain;
  return ofTheSame(again, { ...turn, topic }, previous.topic);
}

const leansOn = (text: string, { understood }: Search): boolean =>
  isAnd(text) && understood.content.length <= FOLLOW_UP_WORDS;

/** Words a follow-up begins with. */
const AND = /^\W*(?:et|and|ak|mais)\b/;
const isAnd = (text: string): boolean => AND.test(fold(text));

interface Turn {
  plain: Search;
  own: Parts;
  before: Parts;
  isKnown: (word: string) => boolean;
}
type Again = (options: SearchOptions) => Search;

/** "Et pour deux enfants ?" asks the same again; "Quelles pièces ?", "Et le plafond ?" something else of the same topic. */
function ofTheSame(
  search: Again,
  { plain, own, before, topic }: Turn & { topic: Parts },
  said: string | undefined,
): Search {
  if (!asksItself(own, plain)) {
    const again = search({ context: [...topic.all, ...before.all].join(' ') });
    return again.zone === 'abstain' && plain.zone !== 'abstain' ? plain : again;
  }
  const kept = [...about(topic), ...about(before)];
  const words = [...own.asked, ...own.generic];
  const found = search({ context: kept.join(' '), own: words });
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
function ofAnother(search: Again, { plain, own, before, isKnown }: Turn): Search {
  const known = own.institutions.length > 0 || own.topics.some(isKnown);
  if (!known) return unsure(plain);
  const whole = asksItself(own, plain);
  if (whole && plain.zone === 'answer') return plain;
  const old = new Set([...before.institutions, ...(own.topics.length > 0 ? before.topics : [])]);
  const asked = [...before.asked, ...before.generic];
  const kept = whole ? asked : before.all.filter((word) => !old.has(word));
  const found = search({ context: kept.join(' '), own: own.topics });
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
