import type { Clock } from '../../lib/clock.ts';
import type { Endpoint, Trouble } from './endpoint.ts';
import { isTrouble } from './endpoint.ts';
import { readDelta } from './chunks.ts';
import type { ChatMessage } from './prompt.ts';
import { createEventReader } from './stream.ts';

/** `cut`: the text did not come to its end. `empty`: no word. */
export type Completion = { text: string } | Trouble | 'cut' | 'empty';

export interface Writer {
  /** One text, whole or not at all. Never throws. `ms`: longest wait for its end. */
  write(messages: readonly ChatMessage[], ms: number, signal?: AbortSignal): Promise<Completion>;
}

export interface WriterOptions {
  endpoint: Endpoint;
  model: string;
  clock: Clock;
  /** Longest wait for the first word, milliseconds. */
  firstWordMs?: number;
}

/** Tokens that the model may write: four sentences and a list are about 300. */
const MOST_TOKENS = 600;
/** Longest text read, UTF-16 units, and longest stream, bytes. */
const LONGEST_TEXT = 8_000;
const MAX_BYTES = 1024 * 1024;

/** Texts through `POST …/chat/completions`, streamed so that silence is noticed early and nothing endless is read. */
export function createWriter({ endpoint, model, clock, firstWordMs = 2_500 }: WriterOptions): Writer {
  /** The server refuses what is optional, and answered without: it is asked so from then on. */
  let bare = false;

  async function once(
    messages: readonly ChatMessage[],
    ms: number,
    without: boolean,
    signal?: AbortSignal,
  ): Promise<Completion | 'bad'> {
    const silence = new AbortController();
    const timer = setTimeout(
      () => {
        silence.abort();
      },
      Math.min(ms, firstWordMs),
    );
    const heard = listen(() => {
      clearTimeout(timer);
    });
    try {
      return await endpoint.post<Completion | 'bad'>(
        {
          path: '/chat/completions',
          body: {
            model,
            messages,
            stream: true,
            ...(without ? {} : { temperature: 0, max_tokens: MOST_TOKENS }),
          },
          accept: 'text/event-stream, application/json',
          timeoutMs: Math.max(1, ms),
          maxBytes: MAX_BYTES,
          signal,
          silence: silence.signal,
          onData: heard.push,
        },
        ({ status, body }) => {
          if (status === 200) return heard.end(body);
          return without ? 'failed' : 'bad';
        },
      );
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    async write(messages, ms, signal) {
      const until = clock.monotonic() + ms;
      const first = await once(messages, ms, bare, signal);
      if (first !== 'bad') return first;
      const second = await once(messages, until - clock.monotonic(), true, signal);
      if (second === 'bad') return 'failed';
      bare = !isTrouble(second);
      return second;
    },
  };
}

/** Gathers the words of one answer. `began` is called at the first of them. */
function listen(began: () => void): {
  push(piece: Buffer, status: number): boolean;
  end(body: Buffer): Completion;
} {
  const events = createEventReader();
  let text = '';
  let end: 'stop' | 'cut' | 'failed' | undefined;
  let any = false;

  function hear(data: string): void {
    any = true;
    if (data.trim() === '[DONE]') {
      end ??= 'stop';
      return;
    }
    const delta = readDelta(data);
    if (delta === undefined) {
      end = 'failed';
      return;
    }
    if (text === '' && delta.text !== '') began();
    text += delta.text;
    if (text.length > LONGEST_TEXT) end = 'cut';
    else end ??= delta.end;
  }

  return {
    push(piece, status) {
      if (status !== 200) return true;
      try {
        for (const data of events.push(piece)) if (end === undefined) hear(data);
      } catch {
        end = 'failed';
      }
      return end === undefined;
    },
    end(body) {
      // A server that does not stream answers with one JSON text.
      if (!any && end === undefined) hear(body.toString('utf8'));
      if (end === 'failed') return 'failed';
      if (end !== 'stop') return 'cut';
      return text.trim() === '' ? 'empty' : { text };
    },
  };
}
