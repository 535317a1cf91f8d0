import { ACCOUNT_TEXTS } from '../message/account.ts';
import type { Rich } from '../message/rich.ts';
import type { Alarm } from './alarm.ts';
import type { Form } from './form.ts';
import type { TalkWords } from './talk.ts';

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

/**
 * `text`: a page of words. `status`: asks the answers source for its health. `children`: what the directory shows a
 * proven parent. `staff`: the next words are a message for staff. `history`: what the person wrote last. `my_data`: all we
 * hold of them, as a file. `erase`: all of it goes, once confirmed. `language`, `notifications`: what they prefer.
 * `form`: questions asked one after the other, for staff.
 */
export const PAGE_KINDS = [
  'text',
  'status',
  'children',
  'staff',
  'history',
  'my_data',
  'erase',
  'language',
  'notifications',
  'form',
] as const;
export type PageKind = (typeof PAGE_KINDS)[number];

/** One screen of the desk's menus. Its id is also the `Choice.id` that opens it. */
export interface Page {
  id: string;
  /** Shown when a button opens it: edits the tapped message. */
  view: PageView;
  /** Shown when a command or a word opens it, when that differs. */
  full?: PageView;
  kind: PageKind;
  /** Of a page of kind `form`: which one. */
  form?: string;
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
  /** Questions put to the language model, when there is one: beyond, the documents alone answer. */
  llmPerPersonPerDay: number;
  llmPerDay: number;
}

/** How many days each class of data is kept once it has served. */
export interface DeskRetention {
  /** What was said on both sides, and the sessions that remember it. */
  messages: number;
  /** Files people sent, but those that came with a form. */
  media: number;
  /** Attempts at accounts, and who looked at whose number. */
  audit: number;
  /** Updates that could not be handled. */
  deadLetters: number;
  /** Memory of the updates already received; platforms repeat one for seven days. */
  dedup: number;
  /** Figures: who did what when, without words. */
  interactions: number;
  /** Words of the questions, and whose they were. */
  questions: number;
  /** Forms and messages for staff, with their files. */
  forms: number;
  /** Nothing is deleted because of its age. */
  legalHold: boolean;
}

export const DEFAULT_DAYS: DeskRetention = {
  messages: 90,
  media: 30,
  audit: 365,
  deadLetters: 30,
  dedup: 8,
  interactions: 365,
  questions: 90,
  forms: 365,
  legalHold: false,
};

/** Every sentence the product itself says. A desk overrides what it wants, `_default` holds the rest. */
export const TEXT_KEYS = [
  'welcome',
  'answer_source',
  'answer_own_source',
  'answer_redirect',
  'answer_not_found',
  'answer_same',
  'answer_unsure',
  'answer_personal',
  'answer_meant',
  'answer_suggestions',
  'several_not_found',
  'several_left',
  'nothing_more',
  'more_of_what',
  'meant_no',
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
  'answer_to_confirm',
  'answer_demonstration',
  'document_read',
  'document_also_read',
  'document_received',
  'document_forgotten',
  'no_document',
  'media_kept',
  'media_too_large',
  'media_unsupported',
  'media_encrypted',
  'media_broken',
  'media_not_received',
  'media_empty',
  'voice_heard',
  'voice_kept',
  'too_long',
  'empty_message',
  'technical_error',
  'thanks_reply',
  'yes_reply',
  'no_reply',
  'goodbye_reply',
  'who_reply',
  'robot_reply',
  'human_reply',
  'insult_reply',
  'laugh_reply',
  'lost_reply',
  'gibberish_reply',
  'continued',
  'open_list',
  'private_only',
  'history_empty',
  'history_file',
  'export_file',
  'export_wait',
  'export_title',
  'export_nothing',
  'erase_yes',
  'erase_word',
  'erase_done',
  'erase_cancelled',
  'erase_waiting',
  'erase_waiting_form',
  'erase_waiting_message',
  'language_name',
  'language_changed',
  'notifications_on',
  'notifications_off',
  'notifications_turn_on',
  'notifications_turn_off',
  'notifications_stopped',
  ...ACCOUNT_TEXTS,
  'account_share',
  'account_accept',
  'account_later',
  'account_later_reply',
  'account_ask',
  'account_ask_limit',
  'account_words',
  'children_heading',
  'child_enrolled',
  'child_waiting',
  'children_none',
  'children_unavailable',
  'staff_message_kept',
  'pass_on_offer',
  'pass_on',
  'staff_reply',
  'form_step',
  'form_optional',
  'form_current',
  'form_summary',
  'form_check',
  'form_correct_which',
  'form_sent',
  'form_resume',
  'form_paused',
  'form_expired',
  'form_cancelled',
  'form_already_sent',
  'form_already_cancelled',
  'form_other_request',
  'form_send_later',
  'form_invalid_text',
  'form_invalid_format',
  'form_invalid_choice',
  'form_invalid_date',
  'form_invalid_day',
  'form_invalid_date_range',
  'form_invalid_phone',
  'form_invalid_number',
  'form_invalid_yes_no',
  'form_invalid_file',
  'form_file',
  'form_confirm',
  'form_correct',
  'form_cancel',
  'form_back',
  'form_skip',
  'form_keep',
  'form_go_on',
  'form_restart',
  'form_yes',
  'form_no',
  'form_yes_words',
  'form_no_words',
  'vote_up',
  'vote_down',
  'vote_words',
  'vote_thanks',
  'vote_sorry',
  'late_answer',
  'safeguarding',
  'account_contested',
  'account_child_words',
  'staff_account_attempt',
  'staff_message_waits',
  'staff_form_waits',
  'staff_request_withdrawn',
  'staff_safeguarding',
  'staff_dead_letter',
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
  talk: TalkWords;
  /** Does a folded text suggest somebody in danger? */
  safeguarding: Alarm;
  /** Labels under what known people write, row by row; empty: none. */
  keyboard: readonly (readonly string[])[];
  /** Folded words of the directory for a child's level → as parents know it. */
  levels: ReadonlyMap<string, string>;
  forms: ReadonlyMap<string, Form>;
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
  retention: DeskRetention;
  /** People are recognised by a proven number and matched with a directory. */
  accounts: boolean;
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
