import type { Channel } from '../channels/channel.ts';
import type { Desk } from '../desk/desk.ts';
import type { Address, InboundEvent, Sender } from '../message/event.ts';
import type { PlatformCall, Reply } from '../message/outbound.ts';
import { fill } from '../message/rich.ts';
import type { Effect, SessionState } from '../message/session.ts';
import { flatten } from '../message/styled.ts';
import type { ConversationContext, KnownPerson } from '../storage/conversations.ts';
import type { Statement } from '../storage/store.ts';
import { conversationKey, type InboxJob, type Runtime } from './runtime.ts';

/** One outbox row on its way to `deliver`. */
export interface OutboxJob {
  id: string;
  channel: string;
  destination: string;
  conversationId: string | null;
  lane: 'interactive' | 'alert' | 'broadcast';
  attempt: number;
  notBefore: number;
  expiresAt: number;
  /** In memory while fresh; read back from the row after a restart. */
  call?: PlatformCall;
}

export interface TurnResult {
  /** The session goes on; otherwise a new one starts with this turn. */
  continues: boolean;
  session: SessionState;
  replies: Reply[];
  effects: Effect[];
  counted: boolean;
}

export interface TurnFacts {
  job: InboxJob;
  channel: Channel;
  address: Address;
  event: InboundEvent;
  conversation?: ConversationContext;
  person?: KnownPerson;
  identity?: string;
  now: number;
  result: TurnResult;
  /** The statement that settles the inbox row, when it is not simply done. */
  settle?: Statement;
}

/** A reply that could not leave for a day is of no use any more. */
const REPLY_EXPIRES_MS = 24 * 3600_000;

export const outboxPlace = (id: string): string => `outbox|payload|${id}`;
export const addressPlace = (id: string): string => `conversations|address|${id}`;

/** The effects of a turn as statements: they are committed together, or the turn did not happen. */
export function composeTurn(
  runtime: Pick<
    Runtime,
    'inbox' | 'outbox' | 'conversations' | 'history' | 'sealer' | 'clock' | 'newId' | 'desk'
  >,
  facts: TurnFacts,
): { statements: Statement[]; outbox: OutboxJob[] } {
  const { inbox, outbox, conversations, history, sealer, newId, desk } = runtime;
  const { job, channel, address, event, conversation, person, now, result } = facts;
  const at = runtime.clock.now();
  const statements: Statement[] = [facts.settle ?? inbox.finish({ seq: job.seq, at })];

  // A group's talk that is not for us leaves no trace but its inbox row.
  if (address.kind !== 'private' && result.replies.length === 0 && result.effects.length === 0) {
    return { statements, outbox: [] };
  }

  const personId = identify();
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

  const sessionId = (result.continues ? conversation?.session_id : null) ?? newId();
  statements.push(
    conversations.saveSession({
      id: sessionId,
      conversation_id: conversationId,
      person_id: ownerId,
      started_at: result.continues ? (conversation?.session_started_at ?? now) : now,
      last_activity_at: now,
      message_count: (result.continues ? (conversation?.session_message_count ?? 0) : 0) + 1,
      state_sealed: sealer.seal(JSON.stringify(result.session), `sessions|state|${sessionId}`),
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

  const language = person?.language ?? desk.language;
  const mark = (i: number, n: number): string => continued(desk, language, i, n);
  const jobs: OutboxJob[] = [];
  let position = conversation?.last_position ?? 0;
  let length = 0;
  for (const reply of result.replies) {
    const text = flatten(reply.body).text;
    length += text.length;
    statements.push(message('out', 'text', { text }));
    for (const call of channel.render(reply, { address, event, part: mark })) {
      const id = newId();
      position++;
      const expires = now + REPLY_EXPIRES_MS;
      statements.push(
        outbox.insert({
          id,
          channel: address.channel,
          account: address.account,
          destination_index: job.conversationKey,
          conversation_id: conversationId,
          person_id: personId,
          lane: 'interactive',
          position,
          payload_sealed: sealer.seal(JSON.stringify(call), outboxPlace(id)),
          expires_at: expires,
          correlation: `inbox:${job.seq}`,
          replaces: reply.inPlace && event.messageRef !== undefined ? event.messageRef : null,
          created_at: now,
        }),
      );
      jobs.push({
        id,
        channel: address.channel,
        destination: job.conversationKey,
        conversationId,
        lane: 'interactive',
        attempt: 0,
        notBefore: 0,
        expiresAt: expires,
        call,
      });
    }
  }
  statements.push(
    conversations.touchConversation({
      id: conversationId,
      at: now,
      was: conversation?.last_position ?? 0,
      position,
    }),
  );

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
      case 'reachable':
        statements.push(
          conversations.setReachable({ id: conversationId, unreachable_at: effect.reachable ? null : now }),
        );
        break;
      case 'moved': {
        const moved: Address = { ...address, chat: effect.chat };
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
  return { statements, outbox: jobs };

  /** The internal id of who wrote, with the rows that make them known when they are new or changed their name. */
  function identify(): string | null {
    const { sender } = event;
    if (!sender || facts.identity === undefined || address.kind === 'channel')
      return person?.person_id ?? null;
    const profile = JSON.stringify(profileOf(sender));
    const sealedProfile = (id: string): Uint8Array => sealer.seal(profile, `identities|profile|${id}`);
    if (person) {
      if (sealer.open(person.profile_sealed, `identities|profile|${person.identity_id}`) !== profile) {
        statements.push(
          conversations.updateProfile({
            id: person.identity_id,
            profile_sealed: sealedProfile(person.identity_id),
            at: now,
          }),
        );
      }
      return person.person_id;
    }
    const id = newId();
    const identityId = newId();
    statements.push(
      conversations.insertPerson({ id, at: now }),
      conversations.insertIdentity({
        id: identityId,
        person_id: id,
        channel: address.channel,
        account: address.account,
        scheme: sender.scheme,
        value_index: facts.identity,
        value_sealed: sealer.seal(sender.value, `identities|value|${identityId}`),
        profile_sealed: sealedProfile(identityId),
        is_bot: sender.isBot ? 1 : 0,
        at: now,
      }),
      conversations.insertPreferences({ person_id: id, language: desk.language, at: now }),
    );
    return id;
  }
}

/** The mark of part `i` of `n` of a long text. */
function continued(desk: Desk, language: string, i: number, n: number): string {
  const texts = desk.languages.get(language) ?? desk.languages.get(desk.language);
  return flatten(fill(texts?.texts.continued ?? [], { i: String(i), n: String(n) })).text;
}

function profileOf(sender: Sender): Record<string, string> {
  const { firstName, lastName, username, language } = sender;
  return Object.fromEntries(
    Object.entries({ firstName, lastName, username, language }).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    ),
  );
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
