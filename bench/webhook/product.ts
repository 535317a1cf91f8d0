/** The whole product, limits opened wide: platform rates do not bind, and one minute may bring a million requests. */
import { readConfig } from '../../src/config/config.ts';
import { createLog } from '../../src/lib/log.ts';
import { startGuichet } from '../../src/main.ts';

const wide = 1_000_000;
const log = createLog({ level: 'error' });
const guichet = await startGuichet(readConfig(), {
  log,
  rate: { perSecond: wide, perChatPerSecond: wide, perGroupPerMinute: wide },
});
process.stdout.write(`port ${guichet.port}\n`);
process.on('SIGTERM', () => {
  void guichet.stop().then(() => process.exit(0));
});
