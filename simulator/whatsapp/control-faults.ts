import { BadInput, readFaultSettings } from '../shared/control-server.ts';
import type { JsonObject } from '../shared/json.ts';
import type { Faults, FaultSettings } from './faults.ts';

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === 'string';
const truth: Check = (value) => typeof value === 'boolean';
const number =
  (min: number, max: number): Check =>
  (value) =>
    typeof value === 'number' && value >= min && value <= max;

/** Who comes many times more often than a webhook does only fills the memory. */
const NUMBERS: Record<string, Check> = {
  duplicateWebhooks: number(0, 20),
  batch: number(1, 1000),
  latencyMs: number(0, 60_000),
  mediaSize: number(0, Number.MAX_SAFE_INTEGER),
};

const MATCH: Record<string, Check> = {
  call: text,
  to: text,
  times: number(0, 1e6),
  probability: number(0, 1),
};
const MODES: unknown[] = ['record-then-reset', 'record-then-hang', 'reset', 'hang'];

/** Fields of each kind of rule; the first one must be there. */
const RULES: Record<string, Record<string, Check>> = {
  dropCalls: { mode: (value) => MODES.includes(value), ...MATCH },
  errors: { code: number(0, 1e7), httpStatus: number(400, 599), details: text, html: text, ...MATCH },
  failStatus: { code: number(0, 1e7), to: text, times: number(0, 1e6), afterSent: truth },
};

/** What a page may set: of the right types, and within reason. */
export function faultsIn(body: JsonObject, now: Faults): Partial<FaultSettings> {
  for (const [name, value] of Object.entries(body)) {
    if (Object.hasOwn(NUMBERS, name) && !NUMBERS[name]?.(value))
      throw new BadInput(`${name} is out of range`);
    const fields = Object.hasOwn(RULES, name) ? RULES[name] : undefined;
    if (fields && Array.isArray(value)) for (const rule of value) checkRule(name, rule, fields);
  }
  return readFaultSettings<FaultSettings>(body, now);
}

function checkRule(name: string, rule: unknown, fields: Record<string, Check>): void {
  const given = new Map(Object.entries(rule ?? {}));
  const [required = ''] = Object.keys(fields);
  if (!given.has(required)) throw new BadInput(`each rule of ${name} needs a ${required}`);
  for (const [field, value] of given) {
    if (!Object.hasOwn(fields, field) || !fields[field]?.(value))
      throw new BadInput(`${field} of a rule of ${name} is not what it should be`);
  }
}
