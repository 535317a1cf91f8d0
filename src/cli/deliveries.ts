import type { Command } from 'commander';
import { systemClock } from '../lib/clock.ts';
import { deliveryReport, type Delivery } from '../storage/deliveries.ts';
import { withData } from './data.ts';
import { wholeNumber } from './number.ts';
import { minute } from './time.ts';

const DAY = 24 * 3600_000;

export function addDeliveries(program: Command): void {
  program
    .command('deliveries')
    .description('What became of the messages sent, and why those that failed did.')
    .option('--days <n>', 'how far back to look', '7')
    .action(async ({ days }: { days: string }) => {
      const back = wholeNumber('--days', days, 1, 30);
      const { counts, failures } = await withData(({ store }) =>
        deliveryReport(store, systemClock.now() - back * DAY),
      );
      if (counts.length === 0) {
        console.log('No message was sent in that time.');
        return;
      }
      for (const { channel, state, n } of counts)
        console.log(`${channel.padEnd(10)} ${state.padEnd(10)} ${String(n)}`);
      if (failures.length > 0) console.log(['', 'Failed:', ...failures.map(line)].join('\n'));
    });
}

const line = ({ at, channel, reason, conversation }: Delivery): string =>
  `  ${minute(at)}  ${channel}  ${reason}  (conversation ${conversation ?? '-'})`;
