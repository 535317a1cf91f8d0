import { isObject } from '../shared/json.ts';
import type { JsonObject } from '../shared/json.ts';
import { mediaFailure } from './check-media.ts';
import { checkMessage } from './check-message.ts';
import type { CheckedMessage } from './check-message.ts';
import type { Events } from './events.ts';
import { Bucket } from './faults.ts';
import type { Faults } from './faults.ts';
import { Fields } from './fields.ts';
import { badValue, GraphError, invalid } from './graph-error.ts';
import { limits } from './limits.ts';
import { newWamid } from './store.ts';
import type { Report, SimChat, Store } from './store.ts';
import type { SimMessage } from './message.ts';
import type { Timers } from './timers.ts';

const DELIVERED_AFTER_MS = 300;
const FAILED_AFTER_MS = 100;

interface Parts {
  store: Store;
  faults: Faults;
  events: Events;
  timers: Timers;
  random: () => number;
  ownNumber: string;
}

/** What is still to be told of a message. */
interface Fate {
  chat: SimChat | undefined;
  message: SimMessage;
  failure: Failure | undefined;
}

interface Failure {
  code: number;
  afterSent?: boolean;
}

/** `POST /{phone-id}/messages`: sends, or marks as read. */
export class Sender {
  readonly #parts: Parts;
  readonly #overall = new Bucket(limits.perSecond, limits.perSecond);
  readonly #pairs = new Map<string, Bucket>();
  readonly #fates = new Set<Fate>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** The answer's body. Throws GraphError. */
  handle(body: unknown, report: Report): JsonObject {
    if (!isObject(body) || body['messaging_product'] === undefined)
      throw new GraphError(100, { message: '(#100) The parameter messaging_product is required.' });
    if (body['messaging_product'] !== 'whatsapp')
      throw invalid('Param messaging_product must be one of {WHATSAPP}.');
    for (const [key, value] of Object.entries(body))
      if (value === null) throw invalid(`Param ${key} is null.`);
    return 'status' in body ? this.#markRead(body, report) : this.#send(body, report);
  }

  #send(body: JsonObject, report: Report): JsonObject {
    const { store, ownNumber } = this.#parts;
    const checked = checkMessage(body, store, ownNumber, report);
    const { target, input, content } = checked;
    const address = target.by === 'to' ? target.wa_id : target.user_id;
    const user = store.find(address);
    const chat = user ? store.chatOf(user) : undefined;
    if (this.#parts.faults.throttle) this.#throttle(chat?.key ?? address);
    const message: SimMessage = {
      ...content,
      id: newWamid(address),
      from: 'bot',
      at: store.now(),
      payload: body,
      target,
      ...(checked.replyTo === undefined ? {} : { replyTo: checked.replyTo }),
      ...(checked.callbackData === undefined ? {} : { callbackData: checked.callbackData }),
    };
    const failure = this.#failureOf(chat, checked);
    if (failure) message.error = failure.code;
    if (chat) store.addMessage(chat, message);
    if (chat && failure === undefined && content.reaction) react(store, content.reaction);
    this.#follow({ chat, message, failure });
    return {
      messaging_product: 'whatsapp',
      contacts: [{ input, ...(target.by === 'to' ? { wa_id: target.wa_id } : { user_id: target.user_id }) }],
      messages: [{ id: message.id, ...(content.kind === 'template' ? { message_status: 'accepted' } : {}) }],
    };
  }

  /** The failure that comes after the 200, when there is one. */
  #failureOf(chat: SimChat | undefined, { target, content }: CheckedMessage): Failure | undefined {
    const { store, faults } = this.#parts;
    const ids = chat
      ? [chat.user.wa_id, chat.user.user_id]
      : [target.by === 'to' ? target.wa_id : target.user_id];
    const forced = faults.failStatus.find(
      ({ to, times }) => (times ?? 1) > 0 && (to === undefined || ids.includes(to)),
    );
    if (forced) {
      if (forced.times !== undefined) forced.times--;
      return { code: forced.code, afterSent: forced.afterSent ?? false };
    }
    if (!chat || chat.blocked) return { code: 131026 };
    if (content.kind !== 'template' && !store.isOpen(chat)) return { code: 131047 };
    const code = mediaFailure(content, (id) => store.keptMedia(id));
    return code === undefined ? undefined : { code };
  }

  /** Statuses come after the answer, and again after a restart of the platform. */
  #follow(fate: Fate): void {
    const { events, timers } = this.#parts;
    const { chat, message, failure } = fate;
    this.#fates.add(fate);
    if (failure) {
      if (failure.afterSent) timers.exactly(0, () => events.status(chat, message, 'sent'));
      timers.after(FAILED_AFTER_MS, () => {
        this.#fates.delete(fate);
        if (failure.afterSent) events.status(chat, message, 'sent');
        events.status(chat, message, 'failed', failure.code);
      });
      return;
    }
    timers.exactly(0, () => events.status(chat, message, 'sent'));
    timers.after(DELIVERED_AFTER_MS, () => {
      this.#fates.delete(fate);
      events.status(chat, message, 'sent');
      events.status(chat, message, 'delivered');
    });
  }

  /** What stop() has interrupted. */
  resume(): void {
    for (const fate of [...this.#fates]) this.#follow(fate);
  }

  #throttle(pair: string): void {
    const now = this.#parts.store.now();
    let bucket = this.#pairs.get(pair);
    if (!bucket) this.#pairs.set(pair, (bucket = new Bucket(limits.pairBurst, 1 / limits.pairSeconds)));
    // Both statuses have been seen for both codes.
    const http = this.#parts.random() < 0.5 ? 400 : 429;
    if (!this.#overall.has(now)) throw new GraphError(130429, { http });
    if (!bucket.has(now)) throw new GraphError(131056, { http });
    this.#overall.take();
    bucket.take();
  }

  #markRead(body: JsonObject, report: Report): JsonObject {
    const { store, timers } = this.#parts;
    const receipt = new Fields(
      body,
      '',
      ['messaging_product', 'status', 'message_id', 'typing_indicator'],
      report,
    );
    receipt.oneOf('status', ['read']);
    const id = receipt.label('message_id', 512);
    if (receipt.has('typing_indicator')) receipt.object('typing_indicator', ['type']).oneOf('type', ['text']);
    const found = store.message(id);
    if (found?.message.from !== 'user') throw badValue('Param message_id: no such message of a person.');
    const { chat } = found;
    for (const message of chat.messages) {
      if (message.from === 'user') store.readMarks.add(message.id);
      if (message.id === id) break;
    }
    if (receipt.has('typing_indicator')) {
      const ms = limits.typingSeconds * 1000;
      chat.typingUntil = store.now() + ms;
      chat.typings++;
      timers.exactly(ms, () => store.changed(chat));
    }
    store.changed(chat);
    return { success: true };
  }
}

function react(store: Store, { to, emoji }: { to: string; emoji: string }): void {
  const target = store.message(to)?.message;
  if (!target) return;
  if (emoji === '') delete target.reaction;
  else target.reaction = { to, emoji };
}
