import { randomBytes } from 'node:crypto';
import type { JsonObject } from '../shared/json.ts';

interface Known {
  title: string;
  details: string;
  /** 400 unless said. Throttling comes as 400 or 429: clients must look at the code. */
  http?: number;
}

/** Codes of the Cloud API, in Meta's words. */
const CODES: Record<number, Known> = {
  0: { title: 'AuthException', details: 'We were unable to authenticate the app user.', http: 401 },
  1: { title: 'API Unknown', details: 'Invalid request or possible server error.', http: 500 },
  2: { title: 'API Service', details: 'Temporary due to downtime or overload.', http: 503 },
  3: { title: 'API Method', details: 'Capability or permissions issue.', http: 500 },
  4: { title: 'API Too Many Calls', details: 'The app has reached its API call rate limit.' },
  10: {
    title: 'Application does not have permission for this action',
    details: 'Permission is either not granted or has been removed.',
    http: 403,
  },
  33: { title: 'Parameter value is not valid', details: 'The business phone number has been deleted.' },
  100: {
    title: 'Invalid parameter',
    details: 'The request included one or more unsupported or misspelled parameters.',
  },
  104: { title: 'An access token is required to request this resource.', details: '', http: 401 },
  190: { title: 'Invalid OAuth access token - Cannot parse access token', details: '', http: 401 },
  368: {
    title: 'Temporarily blocked for policies violations',
    details: 'The business account has been restricted.',
    http: 403,
  },
  80007: { title: 'Rate limit issues', details: 'The WhatsApp Business Account has reached its rate limit.' },
  130429: {
    title: 'Rate limit hit',
    details:
      'Message failed to send because there were too many messages sent from this phone number in a short period of time',
  },
  130472: {
    title: "User's number is part of an experiment",
    details: "Failed to send message because this user's phone number is part of an experiment",
  },
  130497: {
    title: 'Business account is restricted from messaging users in this country.',
    details: 'Business account is restricted from messaging users in this country.',
    http: 403,
  },
  131000: {
    title: 'Something went wrong',
    details: 'Message failed to send due to an unknown error.',
    http: 500,
  },
  131005: {
    title: 'Access denied',
    details: 'Permission is either not granted or has been removed.',
    http: 403,
  },
  131008: { title: 'Required parameter is missing', details: 'The request is missing a required parameter.' },
  131009: { title: 'Parameter value is not valid', details: 'One or more parameter values are invalid.' },
  131016: { title: 'Service unavailable', details: 'A service is temporarily unavailable.', http: 500 },
  131021: { title: 'Recipient cannot be sender', details: 'Sender and recipient phone number is the same.' },
  131026: { title: 'Message undeliverable', details: 'Message Undeliverable.' },
  131030: {
    title: 'Recipient phone number not in allowed list',
    details:
      'Recipient phone number not in allowed list: Add recipient phone number to recipient list and try again.',
  },
  131031: {
    title: 'Business Account locked',
    details: 'The WhatsApp Business Account has been restricted or disabled.',
    http: 403,
  },
  131042: {
    title: 'Business eligibility payment issue',
    details: 'Message failed to send because there were one or more errors related to your payment method.',
  },
  131047: {
    title: 'Re-engagement message',
    details:
      'Message failed to send because more than 24 hours have passed since the customer last replied to this number.',
  },
  131048: {
    title: 'Spam rate limit hit',
    details:
      'Message failed to send because there are restrictions on how many messages can be sent from this phone number.',
  },
  131049: {
    title: 'This message was not delivered to maintain healthy ecosystem engagement.',
    details: 'In order to maintain a healthy ecosystem engagement, the message failed to be delivered.',
  },
  131050: {
    title: 'User has stopped marketing messages',
    details: 'The recipient has chosen to stop receiving marketing messages from your business.',
  },
  131051: { title: 'Unsupported message type', details: 'Message type is currently not supported.' },
  131052: { title: 'Media download error', details: 'Unable to download the media sent by the user.' },
  131053: { title: 'Media upload error', details: 'Unable to upload the media used in the message.' },
  131056: {
    title: '(Business Account, Consumer Account) pair rate limit hit',
    details:
      'Message failed to send because there were too many messages sent from this phone number to the same phone number in a short period of time.',
  },
  131057: {
    title: 'Account in maintenance mode',
    details: 'Business account is in maintenance mode.',
    http: 500,
  },
  131062: {
    title: 'Business-scoped User ID recipients are not supported for this message.',
    details: 'Business-scoped User ID recipients are not supported for this message.',
  },
  132000: {
    title: 'Number of parameters does not match the expected number of params',
    details:
      'The number of variable parameter values included in the request did not match the number of variable parameters defined in the template.',
  },
  132001: {
    title: 'Template name does not exist in the translation',
    details: 'The template does not exist in the specified language or the template has not been approved.',
    http: 404,
  },
  132005: { title: 'Translated text too long', details: 'Translated text is too long.' },
  132007: {
    title: 'Template format character policy violated',
    details: 'Template content violates a WhatsApp policy.',
  },
  132012: {
    title: 'Parameter format does not match format in the created template',
    details: 'Variable parameter values formatted incorrectly.',
  },
  132015: {
    title: 'Template is paused',
    details: 'Template is paused due to low quality so it cannot be sent in a template message.',
  },
  132016: {
    title: 'Template is disabled',
    details: 'Template has been paused too many times due to low quality and is now permanently disabled.',
  },
  132018: {
    title: 'There was an issue with the parameters in your template',
    details: 'Param text cannot have new-line/tab characters or more than 4 consecutive spaces',
  },
  133010: {
    title: 'Account not registered',
    details: 'Phone number not registered on the WhatsApp Business Platform.',
  },
  135000: {
    title: 'Generic user error',
    details: 'Message failed to send because of an unknown error with your request parameters.',
  },
  137000: { title: 'Identity changed', details: "The recipient's identity has changed: confirm it first." },
};

const known = (code: number): Known => CODES[code] ?? { title: 'Unknown error', details: 'Unknown error' };
const TOKEN_CODES = [0, 104, 190];

interface More {
  /** Instead of the code's own sentence. */
  details?: string;
  http?: number;
  subcode?: number;
  /** Instead of `(#code) title`. */
  message?: string;
  type?: string;
}

/** A refusal with the platform's own body. */
export class GraphError extends Error {
  readonly code: number;
  readonly http: number;
  readonly body: JsonObject;

  constructor(code: number, more: More = {}) {
    const { title, details, http } = known(code);
    const token = TOKEN_CODES.includes(code);
    const message = more.message ?? (token ? title : `(#${code}) ${title}`);
    super(more.details ?? message);
    this.name = 'GraphError';
    this.code = code;
    this.http = more.http ?? http ?? 400;
    const plain = token || more.message !== undefined;
    this.body = {
      error: {
        message,
        type: more.type ?? 'OAuthException',
        code,
        ...(plain ? {} : { error_data: { messaging_product: 'whatsapp', details: more.details ?? details } }),
        ...(more.subcode === undefined ? {} : { error_subcode: more.subcode }),
        fbtrace_id: `A${randomBytes(16).toString('base64url')}`,
      },
    };
  }
}

export const invalid = (details: string): GraphError => new GraphError(100, { details });
export const missing = (details: string): GraphError => new GraphError(131008, { details });
export const badValue = (details: string): GraphError => new GraphError(131009, { details });

/** The `errors` entry of a failed status, or of a message that could not be shown. */
export function webhookError(code: number): JsonObject {
  const { title, details } = known(code);
  return {
    code,
    title,
    message: title,
    error_data: { details },
    href: 'https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/',
  };
}
