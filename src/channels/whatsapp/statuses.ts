import { scrub } from '../../lib/scrub.ts';
import type { DeliveryStatus, Incoming } from '../channel.ts';
import { nameOf } from './events.ts';
import { policyOf } from './failures.ts';
import { child, type Fields, integerIn } from '../fields.ts';
import { childrenIn, stringIn } from './fields.ts';

const STATES: ReadonlyMap<string, DeliveryStatus['state']> = new Map([
  ['sent', 'sent'],
  ['delivered', 'delivered'],
  ['read', 'read'],
  // A voice message that was listened to.
  ['played', 'read'],
  ['failed', 'failed'],
]);

/** One entry of `statuses`. Known by message and state: WhatsApp repeats both, and tells them in any order. */
export function statusItem(entry: Fields, digest: (value: string) => string): Incoming {
  const payload = JSON.stringify(entry);
  const messageRef = stringIn(entry, 'id');
  const word = nameOf(stringIn(entry, 'status'));
  const state = STATES.get(word);
  const dedupKey = `status:${word}:${digest(messageRef ?? payload)}`;
  const item = { dedupKey, kind: 'status', payload };
  if (messageRef === undefined) return { ...item, unusable: 'status without a message' };
  // A state of tomorrow changes nothing for us.
  if (state === undefined) return item;
  const reference = stringIn(entry, 'biz_opaque_callback_data');
  const seconds = Number(stringIn(entry, 'timestamp'));
  const [error] = childrenIn(entry, 'errors');
  return {
    ...item,
    status: {
      messageRef,
      state,
      at: Number.isSafeInteger(seconds) ? seconds * 1000 : 0,
      ...(reference === undefined ? {} : { reference }),
      ...(state === 'failed' ? { error: whyOf(error ?? {}) } : {}),
    },
  };
}

/** One entry of a change's own `errors`: about our account, and no conversation's. Kept aside for staff. */
export function accountErrorItem(entry: Fields, key: string): Incoming {
  const { code, title } = whyOf(entry);
  return {
    dedupKey: `error:${key}`,
    kind: 'error',
    payload: JSON.stringify(entry),
    unusable: `WhatsApp reports ${code}: ${title}`,
  };
}

function whyOf(error: Fields): NonNullable<DeliveryStatus['error']> {
  const code = integerIn(error, 'code');
  const words = [stringIn(error, 'title'), stringIn(child(error, 'error_data') ?? {}, 'details')];
  const title = scrub(words.filter((each) => each !== undefined).join(' · '))
    .replace(/\s+/g, ' ')
    .replace(/\+?\d{8,}/g, '[number]')
    .slice(0, 300)
    .toWellFormed();
  return {
    code: code === undefined ? 'unknown' : String(code),
    title,
    policy: code === undefined ? { retryable: false } : policyOf(code),
  };
}
