/** What an answers engine gives for one question. Contract shared by the embedded engine, the remote API and the channels. */

export interface Source {
  /** Title of the document, for people. */
  title: string;
  /** Path of the document inside the desk's `documents/`, without extension: stable id. */
  document: string;
  section?: string;
  page?: number;
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
  | { status: 'answered'; body: string; sources: Source[]; confidence: number }
  /** An entry that says who holds what we do not: counts as abstention. */
  | { status: 'redirected'; body: string; sources: Source[]; suggestions: Suggestion[]; confidence: number }
  | { status: 'abstained'; suggestions: Suggestion[]; confidence: number }
  /** The engine could not be asked. `refused`: no connection or an open circuit; `timeout`: 30 s passed; `failed`: any other error. */
  | { status: 'unavailable'; reason: 'refused' | 'timeout' | 'failed' };

export interface Question {
  text: string;
  /** BCP 47 language of the conversation. */
  language: string;
  /** The previous question of the session and the title of the passage that answered it, to understand a follow-up. */
  previous?: { question: string; topic?: string };
}

export interface AnswererHealth {
  ok: boolean;
  /** With `ok: false`: the source replied, but does not serve. Absent or false: it could not be reached. */
  reachable?: boolean;
  /** Epoch milliseconds of the check. */
  checkedAt: number;
}

export interface Answerer {
  answer(question: Question, signal: AbortSignal): Promise<Answer>;
  /** Real state of the source, asked now; never throws. */
  health(): Promise<AnswererHealth>;
}
