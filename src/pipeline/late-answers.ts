import { lateAnswer } from '../conversation/feedback.ts';
import { plainText } from '../conversation/texts.ts';
import type { Channel } from '../channels/channel.ts';
import { flatten } from '../message/styled.ts';
import type { Address } from '../message/event.ts';
import { placeOf } from '../storage/places.ts';
import type { ReplyState, Waiting } from '../storage/questions.ts';
import { ConflictError } from '../storage/store.ts';
import { addressPlace } from './compose.ts';
import { questionPlace } from './questions.ts';
import { outboxPlace, type OutboxJob } from './replies.ts';
import type { Runtime } from './runtime.ts';

type Tools = Pick<
  Runtime,
  | 'store'
  | 'outbox'
  | 'conversations'
  | 'history'
  | 'questions'
  | 'channels'
  | 'sealer'
  | 'clock'
  | 'newId'
  | 'desk'
  | 'log'
  | 'metrics'
>;

/** Written together, they leave together: what is done in one go. */
const AT_ONCE = 50;
const EXPIRES_MS = 24 * 3600_000;
/** A window that closes before the message can leave is closed. */
const MARGIN_MS = 5 * 60_000;
/** Messages of a turn are numbered from 0: what comes later is far above. */
const LATER = 1000;

/**
 * Tells those who asked what staff answered since. The outbox row and the mark that they were told are one unit: whatever
 * happens, nobody is told twice; a row whose call was cut off is not sent again.
 */
export function createLateAnswers(
  runtime: Tools,
  deliver: (jobs: OutboxJob[]) => void,
): { run(): Promise<void> } {
  const { store, questions, channels, metrics, log } = runtime;
  let running = false;

  return {
    async run() {
      if (running || channels.size === 0) return;
      running = true;
      try {
        for (const row of await questions.waiting([...channels.keys()], AT_ONCE)) {
          try {
            await tell(row);
          } catch (error) {
            // A turn of theirs was faster, or they are gone: read again next time.
            if (!(error instanceof ConflictError)) throw error;
          }
        }
      } finally {
        running = false;
      }
    },
  };

  async function tell(row: Waiting): Promise<void> {
    const channel = channels.get(row.channel);
    if (!channel) return;
    const refused = whyNot(row, channel);
    if (refused === undefined) await send(row, channel);
    else await store.commit([questions.told({ id: row.id, reply: refused })]);
    const reply: ReplyState = refused ?? 'sent';
    metrics.counted('guichet_late_answers_total', 'Answers of staff to people who had asked.', { reply });
    log.info('late_answer', { question: row.id, reply });
  }

  function whyNot(row: Waiting, { capabilities: { window } }: Channel): ReplyState | undefined {
    if (row.kind !== 'private' || row.person_id === null || row.text_sealed === null) return 'gone';
    if (row.notifications === 0) return 'opted_out';
    if (row.unreachable_at !== null) return 'unreachable';
    const open =
      window === undefined || runtime.clock.now() + MARGIN_MS < (row.last_inbound_at ?? 0) + window.ms;
    return open ? undefined : 'outside_window';
  }

  async function send(row: Waiting, channel: Channel): Promise<void> {
    const { sealer, desk, newId, outbox, conversations, history } = runtime;
    const { conversation_id: id, address_index: destination, address_sealed, text_sealed } = row;
    if (id === null || destination === null || address_sealed === null || text_sealed === null) return;
    const language = row.language ?? desk.language;
    const reply = lateAnswer(desk, language, {
      question: row.id,
      asked: sealer.open(text_sealed, questionPlace(row.id)),
      body: row.body,
    });
    const calls = channel.render(reply, {
      address: JSON.parse(sealer.open(address_sealed, addressPlace(id))) as Address,
      part: (i, n) => plainText(desk, language, 'continued', { i: String(i), n: String(n) }),
      openList: plainText(desk, language, 'open_list'),
    });
    const now = runtime.clock.now();
    const was = row.last_position ?? 0;
    const rows = calls.map((call) => ({ id: newId(), call }));
    const [seq = '', ask = ''] = row.id.split('.');
    const inbox_seq = parseInt(seq, 36);
    const part = LATER + parseInt(ask, 36);
    await store.commit([
      questions.told({ id: row.id, reply: 'sent' }),
      conversations.touchConversation({ id, said_at: null, was, position: was + rows.length }),
      history.insertMessage({
        conversation_id: id,
        person_id: row.person_id,
        session_id: null,
        direction: 'out',
        kind: 'text',
        body_sealed: sealer.seal(
          JSON.stringify({ text: flatten(reply.body).text }),
          placeOf('messages', 'body_sealed')({ inbox_seq, part }),
        ),
        inbox_seq,
        part,
        counted: 0,
        at: now,
      }),
      ...rows.map((each, at) =>
        outbox.insert({
          id: each.id,
          channel: channel.name,
          account: channel.account,
          destination_index: destination,
          conversation_id: id,
          person_id: row.person_id,
          // It interrupts nobody's turn, and a call that was cut off is not made again.
          lane: 'broadcast',
          position: was + at + 1,
          payload_sealed: sealer.seal(JSON.stringify(each.call), outboxPlace(each.id)),
          expires_at: now + EXPIRES_MS,
          correlation: `question:${row.id}`,
          replaces: null,
          created_at: now,
        }),
      ),
    ]);
    deliver(
      rows.map((each) => ({
        id: each.id,
        channel: channel.name,
        destination,
        conversationId: id,
        lane: 'broadcast' as const,
        attempt: 0,
        notBefore: 0,
        expiresAt: now + EXPIRES_MS,
        call: each.call,
      })),
    );
  }
}
