import type { JsonObject } from '../shared/json.ts';
import type { Faults } from './faults.ts';
import { webhookError } from './graph-error.ts';
import type { SimMessage, Status } from './message.ts';
import { fictitiousNumber, keyOf } from './people.ts';
import type { WaUser } from './people.ts';
import type { SimChat, Store } from './store.ts';
import type { Webhook } from './webhook.ts';

interface Own {
  phoneId: string;
  displayNumber: string;
}

const ORDER: Record<Status, number> = { sent: 1, delivered: 2, read: 3, failed: 4 };

/** What the platform tells the webhook, in Meta's shapes. */
export class Events {
  readonly #store: Store;
  readonly #faults: Faults;
  readonly #webhook: Webhook;
  readonly #own: Own;

  constructor(store: Store, faults: Faults, webhook: Webhook, own: Own) {
    this.#store = store;
    this.#faults = faults;
    this.#webhook = webhook;
    this.#own = own;
  }

  get ownNumber(): string {
    return this.#own.displayNumber;
  }

  /** `metadata` and `messaging_product` are added where they are absent. */
  value(value: JsonObject, lane: string, field = 'messages'): void {
    const { phoneId, displayNumber } = this.#own;
    this.#webhook.push({
      field,
      lane,
      value: {
        messaging_product: 'whatsapp',
        metadata: { display_phone_number: displayNumber, phone_number_id: phoneId },
        ...value,
      },
    });
  }

  /** A message of a person: `from` and `from_user_id`, then what is given. */
  message(user: WaUser, message: JsonObject, contact = true): JsonObject {
    const { wa_id, user_id } = this.#idsOf(user);
    const full: JsonObject = {
      ...(wa_id === undefined ? {} : { from: wa_id }),
      ...(user_id === undefined ? {} : { from_user_id: user_id }),
      ...message,
    };
    this.value({ ...(contact ? { contacts: [this.#contact(user)] } : {}), messages: [full] }, keyOf(user));
    return full;
  }

  /** What the webhook may know of a person. */
  #idsOf(user: WaUser): WaUser {
    if (!this.#faults.withoutPhone) return user;
    user.user_id ??= `SN.1349${fictitiousNumber(user)}`;
    return { user_id: user.user_id };
  }

  #contact(user: WaUser): JsonObject {
    const { wa_id, user_id } = this.#idsOf(user);
    return {
      profile: user.name === undefined ? {} : { name: user.name },
      ...(wa_id === undefined ? {} : { wa_id }),
      ...(user_id === undefined ? {} : { user_id }),
    };
  }

  /** Goes forward only: a message that was read is not delivered any more. */
  status(chat: SimChat | undefined, message: SimMessage, status: Status, code?: number): void {
    if (message.status === 'failed' || ORDER[status] <= (message.status ? ORDER[message.status] : 0)) return;
    message.status = status;
    if (code !== undefined) message.error = code;
    const { target, callbackData } = message;
    const user_id = target?.by === 'recipient' ? target.user_id : chat?.user.user_id;
    const at = this.#store.now();
    this.#store.statuses.push({
      id: message.id,
      status,
      at,
      ...(code === undefined ? {} : { code }),
      ...(callbackData === undefined ? {} : { callbackData }),
    });
    const entry: JsonObject = {
      id: message.id,
      status,
      timestamp: String(Math.floor(at / 1000)),
      ...(target?.by === 'to' ? { recipient_id: target.wa_id } : {}),
      ...(user_id === undefined ? {} : { recipient_user_id: user_id }),
      ...(callbackData === undefined ? {} : { biz_opaque_callback_data: callbackData }),
      ...(status === 'failed'
        ? { errors: [webhookError(code ?? 131000)] }
        : {
            pricing: {
              billable: false,
              pricing_model: 'PMP',
              type: 'free_customer_service',
              category: 'service',
            },
          }),
    };
    const withContact = status !== 'failed' && chat !== undefined;
    this.value(
      { ...(withContact ? { contacts: [this.#contact(chat.user)] } : {}), statuses: [entry] },
      chat?.key ?? message.id,
    );
    this.#store.changed(chat);
  }

  /** The person has the chat before their eyes: the bot's messages up to this one are read. */
  readUntil(chat: SimChat, until?: string): void {
    const last =
      until === undefined ? chat.messages.length - 1 : chat.messages.findIndex(({ id }) => id === until);
    for (const message of chat.messages.slice(0, last + 1)) {
      if (message.from !== 'bot' || message.status === 'failed' || message.status === 'read') continue;
      this.status(chat, message, 'sent');
      this.status(chat, message, 'delivered');
      this.status(chat, message, 'read');
    }
  }
}
