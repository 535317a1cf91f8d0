import fc from 'fast-check';
import { countedChoices } from '../../src/message/choices.ts';
import type { InlineButton, Reply } from '../../src/message/outbound.ts';
import { type Block, type Inline, paragraph, text } from '../../src/message/rich.ts';

/** Words that break a formatter, and letters that break a counter. */
const ODD = ['*Awa*', '_Jean_Paul_', '~~`*144#`~~', '👨‍👩‍👧👩🏾‍🏫', '😀'.repeat(30), 'é'.repeat(90), '﷽', 'a\ud800b'];
/** Markup of other platforms, which an emulator may rightly find strange in a message. */
const FOREIGN = ['<b>x</b>', '[x](tg://user?id=1)', '**x**'];

const legible = (value: string): boolean => letters(value) !== '';
/** Any reply: long and short texts, emoji, markup in words, few and very many choices, long and twin labels, keyboards. */
function repliesWith(odd: string[]): fc.Arbitrary<Reply> {
  const word = fc.oneof(
    { weight: 6, arbitrary: fc.stringMatching(/^[a-zà-ÿ0-9]{1,14}$/u) },
    { weight: 2, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }) },
    { weight: 1, arbitrary: fc.constantFrom(...odd) },
  );
  const sentence = (most: number): fc.Arbitrary<string> =>
    fc.array(word, { minLength: 1, maxLength: most }).map((words) => words.join(' '));
  const label = fc
    .oneof(
      { weight: 5, arbitrary: sentence(3) },
      { weight: 2, arbitrary: sentence(14) },
      { weight: 1, arbitrary: fc.constantFrom('Comment payer mes cotisations en ligne ?', 'Menu', 'menu') },
      { weight: 1, arbitrary: fc.integer({ min: 60, max: 80 }).map((n) => 'x'.repeat(n)) },
    )
    .filter(legible);

  const url = fc.stringMatching(/^[a-z0-9]{1,20}$/).map((path) => `https://css.example/${path}`);
  const button: fc.Arbitrary<InlineButton> = fc.oneof(
    { weight: 6, arbitrary: fc.record({ id: fc.stringMatching(/^[a-z_]{1,64}$/), label }) },
    { weight: 1, arbitrary: fc.record({ url, label }) },
  );

  const styled: fc.Arbitrary<Inline> = fc.oneof(
    { weight: 4, arbitrary: sentence(30).map(text) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.constantFrom('strong' as const, 'emphasis' as const, 'strike' as const), sentence(8))
        .map(([type, words]) => ({ type, children: [text(words)] })),
    },
    { weight: 1, arbitrary: word.map((value) => ({ type: 'code' as const, value })) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(url, sentence(3))
        .map(([to, words]) => ({ type: 'link' as const, url: to, children: [text(words)] })),
    },
  );

  const lineOf = fc
    .array(styled, { minLength: 1, maxLength: 20 })
    .map((inlines) => paragraph(...inlines.flatMap((each) => [each, text(' ')])));
  const block = fc.oneof(
    { weight: 5, arbitrary: lineOf as fc.Arbitrary<Block> },
    {
      weight: 1,
      arbitrary: fc.array(lineOf, { minLength: 1, maxLength: 5 }).map((items): Block => ({
        type: 'list',
        ordered: false,
        start: 1,
        items: items.map((each) => [each]),
      })),
    },
    { weight: 1, arbitrary: sentence(60).map((value): Block => ({ type: 'preformatted', value })) },
    { weight: 1, arbitrary: lineOf.map((each): Block => ({ type: 'quote', children: [each] })) },
  );

  const rows = <T>(each: fc.Arbitrary<T>, most: number): fc.Arbitrary<T[][]> =>
    fc.array(fc.array(each, { minLength: 1, maxLength: 14 }), { maxLength: most });
  /** More than any platform takes, in number or in size. */
  const crowd = <T>(each: fc.Arbitrary<T>, least: number): fc.Arbitrary<T[][]> =>
    fc.array(fc.array(each, { minLength: 10, maxLength: 14, size: 'max' }), {
      minLength: least,
      maxLength: least + 4,
      size: 'max',
    });
  const keyboardButton = fc.record({ label, asksPhone: fc.boolean() }, { requiredKeys: ['label'] });

  return fc
    .record({
      body: fc.array(block, { maxLength: 10 }),
      beside: fc.oneof(
        fc.record({ choices: rows(button, 3) }),
        fc.record({ choices: rows(button, 12) }),
        fc.record({ choices: crowd(button, 8) }),
        fc.record({
          choices: crowd(
            fc.record({ id: fc.stringMatching(/^[a-z]{1,3}$/), label: word.filter(legible) }),
            9,
          ),
        }),
        fc.record({ keyboard: fc.record({ rows: rows(keyboardButton, 4) }) }),
        fc.record({ keyboard: fc.record({ rows: crowd(keyboardButton, 24) }) }),
        fc.constant({ keyboard: 'remove' as const }),
        fc.constant({}),
      ),
    })
    .map(({ body, beside }) => ({ body, ...beside }));
}

export const anyReply = repliesWith([...ODD, ...FOREIGN]);
export const anyOwnReply = repliesWith(ODD);

/** What is left of a text when marks, emoji, spaces and continuation marks are taken away. */
export function letters(value: string): string {
  return value
    .toWellFormed()
    .replace(/\(Suite \d+\/\d+\)/g, '')
    .replace(/%2A|%5F|%7E|%60/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, '');
}

/** The visible words of a body, in their order. */
export function wordsOf(reply: Reply): string[] {
  return reply.body.flatMap(wordsOfBlock).map(letters).filter(Boolean);
}

function wordsOfBlock(each: Block): string[] {
  switch (each.type) {
    case 'paragraph':
    case 'heading':
      return each.children.flatMap(wordsOfInline);
    case 'list':
      return each.items.flat().flatMap(wordsOfBlock);
    case 'quote':
      return each.children.flatMap(wordsOfBlock);
    case 'preformatted':
      return [each.value];
    default:
      return [];
  }
}

function wordsOfInline(node: Inline): string[] {
  if ('children' in node) return node.children.flatMap(wordsOfInline);
  return 'value' in node ? node.value.split(' ') : [];
}

/** What a person may choose or say, and the addresses behind buttons. A button that asks for a phone is the platform's to name. */
export function offersOf(reply: Reply): string[] {
  const keyboard = reply.keyboard && reply.keyboard !== 'remove' ? reply.keyboard.rows.flat() : [];
  const links = (reply.choices ?? []).flat().flatMap((each) => ('url' in each ? [each.label, each.url] : []));
  return [
    ...countedChoices(reply.choices).map((each) => each.label),
    ...links,
    ...keyboard.filter((each) => !each.asksPhone).map((each) => each.label),
  ].map(letters);
}
