import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { checkText } from './check.ts';
import { ask, EXTRACT, opened, OWN, QUESTION, says } from './fixtures/scripted.ts';

describe('what it may cost', () => {
  test('each person has a number a day, and the desk too; callers without a name half of it', async () => {
    const { answerer, calls, time } = await opened(says(`${EXTRACT} [1]`), {
      llmPerPersonPerDay: 2,
      llmPerDay: 6,
    });
    const times = async (n: number, asker?: string): Promise<number> => {
      const before = calls.length;
      for (let i = 0; i < n; i += 1) {
        const given = asker === undefined ? { asker: undefined } : { asker };
        const answer = await answerer.answer(
          { text: QUESTION, language: 'fr', ...(given.asker !== undefined && { asker: given.asker }) },
          new AbortController().signal,
        );
        expect(answer.status).toBe('answered');
      }
      return calls.length - before;
    };
    expect(await times(4, 'a')).toBe(2);
    expect(await times(4)).toBe(3);
    expect(await times(2, 'b')).toBe(1);
    expect(await times(1, 'c')).toBe(0);
    time.ahead = 24 * 3600_000;
    expect(await times(3, 'a')).toBe(2);
  });

  test('a dead one is not called after three failures, then tried again', async () => {
    let status = 500;
    const { answerer, calls, time, logged } = await opened((response, call, n) => {
      if (status === 200) says('Oui : la BIB coûte 12 500 F [1].')(response, call, n);
      else {
        response.writeHead(status);
        response.end();
      }
    });
    for (let n = 0; n < 6; n += 1) expect(await ask(answerer, QUESTION)).toMatchObject({ body: OWN });
    expect(calls).toHaveLength(3);
    status = 200;
    time.ahead += 30_000;
    expect(await ask(answerer, QUESTION)).toMatchObject({ body: 'Oui : la BIB coûte 12 500 F.' });
    expect(logged.filter((line) => line.includes('llm_down'))).toHaveLength(1);
    expect(logged.filter((line) => line.includes('llm_up'))).toHaveLength(1);
  });

  test.each([
    ['429 for the time it says', 429, { 'retry-after': '120' }, 119_000, 121_000],
    ['401 for a minute', 401, {}, 59_000, 61_000],
  ])('%s', async (_, status, more, before, after) => {
    const { answerer, calls, time } = await opened((response) => {
      response.writeHead(status, more);
      response.end();
    });
    await ask(answerer, QUESTION);
    time.ahead = before;
    await ask(answerer, QUESTION);
    expect(calls).toHaveLength(1);
    time.ahead = after;
    await ask(answerer, QUESTION);
    expect(calls).toHaveLength(2);
  });

  test('several questions of one message wait for a slow one once', async () => {
    const { answerer, calls } = await opened(() => undefined, undefined, '/v1', 0.1);
    for (let n = 0; n < 3; n += 1) expect(await ask(answerer, QUESTION)).toMatchObject({ body: OWN });
    expect(calls).toHaveLength(1);
    expect(await ask(answerer, QUESTION, { asker: 'another' })).toMatchObject({ body: OWN });
    expect(calls).toHaveLength(2);
  });
});

describe('what checking may cost, whatever is written', () => {
  const base = { instructions: '', secrets: [], language: 'fr' as const, stopWords: new Set<string>() };
  const repeated = (part: (n: number) => string, most: number): string => {
    let text = '';
    for (let n = 1; text.length + part(n).length <= most; n += 1) text += part(n);
    return text;
  };
  /** Texts that are folded, and words that are compared. */
  function counted(work: () => void): { read: number; compared: number } {
    const folded = vi.spyOn(String.prototype, 'normalize');
    const compared = vi.spyOn(Map.prototype, 'get');
    onTestFinished(() => {
      folded.mockRestore();
      compared.mockRestore();
    });
    work();
    return { read: folded.mock.calls.length, compared: compared.mock.calls.length };
  }

  test.each<[string, (n: number) => string]>([
    ['short sentences', (n) => `La ${n}. `],
    ['short sentences without a figure', () => 'Aa. '],
    ['amounts', (n) => `prix ${n} F, `],
    ['sentences with an amount', (n) => `Un prix ${n} F. `],
    ['one figure', () => 'et 8 '],
    ['periods', (n) => `${n} par mois, `],
    ['rows', (n) => `| prix | ${n} |\n`],
    ['hours', () => 'à 8 h '],
    ['brackets', () => '(1) '],
    ['acronyms', () => 'AB, '],
    ['negations', (n) => `pas prix${n}, `],
  ])('%s', (_, part) => {
    const passages = [0, 1, 2, 3, 4].map((n) => `Titre · Q ?\n${repeated(part, 1_500)}${'a'.repeat(n)}`);
    const sentence = `${repeated(part, 500).trim()} [1][2][3][4][5].`;
    const work = counted(() =>
      checkText(Array.from({ length: 7 }, () => sentence).join(' Le '), { ...base, passages }),
    );
    expect(work.read).toBeLessThan(30_000);
    expect(work.compared).toBeLessThan(200_000);
  });

  test('nothing is held to a passage of more parts than are read, and the same in fewer is shown', () => {
    const row = (n: number): string => `| Article ${n} | ${n * 100} F |\n`;
    const shown = (rows: number): boolean =>
      checkText('L’article coûte 900 F [1].', {
        ...base,
        passages: [
          `Boutique · Prix\n| Nom | Prix |\n| --- | --- |\n${Array.from({ length: rows }, (_, n) => row(n + 1)).join('')}`,
        ],
      }).ok;
    expect([shown(20), shown(100), shown(101)]).toEqual([true, true, false]);
  });

  test('nor is a sentence of more figures', () => {
    const list = (most: number): string => Array.from({ length: most }, (_, n) => `${n + 101} F`).join(', ');
    const shown = (most: number): boolean =>
      checkText(`Les prix sont ${list(most)} [1].`, {
        ...base,
        passages: [`Boutique · Prix\nLes prix sont ${list(most)}.`],
      }).ok;
    expect([shown(30), shown(31)]).toEqual([true, false]);
  });
});
