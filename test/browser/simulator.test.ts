import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { createLog } from '../../src/lib/log.ts';
import { startGuichet, type Guichet } from '../../src/main.ts';
import { openBrowser } from '../support/browser.ts';
import { temporaryFolder } from '../support/folder.ts';

/** The demo as `npm start` runs it: no token, the emulated platforms behind the page. */
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

interface PageOptions {
  viewport?: { width: number; height: number };
  /** Runs before the first request. */
  prepare?: (page: Page) => Promise<unknown>;
  /** A console error that the test is about. */
  expected?: RegExp;
}

/** A page whose script errors, refused resources and calls to other hosts fail the test. */
async function openPage(guichet: Guichet, path: string, options: PageOptions = {}): Promise<Page> {
  const { viewport = { width: 1280, height: 900 }, prepare, expected } = options;
  const page = await browser.newPage({ viewport, locale: 'fr-FR' });
  const wrong: string[] = [];
  page.on('pageerror', (error) => wrong.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && expected?.test(message.text()) !== true) wrong.push(message.text());
  });
  page.on('request', (request) => {
    if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(guichet.url))
      wrong.push(`request to ${request.url()}`);
  });
  onTestFinished(async () => {
    await page.close();
    expect(wrong).toEqual([]);
  });
  await prepare?.(page);
  await page.goto(`${guichet.url}${path}`);
  return page;
}

/** One of the two phones, and its conversation. */
function phoneIn(page: Page, platform: 'Telegram' | 'WhatsApp'): { phone: Locator; conversation: Locator } {
  const phone = page.getByRole('region', { name: `${platform}, téléphone de` });
  return { phone, conversation: phone.getByRole('log', { name: 'Conversation' }) };
}

async function say(phone: Locator, text: string): Promise<void> {
  await phone.getByRole('textbox', { name: 'Message' }).fill(text);
  await phone.getByRole('button', { name: 'Envoyer' }).click();
}

async function attachSample(phone: Locator, kind: string, caption: string): Promise<void> {
  await phone.getByRole('button', { name: 'Joindre' }).click();
  await phone.getByRole('menuitem', { name: kind }).click();
  const sheet = phone.getByRole('dialog');
  await sheet.getByRole('button', { name: 'Prendre l’exemple' }).click();
  await sheet.getByLabel('Légende').fill(caption);
  await sheet.getByRole('button', { name: 'Envoyer' }).click();
  await sheet.waitFor({ state: 'detached' });
}

const overflow = (page: Page): Promise<number> =>
  page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');

test('open the simulator, press Menu, ask the contribution rate, read the answer and its source', async () => {
  const guichet = await startDemo();
  const page = await openPage(guichet, '/simulator');
  const { phone, conversation } = phoneIn(page, 'Telegram');

  await phone.getByRole('button', { name: 'Démarrer' }).click();
  await conversation.getByText('Bienvenue Awa !').waitFor();
  await conversation.getByRole('button', { name: '📋 Menu' }).click();
  await conversation.getByText('Menu des catégories').waitFor();

  await say(phone, 'Quel est le taux de cotisation ?');
  await conversation.getByText(/8 %, 10 % ou 12 %/).waitFor();
  await conversation.getByText('documentation officielle CSS').waitFor();
  await conversation.getByText('Cotisations à la CSS').last().waitFor();
  const shot = process.env['GUICHET_SCREENSHOT'];
  if (shot !== undefined) await page.screenshot({ path: shot });
});

describe('WhatsApp', () => {
  test('greet, ask, choose in the list by keyboard: answers, their source, and blue ticks', async () => {
    const guichet = await startDemo();
    const page = await openPage(guichet, '/simulator');
    const { phone, conversation } = phoneIn(page, 'WhatsApp');

    await phone.getByText('Le guichet ne peut pas écrire le premier').waitFor();
    await phone.getByRole('button', { name: 'Dire bonjour' }).click();
    await phone.getByText(/Fenêtre de 24.h ouverte jusqu’à demain \d\d:\d\d/).waitFor();
    await conversation.getByRole('button', { name: '📋 Menu' }).waitFor();

    await say(phone, 'Quel est le taux de cotisation ?');
    await conversation.getByText(/8 %, 10 % ou 12 %/).waitFor();
    // Its marks are drawn, not shown.
    await conversation.locator('em', { hasText: 'documentation officielle CSS' }).waitFor();
    await conversation.getByText('Cotisations à la CSS').last().waitFor();

    await conversation.getByRole('button', { name: '📋 Menu' }).first().click();
    const opener = conversation.getByRole('button', { name: 'Choisir' });
    await opener.press('Enter');
    const sheet = phone.getByRole('dialog', { name: 'Choisir' });
    await sheet.getByRole('radio').first().waitFor();
    await page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'detached' });
    expect(await page.evaluate<string>('document.activeElement.textContent')).toContain('Choisir');
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await sheet.waitFor({ state: 'detached' });
    await conversation.getByText('Prestations et Allocations').waitFor();

    const ticks = (status: string): Locator => conversation.locator(`[data-status]${status}`);
    await expect.poll(() => ticks(':not([data-status=read])').count(), { timeout: 10_000 }).toBe(0);
    expect(await ticks('').count()).toBeGreaterThan(6);
  });

  test('a reply that is not delivered says why', async () => {
    const guichet = await startDemo();
    const page = await openPage(guichet, '/simulator');
    const { phone, conversation } = phoneIn(page, 'WhatsApp');
    await page.getByRole('tab', { name: 'WhatsApp' }).last().click();
    await page.getByText('Laboratoire', { exact: true }).click();
    await page.getByLabel('Réponses acceptées, puis non remises').check();
    await say(phone, 'Quel est le taux de cotisation ?');
    await conversation
      .getByText(/Non remis.: la personne a bloqué le guichet.*131026/)
      .first()
      .waitFor();
  });

  test('somebody without a number is answered too', async () => {
    const guichet = await startDemo();
    const page = await openPage(guichet, '/simulator');
    await page.getByRole('tab', { name: 'WhatsApp' }).last().click();
    await page.getByRole('radio', { name: 'Fatou Sans Numéro' }).check();
    const { phone, conversation } = phoneIn(page, 'WhatsApp');
    await phone.getByRole('button', { name: 'Dire bonjour' }).click();
    await conversation.getByRole('button', { name: '📋 Menu' }).waitFor();
  });
});

test.each(['Telegram', 'WhatsApp'] as const)(
  '%s: a document is sent from the page, shown, and asked about',
  async (platform) => {
    const guichet = await startDemo();
    const page = await openPage(guichet, '/simulator');
    const { phone, conversation } = phoneIn(page, platform);
    await attachSample(phone, 'Document', 'Quelle pièce manque ?');
    await conversation.getByRole('link', { name: 'attestation-fictive.pdf' }).waitFor();
    await conversation.getByText('certificat de scolarité').waitFor();
    await attachSample(phone, 'Photo', '');
    const picture = conversation.getByRole('img', { name: 'Photo' });
    await picture.waitFor();
    const width = (): Promise<number> =>
      page.evaluate("document.querySelector('[role=log] img').naturalWidth");
    await expect.poll(width, { timeout: 10_000 }).toBe(800);
  },
);

test('a file of this device goes too, but not beyond 20 MB', async () => {
  const guichet = await startDemo();
  const page = await openPage(guichet, '/simulator');
  const { phone, conversation } = phoneIn(page, 'WhatsApp');
  await phone.getByRole('button', { name: 'Joindre' }).click();
  await phone.getByRole('menuitem', { name: 'Document' }).click();
  const sheet = phone.getByRole('dialog');
  const file = (name: string, size: number) => ({
    name,
    mimeType: 'text/plain',
    buffer: Buffer.alloc(size, 'a '),
  });
  await sheet.locator('input[type=file]').setInputFiles([file('trop.txt', 20 * 1024 * 1024 + 1)]);
  await sheet.getByText('trop.txt dépasse 20').waitFor();
  expect(await sheet.getByRole('button', { name: 'Envoyer' }).isDisabled()).toBe(true);
  await sheet.locator('input[type=file]').setInputFiles([file('petit.txt', 2000)]);
  await sheet.getByRole('button', { name: 'Envoyer' }).click();
  await conversation.getByRole('link', { name: 'petit.txt' }).waitFor();
});

describe('on a phone-sized screen', () => {
  const viewport = { width: 390, height: 844 };

  test('by keyboard alone', async () => {
    const guichet = await startDemo();
    const page = await openPage(guichet, '/simulator', { viewport });
    const { phone, conversation } = phoneIn(page, 'Telegram');
    await phone.getByRole('button', { name: 'Démarrer' }).waitFor();
    await phone.getByRole('textbox', { name: 'Message' }).focus();
    await page.keyboard.type('/contact');
    await page.keyboard.press('Enter');
    await conversation.getByText('33 889 19 89').first().waitFor();
    expect(await overflow(page)).toBeLessThanOrEqual(0);
  });

  test('tabs choose the phone, and the settings are at hand for both', async () => {
    const guichet = await startDemo();
    const page = await openPage(guichet, '/simulator', { viewport });
    // The page answers keys once it is alive: its phone shows.
    await phoneIn(page, 'Telegram').phone.getByRole('button', { name: 'Démarrer' }).waitFor();
    await page.getByRole('tab', { name: 'Telegram' }).focus();
    await page.keyboard.press('ArrowRight');
    const { phone, conversation } = phoneIn(page, 'WhatsApp');
    await phone.getByRole('button', { name: 'Dire bonjour' }).waitFor();
    expect(await phoneIn(page, 'Telegram').phone.isVisible()).toBe(false);
    await page.getByRole('button', { name: 'Options du simulateur' }).click();
    const settings = page.getByRole('dialog', { name: 'Réglages · WhatsApp' });
    await settings.getByText('Laboratoire').click();
    await settings.getByLabel('Messages reçus en double').check();
    await settings.getByRole('radio', { name: 'Moussa Exemple' }).check();
    await settings.getByRole('button', { name: 'Fermer' }).click();
    await say(phone, 'Quel est le taux de cotisation ?');
    await conversation.getByText(/8 %, 10 % ou 12 %/).waitFor();
    expect(await overflow(page)).toBeLessThanOrEqual(0);
  });
});

test('where WhatsApp is not emulated, Telegram has the page for itself', async () => {
  const guichet = await startDemo();
  const page = await openPage(guichet, '/simulator', {
    prepare: (opened) =>
      opened.route('**/simulator/api/whatsapp/**', (route) => route.fulfill({ status: 404, body: '{}' })),
    // The browser itself writes a line for every 404.
    expected: /404/,
  });
  await phoneIn(page, 'Telegram').phone.getByRole('button', { name: 'Démarrer' }).waitFor();
  await phoneIn(page, 'WhatsApp').phone.waitFor({ state: 'detached' });
  expect(await page.getByRole('tab').count()).toBe(0);
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
