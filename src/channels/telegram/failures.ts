import { SendError, type SendPolicy } from '../errors.ts';
import { child, type Fields, integerIn, stringIn } from '../fields.ts';

/** A 429 without `retry_after`. */
const DEFAULT_WAIT_MS = 5_000;
/** Two pollers on one token: leave the other one in peace for this long. */
export const CONFLICT_WAIT_MS = 30_000;
/** Telegram has answered 401 by mistake: one such answer must not silence the bot for long. */
const REVOKED_WAIT_MS = 60_000;
/** So many different chats refused one after the other with no success between: the whole bot is held back. */
const CHATS_BEFORE_ACCOUNT = 5;

interface Rule {
  code: string;
  status?: number;
  says?: RegExp;
  policy: SendPolicy;
}

const FALLBACK: SendPolicy = { retryable: false, useFallback: true };
const UNREACHABLE: SendPolicy = { retryable: false, unreachable: true };
const DONE: SendPolicy = { retryable: false, done: true };

/** First match wins. Descriptions are those of the Bot API server and TDLib, compared without case. */
const RULES: Rule[] = [
  {
    code: 'token_refused',
    status: 401,
    policy: { retryable: false, retryAfter: REVOKED_WAIT_MS, scope: 'account', alarm: true },
  },
  { code: 'method_not_found', status: 404, policy: { retryable: false, alarm: true } },
  {
    code: 'conflict',
    status: 409,
    policy: { retryable: true, retryAfter: CONFLICT_WAIT_MS, scope: 'account' },
  },
  { code: 'too_large', status: 413, policy: { retryable: false } },
  { code: 'blocked', status: 403, says: /blocked by the user/, policy: UNREACHABLE },
  { code: 'deactivated', status: 403, says: /deactivated/, policy: UNREACHABLE },
  { code: 'removed', status: 403, says: /kicked|not a member/, policy: UNREACHABLE },
  { code: 'not_started', status: 403, says: /initiate conversation/, policy: UNREACHABLE },
  { code: 'forbidden', status: 403, policy: UNREACHABLE },
  {
    code: 'chat_not_found',
    status: 400,
    says: /chat not found|user not found|peer_id_invalid/,
    policy: UNREACHABLE,
  },
  {
    code: 'no_rights',
    status: 400,
    says: /(not enough|have no) rights|chat_write_forbidden|need administrator rights/,
    policy: UNREACHABLE,
  },
  { code: 'markup_refused', status: 400, says: /can't parse .*entit|entity_|entities_/, policy: FALLBACK },
  { code: 'not_modified', status: 400, says: /message is not modified/, policy: DONE },
  {
    code: 'edit_refused',
    status: 400,
    says: /message to edit not found|message can't be edited|message_id_invalid|message identifier is not specified/,
    policy: FALLBACK,
  },
  {
    code: 'reply_target_gone',
    status: 400,
    says: /message to be replied not found|message to reply not found/,
    policy: FALLBACK,
  },
  {
    code: 'query_expired',
    status: 400,
    says: /query is too old|query id is invalid|query_id_invalid/,
    policy: DONE,
  },
  { code: 'media_too_large', status: 400, says: /file is too big/, policy: { retryable: false } },
  {
    code: 'media_gone',
    status: 400,
    says: /file_id|file identifier|file reference|temporarily unavailable/,
    policy: { retryable: false },
  },
  { code: 'bad_request', status: 400, policy: { retryable: false } },
];

/** An answer `{ok:false}` of the Bot API, read. */
export interface Refusal {
  status: number;
  body: Fields;
  /** `Retry-After` header, seconds. */
  retryAfter: number | undefined;
  /** The call's chat, when it has one. */
  chat: string | undefined;
}

/** Turns refusals into errors with a policy. Keeps one thing: the chats refused by 429 since the last success. */
export interface Refusals {
  error(refusal: Refusal): SendError;
  succeeded(): void;
}

export function createRefusals(scrub: (text: string) => string): Refusals {
  const throttled = new Set<string>();
  return {
    succeeded: () => throttled.clear(),
    error(refusal) {
      const description = scrub(stringIn(refusal.body, 'description') ?? 'no description').slice(0, 300);
      const status = integerIn(refusal.body, 'error_code') ?? refusal.status;
      const parameters = child(refusal.body, 'parameters') ?? {};
      const message = `Telegram answered ${String(status)}: ${description}`;
      const movedTo = integerIn(parameters, 'migrate_to_chat_id');
      if (movedTo !== undefined)
        return new SendError('migrated', message, {
          retryable: true,
          scope: 'chat',
          movedTo: String(movedTo),
        });
      if (status === 429) {
        const seconds = integerIn(parameters, 'retry_after') ?? refusal.retryAfter;
        return new SendError('too_many_requests', message, {
          retryable: true,
          retryAfter: seconds === undefined || seconds < 0 ? DEFAULT_WAIT_MS : seconds * 1000,
          scope: throttleScope(throttled, refusal.chat),
        });
      }
      if (status >= 500) return new SendError('server_error', message, { retryable: true, uncertain: true });
      const words = description.toLowerCase();
      const rule = RULES.find((each) => each.status === status && (each.says?.test(words) ?? true));
      return new SendError(
        rule?.code ?? `refused_${String(status)}`,
        message,
        rule?.policy ?? { retryable: false },
      );
    },
  };
}

/** Telegram does not say whose limit was hit: one chat's, unless call after call fails for different chats. */
function throttleScope(throttled: Set<string>, chat: string | undefined): 'chat' | 'account' {
  if (chat === undefined) return 'account';
  throttled.add(chat);
  return throttled.size >= CHATS_BEFORE_ACCOUNT ? 'account' : 'chat';
}

/** Something that is not the Bot API answered: a proxy's HTML page, a cut body. */
export function notTheApi(status: number): SendError {
  return new SendError('not_json', `The answer (HTTP ${String(status)}) is not from the Bot API.`, {
    retryable: true,
    uncertain: true,
  });
}
