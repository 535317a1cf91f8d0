/** Moments as lists show them, in UTC; epoch ms. */

/** "2026-02-27". */
export const day = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** "2026-02-27 12:00". */
export const minute = (at: number): string => new Date(at).toISOString().slice(0, 16).replace('T', ' ');
