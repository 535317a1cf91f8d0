import { join } from 'node:path';
import type { Clock } from '../../lib/clock.ts';
import type { HttpClient } from '../../lib/http.ts';
import type { Log } from '../../lib/log.ts';
import { createWriter } from './completion.ts';
import { createEmbedder } from './embedder.ts';
import { createEndpoint } from './endpoint.ts';
import type { LlmOptions } from './llm.ts';
import { createLlmAnswerer } from './llm.ts';
import type { PassageSemantics } from './semantics.ts';
import { createSemantics } from './semantics.ts';
import { openVectors } from './vectors.ts';

export interface ModelSettings {
  readonly baseUrl: string;
  readonly apiKey?: string;
  /** Words answers. */
  readonly model?: string;
  /** Helps to rank passages. */
  readonly embedModel?: string;
}

interface Outside {
  request: HttpClient['request'];
  clock: Clock;
  log: Log;
}

/** What ranks passages by meaning, when a model for it is set. `folder`: where vectors are kept. */
export async function openSemantics(
  settings: ModelSettings | undefined,
  folder: string,
  { request, clock, log }: Outside,
): Promise<PassageSemantics | undefined> {
  if (settings?.embedModel === undefined) return undefined;
  const { embedModel, ...server } = settings;
  const vectors = await openVectors(join(folder, 'embeddings'), embedModel);
  // A circuit of its own: a server may do one thing well and the other not.
  const embedder = createEmbedder(createEndpoint({ ...server, request, clock }), embedModel);
  return createSemantics({ embedder, vectors, log });
}

/** The embedded engine, worded by a model when one is set. */
export async function openAnswers(
  settings: ModelSettings | undefined,
  { request, ...options }: Omit<LlmOptions, 'writer' | 'secrets'> & Outside,
): ReturnType<typeof createLlmAnswerer> {
  if (settings?.model === undefined) return options.embedded;
  const { model, apiKey } = settings;
  const endpoint = createEndpoint({ ...settings, request, clock: options.clock });
  const writer = createWriter({ endpoint, model, clock: options.clock });
  return createLlmAnswerer({ ...options, writer, secrets: apiKey === undefined ? [] : [apiKey] });
}
