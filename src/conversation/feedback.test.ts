import { describe, expect, test } from 'vitest';
import type { Answer } from '../message/answer.ts';
import type { SessionState, Turn } from '../message/session.ts';
import { answeredWith, found, on, recorded, seen, tap, typed } from './fixtures/turns.ts';
import { askId } from './taps.ts';

const near = { ...found, suggestions: [{ title: 'Le mariage' }, { title: 'La voirie' }] };
const answered = answeredWith(typed('Quel prix ?'), near, { seq: 45 });
const { session } = answered;
const STEPS = '[📞 Contact→contact | 📋 Menu→menu]';
const MARKED = '\n[✓ vote_up→up:19.0 | vote_down→down:19.0]';

describe('what is kept of a question', () => {
  const kept = (answer: Answer, more: Partial<Turn> = {}) =>
    answeredWith(typed('Quel prix ?'), answer, { seq: 45, ...more }).effects.find(
      ({ type }) => type === 'question',
    );

  test.each<[string, Answer, object]>([
    ['an answer', found, { outcome: 'answered', confidence: 0.9, document: 'actes' }],
    [
      'nothing',
      { status: 'abstained', suggestions: [], confidence: 0.1 },
      { outcome: 'abstained', confidence: 0.1 },
    ],
    [
      'titles',
      { status: 'abstained', suggestions: [{ title: 'x' }], confidence: 0.5 },
      { outcome: 'suggested', confidence: 0.5 },
    ],
    ['no engine', { status: 'unavailable', reason: 'timeout' }, { outcome: 'unavailable' }],
  ])('%s', (_, answer, rest) => {
    expect(kept(answer)).toEqual({
      type: 'question',
      id: '19.0',
      text: 'Quel prix ?',
      language: 'fr',
      ...rest,
    });
  });

  test('a document of their own keeps its name to itself', () => {
    const own = { ...found, sources: found.sources.map((source) => ({ ...source, own: true as const })) };
    expect(kept(own)).not.toHaveProperty('document');
  });

  test('the second question of a turn has an id of its own', () => {
    expect(kept(found, { asked: 1 })).toMatchObject({ id: '19.1' });
  });
});

describe('a vote', () => {
  test('is offered in private only', () => {
    expect(answered.replies).toMatchObject([{ choices: [[{ id: 'up:19.0' }, { id: 'down:19.0' }]] }]);
    const inGroup = answeredWith(typed('Quel prix ?'), found, { chat: 'group' });
    expect(inGroup.replies[0]).not.toHaveProperty('choices');
    expect(recorded(on(tap('up:19.0'), { chat: 'group', session }))).toEqual(['tap:outdated']);
  });

  test.each<[string, ReturnType<typeof tap>]>([
    ['a tap', tap('up:19.0')],
    ['a thumb', typed('👍')],
    ['a thumb of any colour', typed(' 👍🏿 ')],
    ['the label', typed('Vote_up')],
  ])('up by %s is acknowledged on what was said', (_, event) => {
    const decision = on(event, { session });
    expect(recorded(decision)).toEqual(['vote:up', 'up:19.0']);
    expect(decision.replies).toMatchObject([{ acknowledges: { emoji: '👍' } }]);
    expect(seen(decision)).toEqual([`vote_thanks${MARKED}`]);
    expect(decision).toMatchObject({ counted: false, asks: [], session });
  });

  test('down offers the nearest topics, which can be asked, and somebody to call', () => {
    const decision = on(tap('down:19.0'), { session });
    expect(recorded(decision)).toEqual(['vote:down', 'down:19.0']);
    expect(seen(decision)).toEqual([
      '\n[vote_up→up:19.0 | ✓ vote_down→down:19.0]',
      `vote_sorry\n[Le mariage→${askId('Le mariage')}]\n[La voirie→${askId('La voirie')}]\n${STEPS}`,
    ]);
    const next = on(tap(askId('La voirie')), { session: decision.session });
    expect(next.asks).toMatchObject([{ question: { text: 'La voirie' } }]);
  });

  test('on an older answer offers what does not depend on it', () => {
    expect(seen(on(tap('down:7.0'), { session })).at(-1)).toBe(`vote_sorry\n${STEPS}`);
  });

  test('down in words is one message', () => {
    expect(seen(on(typed('👎'), { session }))).toHaveLength(1);
  });

  test('never counts against the limit, is heard beyond it, and while somebody of staff answers', () => {
    for (const more of [
      { recentMessages: 99 },
      { mode: 'human' as const },
      { session: { ...session, leaving: true as const } },
    ]) {
      const decision = on(typed('👍'), { session, ...more, ...('session' in more ? {} : { session }) });
      expect(recorded(decision)).toEqual(['vote:up', 'up:19.0']);
      expect(decision.counted).toBe(false);
    }
  });

  test.each([
    ['👎', 'down'],
    ['👍', 'up'],
  ])('%s typed after a redirect is one', (thumb, vote) => {
    const redirect: Answer = {
      ...{ status: 'redirected', body: 'Voyez l’IPRES.', sources: [], confidence: 1 },
      suggestions: [{ title: 'Le mariage' }],
    };
    const said = answeredWith(typed('Ma pension ?'), redirect, { seq: 45 });
    expect(seen(said)[0]).not.toContain('vote_');
    const decision = on(typed(thumb), { session: said.session });
    expect(recorded(decision)).toEqual([`vote:${vote}`, `${vote}:19.0`]);
    const inGroup = answeredWith(typed('Ma pension ?'), redirect, { seq: 45, chat: 'group' });
    expect(inGroup.session).not.toHaveProperty('answered');
  });

  test.each<[string, SessionState]>([
    ['before any answer', {}],
    [
      'after a question that was not answered',
      answeredWith(typed('Et ?'), { status: 'abstained', suggestions: [], confidence: 0 }, { session })
        .session,
    ],
  ])('a thumb %s is no vote', (_, before) => {
    expect(recorded(on(typed('👍'), { session: before }))).toEqual(['talk:laugh']);
  });

  test('leaves the numbers of the menu above it', () => {
    const choices = [{ id: 'menu', label: '📋 Menu' }];
    const after = answeredWith(typed('Quel prix ?'), found, { session: { choices } });
    expect(after.session.choices).toEqual(choices);
    expect(recorded(on(typed('1'), { session: after.session }))).toEqual(['tap:menu']);
  });

  test.each(['up:', 'up:19', 'sideways:19.0', 'up:19.0:1', 'down:../x.0'])('%s is no vote', (data) => {
    expect(recorded(on(tap(data), { session }))).toEqual(['tap:outdated']);
  });
});
