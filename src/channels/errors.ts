/** A failed platform call that carries its policy: `deliver` reads these flags and nothing else. */
export interface SendPolicy {
  /** Try again later, same row. */
  retryable: boolean;
  /** Not before this many milliseconds. */
  retryAfter?: number;
  /** `chat`: only this conversation waits; `account`: the whole bot or number waits. */
  scope?: 'chat' | 'account';
  /** The call may have been carried out all the same. */
  uncertain?: boolean;
  /** The person cannot be reached any more: stop sending to them. */
  unreachable?: boolean;
  /** Nothing to do: the platform says the wanted state already holds. */
  done?: boolean;
  /** Send the call's `fallback` instead, once. */
  useFallback?: boolean;
  /** The conversation now lives at this chat id. */
  movedTo?: string;
  /** We may not write freely to this person any more (or not yet): a template, or wait for them to write. */
  outsideWindow?: boolean;
  /** Staff must act (token revoked, account restricted). */
  alarm?: boolean;
}

export class SendError extends Error {
  readonly policy: SendPolicy;
  /** Platform's code, safe to log. */
  readonly code: string;

  constructor(code: string, message: string, policy: SendPolicy) {
    super(message);
    this.name = 'SendError';
    this.code = code;
    this.policy = policy;
  }
}
