import type { Answer, AnswererHealth, Question } from './answer.ts';
import type { InboundEvent, MediaRef, PlatformIdentity } from './event.ts';
import type { AccountText, ChildView } from './account.ts';
import type { ReadFile } from './files.ts';
import type { Drafts, SentForm } from './form.ts';
import type { Reply } from './outbound.ts';
import type { PastMessage, WaitingRequest } from './personal.ts';
import type { AskedQuestion, Vote } from './question.ts';

/** What a conversation remembers for the length of a session (30 minutes of silence end it). JSON, sealed at rest. */
export interface SessionState {
  /** Last question answered in this session, what answered it, and the institution the conversation is about. */
  previous?: NonNullable<Question['previous']>;
  /** What was said of it: its passages, as `Question.more` wants them, and a hash of the last words. */
  said?: { passages: string[]; hash: string };
  /** The question we asked whether they meant; whatever they do next settles it. */
  meant?: string;
  /** `seq` of the turn that showed how to reach a person: the next words may be for one. */
  reaching?: number;
  /**
   * Their last words that were not answered, while a button sends them to staff; without `text`: it did. `asked`: we just asked
   * whether it should.
   */
  unsent?: { hash: string; text?: string; asked?: true };
  /** Epoch ms of the last "too many messages" notice. */
  limitNoticeAt?: number;
  /** Album already answered: its other pictures get no reply of their own. */
  album?: string;
  /** Epoch ms of the picture they sent last: some platforms tell of no album, its pictures just follow each other. */
  pictureAt?: number;
  /** What was said of the last file, or of its album. */
  filesTold?: ('read' | 'unread')[];
  /** Files of this session that are answered from. */
  documents?: number;
  /** How often this session asked for the phone number. */
  phoneRequests?: number;
  /** How often the person asked to be asked. */
  accountAsks?: number;
  /** Several people have the proven number: the next words are the first name of a child of theirs. */
  choosing?: { phone: string; tries: number };
  /** Names tried for that number, whatever was done in between. */
  guesses?: { phone: string; tries: number };
  /** The page that was wanted before the number was asked for. */
  wanted?: string;
  /** The next words are a message for staff. */
  leaving?: true;
  /**
   * The form being filled in. `begun`: it has a draft. `typed`: its step wants words, so that a typed number is an answer
   * and not a choice. `reference`: its draft's.
   */
  form?: { id: string; reference?: string; begun?: true; typed?: true };
  /** Forms sent or cancelled in this session, the newest last, at most 5: their buttons are still on the screen. */
  ended?: { reference: string; how: 'sent' | 'cancelled' }[];
  /** Answers typed into forms in the minute that began at `since` (epoch ms). */
  formAnswers?: { since: number; count: number };
  /** The last answer they may vote on, and the topics near it. */
  answered?: { question: string; near: string[] };
  /** Questions offered as buttons that no page of the desk holds (suggestions of an answer), the newest last, at most 10. */
  offered?: string[];
  /** The choices on the person's screen, in the order they are counted: a typed number or label is one of them. */
  choices?: { id: string; label: string }[];
  /** The person was asked whether everything about them may go; whatever they do next but confirm takes it back. */
  confirming?: 'erase';
  /** Epoch ms of the last export. */
  exportedAt?: number;
}

export interface PersonView {
  id: string;
  firstName?: string;
  /** BCP 47: what the person chose, or the desk's language. A tag the desk has no texts for falls back to the desk's. */
  language: string;
  /** False: they want nothing that we announce. Absent: they never said. */
  notifications?: boolean;
}

export interface Turn {
  session: SessionState;
  /** Its documents are known by this id. */
  sessionId: string;
  /** First event of a session (none before, or the previous one expired). */
  newSession: boolean;
  /** Say who we are before the first answer: nothing on this platform did. */
  greet: boolean;
  /** The person's account, on a desk that has accounts. */
  account?: 'active' | 'pending';
  /** The person's own number (E.164), when the platform itself vouches for it in every message. */
  phone?: string;
  /** Forms the person began, those left alone for too long aside. */
  drafts?: Drafts;
  /** Number of the event: no other has it, and it is the same when the turn is played again. */
  seq: number;
  /** Asks of this turn performed before the one whose result this is; absent: none. */
  asked?: number;
  /** The platform's name, as people call it. */
  channel: string;
  /** The platform says which pictures are of one album: others are none. */
  tellsAlbums?: true;
  person?: PersonView;
  chat: 'private' | 'group' | 'channel';
  mode: 'bot' | 'human';
  /** The person's earlier messages of the last minute that counted against the limit. */
  recentMessages: number;
  now: number;
}

/** What `decide` needs from outside; read-only or idempotent under (inbox id, ask index). */
export type Ask =
  /** `also`: the other questions of the same message, in order; all are answered in one reply. `left`: it held still more. */
  | { type: 'answer'; question: Question; also?: Question[]; left?: true }
  | { type: 'health' }
  /** Match a number with the directory and settle the account. `consent`: the version of the text agreed to. */
  | {
      type: 'account';
      phone: string;
      proof: 'own_contact' | 'other_contact' | 'typed' | 'signed_number';
      consent: string;
      child?: { name: string; tries: number };
    }
  /** What the directory lets this person see of their children. */
  | { type: 'children' }
  /**
   * Fetch these files, keep them for staff, and read them. `silent`: nobody waits for a word about them. `papers`: only
   * pictures and PDFs are kept, and they are not read.
   */
  | { type: 'files'; media: MediaRef[]; silent: boolean; papers?: true }
  /** What the person wrote last, in this desk. */
  | { type: 'history'; most: number }
  /** Everything we hold of the person. */
  | { type: 'export' }
  /** What the person left for staff and nobody has dealt with yet. */
  | { type: 'waiting' };

export type AskResult =
  | {
      type: 'answer';
      question: Question;
      answer: Answer;
      also?: { question: Question; answer: Answer }[];
      left?: true;
    }
  | { type: 'health'; health: AnswererHealth; /** Epoch ms. */ at: number }
  | { type: 'files'; files: ReadFile[]; silent: boolean }
  /** The newest first. */
  | { type: 'history'; messages: PastMessage[] }
  /** All of it twice: `text` is JSON, `readable` is for people. */
  | { type: 'export'; text: string; readable: string }
  /** In the order they were left. */
  | { type: 'waiting'; requests: WaitingRequest[] }
  /** `text`: what to say of it. `waits`: the child's first name is asked for. */
  | {
      type: 'account';
      state: 'active' | 'pending' | 'none';
      text: AccountText;
      waits: boolean;
      phone: string;
    }
  | { type: 'children'; children: ChildView[] | 'unavailable' };

/** State changes a turn commits beside its replies. */
export type Effect =
  /**
   * One row of `interactions`. `action` is a stable English word: `command`, `page`, `question`, `answer`, `tap`,
   * `limited`, `media`, `unsupported`, `edited`, `thanks`. `data` never holds what a person wrote.
   */
  | { type: 'interaction'; action: string; data?: string }
  | { type: 'reachable'; reachable: boolean }
  | { type: 'preference'; language?: string; notifications?: boolean }
  /** Everything we hold of the person goes, this turn with it; only its replies still leave. */
  | { type: 'erase' }
  /** Words for staff; `safeguarding`: a child may be in danger, confidential. */
  | { type: 'staff_message'; kind: 'message' | 'safeguarding'; text: string }
  /** The files of this session go: what was read in them, and what was kept. */
  | { type: 'forget_documents' }
  /** What the person's drafts are from now on. `forget`: files that went with an answer and are of no use any more. */
  | { type: 'drafts'; drafts: Drafts; forget: string[] }
  | { type: 'form_sent'; form: string; sent: SentForm }
  | ({ type: 'question' } & AskedQuestion)
  /** What the person thinks of the answer to a question of theirs. */
  | { type: 'vote'; question: string; vote: Vote }
  /** `identity`: the person's new id there. */
  | { type: 'moved'; chat: string; identity?: PlatformIdentity };

/**
 * A turn is one `decide` with the event, then one more per ask with its result. The `session` of each decision is the
 * `Turn.session` of the next; their replies and effects add up, in order; `counted` is the same in all of them.
 */
export interface Decision {
  session: SessionState;
  replies: Reply[];
  /** Asks to perform; `decide` is called again with each result. Empty: the turn is over. */
  asks: Ask[];
  effects: Effect[];
  /** The event counts against the person's message limit. */
  counted: boolean;
}

export type DecideInput = { event: InboundEvent } | { event: InboundEvent; result: AskResult };
