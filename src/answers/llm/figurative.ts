/** Figures, bounds and permissions that are said without a figure; Wolof numbers, which we do not count, must stand as they are. */
export const FIGURATIVE =
  /(?<![\p{L}\p{N}])(?:moitie|tiers|quarts?|demie?s?|semi|doubl(?:e|er|es|ee|ees|ent)|tripl(?:e|er|es|ee|ees|ent)|quadrupl\p{L}+|quintupl\p{L}+|decupl\p{L}+|(?:huit|diz|douz|quinz|vingt|trent|quarant|cinquant|soixant|cent)aines?|milliers?|gratuit\p{L}*|gratis|offerte?s?|rien(?! n[e'])|euros?|dollars?|facultati\p{L}*|optionnel\p{L}*|interdi\p{L}*|impossibles?|exoner\p{L}*|dispens(?:e|es|ee|ees)|half|halves|third|quarters?(?= of)|twice|thrice|doubled?|tripled?|dozens?|free|optional|forbidden|naar|nett|fukk|temeer|junni)(?![\p{L}\p{N}])|[€$£¥₦]/gu;

const SAME_FIGURE: readonly (readonly [RegExp, string])[] = [
  [/^(?:half|halves|demie?s?|semi|moitie)$/, 'moitie'],
  [/^(?:third|tiers)$/, 'tiers'],
  [/^(?:quarters?|quarts?)$/, 'quart'],
  [/^(?:twice|doubl)/, 'double'],
  [/^(?:thrice|tripl)/, 'triple'],
  [/^(?:dozen|douzaine)/, 'douzaine'],
  [/^(?:free$|gratuit|gratis|offert|rien)/, 'gratuit'],
  [/^(?:euro|€)/, 'EUR'],
  [/^(?:dollar|\$)/, 'USD'],
  [/^(?:facult|option)/, 'facultatif'],
  [/^(?:interdi|forbidden)/, 'interdit'],
  [/^exoner/, 'exonere'],
  [/^dispens/, 'dispense'],
];
export const figureKey = (found: string): string =>
  SAME_FIGURE.find(([pattern]) => pattern.test(found))?.[1] ?? found.replace(/s$/, '');

/** Fractions, and tokens that mix letters and digits ("7O", "63k"), except a unit right behind its number. */
export const FRACTION = /(?<![\d/])\d{1,3} ?[/⁄∕÷] ?\d{1,3}(?![\d/])/g;
export const MIXED =
  /(?<![\p{L}\p{N}])(?!\d+(?:f|fcfa|xof|h\d{0,2}|mn|min|j|e|er|ere|eme|ieme|nde?|st|rd|th|s)(?![\p{L}\p{N}]))(?=[\p{L}\p{N}]*\p{L})(?=[\p{L}\p{N}]*\d)[\p{L}\p{N}]+/gu;
/** A sign or a comparison changes the figure behind it; a lone letter may pass for one. */
export const SIGN =
  /(?:(?<=^|[\s(:¦])[-−–‑—](?=\d)|−|[±≈≥≤~×÷=≠√^](?= ?\d)|(?<=^|[\s(])\+(?! ?(?:221|\d{9}))|(?<!\p{L})(?<!(?:au|de|du) )(?:moins|minus) (?=\d)|(?<=\d) ?(?<!\p{L})[oil](?= ?[\d%])|\d[.,]\d{4,})/gu;
const BOUNDS: readonly (readonly [RegExp, string])[] = [
  [
    /(?<!\p{L})(?:au plus|maxim(?:um|al|ale|ums)|moins de|inferieure?s? a|jusqu'a|jusqu'au|plafonn?e?e?s?|limites?|(?:ou|or) (?:moins|less|fewer)|at most|up to|less than|depass\p{L}+|exced\p{L}+)(?!\p{L})/u,
    'most',
  ],
  [
    /(?<!\p{L})(?:au moins|minim(?:um|al|ale|ums)|plus de|superieure?s? a|a partir d[eu']|(?:ou|et|or|and) (?:plus|more|over|above)(?! (?:de|tard))|at least|more than|plancher)(?!\p{L})/u,
    'least',
  ],
];
/** Not folded: "des 14 ans" is another thing. */
const FROM = /(?<!\p{L})dès (?:\d|l['’]âge)/iu;

/** Bounds that a text, and the same folded, sets: another one is another figure. */
export function boundsIn(text: string, plain: string): string[] {
  const found = BOUNDS.flatMap(([pattern, name]) => (pattern.test(plain) ? [name] : []));
  return FROM.test(text) ? [...found, 'least'] : found;
}

const SIDES: readonly (readonly [RegExp, string])[] = [
  [/(?<!\p{L})(?:avant|before)(?!\p{L})/u, 'before'],
  [/(?<!\p{L})(?:apres|after|a compter|qui sui(?:t|vent)|suivante?s?)(?!\p{L})/u, 'after'],
];

/** Sides of an event that a folded text names. */
export const sidesIn = (plain: string): string[] =>
  SIDES.flatMap(([pattern, name]) => (pattern.test(plain) ? [name] : []));
