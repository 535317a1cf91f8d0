import type { Clock } from '../lib/clock.ts';
import type { NewId } from '../lib/ids.ts';
import { readPhone } from '../lib/phone.ts';
import type { Sealer } from '../lib/seal.ts';
import type { AccountText, ChildView } from '../message/account.ts';
import type { AccountTables, HolderRow } from '../storage/accounts.ts';
import { phoneIndex } from '../storage/directory.ts';
import type { Statement } from '../storage/store.ts';
import { auditOf, decideAccount } from './account.ts';
import type { AccountDecision, AccountRequest, Holder } from './account.ts';
import { presentChildren } from './directory/person.ts';
import type { Directory, DirectoryMatch, DirectoryPerson } from './directory/person.ts';
import { nameKey } from './directory/values.ts';
import { matchPerson } from './match.ts';
import type { Proof } from './proof.ts';

const HOUR_MS = 3600_000;
/** A directory has its own, shorter, patience; this one only bounds a bug. */
const MATCH_TIMEOUT_MS = 20_000;

export interface AccountsOptions {
  tables: AccountTables;
  directory: Directory;
  sealer: Sealer;
  clock: Clock;
  newId: NewId;
  /** Attempts at one number in an hour. */
  attemptsPerHour: number;
  log: { info(event: string, fields?: Record<string, unknown>): void };
}

export interface ProofGiven {
  phone: string;
  proof: Proof;
  /** Version of the text agreed to. */
  consent: string;
  child?: { name: string; tries: number };
  channel: string;
  /** Absent: we meet this person in this very turn. */
  personId?: string;
}

export interface Settled {
  state: 'active' | 'pending' | 'none';
  text: AccountText;
  waits: boolean;
  /** Staff are told. */
  alert: boolean;
  /** Whose number somebody else has shown: they are told. */
  holderId?: string;
  /** What a person who has just been found may read of their children, before the account is on disk. */
  children?: ChildView[];
  /** What the turn commits with everything else, once it knows who wrote; null: nobody that a platform vouches for. */
  statements(personId: string | null): Statement[];
}

/** Accounts: who a proven number belongs to, decided by rule and committed with the turn. */
export interface Accounts {
  settle(given: ProofGiven): Promise<Settled>;
  /** What the directory shows this person of their children now. */
  children(personId: string): Promise<ChildView[] | 'unavailable'>;
}

export function createAccounts(options: AccountsOptions): Accounts {
  const { tables, directory, sealer, clock, newId, attemptsPerHour, log } = options;

  async function questionOf(phoneIndex: string, personId: string | undefined, since: number) {
    const who = personId === undefined ? {} : { personId };
    const { names, waits } = await tables.question({ phoneIndex, ...who, since });
    return { names, asked: waits };
  }

  async function decide(given: ProofGiven): Promise<{ request: AccountRequest; decision: AccountDecision }> {
    const { channel, proof, personId, child } = given;
    const at = clock.now();
    const phone = readPhone(given.phone);
    const index = phone.ok ? phoneIndex(sealer, phone.e164) : undefined;
    const found = await tables.holders({
      ...(index === undefined ? {} : { phoneIndex: index }),
      ...(personId === undefined ? {} : { personId }),
    });
    const attempts = index === undefined ? 0 : await tables.attempts(index, at - HOUR_MS);
    const request: AccountRequest = {
      channel,
      proof,
      phone,
      consent: { version: given.consent, at, channel },
      ...(found.byPerson && { known: holderOf(found.byPerson) }),
      ...(found.byPhone && { phoneHolder: holderOf(found.byPhone) }),
      attempts,
      attemptsPerHour,
      // Nobody is asked for a name before an attempt has been counted.
      ...(index === undefined || (attempts === 0 && !child)
        ? {}
        : await questionOf(index, personId, at - HOUR_MS)),
      ...(child && { child }),
      today: new Date(at).toISOString().slice(0, 10),
    };
    const first = decideAccount(request);
    if (first.outcome.type !== 'consult' || !phone.ok) return { request, decision: first };
    const match = await directory.match(phone.e164, AbortSignal.timeout(MATCH_TIMEOUT_MS));
    const holders = new Map<DirectoryPerson, Holder>();
    for (const person of match.status === 'found' ? match.people : []) {
      for (const directoryIndex of directoryIndexes(sealer, person)) {
        const { byDirectory } = await tables.holders({ directoryIndex });
        if (byDirectory) holders.set(person, holderOf(byDirectory));
      }
    }
    const matched = {
      ...request,
      directory: match,
      holderOf: (one: DirectoryPerson) => holders.get(one),
    };
    return { request: matched, decision: decideAccount(matched) };
  }

  return {
    async settle(given) {
      const began = clock.monotonic();
      const at = clock.now();
      const { request, decision } = await decide(given);
      const { outcome, alert } = decision;
      if (outcome.type === 'consult') throw new Error('The account rules asked for the directory twice.');
      const audit = auditOf(request, decision);
      const processing_ms = Math.round(clock.monotonic() - began);
      const found = await foundBy(outcome);
      const index = request.phone.ok ? phoneIndex(sealer, request.phone.e164) : null;
      log.info('account_creation_started', {
        channel: given.channel,
        person: given.personId ?? null,
        processing_time_ms: processing_ms,
        outcome: audit?.outcome,
        reason: audit?.reason,
        success: audit?.success === true,
      });
      return {
        state: stateOf(outcome.type),
        text: outcome.text,
        waits: outcome.type === 'ask',
        alert,
        ...(outcome.type === 'pending' && { holderId: outcome.holderId }),
        ...(found && { children: found }),
        statements: (personId) => {
          const owner = outcome.type === 'link' ? outcome.personId : personId;
          return [
            tables.audit({
              at,
              person_id: owner,
              channel: given.channel,
              phone_index: index,
              outcome: audit?.outcome ?? 'failed',
              reason: audit?.reason ?? null,
              spent: decision.spends ? 1 : 0,
              actor: 'person',
              processing_ms,
            }),
            ...(personId === null ? [] : changes(given, request, outcome, personId, at)),
          ];
        },
      };
    },

    children: childrenOf,
  };

  async function childrenOf(personId: string): Promise<ChildView[] | 'unavailable'> {
    const account = await tables.phoneOf(personId);
    if (!account) return [];
    const phone = sealer.open(account.phone_sealed, place(account.id));
    const match = await directory.match(phone, AbortSignal.timeout(MATCH_TIMEOUT_MS));
    if (match.status === 'unavailable') return 'unavailable';
    if (match.status === 'none') return [];
    const own = ownIn(match.people, account.directory_index) ?? (await adopt(account, phone, match));
    return own ? presentChildren(own).map(shown) : [];
  }

  function ownIn(people: readonly DirectoryPerson[], index: string | null): DirectoryPerson | undefined {
    return people.find((person) => directoryIndexes(sealer, person).some((one) => one === index));
  }

  /** Staff gave this number to its person: whom the directory then has under it, alone, is who they are. */
  async function adopt(
    { id, directory_index }: { id: string; directory_index: string | null },
    phone: string,
    match: DirectoryMatch,
  ): Promise<DirectoryPerson | undefined> {
    const found = matchPerson(match);
    if (directory_index !== null || found.type !== 'one') return undefined;
    await tables.adopt(id, directoryIndex(sealer, found.person, phone));
    return found.person;
  }

  /** Before the account is on disk: what its person may read in this same turn. */
  async function foundBy(outcome: AccountDecision['outcome']): Promise<ChildView[] | undefined> {
    if (outcome.type === 'create') return presentChildren(outcome.person).map(shown);
    if (outcome.type !== 'link') return undefined;
    const children = await childrenOf(outcome.personId);
    return children === 'unavailable' ? undefined : children;
  }

  function changes(
    { channel, consent }: ProofGiven,
    { phone }: AccountRequest,
    outcome: AccountDecision['outcome'],
    personId: string,
    at: number,
  ): Statement[] {
    if (!phone.ok) return [];
    const agreed = (person_id: string): Statement =>
      tables.consent({ person_id, purpose: 'phone', text_version: consent, channel, at });
    const account = (status: 'active' | 'pending', person: DirectoryPerson | null) => {
      const id = newId();
      return {
        id,
        person_id: personId,
        phone_index: phoneIndex(sealer, phone.e164),
        phone_sealed: sealer.seal(phone.e164, place(id)),
        directory_index: person && directoryIndex(sealer, person, phone.e164),
        status,
        channel,
        at,
      };
    };
    switch (outcome.type) {
      case 'create':
        return [
          agreed(personId),
          tables.dropClaims({ person_id: personId }),
          tables.insert(account('active', outcome.person)),
        ];
      case 'pending':
        return [agreed(personId), tables.insertPending(account('pending', outcome.person ?? null))];
      case 'link':
        return [...tables.merge(personId, outcome.personId), agreed(outcome.personId)];
      case 'ask':
        return [agreed(personId)];
      case 'known':
      case 'refuse':
      case 'consult':
        return [];
    }
  }
}

const place = (id: string): string => `user_accounts|phone|${id}`;

const holderOf = ({ person_id, channels, unplaced }: HolderRow): Holder => ({
  personId: person_id,
  channels,
  unplaced,
});

function stateOf(type: 'known' | 'create' | 'link' | 'pending' | 'ask' | 'refuse'): Settled['state'] {
  switch (type) {
    case 'known':
    case 'create':
    case 'link':
      return 'active';
    case 'pending':
      return 'pending';
    case 'ask':
    case 'refuse':
      return 'none';
  }
}

/**
 * Where an account of this number finds its owner among the people who have it: by their code, else by their name with
 * the number, so that their other numbers may come and go.
 */
export const directoryIndex = (
  sealer: Pick<Sealer, 'digest'>,
  { code, lastName, firstNames }: DirectoryPerson,
  phone: string,
): string =>
  sealer.digest(
    'directory',
    code === undefined ? `${nameKey(lastName, firstNames)} ${phone}` : `code ${nameKey(code)}`,
  );

/** Every place at which an account may find this person, whichever of their numbers it has. */
export const directoryIndexes = (sealer: Pick<Sealer, 'digest'>, person: DirectoryPerson): string[] => [
  ...new Set(person.phones.map((phone) => directoryIndex(sealer, person, phone))),
];

function shown(child: ReturnType<typeof presentChildren>[number]): ChildView {
  const { firstNames, lastName, level, year, group, catechist, status } = child;
  return {
    name: `${firstNames} ${lastName}`.trim(),
    ...(level === undefined ? {} : { level }),
    ...(year === undefined ? {} : { year }),
    ...(group === undefined ? {} : { group }),
    ...(catechist === undefined ? {} : { catechist }),
    status: status === 'waiting' ? 'waiting' : 'enrolled',
  };
}
