import { fold } from '../retrieval/fold.ts';

/** Words that speak to a model, not to people. A document that needs them is quoted by the embedded engine. */
const ORDERS: readonly RegExp[] = [
  /(?<!\p{L})(?:ignor|oubli|neglig|contourn|disregard|forget|bypass|override)\p{L}*(?: \S+){0,5}? (?:instruction|consigne|regle|directive|rule|prompt)/u,
  /(?<!\p{L})(?:revel|affich|montr|repet|recopi|donn|imprim|reveal|show|print|repeat|leak)\p{L}*(?: \S+){0,4}? (?:prompt|instructions? (?:systeme|initiales?)|system (?:prompt|message)|consignes? (?:secretes?|systeme|initiales?))/u,
  /(?<!\p{L})(?:tu es|vous etes|you are) (?:maintenant|desormais|dorenavant|now|dan)(?!\p{L})/u,
  /(?<!\p{L})(?:system|systeme|assistant) ?:/u,
  /<\|[a-z_]+\|>|\[\/?inst\]|<\/?(?:system|instructions?)>/,
];

/** Does this text try to give orders to a model? It is then kept from it, whoever wrote it. */
export function givesOrders(text: string): boolean {
  const folded = fold(text.normalize('NFKC').replace(/\p{Cf}/gu, ''));
  return ORDERS.some((order) => order.test(folded));
}
