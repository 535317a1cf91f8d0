import { fold } from '../retrieval/fold.ts';

const FRENCH =
  /(?<![\p{L}])(?:le|la|les|un|une|des|du|de|et|est|sont|vous|votre|vos|pour|dans|avec|qui|que|il|elle|faut|au|aux|sur|par|ne|pas|ce|cette)(?![\p{L}])/gu;
/** Without "a" and "on", which are words of both. */
const ENGLISH =
  /(?<![\p{L}])(?:the|an|and|of|is|are|you|your|for|in|with|that|which|it|must|to|by|not|this|from|be|can|will)(?![\p{L}])/gu;

/** The language of a text by its small words; undefined when they do not say. */
export function languageOfText(text: string): 'fr' | 'en' | undefined {
  const folded = fold(text);
  const french = folded.match(FRENCH)?.length ?? 0;
  const english = folded.match(ENGLISH)?.length ?? 0;
  if (french >= 2 * english && french >= 2) return 'fr';
  return english >= 2 * french && english >= 2 ? 'en' : undefined;
}
