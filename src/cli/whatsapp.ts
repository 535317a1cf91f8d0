import type { Command } from 'commander';
import { SendError } from '../channels/errors.ts';
import { createWhatsApp } from '../channels/whatsapp/whatsapp.ts';
import { readConfig } from '../config/config.ts';
import { UsageError } from './errors.ts';

export function addWhatsApp(program: Command): void {
  program
    .command('whatsapp')
    .description('The WhatsApp number of this desk.')
    .command('info')
    .description('What Meta says of our number, and what to write in its webhook settings.')
    .action(async () => {
      const { whatsapp, publicUrl } = readConfig();
      if (!whatsapp)
        throw new UsageError(
          'WHATSAPP_TOKEN is not set. Write in .env the access token of your application at Meta.',
        );
      const channel = createWhatsApp({ ...whatsapp, digest: () => '' });
      try {
        const { name, number, quality } = await channel.describe();
        console.log(
          [
            `Number: ${number ?? 'unknown'} (${name ?? 'no verified name'})`,
            `Quality: ${quality ?? 'unknown'}`,
            `Callback URL: ${publicUrl ?? 'https://your-address'}/webhook/whatsapp`,
            'Verify token: the value of WEBHOOK_VERIFY_TOKEN',
            'Field to subscribe to: messages',
          ].join('\n'),
        );
      } catch (error) {
        if (error instanceof SendError)
          throw new UsageError(
            `${error.message} Check the connection, WHATSAPP_TOKEN and WHATSAPP_PHONE_ID.`,
          );
        throw error;
      } finally {
        await channel.stop();
      }
    });
}
