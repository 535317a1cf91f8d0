import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { createTelegramSimulator, type SimUser } from '../../simulator/telegram/telegram.ts';
import { startChild, type Child } from '../support/child.ts';
import { temporaryFolder } from '../support/folder.ts';
import { wideDesk } from './wide-desk.ts';
import { environment, freePort, somebody } from '../support/product.ts';

/** GUICHET_KILLS=200 for a night. */
const KILLS = Number(process.env['GUICHET_KILLS'] ?? 5);
const PEOPLE = 60;
/** What each person sends, in turn; the first line of the reply names the message it answers. */
const SCRIPT = [
  ['/menu', '📋'],
  ['/contact', '📞'],
  ['/aide', '🆘'],
] as const;

test.each(['webhook', 'polling'] as const)(
  `${KILLS} kill -9 during traffic by %s: nothing acknowledged is lost, no effect is doubled, order holds`,
  async (mode) => {
    const simulator = createTelegramSimulator({ allowHttpWebhook: true, timeScale: 0.02 });
    await simulator.start();
    onTestFinished(() => simulator.stop());
    const data = join(temporaryFolder(), 'data');
    const env = environment(simulator, { port: await freePort(), mode, desk: wideDesk(), data });
    const people: SimUser[] = Array.from({ length: PEOPLE }, () => somebody());
    const sent = new Map<number, number>(people.map((person) => [person.id, 0]));

    let talking = true;
    const talk = (async () => {
      while (talking) {
        for (const person of people) {
          const n = sent.get(person.id) ?? 0;
          simulator.phone.text(person, SCRIPT[n % SCRIPT.length]![0]);
          sent.set(person.id, n + 1);
        }
        await new Promise((resolve) => setTimeout(resolve, 600));
      }
    })();

    let child: Child = startChild(env);
    await child.ready();
    for (let kill = 0; kill < KILLS; kill++) {
      await new Promise((resolve) => setTimeout(resolve, 150 + Math.random() * 500));
      await child.kill();
      child = startChild(env);
      await child.ready();
    }
    talking = false;
    await talk;

    const total = [...sent.values()].reduce((sum, n) => sum + n, 0);
    expect(total).toBeGreaterThan(PEOPLE * KILLS);
    // Everything is drained before judging: what the platform still holds, then what we still owe.
    await simulator.waitFor(() => simulator.state.pendingUpdates().length === 0, 60_000);
    // A message that was sent twice does not stand for one that is still to come.
    const marksOf = (person: SimUser): (string | undefined)[] =>
      simulator.state.botMessages(person.id).map((message) => [...message.text][0]);
    const onceOf = (marks: readonly (string | undefined)[]) =>
      marks.filter((mark, i) => mark !== marks[i - 1]);
    await simulator.waitFor(
      () => people.every((person) => onceOf(marksOf(person)).length >= (sent.get(person.id) ?? 0)),
      120_000,
    );
    child.process.kill('SIGTERM');
    expect(await child.ended).toBe(0);

    // The witness is the platform: it knows what it delivered and what it was sent.
    let repeated = 0;
    let lost = 0;
    for (const person of people) {
      const marks = marksOf(person);
      const expected = Array.from(
        { length: sent.get(person.id) ?? 0 },
        (_, n) => SCRIPT[n % SCRIPT.length]![1],
      );
      const once = onceOf(marks);
      expect(once.join(''), `order for ${person.id}`).toBe(expected.map((mark) => [...mark][0]).join(''));
      repeated += Math.max(0, marks.length - expected.length);
      lost += Math.max(0, expected.length - once.length);
    }
    expect(lost).toBe(0);
    // A call under way when the process died may be made once more: at most one per chat and kill.
    expect(repeated).toBeLessThanOrEqual(PEOPLE * KILLS);

    const db = new DatabaseSync(join(data, 'guichet.db'));
    const number = (sql: string): number => Number(Object.values(db.prepare(sql).get() ?? {})[0]);
    expect(number('select count(*) from inbox')).toBe(total);
    expect(number("select count(*) from inbox where status = 'done'")).toBe(total);
    expect(number("select count(*) from messages where direction = 'in'")).toBe(total);
    expect(number("select count(*) from messages where direction = 'out'")).toBe(total);
    expect(number('select count(*) from interactions')).toBe(total);
    expect(number('select count(*) from outbox')).toBe(total);
    expect(number("select count(*) from outbox where state = 'sent'")).toBe(total);
    expect(Object.values(db.prepare('pragma integrity_check').get() ?? {})).toEqual(['ok']);
    db.close();
    expect(simulator.state.violations).toEqual([]);
    console.log(
      JSON.stringify({ test: 'kill', mode, kills: KILLS, updates: total, lost, sentTwice: repeated }),
    );
  },
  240_000 + KILLS * 5000,
);
