import type { ChildView } from '../message/account.ts';
import type { Channel } from '../channels/channel.ts';
import { decide, technicalError } from '../conversation/decide.ts';
import type { Outcome } from '../jobs/lanes.ts';
import type { Address, InboundEvent, Sender } from '../message/event.ts';
import type { Ask, Effect, Turn } from '../message/session.ts';
import type { Reply } from '../message/outbound.ts';
import type { ConversationContext, KnownPerson } from '../storage/conversations.ts';
import { ConflictError, StoreUnavailableError, type Statement } from '../storage/store.ts';
import { composeTurn, type TurnFacts, type TurnResult } from './compose.ts';
import { perform } from './asks.ts';
import { composeErasure, erases } from './erase.ts';
import type { KeptRow } from './files.ts';
import { aliasesOf } from './identities.ts';
import { countQuestions } from './questions.ts';
import { draftsOf } from './forms.ts';
import type { OutboxJob } from './replies.ts';
import {
  identityIndex,
  inboxPlace,
  unpackContent,
  type Incident,
  type InboxContent,
  type InboxJob,
  type Runtime,
} from './runtime.ts';
import type { Signals } from './signals.ts';

const MOST_ATTEMPTS = 5;
/** Waits before attempts 2 to 5: all five within a minute. Milliseconds. */
const BACKOFF = [1000, 3000, 8000, 20_000];
const STORE_RETRY_MS = 1000;
const LIMIT_WINDOW_MS = 60_000;
const MOST_ASKS = 8;

/**
 * Handles one inbox row: reads the conversation, decides, performs what the decision asks for (outside any
 * transaction), decides again, and commits every effect in one unit. A crash anywhere before the commit leaves the
 * row pending, and the turn is played again.
 */
export function createTurn(
  runtime: Runtime,
  signals: Signals,
  deliver: (jobs: OutboxJob[]) => void,
): (job: InboxJob) => Promise<Outcome> {
  const { store, inbox, conversations, channels, sealer, clock, newId, desk, log, metrics, report } = runtime;

  return async (job) => {
    if (job.notBefore > clock.monotonic()) return { retryAt: job.notBefore };
    try {
      await play(job);
      metrics.timed(
        'guichet_turn_seconds',
        'From the arrival of an event until its replies are on disk.',
        { channel: job.channel },
        Math.max(0, clock.now() - job.receivedAt),
      );
      return 'done';
    } catch (error) {
      if (error instanceof StoreUnavailableError) return { retryAt: clock.monotonic() + STORE_RETRY_MS };
      if (error instanceof ConflictError && (await settled(job))) return 'done';
      return await fail(job, error);
    }
  };

  async function play(job: InboxJob): Promise<void> {
    const channel = channels.get(job.channel);
    if (!channel) throw new Error(`No channel named ${job.channel} is running.`);
    const content = job.content ?? (await readContent(job));
    if (!content) return;
    const event = channel.read(content.payload);
    const context = await readConversation(job, event, content.address);
    const result = await converse(job.seq, channel, content.address, event, context);
    const facts = { job, channel, address: content.address, event, ...context, result };
    if (erases(result)) {
      const { statements, outbox, incidents, erased } = await composeErasure(runtime, facts);
      // First: whatever becomes of the rest, they have confirmed it.
      if (context.person) await runtime.erasures.add(context.person.person_id, context.now);
      const done = await store.commit(statements);
      deliver(outbox);
      await erased(done);
      for (const incident of incidents) report(incident);
      return;
    }
    const composed = composeTurn(runtime, facts);
    const done = await store.commit(composed.statements);
    deliver(composed.outbox);
    countQuestions(metrics, result.effects, composed.votes, done);
    for (const incident of [...result.incidents, ...incidentsOf(result.effects)]) report(incident);
  }

  async function readContent(job: InboxJob): Promise<InboxContent | undefined> {
    const sealed = await inbox.payload(job.seq);
    if (!sealed) return undefined;
    return unpackContent(sealer.open(sealed, inboxPlace(job.channel, job.account, job.dedupKey)));
  }

  async function readConversation(
    job: InboxJob,
    event: InboundEvent,
    address: Address,
  ): Promise<Pick<TurnFacts, 'conversation' | 'person' | 'identity' | 'former' | 'now'>> {
    const now = clock.now();
    const { sender } = event;
    const identity = sender && identityIndex(sealer, address, sender);
    const [conversation, person] = await Promise.all([
      conversations.context(job.conversationKey, now),
      sender && address.kind !== 'channel' ? knownAs(address, sender, now) : undefined,
    ]);
    if (sender && person && identity !== undefined && (await isGivenAway(address, sender, person, now))) {
      log.info('number_given_away', { channel: address.channel, person: person.person_id });
      return { now, identity, former: conversation ? { conversation } : {} };
    }
    return {
      now,
      ...(conversation ? { conversation } : {}),
      ...(person ? { person } : {}),
      ...(identity === undefined ? {} : { identity }),
    };
  }

  /** The person of this name, else of the other names that the platform gives for them. */
  async function knownAs(address: Address, sender: Sender, now: number): Promise<KnownPerson | undefined> {
    for (const name of [sender, ...(sender.aliases ?? [])]) {
      const index = identityIndex(sealer, address, name);
      const person = await conversations.person(index, now - LIMIT_WINDOW_MS, now);
      if (person) return person;
    }
    return undefined;
  }

  /** A number that comes with another id than it had, of which nobody told, has a new owner: nothing of theirs is its. */
  async function isGivenAway(
    address: Address,
    { aliases = [] }: Sender,
    person: KnownPerson,
    now: number,
  ): Promise<boolean> {
    const before = aliasesOf(sealer, person);
    for (const alias of aliases) {
      const was = before.find(({ scheme }) => scheme === alias.scheme);
      if (!was || was.value === alias.value) continue;
      const index = identityIndex(sealer, address, alias);
      const owner = await conversations.person(index, now - LIMIT_WINDOW_MS, now);
      if (owner?.person_id !== person.person_id) return true;
    }
    return false;
  }

  /** What `decide` sees of the conversation. */
  function viewOf(
    seq: number,
    channel: Channel,
    address: Address,
    event: InboundEvent,
    { conversation, person, now }: { conversation?: ConversationContext; person?: KnownPerson; now: number },
  ): Turn {
    const silence = now - (conversation?.session_last_activity_at ?? Number.NEGATIVE_INFINITY);
    // A clock that went back must not end a session, nor keep one for ever.
    const continues = conversation?.session_id != null && Math.abs(silence) < desk.sessionMs;
    const firstName = event.sender?.firstName;
    return {
      session:
        continues && conversation.session_state_sealed
          ? (JSON.parse(
              sealer.open(
                conversation.session_state_sealed,
                `sessions|state|${conversation.session_id ?? ''}`,
              ),
            ) as Turn['session'])
          : {},
      sessionId: (continues ? conversation.session_id : null) ?? newId(),
      newSession: !continues,
      greet: !continues && address.kind === 'private' && !channel.capabilities.opensWithStart,
      channel: channel.title,
      ...(channel.capabilities.tellsAlbums && { tellsAlbums: true }),
      seq,
      drafts: draftsOf(runtime, person, now),
      ...(person?.account ? { account: person.account } : {}),
      ...(event.sender?.scheme === 'phone' ? { phone: event.sender.value } : {}),
      person: {
        id: person?.person_id ?? '',
        ...(firstName === undefined ? {} : { firstName }),
        language: person?.language ?? desk.language,
        notifications: person?.notifications !== 0,
      },
      chat: address.kind,
      mode: conversation?.mode ?? 'bot',
      recentMessages: person?.recent ?? 0,
      now,
    };
  }

  async function converse(
    seq: number,
    channel: Channel,
    address: Address,
    event: InboundEvent,
    context: { conversation?: ConversationContext; person?: KnownPerson; now: number },
  ): Promise<TurnResult> {
    let turn = viewOf(seq, channel, address, event, context);
    const continues = !turn.newSession;

    const kept: KeptRow[] = [];
    const after: TurnResult['after'] = [];
    let children: ChildView[] | undefined;
    const incidents: Incident[] = [];
    const replies: Reply[] = [];
    const effects: Effect[] = [];
    const first = decide(turn, { event }, desk);
    let counted = first.counted;
    let decision = first;
    const asks: Ask[] = [];
    let stopTyping = (): void => undefined;
    try {
      for (let asked = 0; ; asked++) {
        replies.push(...decision.replies);
        effects.push(...decision.effects);
        asks.push(...decision.asks);
        counted ||= decision.counted;
        turn = { ...turn, session: decision.session };
        const ask = asks.shift();
        if (!ask) break;
        if (asked >= MOST_ASKS) throw new Error('A turn asked for too many things: a flow does not end.');
        if (asked === 0) stopTyping = signals.typing(channel, address, event);
        const personId = context.person?.person_id;
        const asker = {
          channel,
          sessionId: turn.sessionId,
          seq,
          ...(personId !== undefined && { personId }),
          ...(children && { children }),
        };
        const done = await perform(runtime, ask, asker);
        if (done.kept) kept.push(...done.kept);
        if (done.after) after.push(done.after);
        children = done.children ?? children;
        if (done.incident) incidents.push(done.incident);
        turn = { ...turn, asked };
        decision = decide(turn, { event, result: done.result }, desk);
      }
    } finally {
      stopTyping();
    }
    return {
      continues,
      sessionId: turn.sessionId,
      session: turn.session,
      replies,
      effects,
      counted,
      kept,
      after,
      incidents,
    };
  }

  /** Buries the row and tells the person that their message failed, in one unit. */
  async function apologise(job: InboxJob, settle: Statement): Promise<void> {
    const channel = channels.get(job.channel);
    const content = job.content ?? (await readContent(job));
    if (!channel || content?.address.kind !== 'private') throw new Error('There is nobody to tell.');
    const event = channel.read(content.payload);
    const context = await readConversation(job, event, content.address);
    const view = viewOf(job.seq, channel, content.address, event, context);
    const result: TurnResult = {
      continues: !view.newSession,
      sessionId: view.sessionId,
      session: view.session,
      replies: [technicalError(view, event, desk)],
      effects: [{ type: 'interaction', action: 'failed' }],
      counted: false,
      kept: [],
      after: [],
      incidents: [],
    };
    const composed = composeTurn(runtime, {
      job,
      channel,
      address: content.address,
      event,
      ...context,
      result,
      settle,
    });
    await store.commit(composed.statements);
    deliver(composed.outbox);
  }

  async function settled(job: InboxJob): Promise<boolean> {
    return !(await inbox.payload(job.seq));
  }

  async function fail(job: InboxJob, error: unknown): Promise<Outcome> {
    job.attempts++;
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    log.error('turn_failed', { seq: job.seq, attempt: job.attempts, reason });
    const at = clock.now();
    try {
      if (job.attempts < MOST_ATTEMPTS) {
        // Two turns that met on the same new person or row: simply read again.
        const wait = error instanceof ConflictError ? 0 : (BACKOFF[job.attempts - 1] ?? STORE_RETRY_MS);
        job.notBefore = clock.monotonic() + wait;
        await store.commit([inbox.retry({ seq: job.seq, not_before: at + wait, error: reason })]);
        return { retryAt: job.notBefore };
      }
      const buried = inbox.bury({ seq: job.seq, at, error: reason });
      await apologise(job, buried).catch(() => store.commit([buried]));
      report({
        kind: 'dead_letter',
        message: `An update could not be handled after ${MOST_ATTEMPTS} attempts (inbox ${job.seq}): ${reason}`,
      });
      return 'done';
    } catch (storeError) {
      if (storeError instanceof ConflictError) return 'done';
      return { retryAt: clock.monotonic() + STORE_RETRY_MS };
    }
  }
}

/** What staff must hear of; never the words themselves. */
function incidentsOf(effects: readonly Effect[]): Incident[] {
  return effects.flatMap((effect): Incident[] => {
    if (effect.type === 'form_sent')
      return [{ kind: 'form', message: 'Somebody sent a form: read it with "guichet inbox".' }];
    if (effect.type !== 'staff_message') return [];
    return effect.kind === 'safeguarding'
      ? [
          {
            kind: 'safeguarding',
            message: 'Somebody wrote of a person in danger: read it now with "guichet inbox --confidential".',
          },
        ]
      : [
          {
            kind: 'staff_message',
            message: 'Somebody left a message for staff: read it with "guichet inbox".',
          },
        ];
  });
}
