import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { smallDesk } from '../support/small-desk.ts';

function evaluate(desk: string, ...args: string[]): { code: number | null; out: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['src/cli/guichet.ts', 'eval', '--desk', desk, ...args],
    { env: { PATH: process.env['PATH'] ?? '' }, encoding: 'utf8', timeout: 60_000 },
  );
  return { code: status, out: stdout + stderr };
}

test('a desk that answers worse than at its last saved run ends with 1, and says in what', () => {
  const desk = smallDesk();
  const saved = join(desk, 'eval.json');
  const first = evaluate(desk);
  expect(first.code).toBe(0);
  expect(first.out).toMatch(/in all +1 +1 +0 +0 +0 +█{20} +100 %\n/);
  expect(existsSync(saved)).toBe(false);
  expect(evaluate(desk, '--save').code).toBe(0);
  expect(evaluate(desk)).toMatchObject({ code: 0, out: expect.stringContaining('100 %   =') as string });

  const file = join(desk, 'documents', 'emprunts.md');
  writeFileSync(file, readFileSync(file, 'utf8').replace('2 500', '3 500'));
  const worse = evaluate(desk, '--calibrate');
  expect(worse.code).toBe(1);
  expect(worse.out).toMatch(/ {2}wrong +1 {2}C'est combien l'abonnement \?.*emprunts/);
  expect(worse.out).toContain('right: 0.0 %, was 100.0 %');
  expect(worse.out).toContain('−100.0');
  expect(worse.out).toMatch(/of \d+ questions about other things \d+ % are refused/);
  expect(evaluate(desk, '--tolerance', '100').code).toBe(0);
  expect(JSON.parse(evaluate(desk, '--json').out)).toMatchObject({
    desk: 'mediatheque',
    answerable: { asked: 1, right: 0, wrong: 1 },
    failures: [{ id: '1', verdict: 'wrong', source: 'emprunts' }],
  });

  expect(evaluate(desk, '--tolerance', 'x').code).toBe(78);
  writeFileSync(saved, '[]');
  expect(evaluate(desk)).toMatchObject({
    code: 78,
    out: expect.stringContaining('is no saved run') as string,
  });
  rmSync(saved);
  writeFileSync(join(desk, 'questions.jsonl'), '{"id":"1"}');
  expect(evaluate(desk)).toMatchObject({
    code: 78,
    out: expect.stringContaining('questions.jsonl:1') as string,
  });
}, 120_000);
