import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { createLog } from '../../src/lib/log.ts';
import { startGuichet } from '../../src/main.ts';
import { temporaryFolder } from '../support/folder.ts';

const AWA = 700_000_001;

test('the demo answers after a restart on the same data folder', async () => {
  const env = { PORT: '0', GUICHET_DATA: join(temporaryFolder(), 'data') };
  const log = createLog({ level: 'error', destination: { write: () => undefined } });
  for (let run = 0; run < 2; run++) {
    // Two runs in one second would start at the same number; people do not restart that fast.
    if (run > 0) await new Promise((resolve) => setTimeout(resolve, 3000));
    const guichet = await startGuichet(readConfig(env, { cwd: process.cwd() }), { log });
    onTestFinished(() => guichet.stop());
    const api = `${guichet.url}/simulator/api/telegram`;
    await fetch(`${api}/text`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user: AWA, text: '/start' }),
    });
    const said = async (): Promise<string[]> => {
      const state = (await (await fetch(`${api}/state?user=${AWA}`)).json()) as {
        chat: { messages: { from: string; text: string }[] };
      };
      return state.chat.messages.filter(({ from }) => from === 'bot').map(({ text }) => text);
    };
    await expect.poll(said, { timeout: 8000 }).toEqual([expect.stringContaining('Bienvenue Awa')]);
    await guichet.stop();
  }
});
