import type { Config } from '../config/config.ts';
import type { Clock } from '../lib/clock.ts';
import type { Channel } from './channel.ts';
import { createTelegram } from './telegram/telegram.ts';
import { createWhatsApp } from './whatsapp/whatsapp.ts';

/** What each channel needs to be opened; a channel without settings does not run. */
export type ChannelSettings = Pick<Config, 'telegram' | 'whatsapp'>;

export interface ChannelParts {
  clock: Clock;
  /** What platforms show in their own command menus. */
  commands: { command: string; description: string }[];
  /** Keyed digest (hex) of a value that must not be stored in clear. */
  digest(channel: string, value: string): string;
}

/** Opens the configured channels: a new one is a line here, and a folder beside. */
export function openChannels(settings: ChannelSettings, parts: ChannelParts): Channel[] {
  const { telegram, whatsapp } = settings;
  return [
    telegram &&
      createTelegram({
        token: telegram.token,
        apiRoot: telegram.apiRoot,
        commands: parts.commands,
        clock: parts.clock,
        ...(telegram.webhook && {
          webhook: { baseUrl: telegram.webhook.url, secret: telegram.webhook.secret },
        }),
      }),
    whatsapp && createWhatsApp({ ...whatsapp, digest: (value) => parts.digest('whatsapp', value) }),
  ].filter((channel) => channel !== undefined);
}
