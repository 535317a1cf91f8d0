import type { Rich } from '../message/rich.ts';

/** One button of a page. Exactly one of `page`, `question`, `url`. */
export interface PageButton {
  label: string;
  /** Opens this page, edited in place when tapped. */
  page?: string;
  /** Asked as if the person had typed it. */
  question?: string;
  url?: string;
}

export interface PageView {
  text: Rich;
  buttons: PageButton[][];
}

/** One screen of the desk's menus. Its id is also the `Choice.id` that opens it. */
export interface Page {
  id: string;
  /** Shown when a button opens it: edits the tapped message. */
  view: PageView;
  /** Shown when a command or a word opens it, when that differs. */
  full?: PageView;
  /** Pages with real figures: `status` asks the answers source for its health. */
  kind: 'text' | 'status';
}

export interface DeskCommand {
  /** `[a-z0-9_]{1,32}`, without the slash. */
  name: string;
  /** 1 to 256 characters, shown by the platform in its own menu; absent: not advertised (an alias). */
  description?: string;
  page: string;
}

export interface DeskLimits {
  messagesPerMinute: number;
  phoneRequestsPerSession: number;
  accountAttemptsPerHour: number;
  webhooksPerMinute: number;
  concurrentAccounts: number;
}

/** Every sentence the product itself says. A desk overrides what it wants, `_default` holds the rest. */
export const TEXT_KEYS = [
  'welcome',
  'answer_source',
  'answer_own_source',
  'answer_not_found',
  'answer_suggestions',
  'answer_unavailable',
  'answer_timeout',
  'answer_refused',
  'answer_failed',
  'status_ok',
  'status_degraded',
  'status_down',
  'too_many_messages',
  'unknown_command',
  'outdated_button',
  'unsupported_message',
  'own_document',
  'document_read',
  'media_kept',
  'media_too_large',
  'media_unsupported',
  'media_encrypted',
  'media_broken',
  'media_empty',
  'voice_heard',
  'voice_kept',
  'too_long',
  'empty_message',
  'technical_error',
  'thanks_reply',
  'continued',
  'open_list',
] as const;
export type TextKey = (typeof TEXT_KEYS)[number];

export interface DeskTexts {
  texts: Record<TextKey, Rich>;
  pages: ReadonlyMap<string, Page>;
  commands: readonly DeskCommand[];
  /** Plain words (folded: lower case, no accents, no punctuation) → page id. */
  words: ReadonlyMap<string, string>;
  /** Folded words that get `thanks_reply`. */
  thanks: ReadonlySet<string>;
}

/** An organisation's content, loaded and validated. */
export interface Desk {
  /** Short name, `[a-z0-9_-]`: what `name` says, else the folder's name. */
  name: string;
  organisation: string;
  /** BCP 47; the default language of people who did not choose. */
  language: string;
  languages: ReadonlyMap<string, DeskTexts>;
  /** Values of the placeholders in texts (telephone, adresse…) with `organisation`; `first_name` and `time` come with each turn. */
  values: Readonly<Record<string, string>>;
  limits: DeskLimits;
  /** Silence after which a session ends, in milliseconds. */
  sessionMs: number;
  /** May anybody call the answers API from outside this machine? */
  openAnswers: boolean;
  /** Pages to open first, and from a dead end. */
  home: string;
  menu: string;
  contact: string;
  /** Absolute path of the folder that holds `documents/`. */
  folder: string;
}
