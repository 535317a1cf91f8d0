import { describe, expect, test } from 'vitest';
import type { Answer } from '../message/answer.ts';
import { answeredWith, found, on, recorded, seen, source, tap, typed } from './fixtures/turns.ts';
import { askId } from './taps.ts';

const STEPS = '[📋 Menu→menu | 📞 Contact→contact]';
/** On every answer. */
const VOTE = '[vote_up→up:1.0 | vote_down→down:1.0]';
const question = typed('Quel prix ?');
const abstained = (...titles: string[]): Answer => ({
  status: 'abstained',
  confidence: 0.1,
  suggestions: titles.map((title) => ({ title })),
});

describe('the reply to a question', () => {
  test.each([
    [
      'answered',
      found,
      `Un acte coûte 200 F.\n\nRéponse basée sur les documents\nSource : Actes, Prix (au 1er janvier 2026)\n${VOTE}`,
    ],
    ['answered', { ...found, sources: [] }, `Un acte coûte 200 F.\n${VOTE}`],
    ['answered', { ...found, body: 'Écrivez {first_name}.', sources: [] }, `Écrivez {first_name}.\n${VOTE}`],
    [
      'redirected',
      {
        status: 'redirected',
        body: 'Voyez l’IPRES.',
        sources: [source()],
        suggestions: [{ title: 'x' }],
        confidence: 1,
      },
      `Voyez l’IPRES.\n\nanswer_redirect\n${STEPS}`,
    ],
    ['abstained', abstained(), `answer_not_found\n[État civil→cat_civil]\n${STEPS}`],
    [
      'abstained',
      abstained('Les actes', ' ', 'Les actes', 'Le mariage', 'x'.repeat(201), 'La voirie', 'Une de trop'),
      `answer_not_found\n\nanswer_suggestions\n[Les actes→${askId('Les actes')}]\n[Le mariage→${askId('Le mariage')}]\n[La voirie→${askId('La voirie')}]\n${STEPS}`,
    ],
    ['unavailable', { status: 'unavailable', reason: 'refused' }, 'answer_refused\n[📋 Menu→menu]'],
    ['unavailable', { status: 'unavailable', reason: 'timeout' }, 'answer_timeout\n[📋 Menu→menu]'],
    ['unavailable', { status: 'unavailable', reason: 'failed' }, 'answer_failed\n[📋 Menu→menu]'],
    ['unavailable', { ...found, body: '\u200b\u202e' }, 'answer_failed\n[📋 Menu→menu]'],
    ['unavailable', { ...found, body: ' \n' }, 'answer_failed\n[📋 Menu→menu]'],
  ] satisfies [string, Answer, string][])('%s: %j', (status, answer, reply) => {
    const decision = answeredWith(question, answer);
    expect(seen(decision)).toEqual([reply]);
    expect(recorded(decision)).toEqual([`answer:${status}`]);
    expect(decision).toMatchObject({ asks: [], counted: true });
  });

  test('a reason we do not know yet has its own sentence', () => {
    const answer = { status: 'unavailable', reason: 'melted' } as unknown as Answer;
    expect(seen(answeredWith(question, answer))).toEqual(['answer_unavailable\n[📋 Menu→menu]']);
  });
});

describe('the memory of a session', () => {
  test('a follow-up is asked with what was answered before', () => {
    const first = answeredWith(question, found);
    expect(first.session).toMatchObject({ previous: { question: 'Quel prix ?', topic: 'Prix' } });
    const [ask] = on(typed('Et pour deux ?'), { session: first.session }).asks;
    expect(ask).toEqual({
      type: 'answer',
      question: {
        text: 'Et pour deux ?',
        language: 'fr',
        previous: { question: 'Quel prix ?', topic: 'Prix' },
      },
    });
  });

  test.each([
    [
      { ...found, sources: [{ title: 'Actes', document: 'actes', excerpt: '', score: 1 }] },
      { question: 'Quel prix ?', topic: 'Actes' },
    ],
    [{ ...found, sources: [] }, { question: 'Quel prix ?' }],
    [abstained(), { question: 'Quel prix ?' }],
    [
      { ...found, institution: 'ipres' },
      { question: 'Quel prix ?', topic: 'Prix', institution: 'ipres' },
    ],
    [{ ...abstained(), institution: 'ipres' } as Answer, { question: 'Quel prix ?', institution: 'ipres' }],
    [{ status: 'unavailable', reason: 'timeout' }, { question: 'Avant' }],
  ] satisfies [Answer, object][])('after %j', (answer, previous) => {
    const { session } = answeredWith(question, answer, { session: { previous: { question: 'Avant' } } });
    expect(session.previous).toEqual(previous);
  });

  test('the institution goes with every question of a message that leans on what was said', () => {
    const { session } = answeredWith(question, { ...found, institution: 'ipres' } as Answer);
    const [ask] = on(typed('Quel délai ? Quelles pièces ?'), { session }).asks;
    expect(ask).toMatchObject({
      question: { previous: { institution: 'ipres' } },
      also: [{ previous: { question: 'Quel délai ?', institution: 'ipres' } }],
    });
  });

  test('a suggestion can be tapped later, and the last ten are kept', () => {
    let session = answeredWith(question, abstained('Sujet 0')).session;
    expect(on(tap(askId('Sujet 0')), { session }).asks).toMatchObject([{ question: { text: 'Sujet 0' } }]);
    for (let i = 1; i <= 10; i++)
      session = answeredWith(question, abstained(`Sujet ${i}`), { session }).session;
    session = answeredWith(question, abstained('Sujet 5'), { session }).session;
    expect(session.offered).toEqual([1, 2, 3, 4, 6, 7, 8, 9, 10, 5].map((i) => `Sujet ${i}`));
    expect(seen(on(tap(askId('Sujet 0')), { session }))).toEqual(['outdated_button\n[📋 Menu→menu]']);
  });
});
