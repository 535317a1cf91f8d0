import { createTelegramSimulator, people } from '../../../simulator/telegram/telegram.ts';
import { channelContract } from '../../../test/contracts/channel.ts';
import type { OpenPlatform, Person, Refusal } from '../../../test/contracts/channel-house.ts';
import { systemClock } from '../../lib/clock.ts';
import { createTelegram } from './telegram.ts';

const secret = 'k3Jx-9QpT_w2Lm8Vb5Nc7Rd1Fg4Hs6Za';
const [awa] = people;
const HEADER = 'x-telegram-bot-api-secret-token';

const open: OpenPlatform = async ({ baseUrl, now }) => {
  const sim = createTelegramSimulator({ allowHttpWebhook: true, timeScale: 0.01, now });
  await sim.start();
  const { phone, state, faults } = sim;
  const said = (): number =>
    state.messages(awa.id).findLast((message) => message.from === 'user')?.message_id ?? 0;
  const shown = () => state.lastBotMessage(awa.id);
  const buttons = (key: 'inline_keyboard' | 'keyboard'): Record<string, unknown>[] => {
    const markup = key === 'keyboard' ? state.keyboard(awa.id) : shown()?.reply_markup;
    return ((markup?.[key] ?? []) as Record<string, unknown>[][]).flat();
  };

  const person: Person = {
    chat: String(awa.id),
    says: (text) => void phone.text(awa, text),
    taps: (id) => void phone.tap(awa, shown()?.message_id ?? 0, id),
    presses(label) {
      if (!buttons('keyboard').some((button) => button['text'] === label))
        throw new Error(`no button ${label}`);
      phone.text(awa, label);
    },
    sharesOwnNumber: () => void phone.contact(awa, { phone: '+221770000001' }),
    sharesSomebodysNumber: () => void phone.contact(awa, { phone: '+221770000002', userId: 700000002 }),
    sends(kind, file = {}) {
      if (kind === 'location') phone.location(awa, { latitude: 14.7, longitude: -17.4 });
      else phone[kind](awa, { ...file, ...(kind === 'document' ? { mime: 'application/pdf' } : {}) });
    },
    sendsTwoPicturesTogether: () => void phone.album(awa, [{ kind: 'photo' }, { kind: 'photo' }]),
    edits: (text) => void phone.edit(awa, said(), text),
    blocks: () => void phone.block(awa),
    moves() {
      const chat = { id: -4242, type: 'group', title: 'Quartier' };
      const from = { id: awa.id, is_bot: false, first_name: awa.first_name };
      const moved = { message_id: 900, date: 1_790_000_000, chat, from, migrate_to_chat_id: -1000000004242 };
      phone.raw({ message: moved });
      return '-1000000004242';
    },
    sendsTheUnknown() {
      const { id, first_name } = awa;
      const chat = { id, type: 'private', first_name };
      const from = { id, is_bot: false, first_name };
      phone.raw({ message: { message_id: 901, date: 1_790_000_000, chat, from, hologram: {} } });
    },
  };

  const sending = { method: 'sendMessage', times: 1 };
  const refuse: Record<Refusal, () => void> = {
    throttled: () => faults.set({ tooManyRequests: [{ ...sending, retryAfter: 3 }] }),
    'server error': () =>
      faults.set({ errors: [{ ...sending, code: 500, description: 'Internal Server Error' }] }),
    'proxy page': () =>
      faults.set({ errors: [{ ...sending, code: 502, description: '', html: '<html>Bad Gateway</html>' }] }),
    'token revoked': () => faults.set({ errors: [{ ...sending, code: 401, description: 'Unauthorized' }] }),
    markup: () =>
      faults.set({
        errors: [{ ...sending, code: 400, description: "Bad Request: can't parse entities: unexpected" }],
      }),
    'lost before': () => faults.set({ dropCalls: [{ ...sending, mode: 'reset' }] }),
    'lost after': () => faults.set({ dropCalls: [{ ...sending, mode: 'record-then-reset' }] }),
  };

  return {
    channel: createTelegram({
      token: sim.token,
      apiRoot: sim.url,
      webhook: { baseUrl, secret },
      commands: [{ command: 'start', description: 'Démarrer' }],
      clock: { now, monotonic: () => systemClock.monotonic() },
    }),
    person,
    screen: {
      texts: () => state.botMessages(awa.id).map((message) => message.text),
      offers: () =>
        [...buttons('inline_keyboard'), ...buttons('keyboard')].map((button) => ({
          label: [button['text'], button['url']].join(' '),
          ...(typeof button['callback_data'] === 'string' ? { id: button['callback_data'] } : {}),
        })),
      asksPhone: () => buttons('keyboard').some((button) => button['request_contact'] === true),
      isTyping: () => state.typing(awa.id),
    },
    proof: HEADER,
    sign: () => ({ [HEADER]: secret }),
    secrets: [sim.token, sim.token.split(':')[1] ?? '', secret, '221770000001', String(awa.id), 'Bonjour'],
    refuses: (how) => refuse[how](),
    deliversTwice: () => faults.set({ duplicateUpdates: 2 }),
    altersFiles() {
      throw new Error('the Bot API describes no file by a digest');
    },
    movesFiles() {
      throw new Error('the Bot API gives no address of a file');
    },
    goesDown: () => sim.stop(),
    violations: () => state.violations,
    close: () => sim.stop(),
  };
};

channelContract('Telegram', {
  make: open,
  exceptions: {
    'a body written again on the way is refused': {
      reason: 'the secret proves who calls and signs nothing',
      shows: /expected \[ 400, 401, 403 \] to include 200/,
    },
    'the platform tells what became of a message, under our reference': {
      reason: 'Telegram tells nothing once it has answered a call',
      shows: /expected undefined not to be undefined|to be defined/,
    },
    'a file that is not the one described is refused': {
      reason: 'there is nothing to compare it with: its content is judged by who reads it',
      shows: /no file by a digest/,
    },
    'a file at a foreign address is not asked for there': {
      reason: 'files have a path under our own root; files.test.ts tries paths that lead elsewhere',
      shows: /no address of a file/,
    },
  },
});
