import { lateAnswer } from '../conversation/feedback.ts';
import type { Channel } from '../channels/channel.ts';
import { toldBy, type ReplyState, type Waiting } from '../storage/questions.ts';
import type { Later } from './later.ts';
import { questionPlace } from './questions.ts';
import type { Runtime } from './runtime.ts';

type Tools = Pick<Runtime, 'store' | 'questions' | 'sealer' | 'desk' | 'log' | 'metrics'>;

/** Messages of a turn are numbered from 0: what comes later is far above. */
const LATER = 1000;

/**
 * Tells those who asked what staff answered since. The outbox row and the mark that they were told are one unit: whatever
 * happens, nobody is told twice; a row whose call was cut off is not sent again.
 */
export function createLateAnswers(runtime: Tools, later: Later): { run(): Promise<void> } {
  const { store, questions, metrics, log } = runtime;
  return {
    run: () =>
      later.each({
        name: 'late_answer',
        waiting: (channels, limit) => questions.waiting(channels, limit),
        tell,
        failed: ({ id }) => questions.told({ id, reply: 'failed' }),
      }),
  };

  async function tell(row: Waiting, channel: Channel): Promise<void> {
    const refused = whyNot(row, channel);
    if (refused === undefined) await send(row, channel);
    else await store.commit([questions.told({ id: row.id, reply: refused })]);
    const reply: ReplyState = refused ?? 'sent';
    metrics.counted('guichet_late_answers_total', 'Answers of staff to people who had asked.', { reply });
    log.info('late_answer', { question: row.id, reply });
  }

  function whyNot(row: Waiting, channel: Channel): ReplyState | undefined {
    if (row.text_sealed === null) return 'gone';
    const hindrance = later.hindrance(row, channel);
    const there = hindrance !== 'gone' && hindrance !== 'in_group';
    return there && row.notifications === 0 ? 'opted_out' : hindrance;
  }

  async function send(row: Waiting, channel: Channel): Promise<void> {
    const { sealer, desk } = runtime;
    if (row.text_sealed === null) return;
    const reply = lateAnswer(desk, row.language ?? desk.language, {
      question: row.id,
      asked: sealer.open(row.text_sealed, questionPlace(row.id)),
      body: row.body,
    });
    const [seq = '', ask = ''] = row.id.split('.');
    await later.say(row, channel, {
      reply,
      // It interrupts nobody's turn, and a call that was cut off is not made again.
      lane: 'broadcast',
      correlation: toldBy(row.id),
      inbox_seq: parseInt(seq, 36),
      part: LATER + parseInt(ask, 36),
      told: questions.told({ id: row.id, reply: 'sent' }),
    });
  }
}
