import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Address } from '../../message/event.ts';
import { plain } from '../../message/rich.ts';
import { render } from './outbound.ts';
import { templateOf } from './templates.ts';

const address: Address = { channel: 'whatsapp', account: '1', chat: '221770000001', kind: 'private' };
const part = (): string => '';
const ready = { name: 'reponse_disponible', language: 'fr', parameters: ['Awa'] };

test('a template is sent instead of all the rest, and falls back to nothing', () => {
  const reply = { body: plain('Bonjour'), choices: [[{ id: 'menu', label: 'Menu' }]], template: ready };
  expect(render(reply, { address, part })).toEqual([
    {
      method: 'messages',
      params: {
        messaging_product: 'whatsapp',
        recipient_type: 'individual',
        to: '221770000001',
        type: 'template',
        template: {
          name: 'reponse_disponible',
          language: { code: 'fr' },
          components: [{ type: 'body', parameters: [{ type: 'text', text: 'Awa' }] }],
        },
      },
    },
  ]);
});

test('without values it has no components', () => {
  expect(templateOf({ name: 'hello_world', language: 'en_US', parameters: [] })).toEqual({
    name: 'hello_world',
    language: { code: 'en_US' },
  });
});

const valueOf = (value: string): string => {
  const { components } = templateOf({ ...ready, parameters: [value] }) as {
    components: { parameters: { text: string }[] }[];
  };
  return components[0]?.parameters[0]?.text ?? '';
};

test.each([
  ['le 12\nmars', 'le 12 mars'],
  ['a\t\tb\r\nc', 'a b c'],
  ['a          b', 'a b'],
  ['  Awa  ', 'Awa'],
  ['Montant\u00a0: 5\u202f000 F', 'Montant\u00a0: 5\u202f000 F'],
  ['a\u00a0\u00a0\u00a0\u00a0\u00a0b', 'a b'],
  ['a\u2028b\u000bc', 'a bc'],
  ['', '—'],
  [' \n ', '—'],
  ['a\ud800', 'a\ufffd'],
])('the value %j becomes %j', (value, expected) => {
  expect(valueOf(value)).toBe(expected);
});

test('any value is accepted, on one line, with all its words', () => {
  const value = fc
    .array(
      fc.oneof(fc.string({ unit: 'binary', maxLength: 8 }), fc.constantFrom('\n', '\t', '      ', '\r\n')),
    )
    .map((each) => each.join(''))
    .filter((each) => each.length <= 1024);
  fc.assert(
    fc.property(value, (given) => {
      const shown = valueOf(given);
      expect(shown).not.toMatch(/[\n\r\t]| {5}/);
      expect(shown.trim()).toBe(shown);
      expect(shown).not.toBe('');
      expect(shown.length).toBeLessThanOrEqual(1024);
      expect(shown.isWellFormed()).toBe(true);
      const letters = (text: string): string => text.toWellFormed().replace(/[^\p{L}\p{N}]/gu, '');
      expect(letters(shown)).toBe(letters(given));
    }),
    { numRuns: 500 },
  );
});

test.each([
  ['a name with capitals', { ...ready, name: 'Reponse' }],
  ['no name', { ...ready, name: '' }],
  ['a name too long', { ...ready, name: 'x'.repeat(513) }],
  ['no language', { ...ready, language: '' }],
  ['a language with a dash', { ...ready, language: 'fr-FR' }],
  ['a value too long', { ...ready, parameters: ['x'.repeat(1025)] }],
])('%s is refused, by a sentence', (_, template) => {
  expect(() => templateOf(template)).toThrow(RangeError);
});
