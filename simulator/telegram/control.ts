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
import { filesIn } from './control-files.ts';
import { phoneState } from './control-state.ts';
import type { Faults } from './faults.ts';
import { fictitiousPhone } from './people.ts';
import type { SimUser } from './people.ts';
import type { Phone } from './phone.ts';
import type { Store } from './store.ts';

export const CONTROL_PREFIX = '/simulator/api/telegram/';

interface Parts {
  store: Store;
  phone: Phone;
  faults: Faults;
}

/** What the page asks and does. */
export function createControl(parts: Parts): Control {
  const { store } = parts;
  return createControlServer({
    prefix: CONTROL_PREFIX,
    phoneOf: (id) => {
      const user = person(store, Number(id));
      const chatId = user.chat?.id ?? user.id;
      return {
        state: () => phoneState(store, store.users.get(user.id) ?? user),
        listen: (listener) =>
          store.listen((changed) => {
            if (changed === undefined || changed === chatId) listener();
          }),
      };
    },
    violations: () => store.violations,
    media: (id) => store.files.get(id),
    actions: Object.fromEntries(
      Object.entries(ACTIONS).map(([name, act]) => [name, (body: JsonObject) => act(parts, body)]),
    ),
  });
}

type Action = (parts: Parts, body: JsonObject) => JsonObject;

const updated = (update_id: number): JsonObject => ({ update_id });

/** Several files make an album; a voice note or a sticker goes alone. */
function file(kind: 'photo' | 'document' | 'video' | 'voice' | 'sticker'): Action {
  return ({ store, phone }, body) => {
    const user = userIn(store, body);
    const [first = {}, ...others] = filesIn(body);
    if (others.length === 0) return updated(phone[kind](user, first));
    if (kind === 'voice' || kind === 'sticker') throw new BadInput(`one ${kind} at a time`);
    const items = [first, ...others].map((each) => ({ kind, ...each }));
    const [update_id = 0, ...rest] = phone.album(user, items);
    return { ...updated(update_id), others: rest };
  };
}

const ACTIONS: Record<string, Action> = {
  text: ({ store, phone }, body) => updated(phone.text(userIn(store, body), requiredText(body, 'text'))),
  tap: ({ store, phone }, body) =>
    updated(phone.tap(userIn(store, body), integer(body, 'message_id'), requiredText(body, 'data'))),
  contact: ({ store, phone }, body) => {
    const user = userIn(store, body);
    const own = body['own'] !== false;
    const number = optionalText(body, 'phone') ?? fictitiousPhone(own ? user.id : user.id + 50);
    // Somebody else's card, taken from the address book.
    return updated(
      phone.contact(
        user,
        own ? { phone: number } : { phone: number, userId: user.id + 50, firstName: 'Fatou' },
      ),
    );
  },
  photo: file('photo'),
  document: file('document'),
  video: file('video'),
  voice: file('voice'),
  sticker: file('sticker'),
  location: ({ store, phone }, body) => {
    const user = userIn(store, body);
    const place = { latitude: degrees(body, 'latitude', 90), longitude: degrees(body, 'longitude', 180) };
    return updated(phone.location(user, place));
  },
  edit: ({ store, phone }, body) =>
    updated(phone.edit(userIn(store, body), integer(body, 'message_id'), requiredText(body, 'text'))),
  block: ({ store, phone }, body) => {
    if (typeof body['blocked'] !== 'boolean') throw new BadInput('blocked must be true or false');
    const user = userIn(store, body);
    return updated(body['blocked'] ? phone.block(user) : phone.unblock(user));
  },
  user: ({ store }, body) => {
    const user: SimUser = {
      id: integer(body, 'id'),
      first_name: requiredText(body, 'first_name'),
      ...only({
        last_name: optionalText(body, 'last_name'),
        username: optionalText(body, 'username'),
        language_code: optionalText(body, 'language_code'),
      }),
    };
    store.users.set(user.id, user);
    store.changed();
    return { user };
  },
  faults: ({ faults }, body) => {
    faults.set(readFaultSettings(body, faults));
    const { set: _set, reset: _reset, ...now } = faults;
    return { faults: now };
  },
};

function person(store: Store, id: number): SimUser {
  const user = store.users.get(id);
  if (!user) throw new BadInput('user must be the id of a known person');
  return user;
}

const userIn = (store: Store, body: JsonObject): SimUser => person(store, integer(body, 'user'));

function integer(body: JsonObject, name: string): number {
  const value = body[name];
  if (typeof value !== 'number' || !Number.isSafeInteger(value))
    throw new BadInput(`${name} must be a whole number`);
  return value;
}

function degrees(body: JsonObject, name: string, most: number): number {
  const value = body[name];
  if (typeof value !== 'number' || !(Math.abs(value) <= most))
    throw new BadInput(`${name} must be a number from ${-most} to ${most}`);
  return value;
}
