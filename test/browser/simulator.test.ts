import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { createLog } from '../../src/lib/log.ts';
import { startGuichet, type Guichet } from '../../src/main.ts';
import { openBrowser } from '../support/browser.ts';
import { temporaryFolder } from '../support/folder.ts';

/** The demo as `npm start` runs it: no token, the emulated Telegram behind the page. */
async function startDemo(): Promise<Guichet> {
  const env = { PORT: '0', GUICHET_DATA: join(temporaryFolder(), 'data') };
  const log = createLog({ level: 'error', destination: { write: () => undefined } });
  const guichet = await startGuichet(readConfig(env, { cwd: process.cwd() }), { log });
  onTestFinished(() => guichet.stop());
  return guichet;
}

let browser: Awaited<ReturnType<typeof openBrowser>>;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

/** A page whose script errors, refused resources and calls to other hosts fail the test. */
async function openPage(
  guichet: Guichet,
  path: string,
  viewport = { width: 1280, height: 900 },
): Promise<Page> {
  const page = await browser.newPage({ viewport, locale: 'fr-FR' });
  const wrong: string[] = [];
  page.on('pageerror', (error) => wrong.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') wrong.push(message.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(guichet.url)) wrong.push(`request to ${request.url()}`);
  });
  onTestFinished(async () => {
    await page.close();
    expect(wrong).toEqual([]);
  });
  await page.goto(`${guichet.url}${path}`);
  return page;
}

test('open the simulator, press Menu, ask the contribution rate, read the answer and its source', async () => {
  const guichet = await startDemo();
  const page = await openPage(guichet, '/simulator');
  const conversation = page.getByRole('log', { name: 'Conversation' });

  await page.getByRole('button', { name: 'Démarrer' }).click();
  await conversation.getByText('Bienvenue Awa !').waitFor();
  await conversation.getByRole('button', { name: '📋 Menu' }).click();
  await conversation.getByText('Menu des catégories').waitFor();

  await page.getByRole('textbox', { name: 'Message' }).fill('Quel est le taux de cotisation ?');
  await page.getByRole('button', { name: 'Envoyer' }).click();
  await conversation.getByText(/8 %, 10 % ou 12 %/).waitFor();
  await conversation.getByText('documentation officielle CSS').waitFor();
  await conversation.getByText('Cotisations à la CSS').last().waitFor();
  const shot = process.env['GUICHET_SCREENSHOT'];
  if (shot !== undefined) await page.screenshot({ path: shot });
});

test('on a phone-sized screen, by keyboard alone', async () => {
  const guichet = await startDemo();
  const page = await openPage(guichet, '/simulator', { width: 390, height: 844 });
  const box = page.getByRole('textbox', { name: 'Message' });
  await box.focus();
  await page.keyboard.type('/contact');
  await page.keyboard.press('Enter');
  await page.getByRole('log', { name: 'Conversation' }).getByText('33 889 19 89').first().waitFor();
  const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
  expect(overflow).toBeLessThanOrEqual(0);
});

test('the home page answers a question and says honestly when it cannot', async () => {
  const guichet = await startDemo();
  const page = await openPage(guichet, '/');
  await page.getByRole('link', { name: 'Ouvrir le simulateur' }).waitFor();
  const box = page.getByRole('textbox', { name: 'Votre question' });
  await box.fill('Quel est le plafond de salaire à la CSS ?');
  await page.getByRole('button', { name: 'Demander' }).click();
  await page
    .getByRole('article', { name: 'Réponse' })
    .getByText(/63 000/)
    .first()
    .waitFor();
});
