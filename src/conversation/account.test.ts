import { describe, expect, test } from 'vitest';
import type { Desk, DeskTexts, Page } from '../desk/desk.ts';
import type { AccountText } from '../message/account.ts';
import { parseMarkdown } from '../message/markdown.ts';
import type { AskResult, Decision, SessionState, Turn } from '../message/session.ts';
import { decide } from './decide.ts';
import { desk as townHall } from './fixtures/desk.ts';
import { contact, found, on as onDesk, seen, tap, turn, typed } from './fixtures/turns.ts';

const PHONE = '+221770000001';
const children: Page = {
  id: 'enfants',
  kind: 'children',
  view: { text: [], buttons: [[{ label: 'Menu', page: 'menu' }]] },
};
const child = parseMarkdown('{name} {level}');

/** The town hall, where people are known by their number. */
const desk: Desk = {
  ...townHall,
  accounts: true,
  languages: new Map(
    [...townHall.languages].map(([language, texts]): [string, DeskTexts] => [
      language,
      {
        ...texts,
        texts: { ...texts.texts, child_enrolled: child },
        pages: new Map([...texts.pages, ['enfants', children]]),
        words: new Map([...texts.words, ['mes enfants', 'enfants']]),
        levels: new Map([['n2', '2e année']]),
      },
    ]),
  ),
};

const on = (event: Parameters<typeof onDesk>[0], more: Partial<Turn> = {}): Decision =>
  onDesk(event, more, desk);
/** What is said once the account was looked for. */
const settled = (
  text: AccountText,
  more: Partial<Turn> = {},
  result: Partial<Extract<AskResult, { type: 'account' }>> = {},
): Decision =>
  decide(
    turn(more),
    {
      event: contact,
      result: { type: 'account', state: 'none', text, waits: false, phone: PHONE, ...result },
    },
    desk,
  );

const SHARE = { rows: [[{ label: 'Partager', asksPhone: true }], [{ label: 'Plus tard' }]], once: true };
const ACCEPT = '[J’accepte→account:accept]\n[Plus tard→account:later]';
const WAYS = '[📞 Contact→contact | 📋 Menu→menu]';
const LIMIT = `account_phone_limit\n[account_ask→account:ask]\n${WAYS}`;
const asked = (decision: Decision): boolean =>
  decision.replies.some(({ keyboard }) => keyboard !== undefined && keyboard !== 'remove');

describe('a number that proves nothing', () => {
  test('is refused with the button that would, and that is none of our requests', () => {
    const decision = settled('account_own_contact_only', { session: { phoneRequests: 3 } });
    expect(decision.replies).toMatchObject([{ keyboard: SHARE }]);
    expect(seen(decision)).toEqual(['account_own_contact_only']);
    expect(decision.session.phoneRequests).toBe(3);
  });

  test('where the platform vouches for theirs, one agreement is enough', () => {
    expect(seen(settled('account_own_contact_only', { phone: PHONE }))).toEqual([
      `account_own_contact_only\n${ACCEPT}`,
    ]);
  });

  test('leaves what was wanted, and the name that was asked for', () => {
    const before: SessionState = { wanted: 'enfants', choosing: { phone: PHONE, tries: 1 } };
    const { session } = settled('account_own_contact_only', { session: before }, { phone: '+221770000009' });
    expect(session).toMatchObject(before);
  });

  test.each<AccountText>(['account_not_found', 'account_wait', 'account_failed', 'account_pending'])(
    'after %s a person can be reached',
    (text) => {
      expect(seen(settled(text))).toEqual([`${text}\n${WAYS}`]);
    },
  );
});

describe('a number that was typed', () => {
  test.each(['77 000 00 01', '+221770000001', 'Mon numéro est le 77 000 00 01', '77-000-00'])(
    '%j proves nothing, and is told so',
    (text) => {
      const decision = on(typed(text), { session: { phoneRequests: 1 } });
      expect(decision.asks).toMatchObject([{ type: 'account', proof: 'typed' }]);
      const told = settled('account_typed_number', { session: { phoneRequests: 3, wanted: 'enfants' } });
      expect(seen(told)).toEqual(['account_typed_number']);
      expect(told.replies).toMatchObject([{ keyboard: SHARE }]);
      // It is none of our requests, and what was wanted is still wanted.
      expect(told.session).toMatchObject({ phoneRequests: 3, wanted: 'enfants' });
      expect(seen(settled('account_typed_number', { phone: PHONE }))).toEqual([
        `account_typed_number\n${ACCEPT}`,
      ]);
    },
  );

  test.each<[string, string, Partial<Turn>]>([
    ['a question with a number in it', 'Le 33 800 00 00 est-il le bon numéro ?', {}],
    ['a figure', '12 000', {}],
    ['somebody we know', '77 000 00 01', { account: 'active' }],
    ['somebody who waits for staff', '77 000 00 01', { account: 'pending' }],
    ['a group', '77 000 00 01', { chat: 'group' }],
  ])('%s is none', (_what, text, more) => {
    expect(on(typed(text), more).asks.every(({ type }) => type === 'answer')).toBe(true);
  });

  test('in a message for staff is for staff', () => {
    const left = on(typed('77 000 00 01'), { session: { leaving: true } });
    expect(left.effects).toContainEqual({ type: 'staff_message', kind: 'message', text: '77 000 00 01' });
  });

  test('while a name is awaited, the name is asked for again', () => {
    const choosing = { phone: PHONE, tries: 1 };
    const decision = on(typed('77 000 00 01'), { session: { choosing } });
    expect([decision.asks, seen(decision)]).toEqual([[], [`account_ask_child\n${WAYS}`]]);
    expect(decision.session).toMatchObject({ choosing });
  });
});

describe('our request', () => {
  test('offers a way out', () => {
    expect(on(typed('/start')).replies).toMatchObject([{ keyboard: SHARE }]);
    expect(seen(on(typed('/start'), { phone: PHONE }))).toEqual([`account_consent\n${ACCEPT}`]);
  });

  test.each([
    ['its button', tap('account:later')],
    ['its words', typed('plus tard')],
  ])('can be put off by %s', (_what, event) => {
    const decision = on(event, { session: { wanted: 'enfants' } });
    expect(seen(decision)).toEqual(['account_later_reply\n[📋 Menu→menu | 📞 Contact→contact]']);
    expect(decision.session.wanted).toBeUndefined();
    expect(decision.asks).toEqual([]);
  });

  test('is made three times a session; then the person says when', () => {
    const made: SessionState = { phoneRequests: 3 };
    const decision = on(typed('mes enfants'), { session: made });
    expect(seen(decision)).toEqual([LIMIT]);
    expect(decision.session).toMatchObject({ phoneRequests: 3, wanted: 'enfants' });
    // The home page is for everybody.
    expect(seen(on(typed('/start'), { session: made }))[0]).toContain('Bienvenue Awa');
  });
});

describe('whoever wants to be asked', () => {
  const made: SessionState = { phoneRequests: 3 };
  test.each([
    ['by a word', typed('Compte !')],
    ['by other words', typed('mon compte')],
    ['by a button', tap('account:ask')],
    ['by its label', typed('account_ask')],
  ])('is, %s, whatever we asked before', (_what, event) => {
    const decision = on(event, { session: made });
    expect(decision.replies).toMatchObject([{ keyboard: SHARE }]);
    expect(decision.session).toMatchObject({ phoneRequests: 3, accountAsks: 1 });
  });

  test('is three times a session', () => {
    let session = made;
    const shown = [1, 2, 3, 4].map(() => {
      const decision = on(typed('compte'), { session });
      session = decision.session;
      return asked(decision) ? 'request' : seen(decision)[0];
    });
    expect(shown).toEqual(['request', 'request', 'request', `account_ask_limit\n${WAYS}`]);
  });

  test('and has an account, is told', () => {
    expect(seen(on(typed('compte'), { account: 'active' }))[0]).toContain('account_known');
    expect(seen(on(typed('compte'), { account: 'pending' }))[0]).toContain('account_pending');
  });

  test('means something else on a desk without accounts', () => {
    expect(onDesk(typed('compte')).asks).toMatchObject([{ type: 'answer' }]);
  });
});

describe('the name of a child', () => {
  const choosing = { phone: PHONE, tries: 0 };
  const waits = { waits: true };

  test('is asked for again by whoever opens the home page instead', () => {
    const decision = on(typed('/start'), { session: { choosing } });
    expect(seen(decision)).toEqual([`account_ask_child\n${WAYS}`]);
    expect(decision.session).toMatchObject({ choosing });
    expect(decision.session.phoneRequests).toBeUndefined();
    expect(on(typed('Zoé'), { session: decision.session }).asks).toMatchObject([
      { type: 'account', phone: PHONE, proof: 'own_contact', child: { name: 'Zoé', tries: 0 } },
    ]);
  });

  test('is asked for again when the number is shared again, its tries counted on', () => {
    const wrong = settled('account_child_unknown', { session: { choosing } }, waits);
    expect(wrong.session.choosing).toEqual({ phone: PHONE, tries: 1 });
    const gone = on(tap('menu'), { session: wrong.session }).session;
    expect(gone.choosing).toBeUndefined();
    const again = settled('account_ask_child', { session: gone }, waits);
    expect(again.session.choosing).toEqual({ phone: PHONE, tries: 1 });
    const other = settled('account_ask_child', { session: gone }, { ...waits, phone: '+221770000002' });
    expect(other.session.choosing).toEqual({ phone: '+221770000002', tries: 0 });
  });

  test('that was not found the last time is not guessed anew', () => {
    const last: SessionState = { choosing: { phone: PHONE, tries: 2 } };
    const refused = settled('account_not_found', { session: last });
    expect(refused.session.choosing).toBeUndefined();
    const again = settled('account_ask_child', { session: refused.session }, waits);
    expect(again.session.choosing).toEqual({ phone: PHONE, tries: 2 });
  });

  test.each([
    ['a question', 'Combien coûte un acte de naissance ?'],
    ['a question without its mark', 'quand est ouvert le bureau'],
    ['words that go on', 'je voudrais venir demain matin avec elle'],
  ])('%s is answered, and is no try', (_what, text) => {
    const session: SessionState = { choosing };
    const first = on(typed(text), { session });
    expect(first.asks).toMatchObject([{ type: 'answer', question: { text } }]);
    const said = decide(
      turn({ session: first.session }),
      { event: typed(text), result: { type: 'answer', question: { text, language: 'fr' }, answer: found } },
      desk,
    );
    expect(seen(said)[0]).toContain('Un acte coûte 200 F.');
    expect(seen(said).at(-1)).toBe(`account_ask_child\n${WAYS}`);
    expect(said.session).toMatchObject({ choosing });
  });

  test('is no talk, and talk is no name', () => {
    const decision = on(typed('je voudrais parler à un agent'), { session: { choosing } });
    expect(decision.asks.every(({ type }) => type !== 'account')).toBe(true);
    expect(decision.session).toMatchObject({ choosing });
  });

  test('is forgotten once the account is there', () => {
    const known = settled(
      'account_welcome',
      { session: { choosing, guesses: choosing } },
      { state: 'active' },
    );
    expect(known.session.choosing ?? known.session.guesses).toBeUndefined();
  });
});

test('a level is called as the desk calls it', () => {
  const named = (level: string): string[] =>
    seen(
      decide(
        turn({ account: 'active' }),
        {
          event: tap('enfants'),
          result: { type: 'children', children: [{ name: 'Léo', level, status: 'enrolled' }] },
        },
        desk,
      ),
    );
  expect(named('N2')[0]).toContain('Léo 2e année');
  expect(named('Chorale')[0]).toContain('Léo Chorale');
});
