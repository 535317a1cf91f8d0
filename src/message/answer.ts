/** What an answers engine gives for one question. Contract shared by the embedded engine, the remote API and the channels. */

export interface Source {
  /** Title of the document, for people. */
  title: string;
  /** Path of the document inside the desk's `documents/`, without extension: stable id. */
  document: string;
  section?: string;
  page?: number;
  /** It is a document the person sent in this session, not one of the desk's. */
  own?: true;
  /** Names the passage for whoever wants more of it (`Question.more`); absent: its neighbours are not known. */
  passage?: string;
  /** ISO date (YYYY-MM-DD) from which the document's content holds. */
  effectiveDate?: string;
  /** The passage that answers, plain text, at most 500 characters. */
  excerpt: string;
  /** 0 to 1, comparable inside one answer only. */
  score: number;
}

export interface Suggestion {
  /** A question or a topic that can be asked as it is. */
  title: string;
  document?: string;
}

export type Answer =
  /** `body` is Markdown. */
  | {
      status: 'answered';
      body: string;
      sources: Source[];
      confidence: number;
      /** Other topics that are near, for somebody whom this does not help. */
      suggestions?: Suggestion[];
      /** The institution the conversation is about from now on, for `Question.previous`; absent: none, or it is not known. */
      institution?: string;
    }
  /** An entry that says who holds what we do not: counts as abstention. */
  | {
      status: 'redirected';
      body: string;
      sources: Source[];
      suggestions: Suggestion[];
      confidence: number;
      institution?: string;
    }
  | {
      status: 'abstained';
      suggestions: Suggestion[];
      confidence: number;
      /** The question with its misspelled words replaced, or the nearest topic, to ask whether that is what was meant. */
      meant?: string;
      /** One of the suggestions may well be what was asked: they are offered, not excused for. */
      unsure?: true;
      /** It is about the person's own file, which only people can look at. */
      personal?: true;
      institution?: string;
    }
  /** The engine could not be asked. `refused`: no connection or an open circuit; `timeout`: 30 s passed; `failed`: any other error. */
  | { status: 'unavailable'; reason: 'refused' | 'timeout' | 'failed' };

export interface Question {
  text: string;
  /** BCP 47 language of the conversation. */
  language: string;
  /**
   * The previous question of the session, the title of the passage that answered it, if any did, and the institution that
   * its answer gave, to understand a follow-up.
   */
  previous?: { question: string; topic?: string; institution?: string };
  /**
   * They want more than what was said of `previous` ("pourquoi ?", "et après ?"). `said`: its passages, in the order in which they
   * were said; one that is there twice was said to its end. The answer tells something new, or abstains.
   */
  more?: { said: string[] };
  /** `text` takes the place of what `previous` was about; what was asked of it stays. */
  corrects?: true;
  /** Session whose kept documents are searched first (see `Answerer.keep`). */
  session?: string;
  /** Whoever asks, for what each person may spend in a day: an internal id, never sent anywhere. */
  asker?: string;
}

/** What the next question is understood with, once `answer` was given to this one; undefined: nothing was. */
export function previousAfter(question: string, answer: Answer): Question['previous'] {
  if (answer.status === 'unavailable') return undefined;
  const [first] = 'sources' in answer ? answer.sources : [];
  const topic = first?.section ?? first?.title;
  const { institution } = answer;
  return {
    question,
    ...(topic !== undefined && { topic }),
    ...(institution !== undefined && { institution }),
  };
}

export type DocumentKind = 'image' | 'pdf' | 'docx' | 'text';

/** A file somebody sent, to be read and answered from. */
export interface SentFile {
  /** Session that it belongs to: it is forgotten with it. */
  session: string;
  /** Unique per file: keeping the same id again replaces it. */
  id: string;
  bytes: Uint8Array;
  /** As the sender named it: shown, never trusted. */
  name?: string;
}

/** A kept file as text, for as long as its session lives. */
export interface SessionDocument {
  id: string;
  kind: DocumentKind;
  name?: string;
  /** Plain text of each page, at least one; a kind without pages has one. */
  pages: string[];
}

/** Where the documents of sessions are kept. Rejects when it cannot be reached. */
export interface SessionDocuments {
  /** Keeping the same id again replaces it. */
  save(session: string, document: SessionDocument): Promise<void>;
  /** The newest first. */
  of(session: string): Promise<SessionDocument[]>;
}

/** `preview`: the first words read, at most 300 characters. `pages`: how many. */
export type Kept =
  | { status: 'kept'; document: { id: string; kind: DocumentKind; pages: number; preview: string } }
  /** `unsupported`: by content, no kind we read. `empty`: nothing to read in it. `too_much`: more pages, pixels or text than we take. */
  | { status: 'refused'; reason: 'too_large' | 'unsupported' | 'encrypted' | 'broken' | 'empty' | 'too_much' }
  | { status: 'unavailable'; reason: 'refused' | 'timeout' | 'failed' };

export interface AnswererHealth {
  ok: boolean;
  /** With `ok: false`: the source replied, but does not serve. Absent or false: it could not be reached. */
  reachable?: boolean;
  /** Epoch milliseconds of the check. */
  checkedAt: number;
}

export interface Answerer {
  answer(question: Question, signal: AbortSignal): Promise<Answer>;
  /** Reads a file, so that the next questions of its session are answered from it first. Never throws. */
  keep(file: SentFile, signal: AbortSignal): Promise<Kept>;
  /** Real state of the source, asked now; never throws. */
  health(): Promise<AnswererHealth>;
}
