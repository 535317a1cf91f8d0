import { fold } from '../../message/fold.ts';

/** How a sentence begins that speaks of the one before it. */
const BACK =
  /^(?:ils?|elles?|ce|cet|cette|ces|cela|ceci|(?:celui|celle|ceux|celles) ci|en|y|son|sa|ses|leurs?|ainsi|donc|dans ce cas|de meme|par consequent) /;
/** "Il faut", "il existe": nothing before it is meant. */
const IMPERSONAL = /^il (?:faut|est|existe|y a|suffit|convient|s agit) /;
/** How a sentence begins that takes back part of the one before it. */
const LIMITS =
  /^(?:sauf|toutefois|cependant|neanmoins|mais|attention|a condition|a l exception|excepte|en revanche|par exception|au dela|a defaut) /;

/** As much of a sentence as these look at. */
const BEGINNING = 60;

const begun = (sentence: string): string => `${fold(sentence.slice(0, BEGINNING))} `;

/** Does it lean on the sentence before it ("Elle est de…")? */
export const goesBack = (sentence: string): boolean => {
  const folded = begun(sentence);
  return BACK.test(folded) && !IMPERSONAL.test(folded);
};

/** Does it limit the sentence before it ("Toutefois…")? An answer without its exception is wrong. */
export const limits = (sentence: string): boolean => LIMITS.test(begun(sentence));
