import type { Channel } from '../channels/channel.ts';
import type { Address, InboundEvent } from '../message/event.ts';
import type { Reply } from '../message/outbound.ts';
import type { Effect, SessionState } from '../message/session.ts';
import { flatten } from '../message/styled.ts';
import type { ConversationContext, KnownPerson } from '../storage/conversations.ts';
import type { Statement } from '../storage/store.ts';
import type { KeptRow } from './files.ts';
import { formStatements } from './forms.ts';
import { identify, rename, takeOver } from './identities.ts';
import { questionStatement, voteStatement, type VoteCast } from './questions.ts';
import { outboxRows, saidAt, type OutboxJob } from './replies.ts';
import { conversationKey, type Incident, type InboxJob, type Runtime } from './runtime.ts';

export interface TurnResult {
  /** The session goes on; otherwise a new one starts with this turn. */
  continues: boolean;
  sessionId: string;
  session: SessionState;
  replies: Reply[];
  effects: Effect[];
  counted: boolean;
  /** Files of this turn that are on disk. */
  kept: KeptRow[];
  /** What else commits, once it is known who wrote; last, because it may make two persons one. */
  after: ((personId: string | null) => Statement[])[];
  incidents: Incident[];
}

export interface TurnFacts {
  job: InboxJob;
  channel: Channel;
  address: Address;
  event: InboundEvent;
  conversation?: ConversationContext;
  person?: KnownPerson;
  identity?: string;
  /** The number was somebody else's until now; whose conversation this was, if they had one. */
  former?: { conversation?: ConversationContext };
  now: number;
  result: TurnResult;
  /** The statement that settles the inbox row, when it is not simply done. */
  settle?: Statement;
}

export const addressPlace = (id: string): string => `conversations|address|${id}`;

export interface Composed {
  statements: Statement[];
  outbox: OutboxJob[];
  votes: VoteCast[];
}

/** The effects of a turn as statements: they are committed together, or the turn did not happen. */
export function composeTurn(
  runtime: Pick<
    Runtime,
    | 'inbox'
    | 'outbox'
    | 'conversations'
    | 'history'
    | 'forms'
    | 'questions'
    | 'media'
    | 'personal'
    | 'sealer'
    | 'clock'
    | 'newId'
    | 'desk'
  >,
  facts: TurnFacts,
): Composed {
  const { inbox, conversations, history, sealer, newId } = runtime;
  const { job, address, event, conversation, person, now, result } = facts;
  const at = runtime.clock.now();
  const statements: Statement[] = [facts.settle ?? inbox.finish({ seq: job.seq, at })];

  // A group's talk that is not for us leaves no trace but its inbox row.
  if (address.kind !== 'private' && result.replies.length === 0 && result.effects.length === 0) {
    return { statements, outbox: [], votes: [] };
  }

  if (facts.former) statements.push(...takeOver(runtime, facts));
  const { personId, statements: met } = identify(runtime, facts);
  statements.push(...met);
  const conversationId = conversation?.id ?? newId();
  const ownerId = address.kind === 'private' ? personId : null;
  if (!conversation) {
    statements.push(
      conversations.insertConversation({
        id: conversationId,
        channel: address.channel,
        account: address.account,
        address_index: job.conversationKey,
        address_sealed: sealer.seal(JSON.stringify(address), addressPlace(conversationId)),
        kind: address.kind,
        person_id: ownerId,
        at: now,
      }),
    );
  }

  const { sessionId } = result;
  const state = {
    id: sessionId,
    last_activity_at: now,
    message_count: (result.continues ? (conversation?.session_message_count ?? 0) : 0) + 1,
    state_sealed: sealer.seal(JSON.stringify(result.session), `sessions|state|${sessionId}`),
  };
  statements.push(
    result.continues
      ? conversations.continueSession(state)
      : conversations.startSession({
          ...state,
          conversation_id: conversationId,
          person_id: ownerId,
          started_at: now,
        }),
  );

  let part = 0;
  const message = (direction: 'in' | 'out', kind: string, body: Record<string, unknown>): Statement => {
    const place = `messages|body|${String(job.seq)}|${String(part)}`;
    return history.insertMessage({
      conversation_id: conversationId,
      person_id: personId,
      session_id: sessionId,
      direction,
      kind,
      body_sealed: sealer.seal(JSON.stringify(body), place),
      inbox_seq: job.seq,
      part: part++,
      counted: direction === 'in' && result.counted ? 1 : 0,
      at: now,
    });
  };
  statements.push(
    message('in', event.kind, {
      text: textOf(event),
      ...(event.kind === 'media' ? { media: event.media } : {}),
      ref: event.messageRef,
    }),
  );

  for (const kept of result.kept) {
    statements.push(
      runtime.media.insert({ ...kept, conversation_id: conversationId, person_id: personId, at: now }),
    );
  }

  let length = 0;
  for (const reply of result.replies) {
    if (reply.acknowledges) continue;
    const text = flatten(reply.body).text;
    length += text.length;
    statements.push(message('out', 'text', { text }));
  }
  const was = conversation?.last_position ?? 0;
  const rows = outboxRows(runtime, facts, {
    conversationId,
    personId,
    destination: job.conversationKey,
    after: was,
  });
  statements.push(...rows.statements);
  statements.push(
    conversations.touchConversation({
      id: conversationId,
      said_at: saidAt(event, now),
      was,
      position: was + rows.outbox.length,
    }),
  );

  const votes: VoteCast[] = [];
  for (const effect of result.effects) {
    switch (effect.type) {
      case 'interaction':
        statements.push(
          history.insertInteraction({
            person_id: personId,
            conversation_id: conversationId,
            channel: address.channel,
            action: effect.action,
            data: effect.data ?? null,
            response_length: length,
            response_time_ms: Math.max(0, at - job.receivedAt),
            at: now,
          }),
        );
        break;
      case 'preference': {
        const { language, notifications } = effect;
        if (personId === null) break;
        const wanted = {
          ...(language && { language }),
          ...(notifications !== undefined && { notifications }),
        };
        statements.push(runtime.personal.setPreferences(personId, { ...wanted, at: now }));
        break;
      }
      case 'forget_documents':
        statements.push(...runtime.media.forgetOf(sessionId));
        break;
      // It takes the whole turn: `composeErasure`.
      case 'erase':
        break;
      case 'reachable':
        statements.push(
          conversations.setReachable({ id: conversationId, unreachable_at: effect.reachable ? null : now }),
        );
        break;
      case 'staff_message': {
        const place = `staff_messages|body|${String(job.seq)}|${String(statements.length)}`;
        statements.push(
          history.insertStaffMessage({
            person_id: personId,
            conversation_id: conversationId,
            kind: effect.kind,
            form: null,
            body_sealed: sealer.seal(JSON.stringify({ text: effect.text }), place),
            place,
            at: now,
          }),
        );
        break;
      }
      case 'drafts':
      case 'form_sent': {
        if (personId === null) break;
        const filler = { personId, person, conversationId, seq: job.seq, now };
        statements.push(...formStatements(runtime, effect, filler));
        break;
      }
      case 'question': {
        const asker = { personId, conversationId, sessionId, channel: address.channel, now };
        statements.push(questionStatement(runtime, effect, asker));
        break;
      }
      case 'vote': {
        if (personId === null) break;
        votes.push({ vote: effect.vote, statement: statements.length });
        statements.push(voteStatement(runtime, effect, personId, now));
        break;
      }
      case 'moved': {
        const moved: Address = { ...address, chat: effect.chat };
        if (effect.identity) statements.push(...rename(runtime, facts, personId, effect.identity));
        statements.push(
          conversations.move({
            id: conversationId,
            address_index: conversationKey(sealer, moved),
            address_sealed: sealer.seal(JSON.stringify(moved), addressPlace(conversationId)),
          }),
        );
        break;
      }
    }
  }
  statements.push(...result.after.flatMap((after) => after(personId)));
  return { statements, outbox: rows.outbox, votes };
}

function textOf(event: InboundEvent): string | undefined {
  switch (event.kind) {
    case 'text':
      return event.text;
    case 'edited':
      return event.text;
    case 'media':
      return event.caption;
    case 'tap':
      return event.data;
    case 'staff_reply':
      return event.markdown;
    case 'contact':
    case 'membership':
    case 'moved':
    case 'other':
    case 'take_over':
    case 'hand_back':
    case 'timer':
      return undefined;
  }
}
