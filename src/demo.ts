import type { ChannelSettings } from './channels/registry.ts';
import type { Mount } from './http/server.ts';

/** Emulated platforms that stand in for the real ones, with the settings that reach them. */
export interface Demo {
  settings: ChannelSettings;
  /** What the simulator page calls. */
  mounts: Mount[];
  /** The platforms begin to call us, at this base address. */
  connect(url: string): Promise<void>;
  stop(): Promise<void>;
}

/** Loaded in demo mode only: a real service does not carry the emulators in memory. `now`: epoch milliseconds. */
export async function startDemo(organisation: string, now: number): Promise<Demo> {
  const [{ createTelegramSimulator }, { createWhatsAppSimulator }] = await Promise.all([
    import('../simulator/telegram/telegram.ts'),
    import('../simulator/whatsapp/whatsapp.ts'),
  ]);
  const telegram = createTelegramSimulator({
    botName: organisation,
    // Grows from one start to the next: the inbox remembers the numbers of the run before.
    firstUpdateId: Math.floor(now / 1000),
  });
  const whatsapp = createWhatsAppSimulator({ businessName: organisation });
  await telegram.start();
  await whatsapp.start();
  const { token, phoneId, appSecret, verifyToken, version } = whatsapp;
  return {
    settings: {
      telegram: { token: telegram.token, apiRoot: telegram.url },
      whatsapp: { token, phoneId, appSecret, verifyToken, apiRoot: whatsapp.url, apiVersion: version },
    },
    mounts: [
      {
        prefix: '/simulator/api/telegram',
        handle: (request, response) => {
          telegram.control(request, response);
        },
      },
      {
        prefix: '/simulator/api/whatsapp',
        handle: (request, response) => {
          whatsapp.control(request, response);
        },
      },
    ],
    connect: (url) => whatsapp.subscribe(`${url}/webhook/whatsapp`),
    async stop() {
      await whatsapp.stop();
      await telegram.stop();
    },
  };
}
