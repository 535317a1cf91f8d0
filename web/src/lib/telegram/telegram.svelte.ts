import { t } from '../i18n/locale.svelte.ts';
import type {
  Attachment,
  Faults,
  InlineButton,
  Link,
  Notice,
  PhoneClient,
  PhoneView,
} from '../phone/phone.ts';
import { follow } from '../phone/stream.ts';
import { recall, remember } from '../site/memory.ts';
import { FIRST_PERSON, TELEGRAM_API } from './address.ts';
import { faultsToWire, type WireFaults } from './faults.ts';
import { PendingTaps } from './pendingTaps.ts';
import { viewOf, type WireState } from './wire.ts';

/** Milliseconds the words "is typing" stay without being repeated. */
const TYPING_LASTS = 5_500;

/** A phone of the emulated Telegram, in the hands of one person at a time. */
export class TelegramPhone implements PhoneClient {
  readonly platform = 'telegram';
  readonly violationsUrl = `${TELEGRAM_API}/violations`;
  link = $state<Link>('connecting');
  notice = $state.raw<Notice | null>(null);
  #state = $state.raw<WireState | null>(null);
  #asked = $state.raw<{ blocked: boolean; faults: Partial<WireFaults> }>({ blocked: false, faults: {} });
  #waiting = $state.raw<readonly string[]>([]);
  #view = $derived(this.#state && viewOf(this.#state, this.#asked));
  #taps = new PendingTaps();
  #person = FIRST_PERSON;
  #typingEnds: ReturnType<typeof setTimeout> | undefined;
  #stop: (() => void) | undefined;

  get view(): PhoneView | null {
    return this.#view;
  }

  start(): () => void {
    this.#person = recall('person') ?? FIRST_PERSON;
    this.#open();
    return () => {
      this.#stop?.();
      clearTimeout(this.#typingEnds);
    };
  }

  isWaiting(messageId: number, button: InlineButton): boolean {
    return this.#waiting.includes(keyOf(messageId, button));
  }

  dismissNotice(): void {
    this.notice = null;
  }

  switchTo(personId: number): void {
    this.#person = String(personId);
    remember('person', this.#person);
    this.#state = null;
    this.#asked = { ...this.#asked, blocked: false };
    this.#taps = new PendingTaps();
    this.#open();
  }

  sendText(text: string): Promise<boolean> {
    return this.#post('text', { text });
  }

  async tap(messageId: number, button: InlineButton): Promise<boolean> {
    const key = keyOf(messageId, button);
    this.#taps.begin(key, performance.now());
    this.#refreshTaps();
    const taken = await this.#post('tap', { message_id: messageId, data: button.data });
    if (!taken) this.#taps.cancel(key);
    this.#refreshTaps();
    setTimeout(() => this.#refreshTaps(), 2_000);
    return taken;
  }

  shareContact(otherNumber?: string): Promise<boolean> {
    return this.#post(
      'contact',
      otherNumber === undefined ? { own: true } : { own: false, phone: otherNumber },
    );
  }

  attach(kind: Attachment, text: string): Promise<boolean> {
    if (kind === 'photo') return this.#post('photo', text === '' ? {} : { caption: text });
    return kind === 'voice' ? this.#post('voice', {}) : this.#post('document', { name: t.documentName });
  }

  edit(messageId: number, text: string): Promise<boolean> {
    return this.#post('edit', { message_id: messageId, text });
  }

  async setBlocked(blocked: boolean): Promise<boolean> {
    const taken = await this.#post('block', { blocked });
    if (taken) this.#asked = { ...this.#asked, blocked };
    return taken;
  }

  async setFaults(faults: Partial<Faults>): Promise<boolean> {
    const wire = faultsToWire(faults);
    const taken = await this.#send('faults', { ...wire });
    if (taken) this.#asked = { ...this.#asked, faults: { ...this.#asked.faults, ...wire } };
    return taken;
  }

  async addPerson(firstName: string): Promise<boolean> {
    const id = 1 + Math.max(0, ...(this.#state?.users ?? []).map((user) => user.id));
    const taken = await this.#send('user', { id, first_name: firstName });
    if (taken) this.switchTo(id);
    return taken;
  }

  #open(): void {
    this.#stop?.();
    this.link = 'connecting';
    const query = `?user=${encodeURIComponent(this.#person)}`;
    this.#stop = follow<WireState>(`${TELEGRAM_API}/state${query}`, `${TELEGRAM_API}/events${query}`, {
      state: (state) => this.#receive(state),
      lost: () => (this.link = 'lost'),
      off: () => (this.link = 'off'),
      refused: () => this.#forgetPerson(),
    });
  }

  /** The remembered person is unknown here (another desk, a restart): take the simulator's first one. */
  #forgetPerson(): void {
    if (this.#person === FIRST_PERSON) {
      this.link = 'off';
      return;
    }
    this.#person = FIRST_PERSON;
    this.#open();
  }

  #receive(state: WireState): void {
    const answer = state.lastCallbackAnswer;
    const isNew =
      this.#state !== null && JSON.stringify(answer) !== JSON.stringify(this.#state.lastCallbackAnswer);
    if (isNew && answer?.text) this.notice = { text: answer.text, alert: answer.show_alert ?? false };
    this.#state = state;
    this.link = 'live';
    this.#refreshTaps();
    // The platform does not announce that typing has run out: like its own apps, count the seconds here.
    clearTimeout(this.#typingEnds);
    if (state.chat.typing) this.#typingEnds = setTimeout(() => this.#stopTyping(), TYPING_LASTS);
  }

  #stopTyping(): void {
    if (this.#state) this.#state = { ...this.#state, chat: { ...this.#state.chat, typing: false } };
  }

  #refreshTaps(): void {
    const callbacks = (this.#state?.pendingCallbacks ?? []).map(String);
    this.#waiting = this.#taps.update(callbacks, performance.now());
  }

  #post(action: string, body: Record<string, unknown>): Promise<boolean> {
    return this.#send(action, { user: this.#state?.user.id, ...body });
  }

  async #send(action: string, body: Record<string, unknown>): Promise<boolean> {
    try {
      const response = await fetch(`${TELEGRAM_API}/${action}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      if (response.ok) return true;
      this.notice = { text: t.notSent(await reasonOf(response)), alert: false };
    } catch {
      this.notice = { text: t.notSent(t.unreachable), alert: false };
    }
    return false;
  }
}

const keyOf = (messageId: number, button: InlineButton): string => `${messageId} ${button.data ?? ''}`;

async function reasonOf(response: Response): Promise<string> {
  const body: unknown = await response.json().catch(() => null);
  const isExplained = typeof body === 'object' && body !== null && 'error' in body;
  return isExplained && typeof body.error === 'string' ? body.error : String(response.status);
}
