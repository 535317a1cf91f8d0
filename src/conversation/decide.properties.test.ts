import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Answer } from '../message/answer.ts';
import type { InboundEvent } from '../message/event.ts';
import type { Block, Inline } from '../message/rich.ts';
import type { Ask, AskResult, Decision, Turn } from '../message/session.ts';
import { flatten } from '../message/styled.ts';
import { decide } from './decide.ts';
import { desk, EXAMPLE } from './fixtures/desk.ts';
import { NOW, on, recorded, turn } from './fixtures/turns.ts';
import { askId } from './taps.ts';

const word = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '/start',
    '/status',
    '/x',
    'menu',
    'merci',
    'STOP',
    'pourquoi ?',
    'oui',
    'non, je voulais dire les actes',
    'Quel prix pour un acte ? Et où est la mairie ?',
    '**_[x](tg://user?id=1)`',
    '<b>',
    '\u200b',
    '‮rtl',
    '{title}',
  ),
);
const sender = fc.record(
  { scheme: fc.constant('user' as const), value: fc.string(), firstName: word },
  { requiredKeys: ['scheme', 'value'] },
);
const mediaKind = fc.constantFrom('photo' as const, 'voice' as const, 'sticker' as const, 'other' as const);

const event: fc.Arbitrary<InboundEvent> = fc.oneof(
  fc.record({ kind: fc.constant('text' as const), text: word, addressed: fc.boolean(), sender }),
  fc.record({
    kind: fc.constant('tap' as const),
    data: fc.oneof(word, fc.constantFrom('menu', 'status', 'aide', askId(EXAMPLE))),
    tapRef: fc.string(),
    editable: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('contact' as const), phone: fc.string(), own: fc.boolean() }),
  fc.record(
    {
      kind: fc.constant('media' as const),
      media: fc.array(fc.record({ kind: mediaKind })),
      caption: word,
      album: fc.constantFrom('a', 'b'),
    },
    { requiredKeys: ['kind', 'media'] },
  ),
  fc.record({ kind: fc.constant('edited' as const), text: word }),
  fc.record({
    kind: fc.constant('membership' as const),
    state: fc.constantFrom('blocked' as const, 'joined' as const, 'left' as const),
  }),
  fc.record({ kind: fc.constant('moved' as const), chat: fc.string() }),
  fc.record({ kind: fc.constant('other' as const), what: word, direct: fc.boolean() }),
  fc.record({ kind: fc.constant('staff_reply' as const), staffId: fc.string(), markdown: word }),
  fc.record({ kind: fc.constantFrom('take_over' as const, 'hand_back' as const), staffId: fc.string() }),
  fc.record({ kind: fc.constant('timer' as const), name: fc.string() }),
);

const aSource = fc.record(
  {
    title: word,
    document: word,
    section: word,
    page: fc.nat(),
    effectiveDate: word,
    excerpt: word,
    score: fc.double(),
  },
  { requiredKeys: ['title', 'document', 'excerpt', 'score'] },
);
const sources = fc.array(aSource, { maxLength: 2 });
const suggestions = fc.array(fc.record({ title: word }), { maxLength: 5 });
const answer: fc.Arbitrary<Answer> = fc.oneof(
  fc.record({ status: fc.constant('answered' as const), body: word, sources, confidence: fc.double() }),
  fc.record({
    status: fc.constant('redirected' as const),
    body: word,
    sources,
    suggestions,
    confidence: fc.double(),
  }),
  fc.record(
    {
      status: fc.constant('abstained' as const),
      suggestions,
      confidence: fc.double(),
      meant: word,
      unsure: fc.constant(true as const),
    },
    { requiredKeys: ['status', 'suggestions', 'confidence'] },
  ),
  fc.record({
    status: fc.constant('unavailable' as const),
    reason: fc.constantFrom('refused' as const, 'timeout' as const, 'failed' as const),
  }),
);
const turns: fc.Arbitrary<Turn> = fc.record({
  session: fc.record(
    {
      previous: fc.record({ question: word }),
      said: fc.record({ passages: fc.array(word, { maxLength: 3 }), hash: fc.string() }),
      meant: word,
      limitNoticeAt: fc.integer({ min: NOW - 100_000, max: NOW + 100_000 }),
      album: fc.constantFrom('a', 'b'),
      offered: fc.array(word, { maxLength: 10 }),
      choices: fc.array(
        fc.record({ id: fc.constantFrom('menu', 'status', 'gone', askId(EXAMPLE)), label: word }),
        { maxLength: 12 },
      ),
    },
    { requiredKeys: [] },
  ),
  sessionId: fc.constant('s1'),
  seq: fc.nat(),
  greet: fc.boolean(),
  channel: fc.constant('Télégraphe'),
  newSession: fc.boolean(),
  person: fc.record(
    { id: fc.uuid(), firstName: word, language: fc.constantFrom('fr', 'en', 'wo', '') },
    { requiredKeys: ['id', 'language'] },
  ),
  chat: fc.constantFrom('private' as const, 'private' as const, 'group' as const, 'channel' as const),
  mode: fc.constantFrom('bot' as const, 'bot' as const, 'human' as const),
  recentMessages: fc.integer({ min: 0, max: 5 }),
  now: fc.constant(NOW),
});

function answerTo(ask: Ask, given: Answer): AskResult {
  switch (ask.type) {
    case 'answer':
      return {
        type: 'answer',
        question: ask.question,
        answer: given,
        ...(ask.also && { also: ask.also.map((question) => ({ question, answer: given })) }),
        ...(ask.left && { left: ask.left }),
      };
    case 'health':
      return { type: 'health', health: { ok: true, checkedAt: NOW }, at: NOW };
    case 'history':
      return { type: 'history', messages: [{ at: NOW, text: 'bonjour', file: false }] };
    case 'export':
      return { type: 'export', text: '{}', readable: 'rien' };
    case 'waiting':
      return { type: 'waiting', requests: [{ at: NOW, reference: 'ABC-123' }, { at: NOW }] };
    case 'account':
    case 'children':
      throw new Error('The desk has no accounts.');
    case 'files': {
      const heard = given.status === 'answered' ? given.body : 'statut';
      const outcome = { status: 'heard', text: heard } as const;
      return { type: 'files', files: ask.media.map(({ kind }) => ({ kind, outcome })), silent: ask.silent };
    }
  }
}

/** Every decision of one turn, asks performed. */
function play(start: Turn, happened: InboundEvent, given: Answer): Decision[] {
  const decisions = [decide(start, { event: happened }, desk)];
  for (let at = 0; at < decisions.length; at++) {
    const { asks, session } = decisions[at] ?? { asks: [], session: {} };
    for (const ask of asks) {
      const result = answerTo(ask, given);
      decisions.push(decide({ ...start, session }, { event: happened, result }, desk));
    }
  }
  return decisions;
}

const inlinesOf = (blocks: readonly Block[]): Inline[] =>
  blocks.flatMap((block): Inline[] => {
    switch (block.type) {
      case 'paragraph':
      case 'heading':
        return block.children.flatMap(deep);
      case 'list':
        return block.items.flatMap(inlinesOf);
      case 'quote':
        return inlinesOf(block.children);
      case 'table':
        return [block.header, ...block.rows].flat(2).flatMap(deep);
      default:
        return [];
    }
  });
const deep = (node: Inline): Inline[] =>
  'children' in node ? [node, ...node.children.flatMap(deep)] : [node];

describe('for any event in any state', () => {
  test('a turn ends, its ids fit every platform, and nothing is left to fill', () => {
    fc.assert(
      fc.property(turns, event, answer, (start, happened, given) => {
        const decisions = play(start, happened, given);
        expect(decisions.length).toBeLessThanOrEqual(3);
        expect(new Set(decisions.map((it) => it.counted)).size).toBe(1);
        for (const reply of decisions.flatMap((it) => it.replies)) {
          expect(flatten(reply.body).text).toMatch(/[^\s\p{C}]/u);
          expect(inlinesOf(reply.body).filter((node) => node.type === 'placeholder')).toEqual([]);
          for (const button of (reply.choices ?? []).flat()) {
            expect(button.label.trim()).not.toBe('');
            if ('id' in button) expect(button.id).toMatch(/^[\x21-\x7e]{1,64}$/);
          }
        }
        for (const { session } of decisions) {
          expect(JSON.parse(JSON.stringify(session))).toEqual(session);
          expect((session.offered ?? []).length).toBeLessThanOrEqual(10);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('a text in private is answered once, and a reply that is no answer offers a next step', () => {
    const text = fc.record({ kind: fc.constant('text' as const), text: word, addressed: fc.constant(true) });
    fc.assert(
      fc.property(turns, text, answer, (start, happened, given) => {
        const decisions = play(
          { ...start, chat: 'private', mode: 'bot', greet: false, recentMessages: 0 },
          happened,
          given,
        );
        const replies = decisions.flatMap((it) => it.replies);
        expect(replies).toHaveLength(1);
        const isAnswer = decisions.flatMap(recorded).some((it) => /^(?:answer|more):answered$/.test(it));
        if (!isAnswer) expect((replies[0]?.choices ?? []).flat().length).toBeGreaterThan(0);
      }),
      { numRuns: 300 },
    );
  });

  test('a group never reads a name, a channel never reads anything', () => {
    const name = 'Zeynabou-Exemple';
    const named: InboundEvent = {
      kind: 'text',
      text: '/start',
      addressed: true,
      sender: { scheme: 'user', value: '1', firstName: name },
    };
    fc.assert(
      fc.property(fc.oneof(event, fc.constant(named)), answer, (happened, given) => {
        const person = { id: 'p', firstName: name, language: 'fr' };
        const inGroup = play(turn({ chat: 'group', person }), happened, given);
        expect(JSON.stringify(inGroup.flatMap((it) => it.replies))).not.toContain(name);
        if (happened.kind !== 'staff_reply') {
          expect(play(turn({ chat: 'channel' }), happened, given).flatMap((it) => it.replies)).toEqual([]);
        }
      }),
    );
  });

  test('nothing a person writes is recorded', () => {
    const secret = 'zq81secret';
    fc.assert(
      fc.property(event, answer, (happened, given) => {
        const marked = JSON.parse(JSON.stringify(happened), (key, value: unknown) =>
          ['text', 'data', 'caption', 'what', 'markdown'].includes(key)
            ? `${String(value)} ${secret}`
            : value,
        ) as InboundEvent;
        expect(JSON.stringify(play(turn(), marked, given).flatMap(recorded))).not.toContain(secret);
      }),
    );
  });
});

describe('a first name', () => {
  test.each([
    '**gras**',
    '_',
    '*',
    '[x](tg://user?id=1)',
    '<b>x</b>',
    '{organisation}',
    '{telephone}',
    '‮abc',
    '`'.repeat(4096),
    '# Titre',
    'a\n- b',
  ])('%j stays text', (firstName) => {
    const [reply] = on(
      { kind: 'text', text: '/start', addressed: true },
      { person: { id: 'p', firstName, language: 'fr' } },
    ).replies;
    const nodes = inlinesOf(reply?.body ?? []);
    expect(nodes).toContainEqual({ type: 'text', value: firstName });
    expect(nodes.filter((node) => node.type === 'link' || node.type === 'code')).toEqual([]);
  });
});

test('every sentence comes from the desk: the code of this folder holds no French', () => {
  const files = readdirSync(import.meta.dirname).filter(
    (name) => name.endsWith('.ts') && !name.endsWith('.test.ts'),
  );
  expect(files.length).toBeGreaterThan(5);
  for (const name of files) {
    const code = readFileSync(`${import.meta.dirname}/${name}`, 'utf8')
      .replace(/\/\*[^]*?\*\//g, '')
      .replace(/^\s*\/\/.*$/gm, '');
    expect({ name, found: code.match(/[À-ÿœ’]|\b(?:vous|votre|veuillez|désolé|bonjour)\b/gi) }).toEqual({
      name,
      found: null,
    });
  }
});
