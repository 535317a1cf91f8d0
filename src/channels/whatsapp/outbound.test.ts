import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyReply } from '../../../test/contracts/replies.ts';
import { countedChoices } from '../../message/choices.ts';
import type { Address, PlatformEvent } from '../../message/event.ts';
import type { InlineButton, PlatformCall, Reply } from '../../message/outbound.ts';
import { parseMarkdown } from '../../message/markdown.ts';
import { plain } from '../../message/rich.ts';
import type { RenderContext } from '../channel.ts';
import { render } from './outbound.ts';

const address: Address = {
  channel: 'whatsapp',
  account: '100000000000001',
  chat: '221770000001',
  kind: 'private',
};
const part = (i: number, n: number): string => `(Suite ${String(i)}/${String(n)})`;
const calls = (reply: Reply, context: Partial<RenderContext> = {}): PlatformCall[] =>
  render(reply, { address, part, openList: 'Choisir', ...context });
const only = (reply: Reply, context?: Partial<RenderContext>): PlatformCall => {
  const [call, ...rest] = calls(reply, context);
  if (!call || rest.length > 0) throw new Error('expected one call');
  return call;
};
const bodyOf = (call: PlatformCall): string => {
  const { text: words, interactive } = call.params as {
    text?: { body: string };
    interactive?: { body: { text: string } };
  };
  return words?.body ?? interactive?.body.text ?? '';
};
const choices = (...labels: string[]): InlineButton[][] =>
  labels.map((label, at) => [{ id: `c${String(at + 1)}`, label }]);
const interactive = (reply: Partial<Reply>, context?: Partial<RenderContext>): unknown =>
  only({ body: plain('Choisissez :'), ...reply }, context).params['interactive'];
const to = { messaging_product: 'whatsapp', recipient_type: 'individual', to: '221770000001' };
const textCall = (body: string): PlatformCall => ({
  method: 'messages',
  params: { ...to, type: 'text', text: { body, preview_url: false } },
});

describe('a text', () => {
  test('plain', () => {
    expect(calls({ body: plain('Bonjour') })).toEqual([textCall('Bonjour')]);
  });

  test('blank: no call', () => {
    expect(calls({ body: plain('  '), choices: [[]] })).toEqual([]);
    expect(calls({ body: plain('  '), keyboard: 'remove' })).toEqual([]);
  });

  test('blank above choices: their labels', () => {
    const call = only({ body: plain('  '), choices: choices('Menu') });
    expect(call.params).toMatchObject({
      interactive: { body: { text: '• Menu' }, action: { buttons: [{ reply: { id: 'c1' } }] } },
    });
  });

  test('styled, in WhatsApp’s own marks', () => {
    expect(bodyOf(only({ body: parseMarkdown('**Menu** de *la* CSS') }))).toBe('*Menu* de _la_ CSS');
  });

  test('to somebody without a phone: by recipient', () => {
    const { params } = only({ body: plain('x') }, { address: { ...address, chat: 'SN.1349' } });
    expect(params).toMatchObject({ recipient: 'SN.1349', recipient_type: 'individual' });
    expect(params).not.toHaveProperty('to');
  });

  test('to a group', () => {
    const { params } = only({ body: plain('x') }, { address: { ...address, chat: 'Y2F', kind: 'group' } });
    expect(params).toMatchObject({ to: 'Y2F', recipient_type: 'group' });
  });

  test('to nobody: refused', () => {
    expect(() => calls({ body: plain('x') }, { address: { ...address, chat: '' } })).toThrow(RangeError);
  });

  test('long: split within 4096, marked from the second part on', () => {
    const parts = calls({
      body: plain(
        Array.from({ length: 80 }, (_, i) => `Paragraphe ${String(i)}. ${'mot '.repeat(30)}`).join('\n\n'),
      ),
    }).map(bodyOf);
    expect(parts.length).toBe(3);
    parts.forEach((each, index) => {
      expect(each.length).toBeLessThanOrEqual(4096);
      expect(each.startsWith(`*(Suite ${String(index + 1)}/3)*\n\n`)).toBe(index > 0);
    });
  });

  test('in place is a new message: WhatsApp edits nothing', () => {
    const event: PlatformEvent = { kind: 'tap', data: 'menu', editable: false, messageRef: 'wamid.1' };
    expect(calls({ body: plain('x'), inPlace: true }, { event })).toEqual([textCall('x')]);
  });

  test('removing a keyboard is only the text', () => {
    expect(calls({ body: plain('x'), keyboard: 'remove' })).toEqual([textCall('x')]);
  });
});

describe('choices', () => {
  test('up to three short ones are buttons, and numbered text when refused', () => {
    expect(
      only({ body: plain('Choisissez :'), choices: choices('📋 Menu', '🆘 Aide', '📞 Contact') }),
    ).toEqual({
      method: 'messages',
      params: {
        ...to,
        type: 'interactive',
        interactive: {
          type: 'button',
          body: { text: 'Choisissez :' },
          action: {
            buttons: [
              { type: 'reply', reply: { id: 'c1', title: '📋 Menu' } },
              { type: 'reply', reply: { id: 'c2', title: '🆘 Aide' } },
              { type: 'reply', reply: { id: 'c3', title: '📞 Contact' } },
            ],
          },
        },
      },
      fallback: textCall('Choisissez :\n\n1. 📋 Menu\n2. 🆘 Aide\n3. 📞 Contact'),
    });
  });

  test('four to ten are a list, opened by the conversation’s word', () => {
    expect(interactive({ choices: choices('A', 'B', 'C', 'D') })).toEqual({
      type: 'list',
      body: { text: 'Choisissez :' },
      action: {
        button: 'Choisir',
        sections: [
          {
            rows: [
              { id: 'c1', title: 'A' },
              { id: 'c2', title: 'B' },
              { id: 'c3', title: 'C' },
              { id: 'c4', title: 'D' },
            ],
          },
        ],
      },
    });
  });

  test('a list without a word for its button still opens', () => {
    const [call] = render({ body: plain('x'), choices: choices('A', 'B', 'C', 'D') }, { address, part });
    expect(call?.params).toMatchObject({ interactive: { action: { button: '☰' } } });
  });

  test('a label longer than a title is written out under it', () => {
    const question = 'Comment payer mes cotisations en ligne ?';
    expect(interactive({ choices: choices(question, 'Menu') })).toMatchObject({
      type: 'list',
      action: {
        sections: [
          {
            rows: [
              { id: 'c1', title: 'Comment payer mes cotis…', description: question },
              { id: 'c2', title: 'Menu' },
            ],
          },
        ],
      },
    });
  });

  test('labels that begin alike carry their number', () => {
    const long = 'Comment payer mes cotisations';
    expect(interactive({ choices: choices(`${long} en ligne`, `${long} en agence`, 'Menu') })).toMatchObject({
      action: {
        sections: [
          {
            rows: [
              { title: '1. Comment payer mes co…', description: `${long} en ligne` },
              { title: '2. Comment payer mes co…', description: `${long} en agence` },
              { title: '3. Menu' },
            ],
          },
        ],
      },
    });
  });

  test('buttons that read alike carry their number, in a list', () => {
    expect(interactive({ choices: choices('Retour', 'retour') })).toMatchObject({
      type: 'list',
      action: { sections: [{ rows: [{ title: '1. Retour' }, { title: '2. retour' }] }] },
    });
  });

  test.each([
    ['more than ten', choices(...Array.from({ length: 11 }, (_, i) => `Choix ${String(i + 1)}`))],
    ['a label longer than a description', choices('x'.repeat(73), 'Menu')],
    [
      'two labels for one choice',
      [[{ id: 'menu', label: 'Menu' }], [{ id: 'menu', label: 'Accueil' }]] as InlineButton[][],
    ],
  ])('%s: numbered text', (_, each) => {
    const lines = countedChoices(each).map(({ label }, at) => `${String(at + 1)}. ${label}`);
    expect(calls({ body: plain('Choisissez :'), choices: each })).toEqual([
      textCall(['Choisissez :', '', ...lines].join('\n')),
    ]);
  });

  test('the same choice twice is one', () => {
    const twice: InlineButton[][] = [[{ id: 'menu', label: 'Menu' }], [{ id: 'menu', label: 'Menu' }]];
    expect(interactive({ choices: twice })).toMatchObject({
      action: { buttons: [{ reply: { id: 'menu' } }] },
    });
  });

  test.each(['', 'é', ' x', 'x ', 'x'.repeat(65), 'say:oui'])('the id %j is refused, by a sentence', (id) => {
    expect(() => calls({ body: plain('x'), choices: [[{ id, label: 'Menu' }]] })).toThrow(/plain ASCII/);
  });

  test('a label without a character is refused', () => {
    expect(() => calls({ body: plain('x'), choices: choices(' \n') })).toThrow(/no label/);
  });
});

describe('links', () => {
  const site: InlineButton = { label: 'Site', url: 'https://css.example/' };

  test('one alone is a button', () => {
    expect(only({ body: plain('Notre site :'), choices: [[site]] })).toEqual({
      method: 'messages',
      params: {
        ...to,
        type: 'interactive',
        interactive: {
          type: 'cta_url',
          body: { text: 'Notre site :' },
          action: { name: 'cta_url', parameters: { display_text: 'Site', url: 'https://css.example/' } },
        },
      },
      fallback: textCall('Notre site :\n\nSite : https://css.example/'),
    });
  });

  test('with a label too long for a button, it is a line', () => {
    const label = 'Le site officiel de la CSS';
    expect(calls({ body: plain('x'), choices: [[{ ...site, label }]] })).toEqual([
      textCall(`x\n\n${label} : https://css.example/`),
    ]);
  });

  test('beside choices they are lines above them', () => {
    const call = only({ body: plain('x'), choices: [[site, { id: 'menu', label: 'Menu' }]] });
    expect(call.params).toMatchObject({
      interactive: { type: 'button', body: { text: 'x\n\nSite : https://css.example/' } },
    });
  });

  test.each(['javascript:alert(1)', 'http://', 'tg://user?id=1', ''])('%j is refused', (url) => {
    expect(() => calls({ body: plain('x'), choices: [[{ label: 'Site', url }]] })).toThrow(/https/);
  });
});

describe('a keyboard', () => {
  test('becomes buttons that send their own words back', () => {
    const keyboard = { rows: [[{ label: '✅ J’accepte' }, { label: 'Non' }]] };
    const call = only({ body: plain('Acceptez-vous ?'), keyboard });
    expect(call.params).toMatchObject({
      interactive: {
        action: {
          buttons: [
            { reply: { id: 'say:✅ J’accepte', title: '✅ J’accepte' } },
            { reply: { id: 'say:Non', title: 'Non' } },
          ],
        },
      },
    });
    expect(call.fallback).toEqual(textCall('Acceptez-vous ?\n\n• ✅ J’accepte\n• Non'));
  });

  test('too large for a menu, it is words to type', () => {
    const labels = Array.from({ length: 11 }, (_, i) => `Mot ${String(i)}`);
    const keyboard = { rows: labels.map((label) => [{ label }]) };
    expect(calls({ body: plain('x'), keyboard })).toEqual([
      textCall(`x\n\n${labels.map((label) => `• ${label}`).join('\n')}`),
    ]);
  });

  const asking = { rows: [[{ label: '📱 Partager', asksPhone: true }], [{ label: 'Annuler' }]] };

  test('that asks for a phone is WhatsApp’s own request', () => {
    expect(only({ body: plain('Votre numéro ?'), keyboard: asking })).toEqual({
      method: 'messages',
      params: {
        ...to,
        type: 'interactive',
        interactive: {
          type: 'request_contact_info',
          body: { text: 'Votre numéro ?\n\n• Annuler' },
          action: { name: 'request_contact_info' },
        },
      },
      fallback: textCall('Votre numéro ?\n\n• Annuler'),
    });
  });

  test('asks for no phone in a group', () => {
    const [call] = calls({ body: plain('x'), keyboard: asking }, { address: { ...address, kind: 'group' } });
    expect(call?.params).toMatchObject({
      interactive: { action: { buttons: [{ reply: { title: 'Annuler' } }] } },
    });
  });
});

describe('a menu under a long text', () => {
  test('keeps the last paragraphs, the others go before', () => {
    const body = plain(
      [...Array.from({ length: 12 }, (_, i) => `Paragraphe ${String(i)}. ${'mot '.repeat(30)}`), 'Fin.'].join(
        '\n\n',
      ),
    );
    const made = calls({ body, choices: choices('Menu') });
    expect(made.map((call) => call.params['type'])).toEqual(['text', 'interactive']);
    const [before = '', last = ''] = made.map(bodyOf);
    expect(last.startsWith('*(Suite 2/2)*\n\nParagraphe')).toBe(true);
    expect(last.endsWith('Fin.')).toBe(true);
    expect(before.length).toBeGreaterThan(0);
    expect(last.length).toBeLessThanOrEqual(1024);
  });
});

test('the same reply gives the same calls', () => {
  fc.assert(
    fc.property(anyReply, (each) => {
      expect(calls(each)).toEqual(calls(each));
    }),
    { numRuns: 20, endOnFailure: true },
  );
});
