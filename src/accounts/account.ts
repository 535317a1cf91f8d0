import type { PhoneReading } from '../lib/phone.ts';
import type { AccountText } from '../message/account.ts';
import { isMinor } from './directory/person.ts';
import type { DirectoryFailure, DirectoryMatch, DirectoryPerson } from './directory/person.ts';
import { matchPerson } from './match.ts';
import type { MatchOutcome } from './match.ts';
import { isProven } from './proof.ts';
import type { Proof } from './proof.ts';

/** An account that exists. */
export interface Holder {
  personId: string;
  /** Channels on which it already has an identity. */
  channels: readonly string[];
  /** It was given its number by staff, and nobody said who in the directory it is. */
  unplaced?: boolean;
}

export interface AccountRequest {
  channel: string;
  proof: Proof;
  /** The number that the proof is about. */
  phone: PhoneReading;
  /** Agreed to before the number is looked at: the text shown, when (epoch ms) and where. */
  consent?: { version: string; at: number; channel: string };
  /** The account of this very identity. */
  known?: Holder;
  /** The account whose number this is. */
  phoneHolder?: Holder;
  /** The account of a person of the directory, whatever its number. */
  holderOf?: (person: DirectoryPerson) => Holder | undefined;
  /** Attempts of the last hour for this number, whoever made them, that reached the directory. */
  attempts: number;
  attemptsPerHour: number;
  /** This person's last attempt at this number, within the hour, ended in the question for a child's name. */
  asked?: boolean;
  /** Names of children that were wrong at this number within the hour, whoever wrote them. */
  names?: number;
  /** What the directory said; absent: it has not been asked yet. */
  directory?: DirectoryMatch;
  /** The child's first name that the person wrote when asked, and how often they have tried before. */
  child?: { name: string; tries: number };
  /** ISO date, for the age. */
  today: string;
}

/** Why; what the audit row keeps beside who and when. No clear number, no name. */
export type AccountReason =
  | Exclude<Proof, 'own_contact' | 'signed_number'>
  | 'no_consent'
  | 'invalid_phone'
  | 'too_many_attempts'
  | 'not_found'
  | 'minor'
  | 'several_people'
  | 'child_unknown'
  | 'phone_taken'
  | 'person_taken'
  | `directory_${DirectoryFailure}`;

export type AccountOutcome =
  /** Ask the directory, then decide again: nothing has been settled, nothing is said. */
  | { type: 'consult' }
  | { type: 'known'; personId: string; text: 'account_known' }
  | { type: 'create'; person: DirectoryPerson; text: 'account_welcome' }
  /** The same person on another channel. */
  | { type: 'link'; personId: string; text: 'account_linked' }
  /** Staff decide; the holder is told that somebody tried. */
  | {
      type: 'pending';
      holderId: string;
      /** Whom the directory has under the number; absent: it was not asked. */
      person?: DirectoryPerson;
      text: 'account_pending';
      reason: AccountReason;
    }
  /** Wait for the child's first name; the proof stands. */
  | { type: 'ask'; text: 'account_ask_child' | 'account_child_unknown'; reason: AccountReason }
  | { type: 'refuse'; text: AccountText; reason: AccountReason };

export interface AccountDecision {
  outcome: AccountOutcome;
  /** This attempt counts against the number's hour. */
  spends: boolean;
  /** Staff are told. */
  alert: boolean;
}

/** Tries at the name of one's own child, in an hour; more would be guessing. */
export const CHILD_TRIES = 3;

/**
 * The account contract as a rule: who gets an account, who is the same person, who waits for staff, who is refused and
 * with which sentence. Nothing that is not proven costs the owner of a number anything. Pure.
 */
export function decideAccount(request: AccountRequest): AccountDecision {
  const { known, proof, phone, phoneHolder, directory, channel } = request;
  if (known) return quiet({ type: 'known', personId: known.personId, text: 'account_known' });
  if (!isProven(proof)) return quiet(unproven(proof));
  if (!request.consent) {
    const text = proof === 'signed_number' ? 'account_consent' : 'account_phone_request';
    return quiet({ type: 'refuse', text, reason: 'no_consent' });
  }
  if (!phone.ok) {
    return quiet({ type: 'refuse', text: 'account_phone_invalid', reason: 'invalid_phone' });
  }
  if (phoneHolder)
    return phoneHolder.channels.includes(channel)
      ? taken(phoneHolder, 'phone_taken')
      : elsewhere(request, phoneHolder);
  const names = request.names ?? 0;
  const wait = quiet({ type: 'refuse', text: 'account_wait', reason: 'too_many_attempts' });
  if (!directory && request.child && names >= CHILD_TRIES) return wait;
  // An answer about the child goes on with an attempt that has been counted.
  if (!directory && !request.child && request.attempts >= request.attemptsPerHour) {
    // So does who was asked for a name and shows the same number again.
    const goesOn = request.asked === true && names < CHILD_TRIES;
    return goesOn ? quiet({ type: 'ask', text: 'account_ask_child', reason: 'several_people' }) : wait;
  }
  if (!directory) return quiet({ type: 'consult' });
  return decideMatch(request, directory);
}

function decideMatch(request: AccountRequest, directory: DirectoryMatch): AccountDecision {
  const match = matchPerson(directory, request.child?.name);
  const spends = request.child === undefined;
  if (match.type !== 'one') return unsettled(match, request);
  if (isMinor(match.person, request.today)) {
    return { outcome: { type: 'refuse', text: 'account_minor', reason: 'minor' }, spends, alert: true };
  }
  const holder = request.holderOf?.(match.person);
  // Their other number may be another adult's, to whom their messages must not be shown.
  if (holder) return { ...taken(holder, 'person_taken', match.person), spends };
  return { outcome: { type: 'create', person: match.person, text: 'account_welcome' }, spends, alert: false };
}

/** The directory did not say who it is. */
function unsettled(
  match: Exclude<MatchOutcome, { type: 'one' }>,
  { child, names = 0 }: AccountRequest,
): AccountDecision {
  const spends = child === undefined;
  switch (match.type) {
    case 'unavailable':
      return {
        outcome: { type: 'refuse', text: 'account_failed', reason: `directory_${match.reason}` },
        spends: false,
        alert: true,
      };
    case 'none':
      return {
        outcome: { type: 'refuse', text: 'account_not_found', reason: 'not_found' },
        spends,
        alert: true,
      };
    case 'ask':
      return {
        outcome: { type: 'ask', text: 'account_ask_child', reason: 'several_people' },
        spends,
        alert: false,
      };
    case 'unknown_child': {
      const reason = 'child_unknown';
      const last = Math.max(child?.tries ?? 0, names) + 1 >= CHILD_TRIES;
      return last
        ? { outcome: { type: 'refuse', text: 'account_not_found', reason }, spends, alert: true }
        : { outcome: { type: 'ask', text: 'account_child_unknown', reason }, spends, alert: false };
    }
  }
}

/** A second identity on the same channel, or with another number, may be somebody else: staff decide. */
function taken(
  holder: Holder,
  reason: 'phone_taken' | 'person_taken',
  person?: DirectoryPerson,
): AccountDecision {
  return {
    outcome: {
      type: 'pending',
      holderId: holder.personId,
      ...(person && { person }),
      text: 'account_pending',
      reason,
    },
    spends: false,
    alert: true,
  };
}

/** The number of an account, on a channel where its person is not known: theirs, unless the directory says otherwise. */
function elsewhere(request: AccountRequest, holder: Holder): AccountDecision {
  const { child, directory, holderOf, names = 0 } = request;
  if (!directory) {
    if (child && names >= CHILD_TRIES)
      return quiet({ type: 'refuse', text: 'account_wait', reason: 'too_many_attempts' });
    return quiet({ type: 'consult' });
  }
  const match = matchPerson(directory, child?.name);
  switch (match.type) {
    case 'one': {
      // Nobody said yet who in the directory this account is: staff gave it its number.
      const isTheirs = holder.unplaced === true || holderOf?.(match.person)?.personId === holder.personId;
      return isTheirs
        ? quiet({ type: 'link', personId: holder.personId, text: 'account_linked' })
        : taken(holder, 'phone_taken', match.person);
    }
    case 'none':
      return taken(holder, 'phone_taken');
    case 'ask':
    case 'unknown_child':
    case 'unavailable':
      return { ...unsettled(match, request), spends: false };
  }
}

function unproven(proof: Proof): AccountOutcome {
  switch (proof) {
    case 'group':
      return { type: 'refuse', text: 'account_private_only', reason: proof };
    case 'other_contact':
    case 'forwarded':
    case 'edited':
    case 'bot':
    case 'malformed':
      return { type: 'refuse', text: 'account_own_contact_only', reason: proof };
    case 'typed':
      return { type: 'refuse', text: 'account_typed_number', reason: proof };
    case 'own_contact':
    case 'signed_number':
      return { type: 'consult' };
  }
}

const quiet = (outcome: AccountOutcome): AccountDecision => ({ outcome, spends: false, alert: false });

/** What `account_creation_audit` keeps of a decision; the caller adds when, who, how long and the keyed index. */
export interface AuditFields {
  outcome: 'known' | 'created' | 'linked' | 'pending' | 'asked' | 'refused' | 'failed';
  reason: AccountReason | null;
  proof: Proof;
  channel: string;
  success: boolean;
  spends: boolean;
  personId: string | null;
}

/** Undefined for `consult`, which settles nothing. */
export function auditOf(request: AccountRequest, decision: AccountDecision): AuditFields | undefined {
  const { outcome, spends } = decision;
  if (outcome.type === 'consult') return undefined;
  const failed = outcome.type === 'refuse' && outcome.reason.startsWith('directory_');
  return {
    outcome: failed ? 'failed' : AUDITED[outcome.type],
    reason: 'reason' in outcome ? outcome.reason : null,
    proof: request.proof,
    channel: request.channel,
    success: ['known', 'create', 'link'].includes(outcome.type),
    spends,
    personId: 'personId' in outcome ? outcome.personId : outcome.type === 'pending' ? outcome.holderId : null,
  };
}

const AUDITED = {
  known: 'known',
  create: 'created',
  link: 'linked',
  pending: 'pending',
  ask: 'asked',
  refuse: 'refused',
} as const;
