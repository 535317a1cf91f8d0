import { expect, test } from 'vitest';
import { levelOf } from './runtime.ts';

test.each([
  ['form', 'info'],
  ['staff_message', 'info'],
  ['safeguarding', 'info'],
  ['account_attempt', 'info'],
  ['outside_window', 'warn'],
  ['dead_letter', 'error'],
  ['channel_refused', 'error'],
  ['media_no_room', 'error'],
  ['bug', 'error'],
])('%s is logged as %s', (kind, level) => {
  expect(levelOf({ kind, message: 'Somebody sent a form.' })).toBe(level);
});
