/// <reference types="node" />
import type { WireState, WireUser } from '../src/lib/telegram/wire.ts';

type Chat = WireState['chat'];
type Message = Chat['messages'][number];
type Body = Record<string, unknown>;

const MENU = [
  [
    { text: '💼 Cotisations', callback_data: 'cotisations' },
    { text: '👶 Prestations familiales', callback_data: 'prestations' },
  ],
  [{ text: '📍 Nos agences', callback_data: 'agences' }],
  [{ text: 'Site de démonstration', url: 'https://exemple.sn/' }],
];

interface Held {
  user: WireUser;
  chat: Chat;
  pending: string[];
  answered?: { id: string; text: string; show_alert: boolean };
}

/** The control API's contract with a scripted bot behind it: enough of everything the page must draw. */
export class FakeTelegram {
  #held = new Map<number, Held>();
  #listeners = new Set<() => void>();
  #violations = 0;
  #ids = 0;

  constructor() {
    this.#add({ id: 700000001, first_name: 'Awa', last_name: 'Démo', username: 'awa_demo' });
    this.#add({ id: 700000002, first_name: 'Moussa', last_name: 'Exemple' });
    this.#add({ id: 700000003, first_name: '*_[Jean_Paul](x)<b>' });
  }

  get firstUser(): number {
    return [...this.#held.keys()][0] ?? 0;
  }

  knows(user: number): boolean {
    return this.#held.has(user);
  }

  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  state(userId: number): WireState {
    const { user, chat, pending, answered } = this.#of(userId);
    return {
      bot: { id: 42, username: 'guichet_demo_bot', first_name: 'Guichet CSS' },
      commands: [
        { command: 'start', description: 'Démarrer' },
        { command: 'menu', description: 'Menu principal' },
        { command: 'aide', description: 'Comment poser une question' },
        { command: 'contact', description: 'Nous joindre' },
      ],
      users: [...this.#held.values()].map((held) => held.user),
      user,
      chat,
      pendingCallbacks: pending,
      ...(answered && { lastCallbackAnswer: answered }),
      violations: this.#violations,
    };
  }

  /** Performs a control request; gives what is wrong with it. */
  act(action: string, body: Body): string | undefined {
    if (action === 'faults') return undefined;
    if (action === 'user') this.#add({ id: Number(body['id']), first_name: String(body['first_name']) });
    else return this.#actAs(Number(body['user']), action, body);
    this.#changed();
    return undefined;
  }

  #actAs(userId: number, action: string, body: Body): string | undefined {
    if (!this.knows(userId)) return 'unknown user';
    const held = this.#of(userId);
    const text = String(body['text'] ?? '');
    if (action === 'text') this.#hears(held, text);
    else if (action === 'tap') this.#tapped(held, Number(body['message_id']), String(body['data']));
    else if (action === 'block') held.chat.blocked = body['blocked'] === true;
    else if (action === 'edit') {
      const message = held.chat.messages.find((one) => one.message_id === body['message_id']);
      if (message) Object.assign(message, { text, edit_date: now() });
    } else if (action === 'contact') {
      this.#say(held, 'user', '', { contact: { phone_number: String(body['phone'] ?? '+221770000001') } });
      held.chat.keyboard = null;
      this.#reply(
        held,
        body['own'] === true ? 'Merci, c’est bien votre numéro.' : 'Ce numéro n’est pas le vôtre.',
      );
    } else if (['photo', 'voice', 'document', 'sticker', 'location'].includes(action)) {
      this.#say(held, 'user', String(body['caption'] ?? ''), { media: { kind: action } });
      this.#reply(held, 'Bien reçu. Je ne lis pas encore ce genre de fichier.');
    } else return `unknown action ${action}`;
    this.#changed();
    return undefined;
  }

  #hears(held: Held, text: string): void {
    this.#say(
      held,
      'user',
      text,
      text.startsWith('/') ? { entities: [entity(text, text, 'bot_command')] } : {},
    );
    const name = held.user.first_name;
    if (text === '/start' || text === '/menu') {
      const welcome = `👋 Bonjour ${name} !\n\nJe suis le guichet de démonstration. Posez votre question, ou choisissez :`;
      this.#reply(held, welcome, { entities: [entity(welcome, name, 'bold')], inline_keyboard: MENU });
    } else if (text === '/contact') {
      held.chat.keyboard = {
        keyboard: [[{ text: 'Partager mon numéro', request_contact: true }], [{ text: 'Plus tard' }]],
        resize_keyboard: true,
        one_time_keyboard: true,
      };
      this.#reply(held, 'Pour retrouver votre dossier, partagez votre numéro.');
    } else if (/taux|cotisation/i.test(text)) {
      const reply =
        'Le taux de cotisation est de 7 % (valeur fictive).\n\nÀ payer avant le 15 du mois, en indiquant 7700-DEMO.\n\nSource : Cotisations sociales, « Taux ». Détails : exemple.sn/taux';
      const entities = [
        entity(reply, '7 %', 'bold'),
        entity(reply, '7700-DEMO', 'code'),
        entity(reply, 'Source : Cotisations sociales, « Taux ».', 'italic'),
        entity(reply, 'exemple.sn/taux', 'url'),
      ];
      this.#reply(held, reply, { entities });
    } else {
      this.#violations += 1;
      const reply = 'Je ne trouve pas cela dans mes documents. Essayez /menu.';
      this.#reply(held, reply, { entities: [entity(reply, '/menu', 'bot_command')] });
    }
  }

  #tapped(held: Held, messageId: number, data: string): void {
    const callback = String(++this.#ids);
    held.pending.push(callback);
    const message = held.chat.messages.find((one) => one.message_id === messageId);
    setTimeout(() => {
      held.pending = held.pending.filter((one) => one !== callback);
      if (data === 'agences')
        held.answered = { id: callback, text: 'Agences fictives : Dakar, Thiès', show_alert: true };
      else if (message) {
        const text = data === 'menu' ? 'Menu principal' : `Rubrique ${data}\n\nTouchez une question :`;
        const back = [
          [{ text: 'Quel est le taux ?', callback_data: 'taux' }],
          [{ text: '⬅️ Retour', callback_data: 'menu' }],
        ];
        Object.assign(message, {
          text,
          entities: [],
          edit_date: now(),
          inline_keyboard: data === 'menu' ? MENU : back,
        });
      }
      this.#changed();
    }, 900);
  }

  #reply(held: Held, text: string, more: Partial<Message> = {}): void {
    if (held.chat.blocked) return;
    held.chat.typing = true;
    setTimeout(() => {
      held.chat.typing = false;
      this.#say(held, 'bot', text, more);
      this.#changed();
    }, 900);
  }

  #say(held: Held, from: 'bot' | 'user', text: string, more: Partial<Message>): void {
    held.chat.messages.push({ message_id: ++this.#ids, from, date: now(), text, entities: [], ...more });
  }

  #add(user: WireUser): void {
    const chat: Chat = { id: user.id, typing: false, keyboard: null, messages: [] };
    this.#held.set(user.id, { user, chat, pending: [] });
  }

  #of(user: number): Held {
    const held = this.#held.get(user);
    if (!held) throw new Error(`unknown user ${String(user)}`);
    return held;
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

const now = (): number => Math.floor(Date.now() / 1000);

const entity = (text: string, part: string, type: string) => ({
  type,
  offset: text.indexOf(part),
  length: part.length,
});
