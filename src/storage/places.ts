import type { Schema } from './schema.ts';

type Table = keyof Schema;
type SealedIn<T extends Table> = Extract<keyof Schema[T], `${string}_sealed`>;
type WithSealed = { [T in Table]: SealedIn<T> extends never ? never : T }[Table];
type Row = Readonly<Record<string, unknown>>;

const by =
  (...parts: string[]) =>
  (row: Row): string =>
    parts.map((part) => (part.startsWith('$') ? String(row[part.slice(1)]) : part)).join('|');

/**
 * Every sealed column, and the place its values are sealed for. A column called `*_sealed` that is not here does not
 * compile.
 */
const PLACES: { readonly [T in WithSealed]: { readonly [C in SealedIn<T>]: (row: Row) => string } } = {
  user_accounts: { phone_sealed: by('user_accounts', 'phone', '$id') },
  directory_people: { person_sealed: by('directory_people', 'person', '$id') },
  identities: {
    value_sealed: by('identities', 'value', '$id'),
    profile_sealed: by('identities', 'profile', '$id'),
  },
  conversations: { address_sealed: by('conversations', 'address', '$id') },
  sessions: { state_sealed: by('sessions', 'state', '$id') },
  messages: { body_sealed: by('messages', 'body', '$inbox_seq', '$part') },
  inbox: { payload_sealed: by('inbox', 'payload', '$channel', '$account', '$dedup_key') },
  outbox: {
    payload_sealed: by('outbox', 'payload', '$id'),
    platform_ref_sealed: by('outbox', 'platform_ref', '$id'),
  },
  form_drafts: { drafts_sealed: by('form_drafts', 'drafts', '$id') },
  media: { about_sealed: by('media', 'about', '$id') },
  session_documents: { document_sealed: by('session_documents', 'document', '$id') },
  staff_messages: {
    body_sealed: (row) => String(row['place']),
    reply_sealed: by('staff_messages', 'reply', '$id'),
  },
  questions: { text_sealed: by('questions', 'text', '$id') },
};

export type SealedTable = WithSealed;
export type SealedColumn<T extends SealedTable> = SealedIn<T>;

export const SEALED_TABLES = Object.keys(PLACES) as SealedTable[];
export const sealedColumns = (table: SealedTable): string[] => Object.keys(PLACES[table]);

/** Where a value of this column is sealed, from its row. */
export const placeOf = <T extends SealedTable>(table: T, column: SealedColumn<T>): ((row: Row) => string) =>
  PLACES[table][column];

/** The bytes of a file somebody sent. */
export const mediaPlace = (id: string): string => `media|bytes|${id}`;
