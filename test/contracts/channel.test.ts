import { expect, test } from 'vitest';
import { judge, type Rule, unknownExceptions } from './channel.ts';

const house = { check: (): void => undefined };
const kept: Rule = { name: 'kept', holds: () => Promise.resolve() };
const broken: Rule = { name: 'broken', holds: () => Promise.reject(new Error('nothing was edited')) };
const exception = { reason: 'the platform edits nothing', shows: /nothing was edited/ };

test('a rule that holds, and one that is broken for the reason given', async () => {
  await judge(kept, house, undefined);
  await judge(broken, house, exception);
});

test.each([
  ['a broken rule', broken, undefined, /nothing was edited/],
  ['an exception that is not needed', kept, exception, /take the exception away/],
  ['a rule broken in another way', broken, { ...exception, shows: /too slow/ }, /to match/],
])('%s is a failure', async (_, rule, given, says) => {
  await expect(judge(rule, house, given)).rejects.toThrow(says);
});

test('what is found at the end counts too', async () => {
  const leaky = {
    check: () => {
      throw new Error('a secret is in the logs');
    },
  };
  await expect(judge(kept, leaky, undefined)).rejects.toThrow('a secret');
});

test('an exception for a rule that does not exist is named', () => {
  expect(unknownExceptions([kept, broken], { kept: exception, typo: exception })).toEqual(['typo']);
});
