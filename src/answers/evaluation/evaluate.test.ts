import { describe, expect, test } from 'vitest';
import type { Answer } from '../../message/answer.ts';
import { evaluate, reportOf, worse, type Report, type Tally } from './evaluate.ts';
import { QuestionSetError, readQuestions } from './questions.ts';

const said = (body: string, document = 'actes'): Answer => ({
  status: 'answered',
  body,
  sources: [{ title: 'Actes', document, excerpt: body, score: 1 }],
  confidence: 0.9,
});
const abstained: Answer = { status: 'abstained', suggestions: [], confidence: 0.1 };
const redirected: Answer = { ...abstained, status: 'redirected', body: 'Voyez ailleurs.', sources: [] };
const line = (over: object): string =>
  JSON.stringify({ id: '1', question: 'Quel prix ?', answerable: true, must_contain: ['200'], ...over });
const clock = { monotonic: () => 0 };

describe('one question', () => {
  test.each<[object, Answer, string, boolean]>([
    [{}, said('Il coûte 200 F.'), 'right', true],
    [{}, said('Il coûte 300 F.'), 'wrong', false],
    [{}, abstained, 'abstained', false],
    [{}, redirected, 'redirected', false],
    [{}, { status: 'unavailable', reason: 'failed' }, 'unavailable', false],
    [{ source: 'actes' }, said('Il coûte 200 F.'), 'right', true],
    [{ source: 'actes' }, said('Il coûte 200 F.', 'autre'), 'wrong', false],
    [{ must_contain: undefined, source: 'actes' }, said('Tout.'), 'right', true],
    [{ answerable: false }, said('Il coûte 200 F.'), 'wrong', false],
    [{ answerable: false }, abstained, 'abstained', true],
    [{ answerable: false }, redirected, 'redirected', true],
  ])('%j %j is %s', async (over, answer, verdict, good) => {
    const questions = readQuestions(line(over), 'q.jsonl');
    const [judged] = await evaluate(() => Promise.resolve(answer), questions, clock);
    expect(judged).toMatchObject({ verdict, good });
  });
});

test('a report counts by how the question is written', async () => {
  const lines = [{}, { id: '2', style: 'sms' }, { id: '3', answerable: false }].map(line).join('\n');
  const answers = [said('200'), said('300'), abstained];
  const judged = await evaluate(
    () => Promise.resolve(answers.shift() ?? abstained),
    readQuestions(lines, 'q.jsonl'),
    clock,
  );
  const report = reportOf(judged);
  expect(report.answerable).toEqual({ asked: 2, good: 1, right: 1, wrong: 1, abstained: 0, redirected: 0 });
  expect(report.unanswerable).toMatchObject({ asked: 1, good: 1 });
  expect(Object.keys(report.styles)).toEqual(['standard', 'sms']);
});

describe('against the last saved run', () => {
  const tally = (asked: number, good: number, wrong = 0): Tally => ({
    ...{ asked, good, right: good, wrong, abstained: asked - good - wrong, redirected: 0 },
  });
  const report = (answerable: Tally, unanswerable = tally(10, 10)): Report => ({
    answerable,
    unanswerable,
    styles: {},
  });

  test.each<[string, Report, Report, number, number]>([
    ['the same', report(tally(100, 80)), report(tally(100, 80)), 0, 0],
    ['better', report(tally(100, 90)), report(tally(100, 80)), 0, 0],
    ['worse within tolerance', report(tally(100, 79)), report(tally(100, 80)), 0.01, 0],
    ['worse', report(tally(100, 78)), report(tally(100, 80)), 0.01, 1],
    ['more questions, the same share', report(tally(200, 160)), report(tally(100, 80)), 0, 0],
    ['wrong instead of silent', report(tally(100, 80, 20)), report(tally(100, 80, 5)), 0.01, 1],
    ['answers what it should not', report(tally(100, 80), tally(10, 8)), report(tally(100, 80)), 0.01, 1],
    ['nothing to ask', report(tally(0, 0), tally(0, 0)), report(tally(0, 0), tally(0, 0)), 0, 0],
  ])('%s', (_, now, before, tolerance, problems) => {
    expect(worse(now, before, tolerance)).toHaveLength(problems);
  });
});

test.each([
  ['{', 'q.jsonl:1 is not JSON'],
  ['[]', 'write "id" and "question"'],
  [line({ question: ' ' }), 'write "id" and "question"'],
  [line({ answerable: 'yes' }), 'write "answerable": true or false'],
  [line({ must_contain: '200' }), '"must_contain" is a list'],
  [line({ must_contain: [''] }), '"must_contain" is a list'],
  [line({ style: 3 }), '"style" and "source" are texts'],
  [`${line({})}\n\n${line({})}`, 'q.jsonl:3: the id "1" is taken'],
])('%s: %s', (jsonl, sentence) => {
  expect(() => readQuestions(jsonl, 'q.jsonl')).toThrow(QuestionSetError);
  expect(() => readQuestions(jsonl, 'q.jsonl')).toThrow(sentence);
});
