import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ACCOUNT_TEXTS } from '../message/account.ts';
import { CHILD_TRIES, auditOf, decideAccount } from './account.ts';
import type { AccountRequest } from './account.ts';
import type { Proof } from './proof.ts';
import { readPhone } from '../lib/phone.ts';
import type { DirectoryMatch, DirectoryPerson } from './directory/person.ts';

const person = (lastName: string, child: string): DirectoryPerson => ({
  lastName,
  firstNames: 'Fatou',
  phones: ['+221770000001'],
  children: [{ lastName, firstNames: child, relation: 'mother', status: 'enrolled' }],
});
const diop = person('DIOP', 'Awa');
const young: DirectoryPerson = {
  ...diop,
  children: [
    {
      ...diop.children[0],
      firstNames: 'Awa',
      lastName: 'DIOP',
      status: 'enrolled',
      relation: 'self',
      birthDate: '2010-01-01',
    },
  ],
};
const found = (...people: DirectoryPerson[]): DirectoryMatch => ({ status: 'found', people });
const holder = (...channels: string[]) => ({ personId: 'person-1', channels });

const base: AccountRequest = {
  channel: 'telegram',
  proof: 'own_contact',
  phone: readPhone('77 000 00 01'),
  consent: { version: '1', at: 1, channel: 'telegram' },
  attempts: 0,
  attemptsPerHour: 1,
  today: '2026-11-21',
};
const { consent: _consent, ...unasked } = base;

/** outcome, text, reason, spends, alert */
type Expected = [string, string?, (string | undefined)?, ('spends' | '')?, 'alert'?];

const cases: [string, AccountRequest, Expected][] = [
  ['a proven number, nobody known: ask the directory', base, ['consult']],
  ['WhatsApp’s signed number too', { ...base, channel: 'whatsapp', proof: 'signed_number' }, ['consult']],
  [
    'in the directory: an account',
    { ...base, directory: found(diop) },
    ['create', 'account_welcome', undefined, 'spends'],
  ],
  [
    'not in the directory',
    { ...base, directory: { status: 'none' } },
    ['refuse', 'account_not_found', 'not_found', 'spends', 'alert'],
  ],
  [
    'the directory is down: nothing is burnt',
    { ...base, directory: { status: 'unavailable', reason: 'refused' } },
    ['refuse', 'account_failed', 'directory_refused', '', 'alert'],
  ],
  [
    'the directory is slow',
    { ...base, directory: { status: 'unavailable', reason: 'timeout' } },
    ['refuse', 'account_failed', 'directory_timeout', '', 'alert'],
  ],
  [
    'the directory talks nonsense',
    { ...base, directory: { status: 'unavailable', reason: 'failed' } },
    ['refuse', 'account_failed', 'directory_failed', '', 'alert'],
  ],

  ['an account already: log in', { ...base, known: holder('telegram') }, ['known', 'account_known']],
  [
    'an account already, somebody else’s contact: still a log-in',
    { ...base, known: holder('telegram'), proof: 'other_contact' },
    ['known', 'account_known'],
  ],
  [
    'the number of an account, on another channel: the directory says whether it is still theirs',
    { ...base, phoneHolder: holder('whatsapp'), attempts: 9 },
    ['consult'],
  ],
  [
    'the same person on another channel',
    { ...base, phoneHolder: holder('whatsapp'), directory: found(diop), holderOf: () => holder('whatsapp') },
    ['link', 'account_linked'],
  ],
  [
    'the same, given their number by staff',
    { ...base, phoneHolder: { ...holder('whatsapp'), unplaced: true }, directory: found(diop) },
    ['link', 'account_linked'],
  ],
  [
    'a number that the directory now gives to somebody else',
    { ...base, phoneHolder: holder('whatsapp'), directory: found(diop) },
    ['pending', 'account_pending', 'phone_taken', '', 'alert'],
  ],
  [
    'a number that the directory knows no more',
    { ...base, phoneHolder: holder('whatsapp'), directory: { status: 'none' } },
    ['pending', 'account_pending', 'phone_taken', '', 'alert'],
  ],
  [
    'a number that two families share, on another channel: which of them?',
    { ...base, phoneHolder: holder('whatsapp'), directory: found(diop, person('FALL', 'Modou')) },
    ['ask', 'account_ask_child', 'several_people'],
  ],
  [
    'the child of the other family',
    {
      ...{ ...base, phoneHolder: holder('whatsapp'), directory: found(diop, person('FALL', 'Modou')) },
      child: { name: 'Modou', tries: 0 },
      holderOf: (one) => (one.lastName === 'DIOP' ? holder('whatsapp') : undefined),
    },
    ['pending', 'account_pending', 'phone_taken', '', 'alert'],
  ],
  [
    'their own child',
    {
      ...{ ...base, phoneHolder: holder('whatsapp'), directory: found(diop, person('FALL', 'Modou')) },
      child: { name: 'Awa', tries: 0 },
      holderOf: (one) => (one.lastName === 'DIOP' ? holder('whatsapp') : undefined),
    },
    ['link', 'account_linked'],
  ],
  [
    'the directory is down: nobody is joined to anybody',
    { ...base, phoneHolder: holder('whatsapp'), directory: { status: 'unavailable', reason: 'refused' } },
    ['refuse', 'account_failed', 'directory_refused', '', 'alert'],
  ],
  [
    'a second identity on the same channel',
    { ...base, phoneHolder: holder('telegram') },
    ['pending', 'account_pending', 'phone_taken', '', 'alert'],
  ],
  [
    'a second identity, whatever the hour has seen',
    { ...base, phoneHolder: holder('telegram'), attempts: 9 },
    ['pending', 'account_pending', 'phone_taken', '', 'alert'],
  ],
  [
    'their other number, on another channel',
    { ...base, directory: found(diop), holderOf: () => holder('whatsapp') },
    ['pending', 'account_pending', 'person_taken', 'spends', 'alert'],
  ],
  [
    'their other number, on the same channel',
    { ...base, directory: found(diop), holderOf: () => holder('telegram') },
    ['pending', 'account_pending', 'person_taken', 'spends', 'alert'],
  ],

  [
    'no consent on Telegram: the request says it again',
    unasked,
    ['refuse', 'account_phone_request', 'no_consent'],
  ],
  [
    'no consent on WhatsApp: its button',
    { ...unasked, channel: 'whatsapp', proof: 'signed_number' },
    ['refuse', 'account_consent', 'no_consent'],
  ],
  [
    'no consent: a held number is not even looked at',
    { ...unasked, phoneHolder: holder('telegram') },
    ['refuse', 'account_phone_request', 'no_consent'],
  ],
  [
    'a second attempt within the hour',
    { ...base, attempts: 1 },
    ['refuse', 'account_wait', 'too_many_attempts'],
  ],
  [
    'one that was allowed and comes back from the directory',
    { ...base, attempts: 1, directory: found(diop) },
    ['create', 'account_welcome', undefined, 'spends'],
  ],
  [
    'a number that is none',
    { ...base, phone: readPhone('77 000 00 0') },
    ['refuse', 'account_phone_invalid', 'invalid_phone'],
  ],
  ['a foreign number is a number', { ...base, phone: readPhone('+33612345678') }, ['consult']],

  [
    'somebody else’s contact',
    { ...base, proof: 'other_contact' },
    ['refuse', 'account_own_contact_only', 'other_contact'],
  ],
  ['a forwarded one', { ...base, proof: 'forwarded' }, ['refuse', 'account_own_contact_only', 'forwarded']],
  ['an edited one', { ...base, proof: 'edited' }, ['refuse', 'account_own_contact_only', 'edited']],
  ['ids that are none', { ...base, proof: 'malformed' }, ['refuse', 'account_own_contact_only', 'malformed']],
  ['a typed number', { ...base, proof: 'typed' }, ['refuse', 'account_typed_number', 'typed']],
  ['a bot', { ...base, proof: 'bot' }, ['refuse', 'account_own_contact_only', 'bot']],
  ['in a group', { ...base, proof: 'group' }, ['refuse', 'account_private_only', 'group']],

  [
    'several people: ask, name nobody',
    { ...base, directory: found(diop, person('FALL', 'Omar')) },
    ['ask', 'account_ask_child', 'several_people', 'spends'],
  ],
  [
    'the child is named: the same attempt goes on',
    { ...base, attempts: 1, child: { name: 'omar', tries: 0 } },
    ['consult'],
  ],
  [
    'and settles it',
    {
      ...base,
      attempts: 1,
      child: { name: 'omar', tries: 0 },
      directory: found(diop, person('FALL', 'Omar')),
    },
    ['create', 'account_welcome'],
  ],
  [
    'a wrong name',
    { ...base, child: { name: 'Pierre', tries: 0 }, directory: found(diop, person('FALL', 'Omar')) },
    ['ask', 'account_child_unknown', 'child_unknown'],
  ],
  [
    'the last wrong name',
    {
      ...base,
      child: { name: 'Pierre', tries: CHILD_TRIES - 1 },
      directory: found(diop, person('FALL', 'Omar')),
    },
    ['refuse', 'account_not_found', 'child_unknown', '', 'alert'],
  ],
  [
    'who was asked for a child shows the same number again: asked again, at no cost',
    { ...base, attempts: 1, asked: true, names: CHILD_TRIES - 1 },
    ['ask', 'account_ask_child', 'several_people'],
  ],
  [
    'not when the names of the hour are used up',
    { ...base, attempts: 1, asked: true, names: CHILD_TRIES },
    ['refuse', 'account_wait', 'too_many_attempts'],
  ],
  [
    'nor with one more name',
    { ...base, attempts: 1, child: { name: 'omar', tries: 0 }, names: CHILD_TRIES },
    ['refuse', 'account_wait', 'too_many_attempts'],
  ],
  [
    'the last wrong name of the hour, after a question that was begun anew',
    {
      ...base,
      names: CHILD_TRIES - 1,
      child: { name: 'Pierre', tries: 0 },
      directory: found(diop, person('FALL', 'Omar')),
    },
    ['refuse', 'account_not_found', 'child_unknown', '', 'alert'],
  ],
  ['a minor', { ...base, directory: found(young) }, ['refuse', 'account_minor', 'minor', 'spends', 'alert']],
];

describe('the account contract', () => {
  test.each(cases)('%s', (_label, request, [type, text, reason, spends = '', alert]) => {
    const { outcome, ...rest } = decideAccount(request);
    expect([
      outcome.type,
      'text' in outcome ? outcome.text : undefined,
      'reason' in outcome ? outcome.reason : undefined,
    ]).toEqual([type, text, reason]);
    expect(rest).toEqual({ spends: spends === 'spends', alert: alert === 'alert' });
  });

  test('every sentence is used, but those of the phone request', () => {
    const used = new Set(cases.flatMap(([, , [, text]]) => text ?? []));
    expect(ACCOUNT_TEXTS.filter((text) => !used.has(text))).toEqual(['account_phone_limit']);
  });

  test('every attempt leaves an audit row without number or name', () => {
    for (const [, request] of cases) {
      const decision = decideAccount(request);
      const audit = auditOf(request, decision);
      expect(audit === undefined).toBe(decision.outcome.type === 'consult');
      expect(JSON.stringify(audit) ?? '').not.toMatch(/770000001|DIOP|FALL|Awa|Omar/i);
    }
    const down = { ...base, directory: { status: 'unavailable', reason: 'refused' } } as const;
    expect(auditOf(down, decideAccount(down))).toEqual({
      outcome: 'failed',
      reason: 'directory_refused',
      proof: 'own_contact',
      channel: 'telegram',
      success: false,
      spends: false,
      personId: null,
    });
  });

  test('nothing unproven ever costs, creates, links or waits', () => {
    const proofs = fc.constantFrom<Proof>(
      'other_contact',
      'forwarded',
      'edited',
      'group',
      'bot',
      'malformed',
      'typed',
    );
    fc.assert(
      fc.property(
        proofs,
        fc.nat(5),
        fc.constantFrom<DirectoryMatch | undefined>(undefined, found(diop), { status: 'none' }),
        fc.constantFrom(undefined, holder('telegram'), holder('whatsapp')),
        (proof, attempts, directory, phoneHolder) => {
          const decision = decideAccount({
            ...base,
            proof,
            attempts,
            ...(directory === undefined ? {} : { directory }),
            ...(phoneHolder === undefined ? {} : { phoneHolder }),
          });
          expect(decision).toMatchObject({ outcome: { type: 'refuse' }, spends: false, alert: false });
        },
      ),
    );
  });
});
