import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLanes, type Outcome } from './lanes.ts';

const bug = (error: unknown): never => {
  throw error;
};

test('jobs of one lane keep their order, whatever each takes and however often it is retried', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ lane: fc.constantFrom('a', 'b', 'c'), ms: fc.nat(3), retries: fc.nat(2) }), {
        maxLength: 30,
      }),
      async (jobs) => {
        const done: { lane: string; n: number }[] = [];
        const left = jobs.map((job) => job.retries);
        const lanes = createLanes<number>({
          concurrency: 2,
          now: Date.now,
          onBug: bug,
          async run(n): Promise<Outcome> {
            await new Promise((resolve) => setTimeout(resolve, jobs[n]!.ms));
            if (left[n]!-- > 0) return { retryAt: Date.now() + 1 };
            done.push({ lane: jobs[n]!.lane, n });
            return 'done';
          },
        });
        jobs.forEach((job, n) => {
          lanes.offer(job.lane, n);
        });
        await lanes.idle();
        expect(lanes.size).toBe(0);
        for (const lane of ['a', 'b', 'c']) {
          const order = done.filter((entry) => entry.lane === lane).map((entry) => entry.n);
          expect(order).toEqual([...order].sort((x, y) => x - y));
        }
        expect(done).toHaveLength(jobs.length);
      },
    ),
    { numRuns: 30 },
  );
});

test('a lane that waits does not hold back another', async () => {
  const seen: string[] = [];
  const lanes = createLanes<string>({
    concurrency: 1,
    now: Date.now,
    onBug: bug,
    run(job) {
      if (job === 'blocked' && !seen.includes('free')) return Promise.resolve({ retryAt: Date.now() + 5 });
      seen.push(job);
      return Promise.resolve('done');
    },
  });
  lanes.offer('one', 'blocked');
  lanes.offer('two', 'free');
  await lanes.idle();
  expect(seen).toEqual(['free', 'blocked']);
});

test('a job that throws is reported and kept', async () => {
  const reported: unknown[] = [];
  let clock = 0;
  let calls = 0;
  const lanes = createLanes<string>({
    concurrency: 1,
    // Jumps past the wait after a bug, so the timer is due at once.
    now: () => (clock += 10_000),
    onBug: (error) => reported.push(error),
    run() {
      if (calls++ === 0) throw new Error('broken');
      return Promise.resolve('done');
    },
  });
  lanes.offer('one', 'job');
  await lanes.idle();
  expect(calls).toBe(2);
  expect(String(reported[0])).toContain('broken');
});

test('stop lets the job under way end and starts no other', async () => {
  let release = (): void => undefined;
  const seen: string[] = [];
  const lanes = createLanes<string>({
    concurrency: 1,
    now: Date.now,
    onBug: bug,
    async run(job) {
      await new Promise<void>((resolve) => (release = resolve));
      seen.push(job);
      return 'done';
    },
  });
  lanes.offer('one', 'first');
  lanes.offer('one', 'second');
  const stopped = lanes.stop();
  release();
  await stopped;
  expect(seen).toEqual(['first']);
});

test('a job that waits can be withdrawn, and the next one goes on', async () => {
  const seen: string[] = [];
  const lanes = createLanes<string>({
    concurrency: 1,
    now: Date.now,
    onBug: bug,
    run(job) {
      seen.push(job);
      return Promise.resolve(job === 'late' ? { retryAt: Date.now() + 60_000 } : 'done');
    },
  });
  lanes.offer('a', 'late');
  lanes.offer('a', 'next');
  await expect.poll(() => seen).toEqual(['late']);
  lanes.withdraw('a', (job) => job === 'next');
  lanes.withdraw('b', () => true);
  expect(lanes.size).toBe(2);
  lanes.withdraw('a', (job) => job === 'late');
  await lanes.idle();
  expect(seen).toEqual(['late', 'next']);
  expect(lanes.size).toBe(0);
});
