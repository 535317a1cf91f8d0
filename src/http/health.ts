import type { RawRequest, RawResponse, Route } from '../message/route.ts';
import { json } from './failure.ts';

export type HealthState = 'ok' | 'degraded' | 'down';

/** Minimal on purpose: it is open to everybody, so no version and no figures. */
export interface Health {
  /** `down`: updates cannot be stored, or nothing can be answered. */
  status: HealthState;
  channels: Readonly<Record<string, HealthState>>;
  answers: HealthState;
  storage: HealthState;
}

export interface HealthOptions {
  health(): Promise<Health>;
  /** May traffic be sent here now? */
  ready(): boolean | Promise<boolean>;
}

/** `GET /health` (200, or 503 when down) and `GET /ready` (200 or 503): for monitors and load balancers. */
export function healthRoutes({ health, ready }: HealthOptions): Route[] {
  const get = (path: string, handle: (request: RawRequest) => Promise<RawResponse>): Route => ({
    method: 'GET',
    path,
    maxBody: 0,
    handle,
  });
  return [
    get('/health', async () => {
      const { status, channels, answers, storage } = await health();
      return json(
        status === 'down' ? 503 : 200,
        { status, channels, answers, storage },
        retry(status === 'down'),
      );
    }),
    get('/ready', async () => {
      const isReady = await ready();
      return json(isReady ? 200 : 503, { ready: isReady }, retry(!isReady));
    }),
  ];
}

const retry = (unavailable: boolean): Record<string, string> => (unavailable ? { 'retry-after': '5' } : {});
