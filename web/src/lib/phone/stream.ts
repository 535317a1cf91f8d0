/** Waits between two attempts, in milliseconds; the last one repeats. */
const BACK_OFF = [500, 1_000, 2_000, 4_000, 8_000, 15_000];

export interface StreamHandlers<State> {
  state(state: State): void;
  /** The connection broke or could not be made; another attempt is already planned. */
  lost(): void;
  /** The server has no simulator (404): no further attempt. */
  off(): void;
  /** The server refuses this subject (400): no further attempt. */
  refused(): void;
}

/**
 * Follows a state over server-sent events (`event: state`). Each attempt first reads the state once, because an
 * EventSource cannot tell a 404 from a dead network, and does not come back by itself after an HTTP error.
 */
export function follow<State>(stateUrl: string, eventsUrl: string, on: StreamHandlers<State>): () => void {
  let attempt = 0;
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const closing = new AbortController();

  const later = (): void => {
    source?.close();
    if (closing.signal.aborted) return;
    on.lost();
    const wait = BACK_OFF[Math.min(attempt, BACK_OFF.length - 1)] ?? 1_000;
    attempt += 1;
    timer = setTimeout(connect, wait * (0.75 + Math.random() / 2));
  };
  const open = async (): Promise<void> => {
    const response = await fetch(stateUrl, { signal: closing.signal, cache: 'no-store' });
    if (response.status === 404) return on.off();
    if (response.status === 400) return on.refused();
    if (!response.ok) return later();
    const state = (await response.json()) as State;
    if (closing.signal.aborted) return;
    on.state(state);
    source = new EventSource(eventsUrl);
    source.addEventListener('state', (event: MessageEvent<string>) => {
      attempt = 0;
      on.state(JSON.parse(event.data) as State);
    });
    source.addEventListener('error', later, { once: true });
  };
  const connect = (): void => {
    timer = undefined;
    open().catch(later);
  };
  // Coming back to the tab or to the network should not wait for the rest of a long pause.
  const hurry = (): void => {
    if (timer === undefined) return;
    clearTimeout(timer);
    connect();
  };

  connect();
  addEventListener('online', hurry, { signal: closing.signal });
  return () => {
    closing.abort();
    clearTimeout(timer);
    source?.close();
  };
}
