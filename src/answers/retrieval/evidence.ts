import { fold } from './fold.ts';

/** What kind of thing a question asks for. */
export type QuestionType =
  | 'amount'
  | 'date'
  | 'time'
  | 'duration'
  | 'place'
  | 'person'
  | 'list'
  | 'procedure'
  | 'reason'
  | 'definition'
  | 'contact';

/** Kinds of evidence a text holds, as bits. */
export const EVIDENCE = {
  number: 1,
  date: 2,
  duration: 4,
  list: 8,
  money: 16,
  contact: 32,
  time: 64,
} as const;

const NUMBER =
  /\d|\b(?:deux|trois|quatre|cinq|six|sept|huit|neuf|dix|douze|quinze|vingt|trente|cent|mille|million|moitie|tiers|quart)\b/;
const DATE =
  /\b(?:1[5-9]|20)\d\d\b|\b\d{1,2}(?:er)? (?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre)\b|\bsiecle\b|\bchaque (?:mois|trimestre|annee)\b/;
const DURATION =
  /(?:\d|\b(?:un|une|deux|trois|quatre|cinq|six|sept|huit|dix|quinze|vingt)) (?:heures?|jours?|semaines?|mois|trimestres?|ans?|annees?|minutes?)\b/;
/** "9 h", "12h30", "à 15 heures"; "48 heures" is a duration. */
const TIME =
  /\b(?:[01]?\d|2[0-4]) ?h(?:\b|[0-5]\d)|\b(?:a|des|vers|avant|apres) (?:[01]?\d|2[0-3]) heures\b|\bmidi\b/;
const MONEY = /\d ?(?:%|f\b|fcfa|cfa|euros?|€|francs?|dollars?)/;
const CONTACT = /@|www\.|\b\d{2} \d{3} \d{2} \d{2}\b|\btelephone\b/;

/** Reads Markdown (lists are seen before the marks are removed). */
export function evidenceOf(markdown: string): number {
  const text = fold(markdown);
  const items = markdown.match(/^[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+\S/gm)?.length ?? 0;
  const enumerated = (text.match(/[;,:] /g)?.length ?? 0) >= 6;
  return (
    (NUMBER.test(text) ? EVIDENCE.number : 0) |
    (DATE.test(text) ? EVIDENCE.date : 0) |
    (DURATION.test(text) ? EVIDENCE.duration : 0) |
    (items >= 2 || enumerated ? EVIDENCE.list : 0) |
    (MONEY.test(text) ? EVIDENCE.money : 0) |
    (CONTACT.test(text) ? EVIDENCE.contact : 0) |
    (TIME.test(text) ? EVIDENCE.time : 0)
  );
}

const WANTED: Partial<Record<QuestionType, number>> = {
  amount: EVIDENCE.number | EVIDENCE.money,
  date: EVIDENCE.date,
  time: EVIDENCE.time,
  duration: EVIDENCE.duration,
  list: EVIDENCE.list,
  procedure: EVIDENCE.list,
  contact: EVIDENCE.contact,
};

/** 1 when the text holds what this type of question asks for, else 0. */
export function answersType(type: QuestionType | undefined, evidence: number): number {
  const wanted = type === undefined ? undefined : WANTED[type];
  return wanted !== undefined && (evidence & wanted) !== 0 ? 1 : 0;
}

/** First pattern that matches wins; patterns are folded phrases, `^` ties one to the beginning. */
export type TypePatterns = readonly { type: QuestionType; phrases: readonly string[] }[];

export function questionType(tokens: readonly string[], patterns: TypePatterns): QuestionType | undefined {
  const line = ` ${tokens.join(' ')} `;
  for (const { type, phrases } of patterns) {
    for (const phrase of phrases) {
      const start = phrase.startsWith('^');
      const found = line.indexOf(` ${start ? phrase.slice(1) : phrase} `);
      if (start ? found === 0 : found !== -1) return type;
    }
  }
  return undefined;
}
