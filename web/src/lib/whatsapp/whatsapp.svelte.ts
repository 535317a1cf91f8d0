import { t } from '../i18n/locale.svelte.ts';
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
import { FIRST_PERSON, LAST_KNOWN, WHATSAPP_API } from './address.ts';
import { FAULTS, faultsToWire, type WireFaults } from './faults.ts';
import { viewOf, type WireState } from './wire.ts';

/** Time to see a message arrive before it counts as read, in milliseconds. */
const READING_TAKES = 900;

const ACTIONS: Record<FileKind, string> = {
  photo: 'image',
  document: 'document',
  voice: 'voice',
  sticker: 'sticker',
};

/** A phone of the emulated WhatsApp, in the hands of one person at a time. */
export class WhatsAppPhone implements PhoneClient {
  readonly platform = 'whatsapp';
  readonly platformName = 'WhatsApp';
  readonly violationsUrl = `${WHATSAPP_API}/violations`;
  readonly faultNames = FAULTS;
  readonly events = {
    changeNumber: () => this.#post('number', { number: this.#freeNumber() }),
    sendUnsupported: () => this.#post('unsupported', {}),
  };
  #line = new ControlLink<WireState>({
    api: WHATSAPP_API,
    firstPerson: FIRST_PERSON,
    memory: 'whatsappPerson',
    isTyping: (state) => state.chat.typing,
    stopTyping: (state) => ({ ...state, chat: { ...state.chat, typing: false } }),
    received: (state, before) => this.#receive(state, before),
  });
  #faults = $state.raw<Partial<WireFaults>>({});
  #tapped = $state.raw<string | null>(null);
  #reading: ReturnType<typeof setTimeout> | undefined;
  #view = $derived(
    this.#line.state &&
      viewOf(this.#line.state, {
        faults: this.#faults,
        askLabels: { contact: t.shareMyNumber, location: t.shareMyPlace },
      }),
  );

  get link(): Link {
    return this.#line.link;
  }

  get view(): PhoneView | null {
    return this.#view;
  }

  get notice(): Notice | null {
    return this.#line.notice;
  }

  get opener(): string {
    return t.greeting;
  }

  start(): () => void {
    const stop = this.#line.start();
    return () => {
      clearTimeout(this.#reading);
      stop();
    };
  }

  isWaiting(messageId: string, button: InlineButton): boolean {
    return this.#tapped === keyOf(messageId, button);
  }

  tell(text: string): void {
    this.#line.tell(text);
  }

  dismissNotice(): void {
    this.#line.notice = null;
  }

  switchTo(personId: string): void {
    this.#line.switchTo(personId);
  }

  /** Tells the business that what was delivered has been read, as the real application does by itself. */
  seen(): void {
    const isNew = this.#line.state?.chat.messages.some(
      ({ from, status }) => from === 'bot' && status === 'delivered',
    );
    if (!isNew || this.#reading !== undefined) return;
    this.#reading = setTimeout(() => {
      this.#reading = undefined;
      void this.#post('read', {});
    }, READING_TAKES);
  }

  sendText(text: string): Promise<boolean> {
    return this.#post('text', { text });
  }

  async tap(messageId: string, button: InlineButton): Promise<boolean> {
    this.#tapped = keyOf(messageId, button);
    const taken = await this.#post('reply', { message: messageId, id: button.data });
    this.#tapped = null;
    return taken;
  }

  shareContact(otherNumber?: string): Promise<boolean> {
    if (otherNumber === undefined) return this.#post('contact', {});
    return this.#post('card', { name: 'Fatou', phone: otherNumber.replace(/\D/g, '') });
  }

  /** WhatsApp groups pictures on the screen only: each is a message of its own. */
  async sendFiles(kind: FileKind, files: readonly Outgoing[], caption: string): Promise<boolean> {
    for (const [index, file] of files.entries()) {
      const described = index > 0 || caption === '' ? file : { ...file, caption };
      if (!(await this.#post(ACTIONS[kind], { ...described }))) return false;
    }
    return true;
  }

  sendLocation(): Promise<boolean> {
    return this.#post('location', SAMPLE_PLACE);
  }

  react(messageId: string, emoji: string): Promise<boolean> {
    return this.#post('reaction', { message: messageId, ...(emoji === '' ? {} : { emoji }) });
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
    const wa_id = this.#freeNumber();
    const taken = await this.#line.act('user', { wa_id, name: firstName });
    if (taken) this.switchTo(wa_id);
    return taken;
  }

  edit(messageId: string, text: string): Promise<boolean> {
    return this.#post('edit', { message: messageId, text });
  }

  /** A number that nobody of the sample directory has. */
  #freeNumber(): string {
    const taken = (this.#line.state?.users ?? []).map(({ wa_id }) => Number(wa_id ?? 0));
    return String(1 + Math.max(LAST_KNOWN, ...taken));
  }

  #receive(state: WireState, before: WireState | null): void {
    // Faults are the simulator's and outlive this page: ask once what is on.
    if (before === null) void this.setFaults({});
    // Their number has changed: the next visit finds them under the new one.
    else if (before.user.id !== state.user.id) this.#line.rename(state.user.id);
  }

  #post(action: string, body: Record<string, unknown>): Promise<boolean> {
    return this.#line.act(action, { user: this.#line.state?.user.id, ...body });
  }
}

const keyOf = (messageId: string, button: InlineButton): string => `${messageId} ${button.data ?? ''}`;
