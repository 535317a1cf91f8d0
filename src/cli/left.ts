import { systemClock } from '../lib/clock.ts';
import { scrub, scrubName } from '../lib/scrub.ts';
import type { SentForm } from '../message/form.ts';
import { accountDesk } from '../storage/account-desk.ts';
import { placeOf } from '../storage/places.ts';
import { staffInbox, type StaffRow } from '../storage/staff-inbox.ts';
import { actor } from './actor.ts';
import type { DeskData } from './data.ts';

/** What somebody left for staff, opened. */
export interface Left {
  row: StaffRow;
  /** First name, as the platform tells it; undefined: unknown. */
  from?: string;
  /** Of a message. */
  text?: string;
  form?: SentForm;
}

/**
 * Opens what people left. Whatever is confidential, or shows somebody's number, is noted in the log of looks before
 * anybody sees it.
 */
export async function openLeft({ store, sealer }: DeskData, rows: readonly StaffRow[]): Promise<Left[]> {
  const inbox = staffInbox(store);
  const opened: Left[] = [];
  for (const row of rows) {
    const body = JSON.parse(sealer.open(row.body_sealed, row.place)) as SentForm | { text: string };
    const profile = row.person_id === null ? undefined : await inbox.profile(row.person_id);
    const known = profile && sealer.open(profile.profile_sealed, `identities|profile|${profile.id}`);
    const { firstName } = JSON.parse(known ?? '{}') as { firstName?: string };
    opened.push({
      row,
      ...(firstName === undefined ? {} : { from: scrubName(firstName) }),
      ...('answers' in body ? { form: body } : { text: scrub(body.text) }),
    });
  }
  const looked = opened.filter(({ row, form }) => row.kind === 'safeguarding' || showsPhone(form));
  if (looked.length > 0) {
    const confidential = looked.some(({ row }) => row.kind === 'safeguarding');
    const ids = looked.map(({ row }) => String(row.id)).join(', ');
    await accountDesk(store).reveal({
      at: systemClock.now(),
      actor: actor(),
      accountId: null,
      reason: `${confidential ? 'confidential messages' : 'forms with a number'}: ${ids}`,
    });
  }
  return opened;
}

/** What staff wrote back last, and what became of it. */
export function openReply({ sealer }: DeskData, { id, reply, reply_sealed }: StaffRow): string {
  if (reply === null || reply_sealed === null) return '';
  const sealed = sealer.open(reply_sealed, placeOf('staff_messages', 'reply_sealed')({ id }));
  const { text } = JSON.parse(sealed) as { text: string };
  return `→ ${scrub(text).replaceAll('\n', ' ')} (${REPLY[reply]})`;
}

const REPLY = {
  wanted: 'leaves once the desk runs',
  sent: 'sent',
  outside_window: 'not sent: too long after their last message',
  unreachable: 'not sent: they cannot be reached there',
  in_group: 'not sent: it came from a group',
  gone: 'not sent: the conversation is gone',
  failed: 'not sent: an error, see the log',
} as const;

const showsPhone = (form: SentForm | undefined): boolean =>
  form?.answers.some(({ kind, value }) => kind === 'phone' && value !== null) === true;
