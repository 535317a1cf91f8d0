import { isIPv4, isIPv6 } from 'node:net';
import { badRequest } from './api-error.ts';
import { conflict } from './context.ts';
import type { Context, Method } from './context.ts';
import { limits, updateKinds } from './tables.ts';

export const getUpdates: Method = async (context) => {
  const { args, webhook, poller } = context;
  if (webhook.settings) {
    throw conflict(
      "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    );
  }
  readAllowed(context);
  return poller.poll(
    {
      offset: args.number('offset'),
      limit: clamp(context, 'limit', 1, 100, 100),
      timeout: clamp(context, 'timeout', 0, limits.longPollMaxSeconds, 0),
    },
    context.res,
  );
};

/** Sticky; `[]` is the default set; unknown names are passed over. */
function readAllowed({ args, queue, report }: Context): void {
  if (!args.has('allowed_updates')) return;
  const names = args.list('allowed_updates').map(String);
  const unknown = names.filter((name) => !updateKinds.includes(name));
  if (unknown.length > 0) report('allowed_updates', `unknown kinds ${unknown.join(' ')}: ignored`);
  queue.allowed = names.filter((name) => updateKinds.includes(name));
}

function clamp({ args, report }: Context, name: string, min: number, max: number, otherwise: number): number {
  const value = args.number(name, otherwise);
  if (value < min || value > max) report('range', `${name} must be ${min}–${max}, got ${value}: clamped`);
  return Math.min(Math.max(value, min), max);
}

export const setWebhook: Method = (context) => {
  const { args, webhook, poller, queue } = context;
  const url = args.text('url');
  if (url === '') return deleteWebhook(context);
  checkUrl(url, context.allowHttpWebhook);
  const secretToken = args.text('secret_token');
  if (/[^A-Za-z0-9_-]/.test(secretToken)) throw badRequest('secret token contains unallowed characters');
  const maxConnections = clamp(context, 'max_connections', 1, 100, 40);
  readAllowed(context);
  if (args.flag('drop_pending_updates')) queue.dropAll();
  poller.terminate('Conflict: terminated by setWebhook request');
  const ipAddress = args.text('ip_address');
  const current = webhook.settings;
  const same =
    current?.url === url && current.secretToken === secretToken && current.maxConnections === maxConnections;
  context.description = same ? 'Webhook is already set' : 'Webhook was set';
  if (!same) webhook.set({ url, secretToken, maxConnections, ipAddress });
  context.store.changed();
  return true;
};

function checkUrl(url: string, allowHttp: boolean): void {
  const full = /^[a-z]+:\/\//i.test(url) ? url : `https://${url}`;
  if (!URL.canParse(full) || !/^https?:/i.test(full)) throw badRequest('invalid webhook URL specified');
  const { protocol, port, hostname } = new URL(full);
  if (allowHttp) return;
  if (protocol !== 'https:') throw badRequest('bad webhook: An HTTPS URL must be provided for webhook');
  if (!limits.webhookPorts.includes(port === '' ? 443 : Number(port))) {
    throw badRequest('bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443');
  }
  const host = hostname.replace(/^\[|\]$/g, '');
  if (isIPv6(host)) throw badRequest('bad webhook: IPv6-only addresses are not allowed');
  const address = host === 'localhost' ? '127.0.0.1' : host;
  if (
    isIPv4(address) &&
    /^(0|10|127|169\.254|192\.168|172\.(1[6-9]|2\d|3[01])|22[4-9]|2[3-5]\d)\./.test(address)
  ) {
    throw badRequest(`bad webhook: IP address ${address} is reserved`);
  }
}

export const deleteWebhook: Method = (context) => {
  const { args, webhook, queue } = context;
  if (args.flag('drop_pending_updates')) queue.dropAll();
  context.description = webhook.settings ? 'Webhook was deleted' : 'Webhook is already deleted';
  webhook.remove();
  context.store.changed();
  return true;
};

export const getWebhookInfo: Method = ({ webhook: { settings, lastError }, queue }) => ({
  url: settings?.url ?? '',
  has_custom_certificate: false,
  pending_update_count: queue.pending().length,
  ...(settings
    ? { max_connections: settings.maxConnections, ip_address: settings.ipAddress || '192.0.2.10' }
    : {}),
  ...(lastError ? { last_error_date: lastError.date, last_error_message: lastError.message } : {}),
  ...(queue.allowed.length > 0 ? { allowed_updates: queue.allowed } : {}),
});
