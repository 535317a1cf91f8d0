import { describe, expect, test } from 'vitest';
import { outcomeOf } from './ask.ts';

const abstained = {
  answer: null,
  abstained: true,
  message: 'Pas trouvé.',
  suggestions: ['A', { question: 'B' }, 3],
};

describe('outcomeOf', () => {
  test.each([
    [
      'an answer with its sources',
      200,
      { answer: '**7 %**', sources: [{ title: 'Cotisations' }, 'bruit'] },
      { kind: 'answer', answer: '**7 %**', sources: [{ title: 'Cotisations' }] },
    ],
    ['an abstention', 404, abstained, { kind: 'abstained', message: 'Pas trouvé.', suggestions: ['A', 'B'] }],
    ['a route that does not exist', 404, { error: 'x' }, { kind: 'failed', cause: 'unreachable' }],
    [
      'a refused question',
      400,
      { error: 'Question vide', details: 'question' },
      { kind: 'failed', cause: 'refused', reason: 'Question vide : question' },
    ],
    ['too many questions', 429, {}, { kind: 'failed', cause: 'busy' }],
    ['a broken server', 503, null, { kind: 'failed', cause: 'unreachable' }],
  ])('%s', (_label, status, body, expected) => {
    expect(outcomeOf(status, body)).toEqual(expected);
  });
});
