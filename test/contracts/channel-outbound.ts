import fc from 'fast-check';
import { expect } from 'vitest';
import type { Reply } from '../../src/message/outbound.ts';
import { paragraph, plain, text } from '../../src/message/rich.ts';
import type { Rule } from './channel.ts';
import type { House } from './channel-house.ts';
import { anyOwnReply, letters, offersOf, wordsOf } from './replies.ts';

const writes = (house: House) => house.after(() => house.person.says('Bonjour'));
const shown = (house: House): string =>
  [...house.screen.texts(), ...house.screen.offers().map((each) => each.label)].map(letters).join('\n');
const choices = (count: number): NonNullable<Reply['choices']> =>
  Array.from({ length: count }, (_, i) => [
    { id: `c${String(i + 1)}`, label: `Rubrique numéro ${String(i + 1)}` },
  ]);

const vote: Reply = {
  body: plain('Un acte coûte 200 F.'),
  choices: [
    [
      { id: 'up:1.0', label: '👍 Utile' },
      { id: 'down:1.0', label: '👎 Pas utile' },
    ],
  ],
  asWords: plain('Répondez 👍 ou 👎.'),
};

export const outboundRules: Rule[] = [
  {
    name: 'a text is shown as it is written',
    async holds(house) {
      await writes(house);
      const words = 'Coût : 5 000 F (été)\n• un\n\nl’aide, 👩🏾‍🏫 & co < 3';
      const [sent] = await house.reply({ body: plain(words) });
      expect(sent?.messageRef).toEqual(expect.any(String));
      expect(house.screen.texts()).toEqual([words]);
    },
  },
  {
    name: 'styles lose no word, and words never become styles',
    async holds(house) {
      await writes(house);
      const name = '*_Jean_Paul~`';
      await house.reply({
        body: [
          paragraph({ type: 'strong', children: [text('Bienvenue '), text(name)] }, text(' !')),
          { type: 'list', ordered: true, start: 1, items: [plain('un'), plain('deux')] },
          { type: 'quote', children: [paragraph(text('tapez '), { type: 'code', value: '/menu' })] },
          paragraph({ type: 'link', url: 'https://css.example/a', children: [text('ici')] }),
        ],
      });
      expect(shown(house)).toContain('BienvenueJeanPaul1un2deuxtapezmenuici');
    },
  },
  ...[1, 3, 8].map((count): Rule => ({
    name: `${String(count)} choices can be tapped, and bring back their ids`,
    async holds(house) {
      await writes(house);
      await house.reply({ body: plain('Choisissez :'), choices: choices(count) });
      expect(house.screen.offers().map((each) => each.id)).toEqual(
        choices(count)
          .flat()
          .map((each) => ('id' in each ? each.id : '')),
      );
      const id = `c${String(count)}`;
      const item = await house.after(() => house.person.taps(id));
      expect(house.read(item)).toMatchObject({ kind: 'tap', data: id });
    },
  })),
  {
    name: 'more choices than the platform takes are all shown',
    async holds(house) {
      await writes(house);
      const many = choices(house.channel.capabilities.choices.total + 2);
      await house.reply({ body: plain('Choisissez :'), choices: many });
      for (const each of many.flat()) expect(shown(house)).toContain(letters(each.label));
    },
  },
  {
    name: 'a long label is shown whole',
    async holds(house) {
      await writes(house);
      const label = 'Comment payer mes cotisations sociales en ligne quand je suis à l’étranger ?';
      await house.reply({
        body: plain('Choisissez :'),
        choices: [[{ id: 'a', label }], [{ id: 'b', label: 'Menu' }]],
      });
      expect(shown(house)).toContain(letters(label));
    },
  },
  {
    name: 'a long text comes in parts, in order, with the choices on the last',
    async holds(house) {
      await writes(house);
      const paragraphs = Array.from(
        { length: 90 },
        (_, i) => `Paragraphe ${String(i)}. ${'mot '.repeat(25)}`,
      );
      const calls = house.render({ body: plain(paragraphs.join('\n\n')), choices: choices(2) });
      for (const call of calls) await house.send(call);
      const parts = house.screen.texts();
      expect(parts.length).toBe(calls.length);
      expect(parts.length).toBeGreaterThan(1);
      for (const each of parts)
        expect([...each].length).toBeLessThanOrEqual(house.channel.capabilities.textLimit);
      parts.slice(1).forEach((each, i) => {
        expect(each).toContain(`(Suite ${String(i + 2)}/${String(parts.length)})`);
      });
      expect(letters(parts.join(''))).toBe(letters(paragraphs.join('')));
      expect(house.screen.offers()).toHaveLength(2);
    },
  },
  {
    name: 'choices worth no message are under a short text, and can be tapped',
    async holds(house) {
      await writes(house);
      await house.reply(vote);
      expect(house.screen.texts()).toEqual(['Un acte coûte 200 F.']);
      expect(house.screen.offers().map(({ id }) => id)).toEqual(['up:1.0', 'down:1.0']);
      const item = await house.after(() => house.person.taps('down:1.0'));
      expect(house.read(item)).toMatchObject({ kind: 'tap', data: 'down:1.0' });
    },
  },
  {
    name: 'choices worth no message cost none, whatever the length of the text, of which no letter is lost',
    async holds(house) {
      await writes(house);
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 1, max: 700 }), async (words) => {
          const body = plain(Array.from({ length: words }, (_, i) => `mot${String(i)} et suite`).join(' '));
          const before = house.screen.texts().length;
          await house.reply({ ...vote, body });
          const made = house.screen.texts().slice(before);
          const alone = house.render({ body });
          expect(made).toHaveLength(alone.length);
          const all = letters(made.join('').replace(/Répondez.*$/, ''));
          expect(all).toBe(
            letters(`${Array.from({ length: words }, (_, i) => `mot${String(i)} et suite`).join(' ')}`),
          );
        }),
        { numRuns: 15, examples: [[60], [150], [230], [255], [256], [258], [700]] },
      );
    },
  },
  {
    name: 'a tap is acknowledged without a message, its words stay and it can be tapped again',
    async holds(house) {
      await writes(house);
      await house.reply(vote);
      const item = await house.after(() => house.person.taps('up:1.0'));
      const choices = [
        [
          { id: 'up:1.0', label: '✓ 👍 Utile' },
          { id: 'down:1.0', label: '👎 Pas utile' },
        ],
      ];
      await house.reply({ body: plain('Merci.'), choices, acknowledges: { emoji: '👍' } }, house.read(item));
      expect(house.screen.texts()).toEqual(['Un acte coûte 200 F.']);
      expect(house.screen.offers().map(({ id }) => id)).toEqual(['up:1.0', 'down:1.0']);
      const again = await house.after(() => house.person.taps('down:1.0'));
      expect(house.read(again)).toMatchObject({ kind: 'tap', data: 'down:1.0' });
    },
  },
  {
    name: 'a keyboard goes, and its words stay',
    async holds(house) {
      await writes(house);
      await house.reply({ body: plain('Merci'), keyboard: 'remove' });
      expect(house.screen.texts()).toEqual(['Merci']);
      expect(house.screen.asksPhone()).toBe(false);
    },
  },
  {
    name: 'a reply in place replaces the message of the tap',
    async holds(house) {
      await writes(house);
      await house.reply({ body: plain('Menu'), choices: choices(2) });
      const item = await house.after(() => house.person.taps('c1'));
      await house.reply({ body: plain('Rubrique'), choices: choices(1), inPlace: true }, house.read(item));
      expect(house.channel.capabilities.edits).toBe(true);
      expect(house.screen.texts()).toEqual(['Rubrique']);
    },
  },
  {
    name: 'a reply in place reaches the person in any case',
    async holds(house) {
      await writes(house);
      await house.reply({ body: plain('Menu'), choices: choices(2) });
      const item = await house.after(() => house.person.taps('c1'));
      await house.reply({ body: plain('Rubrique'), choices: choices(1), inPlace: true }, house.read(item));
      expect(house.screen.texts().at(-1)).toBe('Rubrique');
      expect(house.screen.offers()).toHaveLength(1);
    },
  },
  {
    name: 'refused markup goes again without it',
    async holds(house) {
      await writes(house);
      house.refuses('markup');
      await house.reply({
        body: [paragraph({ type: 'strong', children: [text('Menu')] })],
        choices: [[{ id: 'a', label: 'Aide' }]],
      });
      expect(house.errors).toHaveLength(1);
      expect(letters(house.screen.texts().join(''))).toContain('Menu');
      expect(shown(house)).toContain('Aide');
    },
  },
  {
    name: 'typing is shown while an answer is made',
    async holds(house) {
      const event = house.read(await writes(house));
      const { channel, person } = house;
      const address = {
        channel: channel.name,
        account: channel.account,
        chat: person.chat,
        kind: 'private' as const,
      };
      const call = channel.typing(address, event);
      expect(call).toBeDefined();
      if (call) await house.send(call);
      expect(house.screen.isTyping()).toBe(true);
      expect(channel.capabilities.typing).toMatchObject({ every: expect.any(Number) as number });
    },
  },
  {
    name: 'the platform tells what became of a message, under our reference',
    async holds(house) {
      await writes(house);
      expect(house.channel.capabilities.tellsFateWithin).toBeDefined();
      for (const call of house.render({ body: plain('x') })) await house.send(call, 'outbox-1');
      const status = await house.until(() => house.items.find((item) => item.status)?.status);
      expect(status).toMatchObject({ reference: 'outbox-1', state: expect.any(String) as string });
    },
  },
  {
    name: 'a template reaches a person after a week of silence',
    async holds(house) {
      await writes(house);
      house.later(7 * 24 * 3_600_000);
      const template = { name: 'reponse_disponible', language: 'fr', parameters: ['Awa\nDémo'] };
      const reply = { body: plain('Bonjour Awa Démo, une réponse est prête.'), template };
      const calls = house.render(reply);
      for (const call of calls) expect(house.channel.outsideWindow?.(call) ?? true).toBe(true);
      for (const call of calls) await house.send(call);
      expect(letters(house.screen.texts().join(''))).toContain('BonjourAwaDémo');
    },
  },
  {
    name: 'any reply is accepted, and shown with every word',
    async holds(house) {
      await writes(house);
      await fc.assert(
        fc.asyncProperty(anyOwnReply, async (reply) => {
          const before = house.screen.texts().length;
          await house.reply(reply);
          const made = house.screen.texts().slice(before);
          const all = letters(made.join(''));
          for (const words of wordsOf(reply)) expect(all).toContain(words);
          const seen = [...made, ...house.screen.offers().map((each) => each.label)].map(letters).join('\n');
          if (made.length > 0) for (const offer of offersOf(reply)) expect(seen).toContain(offer);
        }),
        { numRuns: 25, endOnFailure: true },
      );
      expect(house.errors).toEqual([]);
    },
  },
];
