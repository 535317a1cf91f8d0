import type { Clock } from '../lib/clock.ts';
import type { Metrics } from '../lib/metrics.ts';
import type { RawRequest, Route } from '../message/route.ts';
import { unauthorised } from './failure.ts';

/** `GET /metrics`, as Prometheus reads it. Guarded: figures tell how a service is used. */
export function metricsRoute(
  metrics: Pick<Metrics, 'text' | 'contentType'>,
  { allow, clock }: { allow(request: RawRequest): boolean; clock: Clock },
): Route {
  return {
    method: 'GET',
    path: '/metrics',
    maxBody: 0,
    async handle(request) {
      if (!allow(request)) return unauthorised(clock);
      return { status: 200, headers: { 'content-type': metrics.contentType }, body: await metrics.text() };
    },
  };
}
