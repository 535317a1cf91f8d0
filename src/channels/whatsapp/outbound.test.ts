import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countedChoices } from '../../message/choices.ts';
import type { Address, PlatformEvent } from '../../message/event.ts';
import type { InlineButton, PlatformCall, Reply } from '../../message/outbound.ts';
import { parseMarkdown } from '../../message/markdown.ts';
import { type Inline, paragraph, plain, text } from '../../message/rich.ts';
import type { RenderContext } from '../channel.ts';
import { LIMITS } from './limits.ts';
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
    expect(calls({ body: plain('  '), choices: choices('Menu') })).toEqual([]);
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

describe('whatever the reply', () => {
  const word = fc.oneof(
    { weight: 4, arbitrary: fc.string({ minLength: 1, maxLength: 30 }).filter((it) => /[a-z]/i.test(it)) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        '*Awa*',
        '👨‍👩‍👧 Famille',
        'Comment payer mes cotisations en ligne ?',
        'x'.repeat(80),
      ),
    },
  );
  const label = word.filter((it) => it.trim() !== '');
  const button: fc.Arbitrary<InlineButton> = fc.oneof(
    { weight: 5, arbitrary: fc.record({ id: fc.stringMatching(/^[a-z_]{1,12}$/), label }) },
    { weight: 1, arbitrary: fc.record({ url: fc.webUrl(), label }) },
  );
  const block = fc.oneof(
    fc.array(word, { minLength: 1, maxLength: 60 }).map((words) => paragraph(text(words.join(' ')))),
    fc
      .array(word, { minLength: 1, maxLength: 40 })
      .map((words) =>
        paragraph(
          ...words.flatMap((each) => [
            { type: 'strong' as const, children: [{ type: 'emphasis' as const, children: [text(each)] }] },
            text(' '),
          ]),
        ),
      ),
    fc
      .tuple(word, fc.webUrl())
      .map(([each, url]) => paragraph({ type: 'link', url, children: [text(each)] })),
    fc.string({ maxLength: 300 }).map((value) => ({ type: 'preformatted' as const, value })),
  );
  const reply = fc.record(
    {
      body: fc.array(block, { minLength: 1, maxLength: 12 }),
      choices: fc.array(fc.array(button, { minLength: 1, maxLength: 3 }), { maxLength: 6 }),
    },
    { requiredKeys: ['body'] },
  );

  test('no call is beyond a limit of the platform', () => {
    fc.assert(
      fc.property(reply, (each) => {
        for (const call of calls(each).flatMap((it) => (it.fallback ? [it, it.fallback] : [it])))
          withinLimits(call);
      }),
      { numRuns: 400 },
    );
  });

  test('every word and every choice is there', () => {
    fc.assert(
      fc.property(reply, (each) => {
        const made = calls(each);
        if (made.length === 0) return;
        const all = made.map((call) => letters(everythingIn(call))).join('');
        let from = 0;
        for (const words of textOf(each).map(letters)) {
          const found = all.indexOf(words, from);
          expect({ words, from, isThere: found >= 0 }).toMatchObject({ isThere: true });
          from = found + words.length;
        }
        const shown = made.map(everythingIn).join('\n');
        for (const choice of countedChoices(each.choices))
          expect(letters(shown)).toContain(letters(choice.label));
        for (const link of (each.choices ?? []).flat())
          if ('url' in link) expect(letters(shown)).toContain(letters(link.url));
      }),
      { numRuns: 400 },
    );
  });

  test('the same reply gives the same calls', () => {
    fc.assert(
      fc.property(reply, (each) => {
        expect(calls(each)).toEqual(calls(each));
      }),
      { numRuns: 50 },
    );
  });
});

interface Interactive {
  type: string;
  body: { text: string };
  action: {
    button?: string;
    buttons?: { reply: { id: string; title: string } }[];
    sections?: { rows: { id: string; title: string; description?: string }[] }[];
    parameters?: { display_text: string };
  };
}

function withinLimits(call: PlatformCall): void {
  const body = bodyOf(call);
  expect(body.trim()).not.toBe('');
  expect(body.isWellFormed()).toBe(true);
  if (call.params['type'] === 'text') {
    expect(body.length).toBeLessThanOrEqual(LIMITS.text);
    return;
  }
  const { action } = call.params['interactive'] as Interactive;
  expect(body.length).toBeLessThanOrEqual(LIMITS.interactiveBody);
  expect((action.parameters?.display_text ?? '').length).toBeLessThanOrEqual(LIMITS.openButton);
  const buttons = (action.buttons ?? []).map((each) => each.reply);
  expect(buttons.length).toBeLessThanOrEqual(LIMITS.buttons);
  const rows = (action.sections ?? []).flatMap((section) => section.rows);
  expect(rows.length).toBeLessThanOrEqual(LIMITS.rows);
  for (const [entries, title, id] of [
    [buttons, LIMITS.buttonTitle, LIMITS.buttonId],
    [rows, LIMITS.rowTitle, LIMITS.rowId],
  ] as const) {
    expect(new Set(entries.map((each) => each.id)).size).toBe(entries.length);
    expect(new Set(entries.map((each) => each.title)).size).toBe(entries.length);
    for (const each of entries) {
      expect(each.title).toMatch(/^\S/);
      expect(each.title.length).toBeLessThanOrEqual(title);
      expect(each.id.length).toBeLessThanOrEqual(id);
    }
  }
  for (const row of rows) expect((row.description ?? '').length).toBeLessThanOrEqual(LIMITS.rowDescription);
}

function everythingIn(call: PlatformCall): string {
  if (call.params['type'] === 'text') return bodyOf(call);
  const { body, action } = call.params['interactive'] as Interactive;
  const rows = (action.sections ?? []).flatMap((section) => section.rows);
  return [
    body.text,
    ...(action.buttons ?? []).map((each) => each.reply.title),
    ...rows.map((row) => row.description ?? row.title),
    JSON.stringify(action.parameters ?? ''),
  ].join('\n');
}

/** What is left of a text when marks, spaces and continuation marks are taken away. */
function letters(value: string): string {
  return value
    .replace(/\(Suite \d+\/\d+\)/g, '')
    .replace(/%2A|%5F|%7E|%60/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, '');
}

/** The words of a reply in their order, an address after its label. */
function textOf(reply: Reply): string[] {
  return reply.body.flatMap((block) => {
    if (block.type === 'preformatted') return [block.value];
    if (block.type !== 'paragraph') return [];
    return block.children.flatMap((node) => {
      if (node.type === 'link') return [...node.children.flatMap(wordsOf), node.url];
      return wordsOf(node);
    });
  });
}

function wordsOf(node: Inline): string[] {
  if ('children' in node) return node.children.flatMap(wordsOf);
  return 'value' in node ? [node.value] : [];
}
