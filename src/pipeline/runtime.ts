import type { Channel, ChannelLog } from '../channels/channel.ts';
import type { Desk } from '../desk/desk.ts';
import type { Accounts } from '../accounts/accounts.ts';
import type { Clock } from '../lib/clock.ts';
import type { Metrics } from '../lib/metrics.ts';
import type { NewId } from '../lib/ids.ts';
import type { Sealer } from '../lib/seal.ts';
import type { Answerer } from '../message/answer.ts';
import type { Address } from '../message/event.ts';
import type { ConversationTables } from '../storage/conversations.ts';
import type { Transcriber } from '../message/transcription.ts';
import type { Erasures } from '../storage/erasures.ts';
import type { FormTables } from '../storage/forms.ts';
import type { HistoryTables } from '../storage/history.ts';
import type { InboxTable } from '../storage/inbox.ts';
import type { MediaStore } from '../storage/media.ts';
import type { OutboxTable } from '../storage/outbox.ts';
import type { PersonalTables } from '../storage/personal.ts';
import type { QuestionTables } from '../storage/questions.ts';
import type { StaffInbox } from '../storage/staff-inbox.ts';
import type { Store } from '../storage/store.ts';

/** Something staff should hear of. `kind` is a stable English word; the text never names a person. */
export interface Incident {
  kind: string;
  message: string;
  /** What staff call that which it is about. */
  reference?: string;
  /** Somebody it concerns, told as well; internal id, never logged. */
  person?: string;
}

/** Something waits for staff: nothing is broken. */
const WAITS: ReadonlySet<string> = new Set(['form', 'staff_message', 'safeguarding', 'account_attempt']);
/** The platform's rule, not a fault of ours. */
const HINDERED: ReadonlySet<string> = new Set(['outside_window']);

/** How loud an incident is in the log: only what somebody must mend is an error. */
export const levelOf = ({ kind }: Incident): 'info' | 'warn' | 'error' =>
  WAITS.has(kind) ? 'info' : HINDERED.has(kind) ? 'warn' : 'error';

/** What the verbs of the pipeline work with. Each takes the few things it uses. */
export interface Runtime {
  store: Store;
  inbox: InboxTable;
  outbox: OutboxTable;
  conversations: ConversationTables;
  history: HistoryTables;
  forms: FormTables;
  questions: QuestionTables;
  staff: StaffInbox;
  personal: PersonalTables;
  erasures: Erasures;
  channels: ReadonlyMap<string, Channel>;
  media: MediaStore;
  /** Absent: the desk knows nobody by number. */
  accounts?: Accounts;
  answerer: Answerer;
  /** Absent: voice messages are kept for staff. */
  transcriber?: Transcriber;
  desk: Desk;
  sealer: Sealer;
  clock: Clock;
  newId: NewId;
  log: ChannelLog;
  metrics: Pick<Metrics, 'timed' | 'counted'>;
  report(incident: Incident): void;
}

/** One inbox row on its way to a turn. */
export interface InboxJob {
  seq: number;
  channel: string;
  account: string;
  dedupKey: string;
  conversationKey: string;
  receivedAt: number;
  attempts: number;
  notBefore: number;
  /** In memory while fresh; read back from the row after a restart. */
  content?: InboxContent;
}

/** What an inbox row's payload holds. */
export interface InboxContent {
  address: Address;
  /** The channel's raw update. */
  payload: string;
}

export const inboxPlace = (channel: string, account: string, dedupKey: string): string =>
  `inbox|payload|${channel}|${account}|${dedupKey}`;

/** The address on the first line, the raw update after it: neither is parsed twice. */
export const packContent = (content: InboxContent): string =>
  `${JSON.stringify(content.address)}\n${content.payload}`;

export function unpackContent(packed: string): InboxContent {
  const cut = packed.indexOf('\n');
  return { address: JSON.parse(packed.slice(0, cut)) as Address, payload: packed.slice(cut + 1) };
}

export const conversationKey = (
  sealer: Sealer,
  address: Pick<Address, 'channel' | 'account' | 'chat'>,
): string => sealer.digest('address', `${address.channel}|${address.account}|${address.chat}`);

/** Where a person is looked up: one name of theirs on one account of ours. */
export const identityIndex = (
  sealer: Sealer,
  { channel, account }: Pick<Address, 'channel' | 'account'>,
  { scheme, value }: { scheme: string; value: string },
): string => sealer.digest('identity', `${channel}|${account}|${scheme}|${value}`);
