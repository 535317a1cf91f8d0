import { SendError } from './errors.ts';

/** Errors that come before a single byte of the request has left. */
const NOT_SENT =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ENETDOWN|EADDRNOTAVAIL|UND_ERR_CONNECT_TIMEOUT|ERR_TLS_.*|CERT_.*|UNABLE_TO_.*|SELF_SIGNED_.*|DEPTH_ZERO_.*)$/;

/** The call got no answer at all. `platform`: its name for people. `what`: `timeout`, `aborted`, or read from the error. */
export function noAnswer(platform: string, cause: unknown, what?: 'timeout' | 'aborted'): SendError {
  const error = cause instanceof Error ? (cause as NodeJS.ErrnoException) : undefined;
  const code = what ?? error?.code ?? 'network_error';
  if (!what && (NOT_SENT.test(code) || error?.syscall === 'connect'))
    return new SendError('unreachable_server', `${platform} cannot be reached (${code}).`, {
      retryable: true,
      scope: 'account',
    });
  return new SendError(what ?? 'network_error', `The call to ${platform} got no answer (${code}).`, {
    retryable: true,
    uncertain: true,
  });
}
