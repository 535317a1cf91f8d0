import { STATUS_CODES } from 'node:http';
import type { Clock } from '../lib/clock.ts';
import type { RawResponse } from '../message/route.ts';

/** Every error answer has this body. `details` is a constant sentence: never an exception's text, a path or a value. */
export interface FailureBody {
  error: string;
  details: string;
  /** ISO 8601, UTC. */
  timestamp: string;
}

const ERRORS: Readonly<Record<number, string>> = { 400: 'Validation failed' };

const DETAILS: Readonly<Record<number, string>> = {
  400: 'The request cannot be read.',
  401: 'An API key is needed: send it as "Authorization: Bearer <key>".',
  404: 'There is nothing at this address.',
  405: 'This address does not accept this method.',
  408: 'The request took too long to arrive.',
  413: 'The body is longer than this address accepts.',
  415: 'The body must be sent as it is, without Content-Encoding.',
  421: 'This server does not answer for this host name.',
  429: 'Too many refused requests from this address; try again later.',
  431: 'The headers are longer than this server accepts.',
  500: 'Something went wrong on our side.',
  503: 'The service cannot do this now; try again later.',
};

export function failureBody(status: number, clock: Clock, details?: string): FailureBody {
  return {
    error: ERRORS[status] ?? STATUS_CODES[status] ?? 'Error',
    details: details ?? DETAILS[status] ?? 'The request was refused.',
    timestamp: new Date(clock.now()).toISOString(),
  };
}

export function failure(
  status: number,
  clock: Clock,
  more: { details?: string; headers?: Record<string, string> } = {},
): RawResponse {
  return json(status, failureBody(status, clock, more.details), more.headers);
}

/** No key, or not one for this: whatever was wrong, the same. */
export const unauthorised = (clock: Clock): RawResponse =>
  failure(401, clock, { headers: { 'www-authenticate': 'Bearer' } });

/** `seconds`: when it is worth trying again. */
export const unavailable = (clock: Clock, details: string, seconds: number): RawResponse =>
  failure(503, clock, { details, headers: { 'retry-after': String(seconds) } });

export function json(status: number, body: unknown, headers: Record<string, string> = {}): RawResponse {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(body),
  };
}
