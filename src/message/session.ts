import type { Answer, AnswererHealth, Question } from './answer.ts';
import type { InboundEvent, MediaRef, PlatformIdentity } from './event.ts';
import type { ReadFile } from './files.ts';
import type { Reply } from './outbound.ts';

/** What a conversation remembers for the length of a session (30 minutes of silence end it). JSON, sealed at rest. */
export interface SessionState {
  /** Last question answered in this session and what answered it. */
  previous?: { question: string; topic?: string };
  /** Epoch ms of the last "too many messages" notice. */
  limitNoticeAt?: number;
  /** Album already answered: its other pictures get no reply of their own. */
  album?: string;
  /** Epoch ms of the last picture or document: some platforms tell of no album, its pictures just follow each other. */
  fileAt?: number;
  /** Files of this session that are answered from. */
  documents?: number;
  /** Questions offered as buttons that no page of the desk holds (suggestions of an answer), the newest last, at most 10. */
  offered?: string[];
  /** The choices on the person's screen, in the order they are counted: a typed number or label is one of them. */
  choices?: { id: string; label: string }[];
}

export interface PersonView {
  id: string;
  firstName?: string;
  /** BCP 47: what the person chose, or the desk's language. A tag the desk has no texts for falls back to the desk's. */
  language: string;
}

export interface Turn {
  session: SessionState;
  /** Its documents are known by this id. */
  sessionId: string;
  /** First event of a session (none before, or the previous one expired). */
  newSession: boolean;
  /** Say who we are before the first answer: nothing on this platform did. */
  greet: boolean;
  /** The platform's name, as people call it. */
  channel: string;
  person?: PersonView;
  chat: 'private' | 'group' | 'channel';
  mode: 'bot' | 'human';
  /** The person's earlier messages of the last minute that counted against the limit. */
  recentMessages: number;
  now: number;
}

/** What `decide` needs from outside; read-only or idempotent under (inbox id, ask index). */
export type Ask =
  | { type: 'answer'; question: Question }
  | { type: 'health' }
  /** Fetch these files, keep them for staff, and read them. `silent`: nobody waits for a word about them. */
  | { type: 'files'; media: MediaRef[]; silent: boolean };

export type AskResult =
  | { type: 'answer'; question: Question; answer: Answer }
  | { type: 'health'; health: AnswererHealth; /** Epoch ms. */ at: number }
  | { type: 'files'; files: ReadFile[]; silent: boolean };

/** State changes a turn commits beside its replies. */
export type Effect =
  /**
   * One row of `interactions`. `action` is a stable English word: `command`, `page`, `question`, `answer`, `tap`,
   * `limited`, `media`, `unsupported`, `edited`, `thanks`. `data` never holds what a person wrote.
   */
  | { type: 'interaction'; action: string; data?: string }
  | { type: 'reachable'; reachable: boolean }
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
