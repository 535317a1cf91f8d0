import { createHash } from 'node:crypto';
import type { JsonObject } from '../shared/json.ts';
import type { Faults } from './faults.ts';
import { webhookError } from './graph-error.ts';
import { reaches } from './message.ts';
import type { SimMessage, Status } from './message.ts';
import { fictitiousNumber, keyOf } from './people.ts';
import type { WaUser } from './people.ts';
import type { SimChat, Store } from './store.ts';
import type { Webhook } from './webhook.ts';

interface Own {
  phoneId: string;
  displayNumber: string;
  /** `v25.0` */
  version: string;
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

  /** What a person is called in message ids and contexts. */
  addressOf(user: WaUser): string {
    return keyOf(this.#idsOf(user));
  }

  /** Tells the change of a business-scoped id in a field of its own, beside the system message. */
  userIdUpdate(user: WaUser, previous: string, current: string): void {
    const { wa_id } = this.#idsOf(user);
    const number = wa_id === undefined ? {} : { wa_id };
    const update = {
      ...number,
      detail: `User id for ${user.name ?? 'the user'} has been updated.`,
      user_id: { previous, current },
      timestamp: String(Math.floor(this.#store.now() / 1000)),
    };
    const contacts = [{ profile: profileOf(user), ...number }];
    this.value({ contacts, user_id_update: [update] }, keyOf(user), 'user_id_update');
  }

  /** What the webhook may know of a person. */
  #idsOf(user: WaUser): WaUser {
    if (!this.#faults.withoutPhone) return user;
    user.user_id ??= `SN.1349${fictitiousNumber(user)}`;
    return { user_id: user.user_id };
  }

  #contact(user: WaUser, withUsername = true): JsonObject {
    const { wa_id, user_id } = this.#idsOf(user);
    return {
      profile: profileOf(user, withUsername),
      ...(wa_id === undefined ? {} : { wa_id }),
      ...(user_id === undefined ? {} : { user_id }),
    };
  }

  /** Goes forward only: a message that was read is not delivered any more, and failed is final. */
  status(chat: SimChat | undefined, message: SimMessage, status: Status, code?: number): void {
    if (ORDER[status] <= (message.status ? ORDER[message.status] : 0)) return;
    message.status = status;
    if (code !== undefined) message.error = code;
    const { target, callbackData } = message;
    const byNumber = target?.by === 'to';
    const user_id = target?.by === 'recipient' ? target.user_id : chat?.user.user_id;
    const recipient_id = byNumber ? target.wa_id : chat && this.#idsOf(chat.user).wa_id;
    const toldUserId = status === 'failed' && byNumber ? undefined : user_id;
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
      ...(recipient_id === undefined ? {} : { recipient_id }),
      ...(toldUserId === undefined ? {} : { recipient_user_id: toldUserId }),
      ...(callbackData === undefined ? {} : { biz_opaque_callback_data: callbackData }),
      ...(status === 'failed'
        ? { errors: [webhookError(code ?? 131000)] }
        : this.#billing(chat, message, status)),
    };
    const withContact = status !== 'failed' && chat !== undefined;
    this.value(
      {
        ...(withContact ? { contacts: [this.#contact(chat.user, status !== 'sent')] } : {}),
        statuses: [entry],
      },
      chat?.key ?? message.id,
    );
    this.#store.changed(chat);
  }

  /** With sent and delivered; `conversation` went away with v24.0. */
  #billing(chat: SimChat | undefined, { kind, at }: SimMessage, status: Status): JsonObject {
    if (status === 'read' || !chat) return {};
    const until = this.#store.windowUntil(chat) ?? 0;
    const free = at < until;
    const category = kind === 'template' ? 'utility' : 'service';
    const pricing = {
      billable: !free,
      pricing_model: 'PMP',
      type: free ? 'free_customer_service' : 'regular',
      category,
    };
    if (Number.parseInt(this.#own.version.slice(1), 10) >= 24) return { pricing };
    const id = createHash('sha256').update(`${chat.key} ${until}`).digest('hex').slice(0, 32);
    const expires = free ? until : at + this.#store.windowMs;
    const expiry = status === 'sent' ? { expiration_timestamp: String(Math.floor(expires / 1000)) } : {};
    return { conversation: { id, ...expiry, origin: { type: category } }, pricing };
  }

  /** The person has the chat before their eyes: the bot's messages up to this one are read. */
  readUntil(chat: SimChat, until?: string): void {
    const last =
      until === undefined ? chat.messages.length - 1 : chat.messages.findIndex(({ id }) => id === until);
    for (const message of chat.messages.slice(0, last + 1)) {
      if (!reaches(message) || message.status === 'read') continue;
      this.status(chat, message, 'sent');
      this.status(chat, message, 'delivered');
      this.status(chat, message, 'read');
    }
  }
}

function profileOf({ name, username }: WaUser, withUsername = true): JsonObject {
  return {
    ...(name === undefined ? {} : { name }),
    ...(username === undefined || !withUsername ? {} : { username }),
  };
}
