import { t } from '../i18n/locale.svelte.ts';
import { recall, remember } from '../site/memory.ts';
import type { Link, Notice } from './phone.ts';
import { follow } from './stream.ts';

/** Milliseconds the words "is typing" stay without being repeated. */
const TYPING_LASTS = 5_500;

interface Options<State> {
  /** Address of the simulator's control routes. */
  api: string;
  /** Who holds the phone before anybody chose. */
  firstPerson: string;
  /** Name under which this browser remembers who holds it. */
  memory: string;
  isTyping(state: State): boolean;
  stopTyping(state: State): State;
  /** Called with each state before it is shown. */
  received(state: State, before: State | null): void;
}

/** A phone's line to its emulated platform: the state of one person at a time, and what they do. */
export class ControlLink<State> {
  link = $state<Link>('connecting');
  notice = $state.raw<Notice | null>(null);
  state = $state.raw<State | null>(null);
  readonly #options: Options<State>;
  #person: string;
  #typingEnds: ReturnType<typeof setTimeout> | undefined;
  #stop: (() => void) | undefined;

  constructor(options: Options<State>) {
    this.#options = options;
    this.#person = options.firstPerson;
  }

  start(): () => void {
    this.#person = recall(this.#options.memory) ?? this.#options.firstPerson;
    this.#open();
    return () => {
      this.#stop?.();
      clearTimeout(this.#typingEnds);
    };
  }

  switchTo(person: string): void {
    this.rename(person);
    this.state = null;
    this.#open();
  }

  /** The person in hand is known by another id from now on. */
  rename(person: string): void {
    this.#person = person;
    remember(this.#options.memory, person);
  }

  tell(text: string, alert = false): void {
    this.notice = { text, alert };
  }

  async act(action: string, body: Record<string, unknown>): Promise<boolean> {
    return (await this.ask(action, body)) !== undefined;
  }

  /** What the simulator answers; a refusal becomes a notice and gives nothing. */
  async ask(action: string, body: Record<string, unknown>): Promise<Record<string, unknown> | undefined> {
    try {
      const response = await fetch(`${this.#options.api}/${action}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      const answer = objectIn(await response.json().catch(() => null));
      if (response.ok) return answer;
      const { error } = answer;
      this.tell(t.notSent(typeof error === 'string' ? error : String(response.status)));
    } catch {
      this.tell(t.notSent(t.unreachable));
    }
    return undefined;
  }

  #open(): void {
    this.#stop?.();
    this.link = 'connecting';
    const { api } = this.#options;
    const query = `?user=${encodeURIComponent(this.#person)}`;
    this.#stop = follow<State>(`${api}/state${query}`, `${api}/events${query}`, {
      state: (state) => this.#receive(state),
      lost: () => (this.link = 'lost'),
      off: () => (this.link = 'off'),
      refused: () => this.#forgetPerson(),
    });
  }

  /** The remembered person is unknown here (another desk, a restart): take the simulator's first one. */
  #forgetPerson(): void {
    if (this.#person === this.#options.firstPerson) {
      this.link = 'off';
      return;
    }
    this.#person = this.#options.firstPerson;
    this.#open();
  }

  #receive(state: State): void {
    this.#options.received(state, this.state);
    this.state = state;
    this.link = 'live';
    // The platform does not announce that typing has run out: like its own apps, count the seconds here.
    clearTimeout(this.#typingEnds);
    if (this.#options.isTyping(state)) this.#typingEnds = setTimeout(() => this.#stopTyping(), TYPING_LASTS);
  }

  #stopTyping(): void {
    if (this.state) this.state = this.#options.stopTyping(this.state);
  }
}

function objectIn(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}
