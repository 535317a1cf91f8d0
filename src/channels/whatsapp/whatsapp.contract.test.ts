import { createHmac } from 'node:crypto';
import { createWhatsAppSimulator, people, type SimMessage } from '../../../simulator/whatsapp/whatsapp.ts';
import { channelContract } from '../../../test/contracts/channel.ts';
import type { OpenPlatform, Person, Refusal } from '../../../test/contracts/channel-house.ts';
import { createWhatsApp } from './whatsapp.ts';

const HEADER = 'x-hub-signature-256';
const sign = (secret: string, body: Buffer): string =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;

const open: OpenPlatform = async ({ baseUrl, now }) => {
  const sim = createWhatsAppSimulator({
    timeScale: 0.005,
    now,
    appSecret: 'f00dcafef00dcafe0123456789abcdef',
    verifyToken: 'k3Jx-9QpT_w2Lm8Vb5Nc7Rd1Fg4Hs6Za',
  });
  await sim.start();
  const { phone, state, faults } = sim;
  const awa = { ...people[0] };
  const chat = awa.wa_id ?? '';
  // A reaction stands on a message, it is none.
  const bubbles = (): SimMessage[] => state.botMessages(chat).filter(({ kind }) => kind !== 'reaction');
  const shown = (): SimMessage | undefined => bubbles().at(-1);
  const said = (): string => state.messages(chat).findLast((message) => message.from === 'user')?.id ?? '';

  const person: Person = {
    chat,
    says: (text) => void phone.text(awa, text),
    taps: (id) => void phone.reply(awa, shown()?.id ?? '', id),
    presses: (label) => void phone.reply(awa, shown()?.id ?? '', `say:${label}`),
    sharesOwnNumber: () => void phone.shareNumber(awa),
    sharesSomebodysNumber: () =>
      void phone.contacts(awa, [{ name: 'Moussa', phone: '+221770000002', wa_id: '221770000002' }]),
    sends(kind, file = {}) {
      if (kind === 'location') phone.location(awa, { latitude: 14.7, longitude: -17.4 });
      else phone[kind === 'photo' ? 'image' : kind](awa, file);
    },
    sendsTwoPicturesTogether() {
      phone.image(awa);
      phone.image(awa);
    },
    edits: (text) => void phone.edit(awa, said(), text),
    blocks: () => phone.block(awa),
    moves() {
      phone.changeNumber(awa, '221770000077');
      return '221770000077';
    },
    sendsTheUnknown: () => void phone.unsupported(awa),
  };

  const once = { times: 1 };
  const refuse: Record<Refusal, () => void> = {
    throttled: () => faults.set({ errors: [{ ...once, code: 131056 }] }),
    'server error': () => faults.set({ errors: [{ ...once, code: 131000, httpStatus: 500 }] }),
    'proxy page': () =>
      faults.set({ errors: [{ ...once, code: 0, httpStatus: 502, html: '<html>Bad Gateway</html>' }] }),
    'token revoked': () => faults.set({ errors: [{ ...once, code: 190 }] }),
    markup: () => faults.set({ errors: [{ ...once, code: 131009 }] }),
    'lost before': () => faults.set({ dropCalls: [{ ...once, mode: 'reset' }] }),
    'lost after': () => faults.set({ dropCalls: [{ ...once, mode: 'record-then-reset' }] }),
  };

  return {
    channel: createWhatsApp({
      token: sim.token,
      phoneId: sim.phoneId,
      appSecret: sim.appSecret,
      verifyToken: sim.verifyToken,
      apiRoot: sim.url,
      apiVersion: sim.version,
      digest: (value) => createHmac('sha256', 'a key of the tests').update(value).digest('hex'),
    }),
    person,
    screen: {
      texts: () => bubbles().map((message) => message.text),
      offers() {
        const { buttons = [], list, url } = shown() ?? {};
        const rows = list?.sections.flatMap((section) => section.rows) ?? [];
        const links = url ? [{ label: `${url.text} ${url.url}` }] : [];
        return [
          ...buttons.map(({ id, title }) => ({ id, label: title })),
          ...rows.map(({ id, title, description }) => ({ id, label: `${title} ${description ?? ''}` })),
          ...links,
        ];
      },
      asksPhone: () => shown()?.asks === 'contact',
      isTyping: () => state.typing(chat),
    },
    proof: HEADER,
    sign: (body) => ({ [HEADER]: sign(sim.appSecret, body) }),
    secrets: [sim.token, sim.appSecret, sim.verifyToken, chat, '221770000002', 'wamid', 'Bonjour'],
    subscribe: () => sim.subscribe(`${baseUrl}/webhook/whatsapp`),
    refuses: (how) => refuse[how](),
    deliversTwice: () => faults.set({ duplicateWebhooks: 2 }),
    altersFiles: () => faults.set({ mediaCorrupt: true }),
    movesFiles: (url) => faults.set({ mediaUrl: url }),
    goesDown: () => sim.stop(),
    violations: () => state.violations,
    close: () => sim.stop(),
  };
};

channelContract('WhatsApp', {
  make: open,
  exceptions: {
    'a reply in place replaces the message of the tap': {
      reason: 'WhatsApp edits nothing: such a reply is a new message',
      shows: /expected false to be true/,
    },
    'reads two pictures sent together': {
      reason: 'WhatsApp tells of no album: pictures just follow each other',
      shows: /album/,
    },
    'reads a person who blocks us': {
      reason: 'WhatsApp does not say so: a message to them fails',
      shows: /membership/,
    },
  },
});
