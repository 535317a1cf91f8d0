import { SendError, type SendPolicy } from '../errors.ts';
import { child, type Fields, integerIn } from '../fields.ts';
import { stringIn } from './fields.ts';

/** A new token comes by a person's hand: the account waits this long between tries, and the messages with it. */
const TOKEN_WAIT_MS = 300_000;
/** Hourly budgets of calls (4, 80007), and messages per second (130429). */
const HOURLY_WAIT_MS = 60_000;
const THROUGHPUT_WAIT_MS = 2_000;
/** A restricted account, or one that too many people complained of. */
const RESTRICTED_WAIT_MS = 900_000;
/** Pair rate: wait 4^X seconds, X = 0, 1, 2… up to 256 s: a reply that waits longer is of no use. */
const PAIR_LONGEST = 4;
const MOST_PAIRS = 10_000;

const NO_RETRY: SendPolicy = { retryable: false };
const TEMPORARY: SendPolicy = { retryable: true };
/** A message we built wrong: the plain text of it may still pass. */
const MALFORMED: SendPolicy = { retryable: false, useFallback: true };
const ALARM: SendPolicy = { retryable: false, alarm: true };
const wait = (retryAfter: number): SendPolicy => ({ retryable: true, retryAfter, scope: 'account' });
const TOKEN: SendPolicy = { ...wait(TOKEN_WAIT_MS), alarm: true };
/** Writing on would make it worse: everything waits, and the staff are told. */
const STOP: SendPolicy = { ...wait(RESTRICTED_WAIT_MS), alarm: true };

const POLICIES: ReadonlyMap<number, SendPolicy> = new Map([
  // Token invalid, expired, missing: nothing passes until there is a new one, and nothing is lost meanwhile.
  ...rows([0, 104, 190], TOKEN),
  // Permission, sender not registered, people of one country out of reach, payment.
  ...rows([3, 10, 131005, 133010, 130497, 131042], ALARM),
  // Too many people complained, account restricted.
  ...rows([131048, 131031, 368], STOP),
  ...rows([4, 80007], wait(HOURLY_WAIT_MS)),
  ...rows([130429], wait(THROUGHPUT_WAIT_MS)),
  // Theirs, and their fetching of a file that a person sent.
  ...rows([1, 2, 131000, 131016, 131057, 131052], TEMPORARY),
  ...rows([33, 100, 131008, 131009, 131051, 135000], MALFORMED),
  // A file of ours that is to be uploaded anew: the text of the message may still pass.
  ...rows([131053], MALFORMED),
  // Not on WhatsApp, an old client, terms not accepted; blocks may show like this too.
  ...rows([131026], { retryable: false, unreachable: true }),
  ...rows([131047], { retryable: false, outsideWindow: true }),
  // To ourselves, not a test number, limits of marketing (a day at least), BSUID not allowed, identity to be confirmed.
  ...rows([131021, 131030, 131049, 131050, 130472, 131062, 137000], NO_RETRY),
  // Templates: count, missing, too long, policy, format, paused, disabled, parameter. Staff must mend them.
  ...rows([132000, 132001, 132005, 132007, 132012, 132015, 132016, 132018], ALARM),
]);

function rows(codes: number[], policy: SendPolicy): [number, SendPolicy][] {
  return codes.map((code) => [code, policy]);
}

/** What a code of the Cloud API asks of us, in an answer or in a `failed` status. Pair rate (131056): see `createRefusals`. */
export function policyOf(code: number): SendPolicy {
  if (code >= 200 && code <= 299) return ALARM;
  if (code === 131056) return { retryable: true, retryAfter: 1000, scope: 'chat' };
  return POLICIES.get(code) ?? NO_RETRY;
}

/** Turns refusals into errors with a policy. Keeps one thing: how often each person's pair limit was hit in a row. */
export interface Refusals {
  /** `person`: whom the call was for, when it was for somebody. */
  error(status: number, error: Fields, person: string | undefined): SendError;
  succeeded(person: string | undefined): void;
}

export function createRefusals(scrub: (text: string) => string): Refusals {
  const pairs = new Map<string, number>();
  return {
    succeeded: (person) => {
      if (person !== undefined) pairs.delete(person);
    },
    error(status, error, person) {
      const code = integerIn(error, 'code');
      const words = [
        stringIn(error, 'message'),
        stringIn(child(error, 'error_data') ?? {}, 'details'),
        trace(error),
      ];
      const message = scrub(words.filter((each) => each !== undefined).join(' · ')).slice(0, 500);
      if (code === undefined) return notUnderstood(status);
      return new SendError(String(code), `WhatsApp answered ${String(code)}: ${message}`, policy());

      function policy(): SendPolicy {
        if (code === 131056) return { ...policyOf(131056), retryAfter: 1000 * 4 ** hitsOf(person) };
        // A code of tomorrow that comes with a server's failure: worth another try, whatever became of the first.
        if (code !== undefined && !isKnown(code) && status >= 500) return { ...TEMPORARY, uncertain: true };
        return policyOf(code ?? 0);
      }
    },
  };

  function hitsOf(person = ''): number {
    const hits = pairs.get(person) ?? 0;
    if (pairs.size >= MOST_PAIRS) pairs.clear();
    pairs.set(person, Math.min(hits + 1, PAIR_LONGEST));
    return hits;
  }
}

const isKnown = (code: number): boolean => POLICIES.has(code) || (code >= 200 && code <= 299);

function trace(error: Fields): string | undefined {
  const id = stringIn(error, 'fbtrace_id');
  return id === undefined || !/^[\w-]{1,64}$/.test(id) ? undefined : `fbtrace_id ${id}`;
}

/** An answer that is not the Graph API's: a proxy's HTML page, a cut body, a redirect (never followed: it would carry the token away). */
export function notUnderstood(status: number): SendError {
  return new SendError('not_the_api', `The answer (HTTP ${String(status)}) is not from the Graph API.`, {
    retryable: true,
    uncertain: true,
  });
}
