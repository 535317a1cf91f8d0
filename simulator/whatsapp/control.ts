import {
  BadInput,
  createControlServer,
  only,
  optionalText,
  readFaultSettings,
  requiredText,
} from '../shared/control-server.ts';
import type { Control } from '../shared/control-server.ts';
import type { JsonObject } from '../shared/json.ts';
import { phoneState, shownUser } from './control-state.ts';
import { settingsOf } from './faults.ts';
import type { Faults } from './faults.ts';
import type { WaUser } from './people.ts';
import type { FileOptions, Phone } from './phone.ts';
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
    actions: Object.fromEntries(
      Object.entries(ACTIONS).map(([name, act]) => [name, (body: JsonObject) => act(parts, body)]),
    ),
  });
}

type Action = (parts: Parts, body: JsonObject) => JsonObject;

const said = (id: string): JsonObject => ({ id });

const file =
  (kind: 'image' | 'voice' | 'audio' | 'document' | 'video' | 'sticker'): Action =>
  ({ store, phone }, body) => {
    const opts: FileOptions = only({
      caption: optionalText(body, 'caption'),
      name: optionalText(body, 'name'),
      mime: optionalText(body, 'mime'),
    });
    const data = optionalText(body, 'base64');
    if (data !== undefined) opts.bytes = new Uint8Array(Buffer.from(data, 'base64'));
    return said(phone[kind](userIn(store, body), opts));
  };

const ACTIONS: Record<string, Action> = {
  text: ({ store, phone }, body) => said(phone.text(userIn(store, body), requiredText(body, 'text'))),
  reply: ({ store, phone }, body) =>
    said(phone.reply(userIn(store, body), requiredText(body, 'message'), requiredText(body, 'id'))),
  image: file('image'),
  voice: file('voice'),
  audio: file('audio'),
  document: file('document'),
  video: file('video'),
  sticker: file('sticker'),
  location: ({ store, phone }, body) => {
    const place = { latitude: number(body, 'latitude'), longitude: number(body, 'longitude') };
    return said(phone.location(userIn(store, body), place));
  },
  contact: ({ store, phone }, body) =>
    said(phone.shareNumber(userIn(store, body), optionalText(body, 'phone'))),
  reaction: ({ store, phone }, body) =>
    said(
      phone.reaction(userIn(store, body), requiredText(body, 'message'), optionalText(body, 'emoji') ?? ''),
    ),
  read: ({ store, phone }, body) => {
    phone.read(userIn(store, body), optionalText(body, 'message'));
    return {};
  },
  number: ({ store, phone }, body) =>
    said(phone.changeNumber(userIn(store, body), digits(requiredText(body, 'number')))),
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
    });
    if (given.wa_id !== undefined) digits(given.wa_id);
    const user = store.person(given);
    store.changed();
    return { user: shownUser(user) };
  },
  faults: ({ faults }, body) => {
    faults.set(readFaultSettings(body, faults));
    return { faults: settingsOf(faults) };
  },
};

function person(store: Store, id: string): WaUser {
  const user = store.find(id);
  if (!user) throw new BadInput('user must be the wa_id or the user_id of a known person');
  return user;
}

const userIn = (store: Store, body: JsonObject): WaUser => person(store, requiredText(body, 'user'));

function digits(wa_id: string): string {
  if (!/^\d{7,15}$/.test(wa_id))
    throw new BadInput('a number is digits only, with the country: 221770000009');
  return wa_id;
}

function number(body: JsonObject, name: string): number {
  const value = body[name];
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new BadInput(`${name} must be a number`);
  return value;
}
