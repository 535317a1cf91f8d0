const WINDOW_MS = 60_000;
const PER_WINDOW = 60;
const MOST_ADDRESSES = 10_000;

/**
 * Counts requests that were not authentic or not readable, by address: past 60 in a minute they are told to come back
 * later. Authentic requests are never counted, so that behind a proxy, where everybody has one address, they pass.
 * @param now monotonic milliseconds
 */
export function createRefusals(now: () => number): (address: string) => number | undefined {
  let counts = new Map<string, number>();
  let since = now();
  /** Counts one; gives after how many seconds to come back, once there were too many. */
  return (address) => {
    const at = now();
    if (at - since >= WINDOW_MS || counts.size >= MOST_ADDRESSES) {
      counts = new Map();
      since = at;
    }
    const count = (counts.get(address) ?? 0) + 1;
    counts.set(address, count);
    return count > PER_WINDOW ? Math.ceil((since + WINDOW_MS - at) / 1000) : undefined;
  };
}
