import type { Page, TextKey } from '../desk/desk.ts';
import type { PlatformEvent } from '../message/event.ts';
import type { ChildView } from '../message/account.ts';
import { fold } from '../message/fold.ts';
import type { InlineButton, Reply } from '../message/outbound.ts';
import type { Rich } from '../message/rich.ts';
import type { Ask, AskResult, SessionState, Turn } from '../message/session.ts';
import { childNameIn } from './child-name.ts';
import { interaction, outcome } from './decision.ts';
import type { Intent, Outcome } from './decision.ts';
import { isForKnown } from './forms/open.ts';
import { nextSteps, notice, withChoices } from './pages.ts';
import { writeKnown } from './source.ts';
import { hashOf } from './taps.ts';
import { flatten } from '../message/styled.ts';
import { plainText, say } from './texts.ts';
import { isTypedNumber } from './typed-number.ts';
import type { Voice } from './texts.ts';

const ACCEPT = 'account:accept';
const LATER = 'account:later';
const ASK = 'account:ask';

/** How often a session shows the request because the person wants it, beside our own requests. */
const MOST_ASKS = 3;

type PersonEvent = Exclude<PlatformEvent, { kind: 'membership' | 'moved' }>;

/** Somebody on a desk with accounts whom we do not know yet. */
const isStranger = (turn: Turn, voice: Voice): boolean =>
  voice.desk.accounts && turn.chat === 'private' && turn.account === undefined;

const needsAccount = (page: Page, voice: Voice): boolean =>
  page.kind === 'children' || isForKnown(voice, page);

/** What settles who somebody is: their shared number, their agreement, the name of a child; undefined: nothing of that. */
export function readProof(turn: Turn, event: PersonEvent, voice: Voice, intent: Intent): Outcome | undefined {
  if (!voice.desk.accounts || turn.chat !== 'private') return undefined;
  if (event.kind === 'contact') {
    const proof = event.own ? 'own_contact' : 'other_contact';
    const consent = versionOf(voice, 'account_phone_request');
    return asked(turn, { type: 'account', phone: event.phone, proof, consent });
  }
  if (event.kind === 'tap' && event.data === ACCEPT && turn.phone !== undefined) {
    const consent = versionOf(voice, 'account_consent');
    return asked(turn, { type: 'account', phone: turn.phone, proof: 'signed_number', consent });
  }
  const wish = wishIn(event, voice);
  if (wish === LATER && turn.account === undefined) return later(turn, voice);
  if (wish === ASK) return askedFor(turn, voice);
  if (event.kind !== 'text' || intent.to !== 'question') return undefined;
  const { choosing, leaving } = turn.session;
  if (isTypedNumber(intent.text) && turn.account === undefined && leaving !== true) {
    // The number is proven: what is missing is the name.
    if (choosing) return outcome(turn, { replies: [childRequest(voice, 'account_ask_child')] });
    const consent = versionOf(voice, 'account_phone_request');
    return asked(turn, { type: 'account', phone: intent.text, proof: 'typed', consent });
  }
  const name = choosing && childNameIn(intent.text, voice);
  if (choosing === undefined || name === undefined) return undefined;
  const { phone, tries } = choosing;
  const proof = turn.phone === phone ? 'signed_number' : 'own_contact';
  const child = { name, tries };
  const consent = versionOf(voice, proof === 'signed_number' ? 'account_consent' : 'account_phone_request');
  return asked(turn, { type: 'account', phone, proof, consent, child });
}

/** A button of these requests, or its words. */
function wishIn(event: PersonEvent, voice: Voice): typeof LATER | typeof ASK | undefined {
  if (event.kind === 'tap') return event.data === LATER || event.data === ASK ? event.data : undefined;
  if (event.kind !== 'text') return undefined;
  const typed = fold(event.text);
  const isOneOf = (key: TextKey): boolean =>
    typed !== '' &&
    voice.texts.some(({ texts }) =>
      flatten(texts[key])
        .text.split(',')
        .some((each) => fold(each) === typed),
    );
  if (isOneOf('account_later')) return LATER;
  return isOneOf('account_words') || isOneOf('account_ask') ? ASK : undefined;
}

/** They go on without an account. */
function later(turn: Turn, voice: Voice): Outcome {
  const { wanted: _, ...session } = turn.session;
  return outcome(turn, {
    session,
    replies: [withChoices(say(voice, 'account_later_reply'), nextSteps(voice, 'menu', 'contact'))],
    effects: [interaction('account', 'later')],
  });
}

/** The person wants to be asked: that is none of our requests, and has a bound of its own. */
function askedFor(turn: Turn, voice: Voice): Outcome {
  const effects = [interaction('account', 'asked')];
  if (turn.account === 'active') return outcome(turn, { replies: [known(voice, 'account_known')], effects });
  if (turn.account === 'pending')
    return outcome(turn, { replies: [refusal(turn, voice, 'account_pending')], effects });
  if (turn.session.choosing)
    return outcome(turn, { replies: [childRequest(voice, 'account_ask_child')], effects });
  const accountAsks = (turn.session.accountAsks ?? 0) + 1;
  const replies = [accountAsks > MOST_ASKS ? stuck(voice, 'account_ask_limit', []) : request(turn, voice)];
  return outcome(turn, { session: { ...turn.session, accountAsks }, replies, effects });
}

/** Which text a person agreed to: another word in it, another version. */
const versionOf = (voice: Voice, key: TextKey): string =>
  `${key}.${voice.language}.${hashOf(words(voice, key))}`;

const asked = (turn: Turn, ask: Ask): Outcome =>
  outcome(turn, { asks: [ask], effects: [interaction('account')] });

/**
 * The request for the number that goes with a reply, or instead of it: at the first message of a session, and before a
 * page that is for people we know. Undefined: none is due.
 */
export function requestFor(
  turn: Turn,
  voice: Voice,
  intent: Intent,
): { session: SessionState; reply: Reply; instead: boolean } | undefined {
  if (!isStranger(turn, voice)) return undefined;
  const page = intent.to === 'page' ? intent.page : undefined;
  const wanted = page !== undefined && needsAccount(page, voice);
  const instead = wanted || page?.id === voice.desk.home;
  if (!instead && (!turn.newSession || intent.to === 'nothing')) return undefined;
  const session = { ...turn.session, ...(wanted ? { wanted: page.id } : {}) };
  // The number is proven: what is missing is the name.
  if (session.choosing && instead)
    return { session, reply: childRequest(voice, 'account_ask_child'), instead };
  const phoneRequests = (turn.session.phoneRequests ?? 0) + 1;
  if (phoneRequests > voice.desk.limits.phoneRequestsPerSession) {
    if (!wanted) return undefined;
    const again = { id: ASK, label: words(voice, 'account_ask') };
    return { session, reply: stuck(voice, 'account_phone_limit', [[again]]), instead };
  }
  return { session: { ...session, phoneRequests }, reply: request(turn, voice), instead };
}

/** Where the platform vouches for the number one button is enough; elsewhere the person shares it. */
function request(turn: Turn, voice: Voice): Reply {
  const text = turn.phone === undefined ? 'account_phone_request' : 'account_consent';
  return { body: say(voice, text), ...waysToShow(turn, voice) };
}

/** How the number is shown, and the way out. */
function waysToShow(turn: Turn, voice: Voice): Pick<Reply, 'choices' | 'keyboard'> {
  const later = words(voice, 'account_later');
  if (turn.phone !== undefined) {
    return {
      choices: [[{ id: ACCEPT, label: words(voice, 'account_accept') }], [{ id: LATER, label: later }]],
    };
  }
  const label = words(voice, 'account_share');
  return { keyboard: { rows: [[{ label, asksPhone: true }], [{ label: later }]], once: true } };
}

/** No way on but through a person, the general questions, or `buttons`. */
const stuck = (voice: Voice, key: TextKey, buttons: InlineButton[][]): Reply =>
  withChoices(say(voice, key), [...buttons, ...nextSteps(voice, 'contact', 'menu')]);

/** What was shown proves nothing: the one that would can be shown at once, and that is no request of ours. */
const ASKS_AGAIN: ReadonlySet<TextKey> = new Set<TextKey>([
  'account_own_contact_only',
  'account_typed_number',
  'account_phone_request',
  'account_consent',
]);

const refusal = (turn: Turn, voice: Voice, key: TextKey): Reply =>
  ASKS_AGAIN.has(key) ? { body: say(voice, key), ...waysToShow(turn, voice) } : stuck(voice, key, []);

const childRequest = (voice: Voice, key: TextKey): Reply => stuck(voice, key, []);

const words = (voice: Voice, key: TextKey): string => plainText(voice.desk, voice.language, key);

/** What became of it. `wanted`: the page to open now that the person is known. */
export function settled(
  turn: Turn,
  voice: Voice,
  result: Extract<AskResult, { type: 'account' }>,
): Outcome & { wanted?: string } {
  const { choosing, wanted, ...session } = turn.session;
  const effects = [interaction('account', result.text)];
  const guesses = guessesAfter(turn.session, result);
  if (result.waits) {
    const waiting = { ...turn.session, choosing: guesses, guesses };
    return outcome(turn, { session: waiting, replies: [childRequest(voice, result.text)], effects });
  }
  if (result.state !== 'active') {
    // Somebody else's contact says nothing about the number that was proven before.
    const proven = result.text === 'account_own_contact_only' && choosing ? { choosing } : {};
    const left = {
      ...session,
      ...proven,
      ...(wanted === undefined ? {} : { wanted }),
      ...(choosing ? { guesses } : {}),
    };
    return outcome(turn, { session: left, replies: [refusal(turn, voice, result.text)], effects });
  }
  const { guesses: _, ...free } = session;
  return {
    ...outcome(turn, { session: free, replies: [known(voice, result.text)], effects }),
    ...(wanted === undefined ? {} : { wanted }),
  };
}

/** Names tried for this number: showing it again does not begin anew. */
function guessesAfter(
  { choosing, guesses }: SessionState,
  { text, phone }: Extract<AskResult, { type: 'account' }>,
): NonNullable<SessionState['choosing']> {
  const before = choosing ?? guesses;
  const tries = before?.phone === phone ? before.tries : 0;
  return { phone, tries: tries + (text === 'account_child_unknown' ? 1 : 0) };
}

/** A question asked while a first name was awaited was answered: the name is still awaited, and nothing was tried. */
export function stillAwaited(turn: Turn, voice: Voice, said: Outcome): Outcome {
  if (turn.session.choosing === undefined || said.replies.length === 0 || said.asks.length > 0) return said;
  return { ...said, replies: [...said.replies, childRequest(voice, 'account_ask_child')] };
}

/** The desk's keyboard stays under what known people write. */
export function known(voice: Voice, key: TextKey): Reply {
  const rows = voice.texts[0]?.keyboard ?? [];
  const body = say(voice, key);
  return rows.length === 0
    ? withChoices(body, nextSteps(voice, 'menu'))
    : { body, keyboard: { rows: rows.map((row) => row.map((label) => ({ label }))) } };
}

/** As parents know it, where the desk says so. */
const levelOf = (voice: Voice, level: string): string => voice.texts[0]?.levels.get(fold(level)) ?? level;

/** What the directory shows a proven parent. */
export function childrenReply(voice: Voice, children: readonly ChildView[] | 'unavailable'): Reply {
  if (children === 'unavailable') return notice(voice, 'children_unavailable');
  if (children.length === 0) return notice(voice, 'children_none');
  const lines = children.flatMap((child): Rich =>
    writeKnown(voice, child.status === 'waiting' ? 'child_waiting' : 'child_enrolled', {
      name: child.name,
      level: levelOf(voice, child.level ?? ''),
      year: child.year ?? '',
      group: child.group ?? '',
      catechist: child.catechist ?? '',
    }),
  );
  return withChoices([...say(voice, 'children_heading'), ...lines], nextSteps(voice, 'menu', 'contact'));
}
