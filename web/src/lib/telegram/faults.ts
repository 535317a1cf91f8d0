import type { FaultName, Faults } from '../phone/phone.ts';

/** The emulated Telegram's own fault settings, those this page sets. */
export interface WireFaults {
  /** Chance from 0 to 1 that an update is delivered twice. */
  duplicateUpdates: number;
  dropCalls: { mode: string; probability?: number }[];
  tooManyRequests: { retryAfter: number; probability?: number }[];
  latencyMs: number;
}

export const FAULTS = ['duplicates', 'drops', 'rateLimit'] as const satisfies FaultName[];

/** The chance a fault has, once on: often enough to be seen, rarely enough that retries win. */
const probability = 0.4;

export function faultsToWire({ on, latencyMs }: Partial<Faults>): Partial<WireFaults> {
  const wire: Partial<WireFaults> = {};
  if (on) {
    wire.duplicateUpdates = on.includes('duplicates') ? probability : 0;
    // Cut before the call takes effect: after it, the product rightly sends once more, and the page would show two.
    wire.dropCalls = on.includes('drops') ? [{ mode: 'reset', probability }] : [];
    wire.tooManyRequests = on.includes('rateLimit') ? [{ retryAfter: 2, probability }] : [];
  }
  if (latencyMs !== undefined) wire.latencyMs = latencyMs;
  return wire;
}

export function faultsFromWire(wire: Partial<WireFaults>): Faults {
  const isOn: Record<(typeof FAULTS)[number], boolean> = {
    duplicates: (wire.duplicateUpdates ?? 0) > 0,
    drops: (wire.dropCalls ?? []).length > 0,
    rateLimit: (wire.tooManyRequests ?? []).length > 0,
  };
  return { on: FAULTS.filter((name) => isOn[name]), latencyMs: wire.latencyMs ?? 0 };
}
