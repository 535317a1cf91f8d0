import type { Clock } from '../../lib/clock.ts';
import { clip } from '../../lib/clip.ts';
import { reasonOf } from '../../lib/http.ts';
import { json } from '../../lib/json.ts';
import { scrub } from '../../lib/scrub.ts';
import type { Transcriber, Transcription } from '../../message/transcription.ts';
import { multipart } from '../multipart.ts';
import { createBreaker } from '../../lib/breaker.ts';
import type { Request } from '../remote/remote.ts';
import { audioOf } from './audio.ts';

export interface TranscriberOptions {
  /** Address of an OpenAI-compatible API (`TRANSCRIBE_URL`), with or without its `/v1`. */
  baseUrl: string;
  request: Request;
  clock: Clock;
  /** ISO 639-1; French when absent. */
  language?: string;
  model?: string;
  /** Sent as `Authorization: Bearer`. */
  apiKey?: string;
  /** Longest wait, milliseconds. */
  timeoutMs?: number;
}

/** What the API takes at most (https://platform.openai.com/docs/guides/speech-to-text). */
const MAX_AUDIO = 25 * 1024 * 1024;
const MAX_REPLY = 1024 * 1024;
/** Longest text kept, UTF-16 units: about an hour of speech. */
const LONGEST_TEXT = 50_000;

/** Speech to text through `POST …/v1/audio/transcriptions`. Never throws. */
export function createTranscriber(options: TranscriberOptions): Transcriber {
  const { request, clock, language = 'fr', model = 'whisper-1', apiKey, timeoutMs = 30_000 } = options;
  const base = options.baseUrl.replace(/\/+$/, '');
  const url = `${/\/v1$/.test(base) ? base : `${base}/v1`}/audio/transcriptions`;
  const breaker = createBreaker({ clock });

  return {
    async transcribe({ bytes }, signal) {
      if (bytes.length > MAX_AUDIO) return { status: 'refused', reason: 'too_large' };
      const audio = audioOf(bytes);
      if (audio === undefined) return { status: 'refused', reason: 'unsupported' };
      if (!breaker.enter()) return { status: 'unavailable', reason: 'refused' };
      const { headers, body } = multipart(
        { model, language, response_format: 'json' },
        { field: 'file', name: audio.name, type: audio.type, bytes },
      );
      let response: { status: number; body: Buffer };
      try {
        response = await request({
          url,
          method: 'POST',
          headers: {
            ...headers,
            accept: 'application/json',
            ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
          },
          body,
          timeoutMs,
          maxBytes: MAX_REPLY,
          signal,
        });
      } catch (error) {
        if (signal.aborted) breaker.released();
        else breaker.failed();
        return { status: 'unavailable', reason: reasonOf(error) };
      }
      const { status } = response;
      const result = status === 200 ? heard(response.body) : refusal(status);
      // A wrong key or address is broken until somebody mends it; a refused recording says nothing about the next.
      if (result !== undefined) breaker.succeeded();
      else breaker.failed();
      return result ?? { status: 'unavailable', reason: 'failed' };
    },
  };
}

function heard(body: Buffer): Transcription | undefined {
  const value = json(body);
  if (typeof value !== 'object' || value === null || !('text' in value) || typeof value.text !== 'string')
    return undefined;
  return { status: 'heard', text: clip(scrub(value.text).trim(), LONGEST_TEXT) };
}

function refusal(status: number): Transcription | undefined {
  if (status === 413) return { status: 'refused', reason: 'too_large' };
  if (status === 415) return { status: 'refused', reason: 'unsupported' };
  return status === 400 || status === 422 ? { status: 'refused', reason: 'broken' } : undefined;
}
