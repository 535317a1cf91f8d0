import { fold } from '../retrieval/fold.ts';
import type { Fact } from './facts.ts';
import { NUMBER_RUN, scaleOf } from './number-words.ts';

const end = String.raw`(?![\p{L}\p{N}])`;
const unit = (words: string, name: string): readonly [RegExp, string] => [
  new RegExp(`^(?: ?-? ?|-)(?:${words})${end}`, 'u'),
  name,
];

const UNITS: readonly (readonly [RegExp, string])[] = [
  [/^ ?(?:‰|pour ?mille(?!\p{L}))/u, '‰'],
  [/^ ?(?:%|pour ?cent|percent|per cent)/, '%'],
  unit('f ?cfa|fcfa|cfa|francs?|xof|f', 'F'),
  [/^ ?(?:€|(?:euros?|eur)(?![\p{L}\p{N}]))/u, 'EUR'],
  [/^ ?(?:\$|(?:dollars?|usd)(?![\p{L}\p{N}]))/u, 'USD'],
  unit('minutes?|mn|min', 'minute'),
  unit('heures?|hours?|h', 'hour'),
  unit('jours?|journees?|days?|j', 'day'),
  unit('semaines?|weeks?', 'week'),
  unit('mois|months?', 'month'),
  unit('trimestres?|quarters?', 'quarter'),
  unit('semestres?', 'semester'),
  unit('ans?|annees?|years?', 'year'),
  unit('enfants?|child|children', 'child'),
  unit('personnes?|persons?|people', 'person'),
  // Of anything else that is counted: the word itself. "6 avant et 8 apres" counts no "apres".
];
const COUNTED =
  /^[ -](?!(?:apres|dans|sous|plus|moins|sans|puis|vers|tous|toutes|selon|depuis|mais|alors|lors|sauf|pas|always|plus|this|thus|less|unless|as|is|was|has|des|les|ses|ces|vos|nos|mes|tes|aux|dont|chez|hors|jamais|precis|inclus|compris)(?!\p{L}))(\p{L}{2,}[sx])(?![\p{L}\p{N}])/u;
/** Between an article and what it counts: "un seul mois". */
const PRAISE =
  /^ (?:seule?|unique|petite?|bon(?:ne)?|pleine?|plein|nouve(?:au|lle)|longue?|long|courte?|court|entiere?|autre|simple|single|full|only|short|long|whole) ?/u;

/** Spellings without effect on what is read: dots, bold, what folding undoes. "- Taux : 8" is a row of one cell. */
export function plainOf(text: string): string {
  return fold(
    text
      .replace(/^([ \t]*[-*] [^\n:|]{1,80} ?: )([^\n|]{1,60})$/gm, '$1| $2 |')
      .replaceAll('**', '')
      .replace(/[。｡]/g, '.'),
  );
}

/** Digits with at most one separator between groups. */
export const DIGITS = /\+?\d+(?:(?:[ .,]|[-/](?=\d{2}))\d+)*/g;
const YEARS = /^\d{4}[-/]\d{4}$/;
const GROUPED = /^\d{1,3}(?:[ .]\d{3})+$/;

export function digits(
  text: string,
  add: (kind: Fact['kind'], key: string, anyUnit?: boolean) => void,
): void {
  for (const match of text.matchAll(DIGITS)) {
    const [run] = match;
    const end = match.index + run.length;
    const all = run.replace(/\D/g, '');
    if (all.length >= 8 && !GROUPED.test(run) && !YEARS.test(run)) {
      add('phone', phoneKey(all));
      continue;
    }
    const before = text.slice(Math.max(0, match.index - 60), match.index);
    const after = text.slice(end, end + 60);
    const pieces = piecesOf(run);
    const cell = pieces.length === 1 && CELL_BEFORE.test(before) && CELL_AFTER.test(after);
    for (const [at, { value, written }] of pieces.entries()) {
      const last = at === pieces.length - 1;
      const word = (last && /^ (\p{L}+)/u.exec(after)?.[1]) || '';
      const scale = scaleOf(word);
      // "article 5", "en 2024": no amount of anything.
      const names = scale === 1 && (YEAR.test(written) || (at === 0 && LABEL.test(before)));
      const from = scale === 1 ? end : end + 1 + word.length;
      const unit =
        last || /[-/]/.test(run) ? unitAfter(text, from, !names) || (last ? unitBefore(before) : '') : '';
      add('number', `${value * scale}|${unit}`, cell && !names);
    }
  }
}

export const YEAR = /^(?:19|20)\d\d$/;
/** What gives a part of a text, a law, a form or a place its number. */
export const LABEL =
  /(?<![\p{L}\p{N}])(?:articles?|art\.?|sections?|chapitres?|titres?|annexes?|alineas?|paragraphes?|pages?|points?|lois?|decrets?|arretes?|circulaires?|formulaires?|numeros?|n[°o]?|no\.|bp|rue|lot|villa|porte|law|act|decree|form)[ :.|]*(?:n ?[°o]?\.? ?)?$/u;
/** Around a number that fills its cell: other figures and the words of a range. */
const CELL_WORDS = String.raw`[^|\p{L}]*(?:(?:de|du|a|au|et|ou|entre|plus|moins|que|d'|jusqu'a|jusqu'au|from|to|or|and|between|up|more|less|than)(?!\p{L})[^|\p{L}]*)*`;
const CELL_BEFORE = new RegExp(`\\|${CELL_WORDS}$`, 'u');
const CELL_AFTER = new RegExp(`^${CELL_WORDS}(?:\\||$)`, 'u');

/** "2 600 2 750" is two amounts, "12,5" one, "3, 4" two. */
export function piecesOf(run: string): { value: number; written: string }[] {
  return (
    run.match(/\d{1,3}(?:[ .]\d{3})+(?!\d)(?:,\d{1,2}(?!\d))?|\d+(?:[.,]\d{1,2}(?!\d))?|\d+/g) ?? []
  ).map((written) => ({
    written,
    value: Number(written.replace(/[ .](?=\d{3}(?!\d))/g, '').replace(',', '.')),
  }));
}

/** The same number once more ("quatorze (14) semaines"), or the rest of a range ("14 à 16 semaines"). */
const AGAIN = /^ ?\)|^ ?\([^()|]{1,40}\)/;
const RANGE = new RegExp(`^ ?(?:a|ou|et|to|or|and|-|–) ?(?:\\d+(?:[ .,]\\d+)*|¦|${NUMBER_RUN})`, 'u');

/** `far`: also the unit that stands behind the last number of a range. */
export function unitAfter(text: string, at: number, far = true): string {
  let after = text.slice(at, at + 80).replace(/^ (?:de |d')(?=f|euro|dollar|xof|cfa)/, ' ');
  for (let step = 0; step < 4; step += 1) {
    const found = UNITS.find(([pattern]) => pattern.test(after));
    if (found) return found[1];
    const counted = COUNTED.exec(after)?.[1];
    if (counted !== undefined && step === 0) return `of ${counted}`;
    const skipped = far ? (AGAIN.exec(after) ?? RANGE.exec(after))?.[0] : undefined;
    if (skipped === undefined) return '';
    after = after.slice(skipped.length);
  }
  return '';
}

/** "FCFA 22 500", "€ 30". */
function unitBefore(before: string): string {
  const found = /(?<![\p{L}\d] ?)(?:(f ?cfa|fcfa|xof)|(€|eur|euros)|(\$|usd)) ?:? ?$/u.exec(before);
  return found ? (found[1] ? 'F' : found[2] ? 'EUR' : 'USD') : '';
}

/** Unit that "un", "une" or "one" counts, adjectives left out. */
export function unitCounted(text: string, at: number): string {
  const after = text.slice(at, at + 80).replace(PRAISE, ' ');
  const found = UNITS.find(([pattern]) => pattern.test(after));
  return found?.[1] ?? '';
}

/** With or without the country's prefix: the same number. */
const phoneKey = (all: string): string => all.replace(/^(?:00)?221(?=\d{9}$)/, '');
