import type { Channel } from '../channels/channel.ts';
import type { Answerer } from '../message/answer.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import type { Store } from '../storage/store.ts';
import { storeIsUp } from '../storage/up.ts';
import type { Health } from './health.ts';

/** The real state of everything a citizen's message passes through. */
export async function readHealth(
  store: Store,
  answerer: Answerer,
  pipeline: Pipeline,
  channels: readonly Channel[],
): Promise<Health> {
  const [up, source] = await Promise.all([storeIsUp(store), answerer.health()]);
  const states = channels.map(
    (channel) =>
      [
        channel.name,
        pipeline.reaches(channel.name) && channel.reached?.() !== false ? 'ok' : 'degraded',
      ] as const,
  );
  const degraded = !source.ok || states.some(([, state]) => state !== 'ok');
  return {
    status: up ? (degraded ? 'degraded' : 'ok') : 'down',
    channels: Object.fromEntries(states),
    answers: source.ok ? 'ok' : 'down',
    storage: up ? 'ok' : 'down',
  };
}
