import type { Generated } from 'kysely';

/** Times are epoch milliseconds; `*_sealed` are authenticated ciphertexts; `*_index` are keyed digests (lib/seal). */
export interface Schema {
  persons: {
    id: string;
    created_at: number;
  };
  /** How a person is known on a channel. No platform id is a key or is readable. */
  identities: {
    id: string;
    person_id: string;
    channel: string;
    account: string;
    scheme: string;
    value_index: string;
    value_sealed: Uint8Array;
    profile_sealed: Uint8Array;
    is_bot: number;
    created_at: number;
    /** When the profile (names, username, language) last changed. */
    updated_at: number;
  };
  preferences: {
    person_id: string;
    language: string;
    notifications: Generated<number>;
    theme: Generated<string>;
    updated_at: number;
  };
  /** (channel, account, chat): the unit of order. */
  conversations: {
    id: string;
    channel: string;
    account: string;
    /** Digest of (channel, account, chat). */
    address_index: string;
    address_sealed: Uint8Array;
    kind: 'private' | 'group' | 'channel';
    person_id: string | null;
    mode: Generated<'bot' | 'human'>;
    assignee: string | null;
    /** Last message from the person: the 24-hour window of WhatsApp counts from it. */
    last_inbound_at: number | null;
    unreachable_at: number | null;
    /** Number of the last outbox row of this conversation. */
    last_position: Generated<number>;
    lease_owner: string | null;
    lease_until: number | null;
    fence: Generated<number>;
    created_at: number;
  };
  sessions: {
    id: string;
    conversation_id: string;
    person_id: string | null;
    started_at: number;
    last_activity_at: number;
    message_count: number;
    state_sealed: Uint8Array;
  };
  messages: {
    id: Generated<number>;
    conversation_id: string;
    person_id: string | null;
    session_id: string | null;
    direction: 'in' | 'out';
    kind: string;
    /** JSON of {text?, media?, ref?}: words, media handles, the platform's id of the message. */
    body_sealed: Uint8Array;
    /** The inbox row that brought it, or that it answers; with `part` it says where `body_sealed` belongs. */
    inbox_seq: number;
    /** 0: what came in; 1…: the replies, in order. */
    part: number;
    /** 1: it counts against the person's limit. */
    counted: number;
    at: number;
  };
  interactions: {
    id: Generated<number>;
    person_id: string | null;
    conversation_id: string;
    channel: string;
    action: string;
    data: string | null;
    /** Characters of the replies of the turn. */
    response_length: number;
    /** From the arrival of the event to the commit of the replies. */
    response_time_ms: number;
    at: number;
  };
  inbox: {
    seq: Generated<number>;
    channel: string;
    account: string;
    dedup_key: string;
    /** `address_index` of its conversation; null when it belongs to none, and once done. */
    conversation_key: string | null;
    source: 'platform' | 'staff' | 'timer';
    kind: string;
    /** Raw update (platform) or event (others); null once done. */
    payload_sealed: Uint8Array | null;
    status: 'pending' | 'done' | 'dead';
    attempts: Generated<number>;
    not_before: Generated<number>;
    error: string | null;
    received_at: number;
    finished_at: number | null;
  };
  outbox: {
    id: string;
    seq: Generated<number>;
    channel: string;
    account: string;
    /** Digest of the destination: rows of one destination leave in order. */
    destination_index: string;
    conversation_id: string | null;
    person_id: string | null;
    lane: 'interactive' | 'alert' | 'broadcast';
    /** Order inside the conversation, from 1. */
    position: number;
    /** JSON of PlatformCall; null once sent (where the platform tells more: once told) or given up. */
    payload_sealed: Uint8Array | null;
    state: 'pending' | 'sending' | 'sent' | 'failed' | 'uncertain';
    attempt: Generated<number>;
    lease_until: number | null;
    fence: Generated<number>;
    not_before: Generated<number>;
    expires_at: number;
    /** What caused it: `inbox:<seq>`. */
    correlation: string;
    /** Platform message that it edits in place. */
    replaces: string | null;
    /** 1: its outcome was unknown after a crash and it was sent again. */
    resent: Generated<number>;
    platform_ref_sealed: Uint8Array | null;
    /** How far it got, as the platform told: 0 nothing told, 1 sent, 2 delivered, 3 read. */
    delivery: Generated<number>;
    error: string | null;
    created_at: number;
    finished_at: number | null;
  };
  /** A file somebody sent; its bytes are sealed in the data folder, under this id. */
  media: {
    id: string;
    conversation_id: string;
    person_id: string | null;
    kind: string;
    bytes: number;
    /** JSON of {name?, mime?}. */
    about_sealed: Uint8Array;
    at: number;
    /** The form it was sent with, once that was sent. */
    form: string | null;
  };
  /** Forms that one person began and did not send. */
  form_drafts: {
    id: string;
    person_id: string;
    /** JSON of Drafts. */
    drafts_sealed: Uint8Array;
    /** Counts the changes, from 1. */
    version: number;
    changed_at: number;
  };
  /** What a session is answered from beside the desk's documents; forgotten with it. */
  session_documents: {
    id: string;
    session_id: string;
    /** JSON of SessionDocument. */
    document_sealed: Uint8Array;
    at: number;
  };
  /** A person whose number was proven and found. `pending`: staff decide. */
  user_accounts: {
    id: string;
    person_id: string;
    phone_index: string;
    phone_sealed: Uint8Array;
    directory_index: string | null;
    status: 'active' | 'pending';
    channel: string;
    created_at: number;
    updated_at: number;
  };
  /** Every attempt at an account; no number in clear, no name. */
  account_creation_audit: {
    id: Generated<number>;
    at: number;
    person_id: string | null;
    channel: string;
    phone_index: string | null;
    outcome: string;
    reason: string | null;
    spent: Generated<number>;
    actor: string;
    processing_ms: number;
  };
  consents: {
    id: Generated<number>;
    person_id: string;
    purpose: string;
    text_version: string;
    channel: string;
    at: number;
  };
  /** Who looked at whose number, when and why: each row holds the digest of the one before. */
  phone_access_log: {
    id: Generated<number>;
    at: number;
    actor: string;
    account_id: string | null;
    reason: string;
    previous: string;
    hash: string;
  };
  directory_people: { id: string; person_sealed: Uint8Array; imported_at: number };
  directory_phones: { phone_index: string; directory_id: string };
  /** What people leave for staff: messages, forms, alarms. */
  staff_messages: {
    id: Generated<number>;
    person_id: string | null;
    conversation_id: string | null;
    kind: 'message' | 'form' | 'safeguarding';
    form: string | null;
    body_sealed: Uint8Array;
    /** Place of the sealed body. */
    place: string;
    at: number;
    handled_at: number | null;
    /** What staff wrote back last, as JSON of {text}; `reply`: `wanted` until it is in the outbox, or why it never will be. */
    reply_sealed: Uint8Array | null;
    reply: 'wanted' | 'sent' | 'outside_window' | 'unreachable' | 'in_group' | 'gone' | 'failed' | null;
    replied_by: string | null;
    replied_at: number | null;
  };
  /** What people asked and how it was answered. Once old, only the figures stay. */
  questions: {
    /** `questionId`: the same when the turn is played again. */
    id: string;
    person_id: string | null;
    conversation_id: string | null;
    session_id: string | null;
    channel: string;
    /** BCP 47 language of the conversation. */
    language: string;
    /** Words of the person; null once old. */
    text_sealed: Uint8Array | null;
    outcome: 'answered' | 'redirected' | 'suggested' | 'abstained' | 'unavailable';
    /** Thousandths. */
    confidence: number | null;
    /** Document cited first. */
    document: string | null;
    vote: Generated<-1 | 0 | 1>;
    voted_at: number | null;
    /** What staff did with it. */
    state: Generated<'open' | 'answered' | 'attached' | 'dismissed'>;
    /** Questions alike: the id of the first of them; `~2`, `~3`… where a group of that id was answered before. */
    group_id: string | null;
    answer_id: string | null;
    /** Of an answer that came later: `wanted` until it is in the outbox, or why it never will be. */
    reply:
      | 'wanted'
      | 'sent'
      | 'outside_window'
      | 'opted_out'
      | 'unreachable'
      | 'in_group'
      | 'gone'
      | 'failed'
      | null;
    at: number;
  };
  /** Other ways of asking for a passage, without what names somebody. */
  phrasings: { id: string; document: string; title: string; text: string; by: string; at: number };
  /** Questions in whose words a phrasing is; it goes when all of them are one person's who has their data deleted. */
  phrasing_sources: { phrasing_id: string; question_id: string };
  /** What staff wrote for a group of questions: public, it names nobody. */
  question_answers: {
    id: string;
    group_id: string;
    title: string;
    /** Markdown. */
    body: string;
    /** Document of the library; empty while it is being added. */
    entry: string;
    actor: string;
    at: number;
  };
  /** One version of a document given while the desk runs (see message/library.ts); public, nothing is sealed. */
  document_versions: {
    id: string;
    document: string;
    /** From 1 in its document. */
    number: number;
    state: 'reading' | 'ready' | 'refused';
    reason: string | null;
    file: string;
    format: string;
    title: string | null;
    /** SHA-256 of the file, hexadecimal: its name in the data folder. */
    hash: string;
    bytes: number;
    /** YYYY-MM-DD. */
    effective_from: string | null;
    /** YYYY-MM-DD, included. */
    effective_to: string | null;
    by: string;
    at: number;
    why: string | null;
    withdrawn_at: number | null;
    withdrawn_by: string | null;
    withdrawn_why: string | null;
  };
  /** What was read in a file, by its content. */
  extractions: {
    hash: string;
    format: string;
    /** Version of the reader: another one reads the file again. */
    extractor: number;
    /** JSON of Extracted. */
    content: string;
    at: number;
  };
  /** Programs that may speak to us. */
  api_keys: {
    /** Second part of the key: recognises it, opens nothing. */
    id: string;
    name: string;
    /** SHA-256 of the whole key, hexadecimal. */
    hash: string;
    /** Words, separated by spaces. */
    scopes: string;
    created_by: string;
    created_at: number;
    expires_at: number | null;
    last_used_at: number | null;
    revoked_at: number | null;
  };
  meta: { key: string; value: string };
}
