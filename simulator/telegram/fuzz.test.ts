import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parserOf } from './markup.ts';
import { MarkupError } from './markup-parsed.ts';
import { people } from './people.ts';
import { bench } from './support.ts';
import type { Bench } from './support.ts';

const [awa] = people;
const markupLike = fc.string({
  unit: fc.constantFrom(
    ...'ab \n\r\\_*[]()~`>#+-=|{}.!<>/&;"\'',
    '😀',
    'é',
    '<b>',
    '</b>',
    '<a href="',
    '||',
    '```',
  ),
  maxLength: 40,
});

describe('parsers: an error of their own, or entities on whole characters inside the text', () => {
  test.each(['HTML', 'MarkdownV2', 'Markdown'])('%s', (mode) => {
    const outcomes = { parsed: 0, refused: 0 };
    fc.assert(
      fc.property(markupLike, (source) => {
        try {
          const { text, entities } = parserOf(mode)?.(source) ?? { text: '', entities: [] };
          outcomes.parsed++;
          for (const { offset, length } of entities) {
            const covered = text.slice(offset, offset + length);
            expect(covered).toHaveLength(length);
            expect(covered.isWellFormed()).toBe(true);
            expect(length).toBeGreaterThan(0);
          }
        } catch (error) {
          if (!(error instanceof MarkupError)) throw error;
          outcomes.refused++;
        }
      }),
      { numRuns: 2000 },
    );
    expect(Math.min(outcomes.parsed, outcomes.refused)).toBeGreaterThan(50);
  });
});

describe('calls', () => {
  let it: Bench;
  beforeAll(async () => {
    it = await bench();
    it.sim.phone.text(awa, '/start');
  });
  afterAll(() => it.stop());

  const loose = fc.jsonValue({ maxDepth: 3 });
  const params = fc.record(
    {
      text: fc.oneof(fc.constant('texte 😀'), loose),
      parse_mode: fc.oneof(fc.constantFrom('HTML', 'MarkdownV2'), loose),
      entities: fc.oneof(
        fc.array(
          fc.record({
            type: fc.constantFrom('bold', 'pre', 'text_link', 'url'),
            offset: fc.integer(),
            length: fc.integer(),
          }),
        ),
        loose,
      ),
      reply_markup: fc.oneof(
        fc.record({
          inline_keyboard: fc.oneof(
            loose,
            fc.array(fc.array(fc.record({ text: loose, callback_data: loose }))),
          ),
        }),
        fc.record({ keyboard: loose }),
        loose,
      ),
      reply_parameters: loose,
      link_preview_options: loose,
      message_id: loose,
      commands: loose,
      scope: loose,
    },
    { requiredKeys: ['text'] },
  );

  test('whatever is sent is answered in the form of the API, never by a 500', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('sendMessage', 'editMessageText', 'setMyCommands', 'sendPoll', 'sendMediaGroup'),
        params,
        async (method, given) => {
          const answer = await it.call(method, { chat_id: awa.id, ...given });
          expect(answer.status === 200 || answer.status === 400).toBe(true);
          expect(answer.ok).toBe(answer.status === 200);
        },
      ),
      { numRuns: 300 },
    );
  });
});
