import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reply, serve, type TestServer } from '../../../test/support/platform-server.ts';
import { SendError, type SendPolicy } from '../errors.ts';
import { type Api, createApi } from './api.ts';
import { statusItem } from './statuses.ts';

const no: SendPolicy = { retryable: false };
const alarm: SendPolicy = { retryable: false, alarm: true };
const again: SendPolicy = { retryable: true };
const malformed: SendPolicy = { retryable: false, useFallback: true };
const account = (retryAfter: number): SendPolicy => ({ retryable: true, retryAfter, scope: 'account' });
const tokenGone: SendPolicy = { ...account(300_000), alarm: true };
const stop: SendPolicy = { ...account(900_000), alarm: true };

/** The table of codes of the platform's contract, row by row. */
const table: [code: number, meaning: string, policy: SendPolicy][] = [
  [0, 'token invalid', tokenGone],
  [190, 'token expired', tokenGone],
  [104, 'token missing', tokenGone],
  [3, 'capability', alarm],
  [10, 'permission', alarm],
  [200, 'permission, first of its range', alarm],
  [250, 'permission, in its range', alarm],
  [299, 'permission, last of its range', alarm],
  [131005, 'access denied', alarm],
  [4, 'calls of the application', account(60_000)],
  [80007, 'calls of the account', account(60_000)],
  [130429, 'messages per second', account(2_000)],
  [131056, 'pair rate', { retryable: true, retryAfter: 1_000, scope: 'chat' }],
  [131048, 'spam limit', stop],
  [131016, 'service unavailable', again],
  [131000, 'something went wrong', again],
  [1, 'unknown', again],
  [2, 'overload', again],
  [131057, 'maintenance', again],
  [100, 'invalid parameter', malformed],
  [131008, 'parameter missing', malformed],
  [131009, 'parameter value', malformed],
  [33, 'parameter value of old', malformed],
  [135000, 'generic', malformed],
  [131021, 'to ourselves', no],
  [131026, 'undeliverable', { retryable: false, unreachable: true }],
  [131030, 'not a test number', no],
  [131031, 'account locked', stop],
  [368, 'account blocked for a time', stop],
  [130497, 'one country out of reach', alarm],
  [131042, 'payment', alarm],
  [131047, 'window closed', { retryable: false, outsideWindow: true }],
  [131049, 'marketing limit of this person', no],
  [131050, 'marketing refused by this person', no],
  [130472, 'experiment', no],
  [131051, 'type unsupported', malformed],
  [131052, 'their fetching of a file', again],
  [131053, 'our uploading of a file', malformed],
  [131062, 'business-scoped id not allowed', no],
  [132000, 'template: count', alarm],
  [132001, 'template: missing', alarm],
  [132005, 'template: too long', alarm],
  [132007, 'template: policy', alarm],
  [132012, 'template: format', alarm],
  [132015, 'template: paused', alarm],
  [132016, 'template: disabled', alarm],
  [132018, 'template: parameter', alarm],
  [133010, 'number not registered', alarm],
  [137000, 'identity changed', no],
  [199, 'before the permissions', no],
  [300, 'after the permissions', no],
  [999_999, 'of tomorrow', no],
];

const secrets = /EAAinvented|221770000001/;
const params = { messaging_product: 'whatsapp', to: '221770000001', type: 'text', text: { body: 'x' } };
let answer = reply(200, {});
let server: TestServer;
let api: Api;

beforeAll(async () => {
  server = await serve((response, seen) => answer(response, seen));
  const token = 'EAAinventedSecretPart';
  api = createApi({ token, phoneId: '100000000000001', apiRoot: server.root, apiVersion: 'v25.0' });
});
afterAll(() => Promise.all([api.close(), server.close()]));

async function refused(status: number, code: number): Promise<SendError> {
  answer = reply(status, {
    error: {
      message: `(#${String(code)}) EAAinventedSecretPart cannot write to +221770000001`,
      type: 'OAuthException',
      code,
      error_data: { messaging_product: 'whatsapp', details: 'Details for staff' },
      fbtrace_id: 'AzXyTrace12',
    },
  });
  const error = await api.post('messages', params).catch((reason: unknown) => reason);
  // Each code is read by itself: the pair limit counts its refusals in a row.
  answer = reply(200, { messages: [{ id: 'wamid.1' }] });
  await api.post('messages', params);
  if (!(error instanceof SendError)) throw error;
  return error;
}

describe.each(table)('code %i (%s)', (code, _, policy) => {
  // The same code comes under several HTTP statuses: the code decides.
  test('refuses a call', async () => {
    for (const status of [400, 401, 403, 429, ...(code === 999_999 ? [] : [500])]) {
      // A permission that is none of the table's says nothing of a server's failure.
      if (status === 500 && [199, 300].includes(code)) continue;
      const error = await refused(status, code);
      expect([status, error.code, error.policy]).toEqual([status, String(code), policy]);
      expect(error.message).toContain('Details for staff · fbtrace_id AzXyTrace12');
      expect(JSON.stringify([error.message, error.stack])).not.toMatch(secrets);
    }
  });

  test('fails a message that was accepted', () => {
    const entry = {
      id: 'wamid.1',
      status: 'failed',
      timestamp: '1790000000',
      errors: [
        { code, title: 'Title', error_data: { details: 'EAA… could not write to +221770000001 today' } },
      ],
    };
    const { status } = statusItem(entry, (value) => value);
    expect(status?.error).toMatchObject({ code: String(code), policy });
    expect(status?.error?.title).toBe('Title · EAA… could not write to [number] today');
  });
});

test.each([199, 300, 999_999])(
  'code %i with a server’s failure: tried again, whatever became of the first',
  async (code) => {
    expect((await refused(500, code)).policy).toEqual({ retryable: true, uncertain: true });
  },
);
