import type { Page, TextKey } from '../desk/desk.ts';
import type { PlatformEvent } from '../message/event.ts';
import type { ChildView } from '../message/account.ts';
import type { Reply } from '../message/outbound.ts';
import type { Rich } from '../message/rich.ts';
import type { Ask, AskResult, SessionState, Turn } from '../message/session.ts';
import { interaction, outcome } from './decision.ts';
import type { Intent, Outcome } from './decision.ts';
import { isForKnown } from './forms/open.ts';
import { nextSteps, notice, withChoices } from './pages.ts';
import { writeKnown } from './source.ts';
import { hashOf } from './taps.ts';
import { plainText, say } from './texts.ts';
import type { Voice } from './texts.ts';

const ACCEPT = 'account:accept';

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
  const { choosing } = turn.session;
  if (choosing === undefined || event.kind !== 'text' || intent.to !== 'question') return undefined;
  const { phone, tries } = choosing;
  const proof = turn.phone === phone ? 'signed_number' : 'own_contact';
  const child = { name: intent.text, tries };
  const consent = versionOf(voice, proof === 'signed_number' ? 'account_consent' : 'account_phone_request');
  return asked(turn, { type: 'account', phone, proof, consent, child });
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
  const phoneRequests = (turn.session.phoneRequests ?? 0) + 1;
  const { choosing: _, ...rest } = turn.session;
  const session = { ...rest, phoneRequests, ...(wanted ? { wanted: page.id } : {}) };
  if (phoneRequests > voice.desk.limits.phoneRequestsPerSession) {
    return instead ? { session, reply: notice(voice, 'account_phone_limit'), instead } : undefined;
  }
  return { session, reply: request(turn, voice), instead };
}

/** Where the platform vouches for the number one button is enough; elsewhere the person shares it. */
function request(turn: Turn, voice: Voice): Reply {
  if (turn.phone !== undefined) {
    const label = words(voice, 'account_accept');
    return { body: say(voice, 'account_consent'), choices: [[{ id: ACCEPT, label }]] };
  }
  const label = words(voice, 'account_share');
  return {
    body: say(voice, 'account_phone_request'),
    keyboard: { rows: [[{ label, asksPhone: true }]], once: true },
  };
}

const words = (voice: Voice, key: TextKey): string => plainText(voice.desk, voice.language, key);

/** What became of it. `wanted`: the page to open now that the person is known. */
export function settled(
  turn: Turn,
  voice: Voice,
  result: Extract<AskResult, { type: 'account' }>,
): Outcome & { wanted?: string } {
  const { choosing, wanted, ...session } = turn.session;
  const effects = [interaction('account', result.text)];
  if (result.waits) {
    const tries = result.text === 'account_child_unknown' ? (choosing?.tries ?? 0) + 1 : 0;
    const waiting = { ...turn.session, choosing: { phone: result.phone, tries } };
    return outcome(turn, { session: waiting, replies: [{ body: say(voice, result.text) }], effects });
  }
  if (result.state !== 'active') {
    return outcome(turn, { session, replies: [notice(voice, result.text)], effects });
  }
  return {
    ...outcome(turn, { session, replies: [known(voice, result.text)], effects }),
    ...(wanted === undefined ? {} : { wanted }),
  };
}

/** The desk's keyboard stays under what known people write. */
export function known(voice: Voice, key: TextKey): Reply {
  const rows = voice.texts[0]?.keyboard ?? [];
  const body = say(voice, key);
  return rows.length === 0
    ? withChoices(body, nextSteps(voice, 'menu'))
    : { body, keyboard: { rows: rows.map((row) => row.map((label) => ({ label }))) } };
}

/** What the directory shows a proven parent. */
export function childrenReply(voice: Voice, children: readonly ChildView[] | 'unavailable'): Reply {
  if (children === 'unavailable') return notice(voice, 'children_unavailable');
  if (children.length === 0) return notice(voice, 'children_none');
  const lines = children.flatMap((child): Rich =>
    writeKnown(voice, child.status === 'waiting' ? 'child_waiting' : 'child_enrolled', {
      name: child.name,
      level: child.level ?? '',
      year: child.year ?? '',
      group: child.group ?? '',
      catechist: child.catechist ?? '',
    }),
  );
  return withChoices([...say(voice, 'children_heading'), ...lines], nextSteps(voice, 'menu', 'contact'));
}
