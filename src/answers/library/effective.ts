import type { DocumentVersion } from '../../message/library.ts';

const DAY_MS = 24 * 3600_000;
const dayStart = (day: string): number => Date.parse(`${day}T00:00:00Z`);

/** When a version takes its turn: its day (UTC), or when it was added if that is later. */
export const startOf = ({ effective_from, at }: DocumentVersion): number =>
  effective_from === null ? at : Math.max(at, dayStart(effective_from));

const endOf = ({ effective_to }: DocumentVersion): number =>
  effective_to === null ? Number.POSITIVE_INFINITY : dayStart(effective_to) + DAY_MS;

/**
 * The version of one document whose turn it is: of those that are read and not withdrawn, the one that began last, and
 * of two that began together the later one. Once it began, those before it never come back: when its own end has come,
 * the document says nothing. `undefined`: none has begun.
 */
export function turnOf(versions: readonly DocumentVersion[], now: number): DocumentVersion | undefined {
  return versions
    .filter((one) => one.state === 'ready' && one.withdrawn_at === null && startOf(one) <= now)
    .reduce<DocumentVersion | undefined>((best, one) => {
      if (best === undefined) return one;
      const later = startOf(one) - startOf(best) || one.number - best.number;
      return later > 0 ? one : best;
    }, undefined);
}

export const hasEnded = (version: DocumentVersion, now: number): boolean => now >= endOf(version);

/** When the clock alone changes what is answered next; `Infinity`: never. */
export function nextChange(versions: readonly DocumentVersion[], now: number): number {
  const moments = versions
    .filter(({ state, withdrawn_at }) => state === 'ready' && withdrawn_at === null)
    .flatMap((one) => [startOf(one), endOf(one)]);
  return Math.min(Number.POSITIVE_INFINITY, ...moments.filter((moment) => moment > now));
}
