import type { Page } from '../desk/desk.ts';
import type { PlatformEvent } from '../message/event.ts';
import type { ReadFile } from '../message/files.ts';
import type { Reply } from '../message/outbound.ts';
import type { AskResult, Effect, SessionState, Turn } from '../message/session.ts';
import { childrenReply, known, readProof, requestFor, settled, stillAwaited } from './account.ts';
import { readText } from './commands.ts';
import { interaction, outcome } from './decision.ts';
import type { Intent, Outcome } from './decision.ts';
import { backToForm, fillForm, leaveForm } from './forms/fill.ts';
import { filesInForm } from './forms/media.ts';
import { openForm, remind } from './forms/open.ts';
import { heardIn, isTold, keptIn, readMedia, unsupported, whyUnread, withTold } from './media.ts';
import { notice, pageReply } from './pages.ts';
import type { Opening } from './pages.ts';
import { confirms, openPersonal, saidKept, settle, toldPersonal, withoutConfirming } from './privacy.ts';
import { answered, ask } from './question.ts';
import { asMeant, smallTalk } from './small-talk.ts';
import { leaveMessage, safeguarding } from './staff.ts';
import { statusText } from './status.ts';
import { readTap } from './taps.ts';
import { firstOf, pageOf, say } from './texts.ts';
import type { Voice } from './texts.ts';

type Answered = Extract<AskResult, { type: 'answer' }>;

/** What a person did in a conversation. */
export type PersonEvent = Exclude<PlatformEvent, { kind: 'membership' | 'moved' }>;

/** The bot's side of the conversation. `silent`: the event needs no reply of its own (one more picture of an album). */
export function respond(turn: Turn, event: PersonEvent, voice: Voice, silent: boolean): Outcome {
  return (
    fillForm(turn, event, voice, silent) ??
    remind(
      turn,
      event,
      voice,
      leaveForm(turn, voice, (free) => outsideForms(free, event, voice, silent)),
    )
  );
}

function outsideForms(turn: Turn, event: PersonEvent, voice: Voice, silent: boolean): Outcome {
  const intent = confirms(turn, event, voice) ?? intentOf(turn, event, voice);
  if (intent.to === 'deed') {
    return follow(turn, intent, voice, opening(event));
  }
  if (turn.session.confirming === undefined || intent.to === 'nothing') {
    return reply(turn, event, intent, voice, silent);
  }
  const kept = { ...turn, session: withoutConfirming(turn.session) };
  return saidKept(reply(kept, event, intent, voice, silent), intent, voice);
}

function reply(turn: Turn, event: PersonEvent, intent: Intent, voice: Voice, silent: boolean): Outcome {
  const personal = readProof(turn, event, voice, intent) ?? leaveMessage(turn, event, voice, intent);
  if (personal) return personal;
  const request = silent ? undefined : requestFor(turn, voice, intent);
  if (request?.instead) {
    return outcome(turn, { session: request.session, replies: [request.reply], effects: intent.record });
  }
  const said = follow(elsewhere(turn, intent), intent, voice, opening(event), silent);
  if (request) {
    return {
      ...said,
      session: { ...said.session, ...request.session },
      replies: [...said.replies, request.reply],
    };
  }
  const greets = turn.greet && !silent && (intent.to === 'question' || intent.to === 'files');
  return greets ? { ...said, replies: [{ body: say(voice, 'welcome') }, ...said.replies] } : said;
}

/** What an ask brought back, said. `event` is the one that made us ask. */
export function resume(turn: Turn, event: PersonEvent, result: AskResult, voice: Voice): Outcome {
  switch (result.type) {
    case 'answer':
      return stillAwaited(
        turn,
        voice,
        backToForm(
          turn,
          voice,
          afterFile(answered(turn, voice, result, event.kind === 'tap'), turn, event, result, voice),
        ),
      );
    case 'files':
      return filesInForm(turn, result, voice) ?? filesRead(turn, event, result.files, voice, result.silent);
    case 'health': {
      const page = statusPage(voice);
      if (!page) return outcome(turn);
      const status = statusText(voice, result.health);
      return outcome(turn, { replies: [pageReply(voice, page, opening(event), status)] });
    }
    case 'account': {
      const { wanted, ...said } = settled(turn, voice, result);
      const page = wanted === undefined ? undefined : pageOf(voice, wanted);
      if (!page) return said;
      const now: Turn = { ...turn, session: said.session, account: 'active' };
      const next = follow(now, { to: 'page', page, record: [] }, voice, opening(event));
      return { ...next, replies: [...said.replies, ...next.replies], effects: said.effects };
    }
    case 'children':
      return outcome(turn, { replies: [childrenReply(voice, result.children)] });
    case 'history':
    case 'export':
    case 'waiting':
      return toldPersonal(turn, result, voice, opening(event));
  }
}

/** Whoever opens a page or a button leaves what was asked of them. */
function elsewhere(turn: Turn, intent: Intent): Turn {
  if (intent.to !== 'page') return turn;
  const { choosing: _, leaving: __, ...session } = turn.session;
  return { ...turn, session };
}

function follow(turn: Turn, intent: Intent, voice: Voice, opened: Opening, silent = false): Outcome {
  const effects = intent.record;
  switch (intent.to) {
    case 'page':
      return openPage(turn, intent.page, effects, voice, opened);
    case 'question':
      return outcome(turn, {
        asks: [ask(turn, voice, intent)],
        effects: [...effects, interaction('question')],
      });
    case 'talk':
      return smallTalk(turn, intent, voice);
    case 'files':
      return outcome(turn, { asks: [{ type: 'files', media: intent.media, silent }], effects });
    case 'notice':
      return outcome(turn, { replies: [notice(voice, intent.key)], effects });
    case 'deed': {
      const done = settle(turn, intent.deed, voice, opened);
      return { ...done, effects: [...effects, ...done.effects] };
    }
    case 'nothing':
      return outcome(turn, { effects });
  }
}

function openPage(turn: Turn, page: Page, effects: Effect[], voice: Voice, opened: Opening): Outcome {
  switch (page.kind) {
    case 'history':
    case 'my_data':
    case 'erase':
    case 'language':
    case 'notifications': {
      const opens = openPersonal(turn, { ...page, kind: page.kind }, voice, opened);
      return { ...opens, effects: [...effects, ...opens.effects] };
    }
    case 'form': {
      const opens = openForm(turn, page, voice);
      return { ...opens, effects: [...effects, ...opens.effects] };
    }
    case 'status':
      return outcome(turn, { asks: [{ type: 'health' }], effects });
    case 'children':
      return turn.account === 'pending'
        ? outcome(turn, { replies: [notice(voice, 'account_pending')], effects })
        : outcome(turn, { asks: [{ type: 'children' }], effects });
    case 'staff': {
      const session: SessionState = { ...turn.session, leaving: true };
      return outcome(turn, { session, replies: [pageReply(voice, page, opened)], effects });
    }
    case 'text': {
      const greeted = page.id === voice.desk.home && turn.account === 'active';
      const reply = greeted ? known(voice, 'account_known') : pageReply(voice, page, opened);
      const session = page.id === voice.desk.contact ? { ...turn.session, reaching: turn.seq } : turn.session;
      return outcome(turn, { session, replies: [reply], effects });
    }
  }
}

/** Files were read: a voice message is what was said in it, a caption is the question about what it comes with. */
function filesRead(
  before: Turn,
  event: PersonEvent,
  files: readonly ReadFile[],
  voice: Voice,
  silent: boolean,
): Outcome {
  const kept = keptIn(files);
  const read = kept.count === 0 ? before : { ...before, session: withDocuments(before.session, kept.count) };
  if (silent && isTold(read.session, event, files)) return outcome(read);
  const turn = { ...read, session: withTold(read.session, files) };

  const heard = heardIn(files);
  if (heard !== undefined) {
    const echo: Reply = { body: say(voice, 'voice_heard', { words: heard }) };
    // From here on it is what they would have typed: an alarm, a message for staff, a question.
    const typed: PersonEvent = { ...frameOf(event), kind: 'text', text: heard, addressed: true };
    const known = { ...turn, greet: false, newSession: false };
    const spoken = safeguarding(known, typed, voice) ?? respond(known, typed, voice, false);
    return { ...spoken, replies: [echo, ...spoken.replies] };
  }
  const caption = readText((event.kind === 'media' ? event.caption : undefined) ?? '', voice, false);
  const asksNothing =
    caption.to === 'notice' && (caption.key === 'empty_message' || caption.key === 'thanks_reply');
  const about = kept.count > 0 ? documentRead(turn, voice, kept) : notice(voice, whyUnread(files));
  if (asksNothing) return outcome(turn, { replies: [about] });
  const asked = follow(turn, caption, voice, opening(event));
  // A question about a file that could not be read is answered from the desk's documents, once that is said.
  return kept.count > 0 ? asked : { ...asked, replies: [{ body: about.body }, ...asked.replies] };
}

function documentRead({ session }: Turn, voice: Voice, { count, preview }: ReturnType<typeof keptIn>): Reply {
  const { documents = count } = session;
  const values = { preview, count: String(documents) };
  return { body: say(voice, documents > count ? 'document_also_read' : 'document_read', values) };
}

/** What is asked in a caption is asked of the file: an answer that comes from elsewhere says first that the file was read. */
function afterFile(
  said: Outcome,
  { session }: Turn,
  event: PersonEvent,
  result: Answered,
  voice: Voice,
): Outcome {
  const [first, ...rest] = said.replies;
  const answers = [result, ...(result.also ?? [])];
  const isOwn = answers.some(({ answer }) => 'body' in answer && answer.sources[0]?.own === true);
  const wasRead = event.kind === 'media' && session.filesTold?.includes('read') === true;
  if (!first || !wasRead || isOwn) return said;
  return {
    ...said,
    replies: [{ ...first, body: [...say(voice, 'document_received'), ...first.body] }, ...rest],
  };
}

/** Who did it, when, where: what every event has. */
const frameOf = ({ sentAt, sender, messageRef }: PersonEvent) => ({
  ...(sentAt === undefined ? {} : { sentAt }),
  ...(sender === undefined ? {} : { sender }),
  ...(messageRef === undefined ? {} : { messageRef }),
});

/** What comes next is about the new document, not about what was asked before. */
function withDocuments({ previous: _, documents = 0, ...session }: SessionState, more: number): SessionState {
  return { ...session, documents: documents + more };
}

function intentOf(turn: Turn, event: PersonEvent, voice: Voice): Intent {
  switch (event.kind) {
    case 'text':
      return asMeant(turn, readText(event.text, voice, turn.chat === 'group'), event.text, voice);
    case 'tap':
      return readTap(event.data, voice, turn.session.offered ?? []);
    case 'media':
      return readMedia(event);
    case 'contact':
      return unsupported('contact');
    case 'edited':
      return { to: 'nothing', record: [interaction('edited')] };
    case 'other':
      return event.direct ? unsupported(nameOf(event.what)) : { to: 'nothing', record: [] };
  }
}

const statusPage = (voice: Voice) =>
  firstOf(voice, (texts) => [...texts.pages.values()].find(({ kind }) => kind === 'status'));

function opening(event: PersonEvent): Opening {
  return event.kind === 'tap' ? { full: false, inPlace: event.editable } : { full: true, inPlace: false };
}

/** A channel names what it does not handle; what is no plain name could hold somebody's words. */
function nameOf(what: string): string {
  return /^[a-z_]{1,40}$/.test(what) ? what : 'other';
}
