/** The page's only reading of the clock. */
export const nowSeconds = (): number => Math.floor(Date.now() / 1000);

export function clockTime(seconds: number, locale: string): string {
  return new Date(seconds * 1000).toLocaleTimeString(locale, {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
}

/** Days between two instants on the reader's own calendar: 0 the same day, 1 the day before. */
export function daysAgo(seconds: number, now: number): number {
  const midnight = (value: number): number => new Date(value * 1000).setHours(0, 0, 0, 0);
  return Math.round((midnight(now) - midnight(seconds)) / 86_400_000);
}

export function dayName(seconds: number, locale: string): string {
  return new Date(seconds * 1000).toLocaleDateString(locale, { day: 'numeric', month: 'long' });
}
