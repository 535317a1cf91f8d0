import type { Page, TextKey } from '../desk/desk.ts';
import { fold } from '../message/fold.ts';
import type { InlineButton, Reply } from '../message/outbound.ts';
import type { WaitingRequest } from '../message/personal.ts';
import { paragraph, text } from '../message/rich.ts';
import type { Rich } from '../message/rich.ts';
import type { AskResult, SessionState, Turn } from '../message/session.ts';
import { flatten } from '../message/styled.ts';
import type { Deed } from './deeds.ts';
import { deedId } from './deeds.ts';
import { interaction, outcome } from './decision.ts';
import type { Intent, Outcome } from './decision.ts';
import { dateAndTime, historyLines } from './history.ts';
import { notice, pageReply } from './pages.ts';
import type { Opening } from './pages.ts';
import type { PersonEvent } from './respond.ts';
import { passOn } from './staff.ts';
import { firstOf, inLanguage, say } from './texts.ts';
import type { Voice } from './texts.ts';

/** The pages where a person sees and settles what we hold of them. */
export type PersonalKind = 'history' | 'my_data' | 'erase' | 'language' | 'notifications';
export type PersonalPage = Page & { kind: PersonalKind };

const SHOWN = 10;
/** The whole of somebody's data is much work for a tap: once a minute. */
const EXPORT_EVERY_MS = 60_000;

/** Opens one of them. In a group nothing personal is shown or settled. */
export function openPersonal(turn: Turn, page: PersonalPage, voice: Voice, opened: Opening): Outcome {
  if (turn.chat !== 'private') return outcome(turn, { replies: [notice(voice, 'private_only')] });
  switch (page.kind) {
    case 'history':
      return outcome(turn, { asks: [{ type: 'history', most: SHOWN }] });
    case 'my_data':
      return askExport(turn, voice);
    case 'erase':
      return outcome(turn, { asks: [{ type: 'waiting' }] });
    case 'language':
      return outcome(turn, { replies: [languages(page, voice, opened)] });
    case 'notifications': {
      const on = turn.person?.notifications !== false;
      return outcome(turn, { replies: [notifications(page, voice, opened, on)] });
    }
  }
}

function askExport(turn: Turn, voice: Voice): Outcome {
  const last = turn.session.exportedAt;
  if (last !== undefined && Math.abs(turn.now - last) < EXPORT_EVERY_MS) {
    return outcome(turn, { replies: [notice(voice, 'export_wait')] });
  }
  return outcome(turn, {
    session: { ...turn.session, exportedAt: turn.now },
    asks: [{ type: 'export' }],
    effects: [interaction('export')],
  });
}

/** What was asked for a personal page, said on it. */
export function toldPersonal(
  turn: Turn,
  result: Extract<AskResult, { type: 'history' | 'export' | 'waiting' }>,
  voice: Voice,
  opened: Opening,
): Outcome {
  if (result.type === 'history') {
    const page = pageOfKind(voice, 'history');
    if (!page) return outcome(turn);
    return outcome(turn, { replies: [pageReply(voice, page, opened, historyLines(voice, result.messages))] });
  }
  if (result.type === 'waiting') {
    const page = pageOfKind(voice, 'erase');
    if (!page) return outcome(turn);
    const reply = pageReply(voice, page, opened, waitingLines(voice, result.requests));
    return outcome(turn, {
      session: { ...turn.session, confirming: 'erase' },
      replies: [withRows(reply, [...(reply.choices ?? []), [deed(voice, { type: 'erase' }, 'erase_yes')]])],
    });
  }
  const page = pageOfKind(voice, 'my_data');
  if (!page) return outcome(turn);
  const name = words(voice, 'export_file');
  const readable = { name: `${name}.txt`, mime: 'text/plain', text: result.readable };
  const json = { name: `${name}.json`, mime: 'application/json', text: result.text };
  return outcome(turn, {
    replies: [
      { ...pageReply(voice, page, opened), document: readable },
      { body: [], document: json },
    ],
  });
}

/** Most of what waits that is named. */
const NAMED = 10;

/** What goes with the rest, and that staff have not dealt with. */
function waitingLines(voice: Voice, requests: readonly WaitingRequest[]): Rich {
  if (requests.length === 0) return [];
  const lines = requests.slice(0, NAMED).map(({ at, reference }) => {
    if (reference !== undefined) return say(voice, 'erase_waiting_form', { reference });
    return say(voice, 'erase_waiting_message', { date: dateAndTime(at, voice.language) });
  });
  const shown = lines.map((line) => flatten(line).text).join('\n');
  return [...say(voice, 'erase_waiting'), paragraph(text(shown))];
}

/** Does what a button or a word of the product says. */
export function settle(before: Turn, wanted: Deed, voice: Voice, opened: Opening): Outcome {
  if (before.chat !== 'private') return outcome(before, { replies: [notice(voice, 'private_only')] });
  if (wanted.type === 'erase') return erase(before, voice, opened);
  const turn = { ...before, session: withoutConfirming(before.session) };
  switch (wanted.type) {
    case 'language': {
      if (!voice.desk.languages.has(wanted.language)) return outdated(turn, voice);
      const heard = inLanguage(voice, wanted.language);
      return outcome(turn, {
        replies: [placed(notice(heard, 'language_changed'), opened)],
        effects: [{ type: 'preference', language: wanted.language }],
      });
    }
    case 'notifications': {
      const page = pageOfKind(voice, 'notifications');
      if (!page) return outdated(turn, voice);
      return outcome(turn, {
        replies: [notifications(page, voice, opened, wanted.on)],
        effects: [{ type: 'preference', notifications: wanted.on }],
      });
    }
    case 'pass_on':
      return passOn(turn, wanted.hash, voice);
    case 'stop':
      return outcome(turn, {
        replies: [notice(voice, 'notifications_stopped')],
        effects: [{ type: 'preference', notifications: false }],
      });
  }
}

/** Only right after the question: a button of long ago asks again. */
function erase(turn: Turn, voice: Voice, opened: Opening): Outcome {
  const page = pageOfKind(voice, 'erase');
  if (!page) return outdated(turn, voice);
  if (turn.session.confirming !== 'erase') return openPersonal(turn, page, voice, opened);
  return outcome(turn, {
    session: {},
    replies: [placed(notice(voice, 'erase_done'), opened)],
    effects: [{ type: 'erase' }],
  });
}

/** The word that confirms, in any of the desk's languages. */
export function confirms(turn: Turn, event: PersonEvent, voice: Voice): Intent | undefined {
  if (turn.session.confirming === undefined || event.kind !== 'text') return undefined;
  const typed = fold(event.text);
  const isTheWord = voice.texts.some(({ texts }) => fold(flatten(texts.erase_word).text) === typed);
  return isTheWord ? { to: 'deed', deed: { type: 'erase' }, record: [interaction('confirm')] } : undefined;
}

/** Whoever does something else than confirm keeps what they have, and is told so where the reply comes at once. */
export function withoutConfirming({ confirming: _, ...session }: SessionState): SessionState {
  return session;
}

export function saidKept(said: Outcome, intent: Intent, voice: Voice): Outcome {
  const [first, ...rest] = said.replies;
  if (!first || said.asks.length > 0) return said;
  const isThanks = intent.to === 'notice' && intent.key === 'thanks_reply';
  const kept = isThanks
    ? notice(voice, 'erase_cancelled')
    : { ...first, body: [...say(voice, 'erase_cancelled'), ...first.body] };
  return { ...said, replies: [kept, ...rest] };
}

function languages(page: Page, voice: Voice, opened: Opening): Reply {
  const reply = pageReply(voice, page, opened);
  const rows = [...voice.desk.languages].map(([language, { texts }]): InlineButton[] => {
    const name = flatten(texts.language_name).text;
    const label = language === voice.language ? `✓ ${name}` : name;
    return [{ id: deedId({ type: 'language', language }), label }];
  });
  return withRows(reply, [...rows, ...(reply.choices ?? [])]);
}

function notifications(page: Page, voice: Voice, opened: Opening, on: boolean): Reply {
  const state = say(voice, on ? 'notifications_on' : 'notifications_off');
  const reply = pageReply(voice, page, opened, state);
  const label = on ? 'notifications_turn_off' : 'notifications_turn_on';
  return withRows(reply, [
    [deed(voice, { type: 'notifications', on: !on }, label)],
    ...(reply.choices ?? []),
  ]);
}

const deed = (voice: Voice, does: Deed, label: TextKey): InlineButton => ({
  id: deedId(does),
  label: words(voice, label),
});

const withRows = (reply: Reply, choices: InlineButton[][]): Reply => ({ ...reply, choices });

const placed = (reply: Reply, { inPlace }: Opening): Reply => (inPlace ? { ...reply, inPlace } : reply);

const outdated = (turn: Turn, voice: Voice): Outcome =>
  outcome(turn, { replies: [notice(voice, 'outdated_button')] });

const words = (voice: Voice, key: TextKey): string => flatten(say(voice, key)).text;

const pageOfKind = (voice: Voice, kind: PersonalKind): PersonalPage | undefined =>
  firstOf(voice, (texts) =>
    [...texts.pages.values()].find((page): page is PersonalPage => page.kind === kind),
  );
