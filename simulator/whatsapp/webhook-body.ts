import { isObject } from '../shared/json.ts';
import type { JsonObject } from '../shared/json.ts';

/** One thing that happened: a `value` with one message, one status, or anything given raw. */
export interface WebhookEvent {
  field: string;
  value: JsonObject;
  /** What happens to one person is delivered in order, as long as nothing fails. */
  lane: string;
}

const WABA = '200000000000001';
const LISTS = ['contacts', 'messages', 'statuses'] as const;

/**
 * One POST for several events: pairs share a change, the third gets its own change, the fourth its own entry, and so
 * on: who reads `[0][0][0]` misses most of them.
 */
export function webhookBody(events: readonly WebhookEvent[]): JsonObject {
  const entries: { id: string; changes: { value: JsonObject; field: string }[] }[] = [];
  events.forEach(({ field, value }, i) => {
    const entry = entries.at(-1);
    const change = entry?.changes.at(-1);
    const step = i % 4;
    if (!entry || step === 3) entries.push({ id: WABA, changes: [{ value: { ...value }, field }] });
    else if (step === 1 && change?.field === field && canJoin(change.value, value)) join(change.value, value);
    else entry.changes.push({ value: { ...value }, field });
  });
  return { object: 'whatsapp_business_account', entry: entries };
}

const canJoin = (a: JsonObject, b: JsonObject): boolean =>
  [a, b].every((value) => Array.isArray(value['messages']) !== Array.isArray(value['statuses'])) &&
  phoneIdOf(a) === phoneIdOf(b) &&
  'messages' in a === 'messages' in b;

function join(into: JsonObject, more: JsonObject): void {
  for (const list of LISTS) {
    const items: unknown[] = [...listOf(into, list)];
    for (const item of listOf(more, list)) {
      if (!items.some((known) => JSON.stringify(known) === JSON.stringify(item))) items.push(item);
    }
    if (items.length > 0) into[list] = items;
  }
}

function listOf(value: JsonObject, name: string): unknown[] {
  const list = value[name];
  return Array.isArray(list) ? list : [];
}

const phoneIdOf = ({ metadata }: JsonObject): unknown =>
  isObject(metadata) ? metadata['phone_number_id'] : undefined;
