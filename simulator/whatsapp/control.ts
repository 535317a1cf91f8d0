import { BadInput, createControlServer, only, optionalText, requiredText } from '../shared/control-server.ts';
import type { Control } from '../shared/control-server.ts';
import type { JsonObject } from '../shared/json.ts';
import { faultsIn } from './control-faults.ts';
import { degrees, digits, fileIn, itemsIn, userId } from './control-input.ts';
import { phoneState, shownUser } from './control-state.ts';
import { settingsOf } from './faults.ts';
import type { Faults } from './faults.ts';
import type { WaUser } from './people.ts';
import type { Phone } from './phone.ts';
import type { Store } from './store.ts';

export const CONTROL_PREFIX = '/simulator/api/whatsapp/';

interface Parts {
  store: Store;
  phone: Phone;
  faults: Faults;
  business: { name: string; number: string };
}

/** What the page asks and does. */
export function createControl(parts: Parts): Control {
  const { store, business } = parts;
  return createControlServer({
    prefix: CONTROL_PREFIX,
    phoneOf: (id) => {
      const user = person(store, id);
      return {
        state: () => phoneState(store, business, user),
        listen: (listener) =>
          store.listen((chat) => {
            if (chat === undefined || chat.user === user) listener();
          }),
      };
    },
    violations: () => store.violations,
    media: (id) => store.media.get(id),
    actions: Object.fromEntries(
      Object.entries(ACTIONS).map(([name, act]) => [name, (body: JsonObject) => act(parts, body)]),
    ),
  });
}

type Action = (parts: Parts, body: JsonObject) => JsonObject;

const said = (id: string): JsonObject => ({ id });

const file =
  (kind: 'image' | 'voice' | 'audio' | 'document' | 'video' | 'sticker'): Action =>
  ({ store, phone }, body) =>
    said(phone[kind](userIn(store, body), fileIn(body)));

const ACTIONS: Record<string, Action> = {
  text: ({ store, phone }, body) =>
    said(
      phone.text(
        userIn(store, body),
        requiredText(body, 'text'),
        only({ replyTo: optionalText(body, 'replyTo') }),
      ),
    ),
  reply: ({ store, phone }, body) =>
    said(phone.reply(userIn(store, body), requiredText(body, 'message'), requiredText(body, 'id'))),
  image: file('image'),
  voice: file('voice'),
  audio: file('audio'),
  document: file('document'),
  video: file('video'),
  sticker: file('sticker'),
  location: ({ store, phone }, body) => {
    const place = {
      latitude: degrees(body, 'latitude', 90),
      longitude: degrees(body, 'longitude', 180),
      ...only({ name: optionalText(body, 'name'), address: optionalText(body, 'address') }),
    };
    return said(phone.location(userIn(store, body), place));
  },
  /** Their own number, which was asked for. */
  contact: ({ store, phone }, body) => {
    const own = optionalText(body, 'phone');
    return said(phone.shareNumber(userIn(store, body), own === undefined ? undefined : digits(own)));
  },
  /** Somebody's card, out of the address book. */
  card: ({ store, phone }, body) => {
    const number = digits(requiredText(body, 'phone'));
    const card = { name: requiredText(body, 'name'), phone: `+${number}`, wa_id: number };
    return said(phone.contacts(userIn(store, body), [card]));
  },
  reaction: ({ store, phone }, body) =>
    said(
      phone.reaction(userIn(store, body), requiredText(body, 'message'), optionalText(body, 'emoji') ?? ''),
    ),
  order: ({ store, phone }, body) =>
    said(phone.order(userIn(store, body), itemsIn(body), optionalText(body, 'text'))),
  edit: ({ store, phone }, body) =>
    said(phone.edit(userIn(store, body), requiredText(body, 'message'), requiredText(body, 'text'))),
  revoke: ({ store, phone }, body) => said(phone.revoke(userIn(store, body), requiredText(body, 'message'))),
  unsupported: ({ store, phone }, body) => said(phone.unsupported(userIn(store, body))),
  read: ({ store, phone }, body) => {
    phone.read(userIn(store, body), optionalText(body, 'message'));
    return {};
  },
  number: ({ store, phone }, body) =>
    said(phone.changeNumber(userIn(store, body), digits(requiredText(body, 'number')))),
  'user-id': ({ store, phone }, body) =>
    said(phone.changeUserId(userIn(store, body), userId(requiredText(body, 'user_id')))),
  block: ({ store, phone }, body) => {
    if (typeof body['blocked'] !== 'boolean') throw new BadInput('blocked must be true or false');
    phone[body['blocked'] ? 'block' : 'unblock'](userIn(store, body));
    return { blocked: body['blocked'] };
  },
  user: ({ store }, body) => {
    const given = only({
      wa_id: optionalText(body, 'wa_id'),
      user_id: optionalText(body, 'user_id'),
      name: optionalText(body, 'name'),
      username: optionalText(body, 'username'),
    });
    if (given.wa_id !== undefined) digits(given.wa_id);
    if (given.user_id !== undefined) userId(given.user_id);
    const user = store.person(given);
    store.changed();
    return { user: shownUser(user) };
  },
  faults: ({ faults }, body) => {
    faults.set(faultsIn(body, faults));
    return { faults: settingsOf(faults) };
  },
};

function person(store: Store, id: string): WaUser {
  const user = store.find(id);
  if (!user) throw new BadInput('user must be the wa_id or the user_id of a known person');
  return user;
}

const userIn = (store: Store, body: JsonObject): WaUser => person(store, requiredText(body, 'user'));
