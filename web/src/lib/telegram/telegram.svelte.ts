import { ControlLink } from '../phone/controlLink.svelte.ts';
import type {
  Faults,
  FileKind,
  InlineButton,
  Link,
  Notice,
  Outgoing,
  PhoneClient,
  PhoneView,
} from '../phone/phone.ts';
import { SAMPLE_PLACE } from '../phone/samples.ts';
import { FIRST_PERSON, LAST_KNOWN, TELEGRAM_API } from './address.ts';
import { FAULTS, faultsToWire, type WireFaults } from './faults.ts';
import { PendingTaps } from './pendingTaps.ts';
import { viewOf, type WireState } from './wire.ts';

/** A phone of the emulated Telegram, in the hands of one person at a time. */
export class TelegramPhone implements PhoneClient {
  readonly platform = 'telegram';
  readonly platformName = 'Telegram';
  readonly violationsUrl = `${TELEGRAM_API}/violations`;
  readonly faultNames = FAULTS;
  readonly opener = '/start';
  #line = new ControlLink<WireState>({
    api: TELEGRAM_API,
    firstPerson: FIRST_PERSON,
    memory: 'person',
    isTyping: (state) => state.chat.typing ?? false,
    stopTyping: (state) => ({ ...state, chat: { ...state.chat, typing: false } }),
    received: (state, before) => this.#receive(state, before),
  });
  #faults = $state.raw<Partial<WireFaults>>({});
  #waiting = $state.raw<readonly string[]>([]);
  #view = $derived(this.#line.state && viewOf(this.#line.state, this.#faults));
  #taps = new PendingTaps();

  get link(): Link {
    return this.#line.link;
  }

  get view(): PhoneView | null {
    return this.#view;
  }

  get notice(): Notice | null {
    return this.#line.notice;
  }

  start(): () => void {
    return this.#line.start();
  }

  isWaiting(messageId: string, button: InlineButton): boolean {
    return this.#waiting.includes(keyOf(messageId, button));
  }

  tell(text: string): void {
    this.#line.tell(text);
  }

  dismissNotice(): void {
    this.#line.notice = null;
  }

  switchTo(personId: string): void {
    this.#taps = new PendingTaps();
    this.#line.switchTo(personId);
  }

  sendText(text: string): Promise<boolean> {
    return this.#post('text', { text });
  }

  async tap(messageId: string, button: InlineButton): Promise<boolean> {
    const key = keyOf(messageId, button);
    this.#taps.begin(key, performance.now());
    this.#refreshTaps();
    const taken = await this.#post('tap', { message_id: Number(messageId), data: button.data });
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

  sendFiles(kind: FileKind, files: readonly Outgoing[], caption: string): Promise<boolean> {
    return this.#post(kind, { files, ...(caption === '' ? {} : { caption }) });
  }

  sendLocation(): Promise<boolean> {
    return this.#post('location', SAMPLE_PLACE);
  }

  edit(messageId: string, text: string): Promise<boolean> {
    return this.#post('edit', { message_id: Number(messageId), text });
  }

  setBlocked(blocked: boolean): Promise<boolean> {
    return this.#post('block', { blocked });
  }

  async setFaults(faults: Partial<Faults>): Promise<boolean> {
    const answer = await this.#line.ask('faults', { ...faultsToWire(faults) });
    if (answer) this.#faults = (answer['faults'] ?? {}) as Partial<WireFaults>;
    return answer !== undefined;
  }

  async addPerson(firstName: string): Promise<boolean> {
    const id = 1 + Math.max(LAST_KNOWN, ...(this.#line.state?.users ?? []).map((user) => user.id));
    const taken = await this.#line.act('user', { id, first_name: firstName });
    if (taken) this.switchTo(String(id));
    return taken;
  }

  #receive(state: WireState, before: WireState | null): void {
    // Faults are the simulator's and outlive this page: ask once what is on.
    if (before === null) void this.setFaults({});
    const answer = state.lastCallbackAnswer;
    const isNew = before !== null && JSON.stringify(answer) !== JSON.stringify(before.lastCallbackAnswer);
    if (isNew && answer?.text) this.#line.tell(answer.text, answer.show_alert ?? false);
    this.#refreshTaps(state);
  }

  #refreshTaps(state = this.#line.state): void {
    const callbacks = (state?.pendingCallbacks ?? []).map(String);
    this.#waiting = this.#taps.update(callbacks, performance.now());
  }

  #post(action: string, body: Record<string, unknown>): Promise<boolean> {
    return this.#line.act(action, { user: this.#line.state?.user.id, ...body });
  }
}

const keyOf = (messageId: string, button: InlineButton): string => `${messageId} ${button.data ?? ''}`;
