import type { Channel } from '../channels/channel.ts';
import { staffReply } from '../conversation/staff-reply.ts';
import { placeOf } from '../storage/places.ts';
import type { WaitingReply } from '../storage/staff-inbox.ts';
import type { Later } from './later.ts';
import type { Runtime } from './runtime.ts';

type Tools = Pick<Runtime, 'store' | 'staff' | 'sealer' | 'desk' | 'clock' | 'log' | 'metrics'>;

/** Above those of the turn and of late answers. */
const LATER = 2000;

/**
 * Gives people what staff wrote back, in the conversation where they left their message. The message counts as dealt
 * with in the same unit as the outbox row; what cannot be said leaves it waiting, with the reason.
 */
export function createStaffReplies(runtime: Tools, later: Later): { run(): Promise<void> } {
  const { store, staff, sealer, desk, clock, metrics, log } = runtime;
  return {
    run: () =>
      later.each({
        name: 'staff_reply',
        waiting: (channels, limit) => staff.waiting(channels, limit),
        tell,
        failed: ({ id }) => staff.hindered(id, 'failed'),
      }),
  };

  async function tell(row: WaitingReply, channel: Channel): Promise<void> {
    const hindrance = later.hindrance(row, channel);
    if (hindrance === undefined) await send(row, channel);
    else await store.commit([staff.hindered(row.id, hindrance)]);
    const reply = hindrance ?? 'sent';
    metrics.counted('guichet_staff_replies_total', 'Replies of staff to messages left for them.', { reply });
    log.info('staff_reply', { message: row.id, reply });
  }

  async function send(row: WaitingReply, channel: Channel): Promise<void> {
    const sealed = sealer.open(row.reply_sealed, placeOf('staff_messages', 'reply_sealed')({ id: row.id }));
    const { text } = JSON.parse(sealed) as { text: string };
    await later.say(row, channel, {
      reply: staffReply(desk, row.language ?? desk.language, text),
      lane: 'alert',
      correlation: replyCorrelation(row.id),
      inbox_seq: Number(row.place.split('|')[2]),
      // A second reply to one message stands behind the first.
      part: LATER + (row.last_position ?? 0),
      told: staff.replied(row.id, clock.now()),
    });
  }
}

/** Names the outbox rows of a reply to this message. */
export const replyCorrelation = (id: number): string => `staff_message:${String(id)}`;
