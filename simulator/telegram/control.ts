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
    actions: Object.fromEntries(
      Object.entries(ACTIONS).map(([name, act]) => [name, (body: JsonObject) => act(parts, body)]),
    ),
  });
}

type Action = (parts: Parts, body: JsonObject) => JsonObject;

const updated = (update_id: number): JsonObject => ({ update_id });

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
  photo: ({ store, phone }, body) =>
    updated(phone.photo(userIn(store, body), only({ caption: optionalText(body, 'caption') }))),
  voice: ({ store, phone }, body) => updated(phone.voice(userIn(store, body))),
  document: ({ store, phone }, body) =>
    updated(
      phone.document(
        userIn(store, body),
        only({ name: optionalText(body, 'name'), caption: optionalText(body, 'caption') }),
      ),
    ),
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
