/**
 * The embedded engine: dispatches rows that are already on disk, from memory. One lane is one conversation (or one
 * destination): its jobs run one at a time, in order, and a job that must wait holds back its own lane only.
 * Leases need not be written here: the lock on the data folder makes this the only process, and a job that a crash
 * interrupted is offered again from its row at the next start.
 */
export type Outcome = 'done' | { retryAt: number };

export interface Lanes<T> {
  offer(lane: string, job: T): void;
  /** Takes away a job that waits for its time at the head of a lane, because its work was done elsewhere. */
  withdraw(lane: string, isIt: (job: T) => boolean): void;
  /** Jobs waiting or under way. */
  readonly size: number;
  /** Resolves when nothing is waiting or under way, or when stopped. */
  idle(): Promise<void>;
  /** Lets the jobs under way end and starts no other. */
  stop(): Promise<void>;
}

interface Lane<T> {
  jobs: T[];
  timer?: NodeJS.Timeout;
}

export interface LanesOptions<T> {
  /** Lanes at work at once. */
  concurrency: number;
  /** Must not throw: a job's failure is an outcome. */
  run(job: T): Promise<Outcome>;
  /** Monotonic milliseconds, to read `retryAt` against: a clock that is set must neither hold a job back nor let it go. */
  now(): number;
  /** Told when `run` throws all the same: a bug. The job is tried again in 5 s. */
  onBug(error: unknown): void;
}

const AFTER_BUG_MS = 5000;
const LONGEST_TIMER_MS = 60_000;

export function createLanes<T>(options: LanesOptions<T>): Lanes<T> {
  const lanes = new Map<string, Lane<T>>();
  const ready: string[] = [];
  const waiters: (() => void)[] = [];
  let next = 0;
  let working = 0;
  let size = 0;
  let stopped = false;

  const settle = (): void => {
    if (size === 0 || (stopped && working === 0)) for (const resolve of waiters.splice(0)) resolve();
  };

  const pump = (): void => {
    while (!stopped && working < options.concurrency && next < ready.length) {
      const name = ready[next++];
      if (next > 1024 && next * 2 > ready.length) {
        ready.splice(0, next);
        next = 0;
      }
      const lane = name === undefined ? undefined : lanes.get(name);
      const job = lane?.jobs[0];
      if (name === undefined || !lane || job === undefined) continue;
      working++;
      void work(name, lane, job);
    }
  };

  const work = async (name: string, lane: Lane<T>, job: T): Promise<void> => {
    let outcome: Outcome;
    try {
      outcome = await options.run(job);
    } catch (error) {
      options.onBug(error);
      outcome = { retryAt: options.now() + AFTER_BUG_MS };
    }
    working--;
    if (outcome === 'done') {
      lane.jobs.shift();
      size--;
      if (lane.jobs.length === 0) lanes.delete(name);
      else ready.push(name);
    } else {
      wait(name, lane, outcome.retryAt);
    }
    pump();
    settle();
  };

  const wait = (name: string, lane: Lane<T>, until: number): void => {
    const delay = Math.min(Math.max(until - options.now(), 0), LONGEST_TIMER_MS);
    lane.timer = setTimeout(() => {
      delete lane.timer;
      if (until > options.now() + 1) {
        wait(name, lane, until);
        return;
      }
      ready.push(name);
      pump();
    }, delay);
  };

  return {
    offer(name, job) {
      size++;
      const lane = lanes.get(name);
      if (lane) {
        lane.jobs.push(job);
        return;
      }
      lanes.set(name, { jobs: [job] });
      ready.push(name);
      pump();
    },
    withdraw(name, isIt) {
      const lane = lanes.get(name);
      const [head] = lane?.jobs ?? [];
      if (!lane?.timer || head === undefined || !isIt(head)) return;
      clearTimeout(lane.timer);
      delete lane.timer;
      lane.jobs.shift();
      size--;
      if (lane.jobs.length === 0) lanes.delete(name);
      else ready.push(name);
      pump();
      settle();
    },
    get size() {
      return size;
    },
    idle: () =>
      new Promise((resolve) => {
        waiters.push(resolve);
        settle();
      }),
    stop: () =>
      new Promise((resolve) => {
        stopped = true;
        for (const lane of lanes.values()) clearTimeout(lane.timer);
        waiters.push(resolve);
        settle();
      }),
  };
}
