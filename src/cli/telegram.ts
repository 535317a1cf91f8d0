import type { Command } from 'commander';
import { SendError } from '../channels/errors.ts';
import { createTelegram, type Telegram } from '../channels/telegram/telegram.ts';
import { readConfig } from '../config/config.ts';
import { loadDesk } from '../desk/load.ts';
import { systemClock } from '../lib/clock.ts';
import { commandsOf } from '../main.ts';
import { UsageError } from './errors.ts';

export function addTelegram(program: Command): void {
  const telegram = program.command('telegram').description('The Telegram bot of this desk.');
  telegram
    .command('info')
    .description('What Telegram knows of our webhook.')
    .action(() =>
      withTelegram(async (bot) => {
        const info = await bot.webhookInfo();
        console.log(
          [
            `Webhook: ${info.url === '' ? 'none (polling)' : info.url}`,
            `Waiting updates: ${info.pending}`,
            ...(info.lastError === undefined
              ? []
              : [`Last error: ${info.lastError} (${new Date(info.lastErrorAt ?? 0).toISOString()})`]),
            `Allowed updates: ${info.allowedUpdates.join(', ') || 'default'}`,
          ].join('\n'),
        );
      }),
    );
  telegram
    .command('set-webhook')
    .description('Register WEBHOOK_URL and WEBHOOK_SECRET with Telegram.')
    .action(() =>
      withTelegram(async (bot) => {
        if (!readConfig().telegram?.webhook)
          throw new UsageError(
            'WEBHOOK_URL is not set: write the public https address of this server in .env.',
          );
        await bot.setWebhook();
        console.log('Telegram will push updates to this desk.');
      }),
    );
}

async function withTelegram(use: (bot: Telegram) => Promise<void>): Promise<void> {
  const config = readConfig();
  if (!config.telegram)
    throw new UsageError('TELEGRAM_TOKEN is not set. Write in .env the token that @BotFather gave you.');
  const { token, apiRoot, webhook } = config.telegram;
  const bot = createTelegram({
    token,
    apiRoot,
    commands: commandsOf(loadDesk(config.desk.folder)),
    clock: systemClock,
    ...(webhook ? { webhook: { baseUrl: webhook.url, secret: webhook.secret } } : {}),
  });
  try {
    await use(bot);
  } catch (error) {
    if (error instanceof SendError)
      throw new UsageError(`${error.message} Check the connection, TELEGRAM_TOKEN and WEBHOOK_URL.`);
    throw error;
  } finally {
    await bot.stop();
  }
}
