import type { Address, PlatformIdentity, Sender } from '../message/event.ts';
import type { KnownPerson } from '../storage/conversations.ts';
import type { Statement } from '../storage/store.ts';
import { placeOf } from '../storage/places.ts';
import type { TurnFacts } from './compose.ts';
import { conversationKey, identityIndex, type Runtime } from './runtime.ts';

type Tools = Pick<Runtime, 'conversations' | 'sealer' | 'newId' | 'desk'>;
type Facts = Pick<TurnFacts, 'address' | 'event' | 'identity' | 'person' | 'now'>;

/** The internal id of who wrote, with the rows that make them known when they are new or changed their name. */
export function identify(runtime: Tools, facts: Facts): { personId: string | null; statements: Statement[] } {
  const { conversations, sealer, newId, desk } = runtime;
  const { address, event, person, now } = facts;
  const { sender } = event;
  if (!sender || facts.identity === undefined || address.kind === 'channel')
    return { personId: person?.person_id ?? null, statements: [] };
  const profile = JSON.stringify(profileOf(sender));
  const aliases = sender.aliases ?? [];
  const named = (id: string, names: readonly PlatformIdentity[]): Statement[] =>
    names.map((name) => addName(runtime, facts, id, name, profile));
  if (person) {
    const { person_id: personId, identity_id: id } = person;
    const known = sealer.open(person.profile_sealed, profilePlace(id));
    if (known === profile) return { personId, statements: [] };
    const profile_sealed = sealer.seal(profile, profilePlace(id));
    return {
      personId,
      statements: [
        conversations.updateProfile({ id, profile_sealed, at: now }),
        ...named(personId, [sender, ...aliases]),
      ],
    };
  }
  const id = newId();
  return {
    personId: id,
    statements: [
      conversations.insertPerson({ id, at: now }),
      conversations.insertIdentity(nameRow(runtime, facts, id, sender, profile)),
      conversations.insertPreferences({ person_id: id, language: desk.language, at: now }),
      ...named(id, aliases),
    ],
  };
}

/** The other names that came with the one by which this person was found. */
export function aliasesOf(
  sealer: Runtime['sealer'],
  { identity_id, profile_sealed }: KnownPerson,
): readonly PlatformIdentity[] {
  const profile = JSON.parse(sealer.open(profile_sealed, profilePlace(identity_id))) as Pick<
    Sender,
    'aliases'
  >;
  return profile.aliases ?? [];
}

/** The number is somebody else's now: it names its former owner no more, and their conversation is closed to it. */
export function takeOver(
  { conversations, sealer }: Tools,
  { address, event, former, now }: Pick<TurnFacts, 'address' | 'event' | 'former' | 'now'>,
): Statement[] {
  const { sender } = event;
  if (!sender) return [];
  const freed = conversations.forgetIdentity({ value_index: identityIndex(sealer, address, sender) });
  const id = former?.conversation?.id;
  if (id === undefined || address.kind !== 'private') return [freed];
  const left: Address = { ...address, chat: `left:${id}` };
  return [
    freed,
    conversations.move({
      id,
      address_index: conversationKey(sealer, left),
      address_sealed: sealer.seal(JSON.stringify(left), placeOf('conversations', 'address_sealed')({ id })),
    }),
    conversations.setReachable({ id, unreachable_at: now }),
  ];
}

/** The person's new number or id; the one of the same kind that it replaces may be somebody else's tomorrow. */
export function rename(
  runtime: Tools,
  facts: Facts,
  personId: string | null,
  identity: PlatformIdentity,
): Statement[] {
  const { conversations, sealer } = runtime;
  const { sender } = facts.event;
  if (personId === null || !sender) return [];
  const old = [sender, ...(sender.aliases ?? [])].find(({ scheme }) => scheme === identity.scheme);
  const added = addName(runtime, facts, personId, identity, JSON.stringify(profileOf(sender)));
  if (!old || old.value === identity.value) return [added];
  const value_index = identityIndex(sealer, facts.address, old);
  return [conversations.forgetIdentity({ value_index }), added];
}

/** One more name of a known person; one that is somebody's already stays theirs. */
const addName = (
  runtime: Tools,
  facts: Facts,
  personId: string,
  name: PlatformIdentity,
  profile: string,
): Statement => runtime.conversations.insertAlias(nameRow(runtime, facts, personId, name, profile));

function nameRow(
  { sealer, newId }: Tools,
  { address, event, now }: Facts,
  person_id: string,
  { scheme, value }: PlatformIdentity,
  profile: string,
) {
  const id = newId();
  return {
    id,
    person_id,
    channel: address.channel,
    account: address.account,
    scheme,
    value_index: identityIndex(sealer, address, { scheme, value }),
    value_sealed: sealer.seal(value, `identities|value|${id}`),
    profile_sealed: sealer.seal(profile, profilePlace(id)),
    is_bot: event.sender?.isBot ? 1 : 0,
    at: now,
  };
}

const profilePlace = (identityId: string): string => `identities|profile|${identityId}`;

/** What the platform tells of a person; when it changes, so does the row. The names that go with it are part of it. */
function profileOf({ firstName, lastName, username, language, aliases }: Sender): Record<string, unknown> {
  const profile = { firstName, lastName, username, language, aliases };
  return Object.fromEntries(Object.entries(profile).filter(([, value]) => value !== undefined));
}
