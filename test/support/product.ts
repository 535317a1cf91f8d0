import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import {
  createTelegramSimulator,
  type SimUser,
  type TelegramSimulator,
} from '../../simulator/telegram/telegram.ts';
import {
  createWhatsAppSimulator,
  type WaUser,
  type WhatsAppSimulator,
} from '../../simulator/whatsapp/whatsapp.ts';
import { readConfig } from '../../src/config/config.ts';
import { createLog } from '../../src/lib/log.ts';
import { startGuichet, type Guichet, type Overrides } from '../../src/main.ts';
import { temporaryFolder } from './folder.ts';
import { whenOver } from './over.ts';

export const WEBHOOK_SECRET = 'f1ct1t10us-webhook-secret-for-the-tests-0001';

/** A port nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export interface Product {
  guichet: Guichet;
  simulator: TelegramSimulator;
  /** Base address of the product. */
  url: string;
  data: string;
  /** Every line it logged. */
  logged: string[];
}

export interface ProductOptions {
  mode?: 'webhook' | 'polling';
  desk?: string;
  data?: string;
  simulator?: TelegramSimulator;
  env?: Record<string, string>;
  overrides?: Overrides;
  /** Rules of the platform this test breaks on purpose. */
  violations?: 'expected';
}

/** The environment of a product that talks to this simulator. */
export function environment(
  simulator: TelegramSimulator,
  {
    port,
    mode = 'webhook',
    desk = 'desks/css',
    data,
  }: { port: number; mode?: string | undefined; desk?: string | undefined; data: string },
): Record<string, string> {
  return {
    PORT: String(port),
    HOST: '127.0.0.1',
    GUICHET_DESK: desk,
    GUICHET_DATA: data,
    TELEGRAM_TOKEN: simulator.token,
    TELEGRAM_API_ROOT: simulator.url,
    ...(mode === 'webhook' ? { WEBHOOK_URL: `http://127.0.0.1:${port}`, WEBHOOK_SECRET } : {}),
  };
}

export const APP_SECRET = 'f1ct1t10us-app-secret-for-the-tests-00000001';
const VERIFY_TOKEN = 'f1ct1t10us-verify-token-for-the-tests-000001';

/** An emulated WhatsApp for one test; what follows a message (statuses, retries) takes a twentieth of its time. */
export async function startWhatsApp(
  options: Parameters<typeof createWhatsAppSimulator>[0] = {},
): Promise<WhatsAppSimulator> {
  const simulator = createWhatsAppSimulator({
    appSecret: APP_SECRET,
    verifyToken: VERIFY_TOKEN,
    timeScale: 0.05,
    ...options,
  });
  await simulator.start();
  whenOver(() => simulator.stop());
  return simulator;
}

/** What a product must be told to serve this WhatsApp. */
export const whatsappEnvironment = (simulator: WhatsAppSimulator): Record<string, string> => ({
  WHATSAPP_TOKEN: simulator.token,
  WHATSAPP_PHONE_ID: simulator.phoneId,
  WHATSAPP_APP_SECRET: simulator.appSecret,
  WEBHOOK_VERIFY_TOKEN: simulator.verifyToken,
  WHATSAPP_API_ROOT: simulator.url,
});

export interface WhatsAppProduct {
  guichet: Guichet;
  simulator: WhatsAppSimulator;
  url: string;
  data: string;
  logged: string[];
}

/** The whole product on WhatsApp alone. */
export async function startOnWhatsApp({
  simulator: given,
  data = join(temporaryFolder(), 'data'),
  desk = 'desks/css',
  env = {},
  overrides = {},
  violations,
}: {
  simulator?: WhatsAppSimulator;
  data?: string;
  desk?: string;
  env?: Record<string, string>;
  overrides?: Overrides;
  violations?: 'expected';
} = {}): Promise<WhatsAppProduct> {
  const simulator = given ?? (await startWhatsApp());
  const settings = {
    PORT: String(await freePort()),
    HOST: '127.0.0.1',
    GUICHET_DESK: desk,
    GUICHET_DATA: data,
    ...whatsappEnvironment(simulator),
    ...env,
  };
  const { guichet, logged } = await start(settings, overrides);
  whenOver(async () => {
    await guichet.stop();
    if (violations !== 'expected') expect(simulator.state.violations).toEqual([]);
  });
  const url = `http://127.0.0.1:${guichet.port}`;
  await simulator.subscribe(`${url}/webhook/whatsapp`);
  return { guichet, simulator, url, data, logged };
}

async function start(
  env: Record<string, string>,
  overrides: Overrides = {},
): Promise<{ guichet: Guichet; logged: string[] }> {
  const logged: string[] = [];
  const config = readConfig(env, { cwd: process.cwd() });
  const log = createLog({
    level: 'debug',
    secrets: config.secrets,
    destination: { write: (line: string) => logged.push(line) },
  });
  return { guichet: await startGuichet(config, { log, ...overrides }), logged };
}

let numbers = 770_000_100;
/** Somebody on WhatsApp who does not exist, never met before. */
export const somebodyOnWhatsApp = (name = 'Awa Démo'): WaUser => {
  const id = numbers++;
  return { wa_id: `221${String(id)}`, user_id: `SN.1349${String(id).padStart(16, '0')}`, name };
};

/** Waits until the bot has sent `n` messages to this person in all, and gives the last. */
export async function saidOnWhatsApp(simulator: WhatsAppSimulator, user: WaUser, n: number, ms = 8000) {
  return simulator.waitFor(() => {
    const said = simulator.state.botMessages(user.user_id ?? user.wa_id);
    return said.length >= n ? said.at(-1) : undefined;
  }, ms);
}

/** The whole product in this process, with real SQLite, talking over real HTTP to an emulated Telegram. */
export async function startProduct(options: ProductOptions = {}): Promise<Product> {
  const simulator = options.simulator ?? createTelegramSimulator({ allowHttpWebhook: true, timeScale: 0.05 });
  if (!options.simulator) {
    await simulator.start();
    whenOver(() => simulator.stop());
  }
  const data = options.data ?? join(temporaryFolder(), 'data');
  const env = environment(simulator, {
    port: await freePort(),
    mode: options.mode,
    desk: options.desk,
    data,
  });
  const { guichet, logged } = await start({ ...env, ...options.env }, options.overrides);
  whenOver(async () => {
    await guichet.stop();
    if (options.violations !== 'expected') expect(simulator.state.violations).toEqual([]);
  });
  return { guichet, simulator, url: `http://127.0.0.1:${guichet.port}`, data, logged };
}

let people = 700_100_000;
/** Somebody who does not exist, never met before. */
export const somebody = (firstName = 'Fatou'): SimUser => ({
  id: people++,
  first_name: firstName,
  language_code: 'fr',
});

/** Waits until the bot has sent `n` messages to this person in all, and gives the last. */
export async function botSaid(simulator: TelegramSimulator, user: SimUser, n: number, ms = 8000) {
  return simulator.waitFor(() => {
    const said = simulator.state.botMessages(user.id);
    return said.length >= n ? said.at(-1) : undefined;
  }, ms);
}

/** Labels of the inline buttons under a message, row by row. */
export const buttonsOf = (message: { reply_markup?: unknown }): string[][] => {
  const markup = message.reply_markup as { inline_keyboard?: { text: string }[][] } | undefined;
  return (markup?.inline_keyboard ?? []).map((row) => row.map((button) => button.text));
};

/** Posts once more what a disk slower than a platform's patience refused with 503, as platforms do. */
export async function deliver(url: string, request: RequestInit): Promise<Response> {
  for (let again = 0; ; again++) {
    const response = await fetch(url, { method: 'POST', ...request });
    if (response.status !== 503 || again === 20) return response;
    await response.arrayBuffer();
    await delay(100);
  }
}

/** Sends one raw update to the webhook as Telegram would. */
export const push = (
  url: string,
  body: string | Buffer,
  headers: Record<string, string> = { 'x-telegram-bot-api-secret-token': WEBHOOK_SECRET },
): Promise<Response> =>
  deliver(`${url}/api/v1/telegram/webhook`, {
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });

let updates = 50_000;
export const textUpdate = (user: SimUser, text: string, over: Record<string, unknown> = {}) => ({
  update_id: updates++,
  message: {
    message_id: updates,
    from: { id: user.id, is_bot: false, first_name: user.first_name, language_code: 'fr' },
    chat: { id: user.id, type: 'private', first_name: user.first_name },
    date: Math.floor(Date.now() / 1000),
    text,
    ...over,
  },
});

/** One text message as WhatsApp pushes it, its id told by who wrote what. */
export function whatsappText(phoneId: string, { wa_id, user_id, name }: WaUser, body: string): string {
  const id = `wamid.${Buffer.from(`${wa_id ?? ''} ${body}`).toString('base64')}`;
  const timestamp = String(Math.floor(Date.now() / 1000));
  const value = {
    messaging_product: 'whatsapp',
    metadata: { display_phone_number: '221330000000', phone_number_id: phoneId },
    contacts: [{ profile: { name }, wa_id, user_id }],
    messages: [{ from: wa_id, from_user_id: user_id, id, timestamp, type: 'text', text: { body } }],
  };
  return JSON.stringify({
    object: 'whatsapp_business_account',
    entry: [{ id: '200000000000001', changes: [{ field: 'messages', value }] }],
  });
}

/** Pushes it signed; the status of the answer. */
export async function pushWhatsApp(url: string, body: string): Promise<number> {
  const signature = createHmac('sha256', APP_SECRET).update(body).digest('hex');
  const headers = { 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${signature}` };
  return (await deliver(`${url}/webhook/whatsapp`, { headers, body })).status;
}
