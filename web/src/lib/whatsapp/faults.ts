import type { FaultName, Faults } from '../phone/phone.ts';

/** The emulated WhatsApp's own fault settings, those this page sets. */
export interface WireFaults {
  /** Chance from 0 to 1 that a webhook is delivered twice. */
  duplicateWebhooks: number;
  reorder: boolean;
  /** Events per POST. */
  batch: number;
  dropCalls: { mode: string; probability?: number }[];
  errors: { code: number; probability?: number }[];
  failStatus: { code: number }[];
  withoutPhone: boolean;
  mediaGone: boolean;
  latencyMs: number;
}

export const FAULTS = [
  'duplicates',
  'reorder',
  'batch',
  'drops',
  'rateLimit',
  'failStatus',
  'withoutPhone',
  'mediaGone',
] as const satisfies FaultName[];

/** The chance a fault has, once on: often enough to be seen, rarely enough that retries win. */
const probability = 0.4;
const BATCH = 5;
/** Too many messages to this one person. */
const PAIR_RATE = 131056;
const UNDELIVERABLE = 131026;

export function faultsToWire({ on, latencyMs }: Partial<Faults>): Partial<WireFaults> {
  const wire: Partial<WireFaults> = {};
  if (on) {
    wire.duplicateWebhooks = on.includes('duplicates') ? probability : 0;
    wire.reorder = on.includes('reorder');
    wire.batch = on.includes('batch') ? BATCH : 1;
    // Cut before the call takes effect: after it, the product rightly sends once more, and the page would show two.
    wire.dropCalls = on.includes('drops') ? [{ mode: 'reset', probability }] : [];
    wire.errors = on.includes('rateLimit') ? [{ code: PAIR_RATE, probability }] : [];
    wire.failStatus = on.includes('failStatus') ? [{ code: UNDELIVERABLE }] : [];
    wire.withoutPhone = on.includes('withoutPhone');
    wire.mediaGone = on.includes('mediaGone');
  }
  if (latencyMs !== undefined) wire.latencyMs = latencyMs;
  return wire;
}

export function faultsFromWire(wire: Partial<WireFaults>): Faults {
  const isOn: Record<(typeof FAULTS)[number], boolean> = {
    duplicates: (wire.duplicateWebhooks ?? 0) > 0,
    reorder: wire.reorder ?? false,
    batch: (wire.batch ?? 1) > 1,
    drops: (wire.dropCalls ?? []).length > 0,
    rateLimit: (wire.errors ?? []).length > 0,
    failStatus: (wire.failStatus ?? []).length > 0,
    withoutPhone: wire.withoutPhone ?? false,
    mediaGone: wire.mediaGone ?? false,
  };
  return { on: FAULTS.filter((name) => isOn[name]), latencyMs: wire.latencyMs ?? 0 };
}
