export type HealthLevel = 'ok' | 'degraded' | 'down' | 'unknown';

export interface Health {
  level: HealthLevel;
  /** `channels.telegram`, `answers`, `storage`… as the server names them. */
  parts: { name: string; level: HealthLevel }[];
}

/** Reads `GET /health`; a 503 carries the same document. Never throws: a silent server is `unknown`. */
export async function readHealth(signal: AbortSignal): Promise<Health> {
  try {
    const response = await fetch('/health', {
      signal,
      cache: 'no-store',
      headers: { accept: 'application/json' },
    });
    return healthOf(await response.json(), response.ok);
  } catch {
    return { level: 'unknown', parts: [] };
  }
}

export function healthOf(body: unknown, ok: boolean): Health {
  if (typeof body !== 'object' || body === null) return { level: 'unknown', parts: [] };
  const { status, ...rest } = body as Record<string, unknown>;
  const level = levelOf(status);
  const parts = Object.entries(rest).flatMap(([name, value]) => partsOf(name, value));
  return { level: level === 'unknown' ? (ok ? 'ok' : 'down') : level, parts };
}

function partsOf(name: string, value: unknown): Health['parts'] {
  if (typeof value === 'string' || typeof value === 'boolean') return [{ name, level: levelOf(value) }];
  if (typeof value !== 'object' || value === null) return [];
  const fields = value as Record<string, unknown>;
  if ('status' in fields) return [{ name: String(fields['name'] ?? name), level: levelOf(fields['status']) }];
  return Object.entries(fields).flatMap(([key, inner]) => partsOf(Array.isArray(value) ? name : key, inner));
}

function levelOf(value: unknown): HealthLevel {
  if (value === true) return 'ok';
  if (value === false) return 'down';
  const word = String(value).toLowerCase();
  if (['ok', 'up', 'ready', 'healthy', 'running', 'live'].includes(word)) return 'ok';
  if (['degraded', 'slow', 'warning', 'starting'].includes(word)) return 'degraded';
  return ['down', 'error', 'failed', 'unavailable', 'off'].includes(word) ? 'down' : 'unknown';
}
