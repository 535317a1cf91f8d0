import type { Faults } from '../phone/phone.ts';

/** The emulated Telegram's own fault settings, those this page sets. */
export interface WireFaults {
  /** Chance from 0 to 1 that an update is delivered twice. */
  duplicateUpdates: number;
  dropCalls: { mode: string; probability?: number }[];
  tooManyRequests: { retryAfter: number; probability?: number }[];
  latencyMs: number;
}

/** The chance a fault has, once on: often enough to be seen, rarely enough that retries win. */
const probability = 0.4;

export function faultsToWire(faults: Partial<Faults>): Partial<WireFaults> {
  const wire: Partial<WireFaults> = {};
  if (faults.duplicates !== undefined) wire.duplicateUpdates = faults.duplicates ? probability : 0;
  // Cut before the call takes effect: after it, the product rightly sends once more, and the page would show two.
  if (faults.drops !== undefined) wire.dropCalls = faults.drops ? [{ mode: 'reset', probability }] : [];
  if (faults.rateLimit !== undefined)
    wire.tooManyRequests = faults.rateLimit ? [{ retryAfter: 2, probability }] : [];
  if (faults.latencyMs !== undefined) wire.latencyMs = faults.latencyMs;
  return wire;
}

export function faultsFromWire(wire: Partial<WireFaults>): Faults {
  return {
    duplicates: (wire.duplicateUpdates ?? 0) > 0,
    drops: (wire.dropCalls ?? []).length > 0,
    rateLimit: (wire.tooManyRequests ?? []).length > 0,
    latencyMs: wire.latencyMs ?? 0,
  };
}
