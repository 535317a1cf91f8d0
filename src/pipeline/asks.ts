import type { Channel } from '../channels/channel.ts';
import type { Ask, AskResult } from '../message/session.ts';
import { readFiles, type KeptRow } from './files.ts';
import type { Runtime } from './runtime.ts';

/** The engines have their own, shorter, patience; this one only bounds a bug. */
const ASK_TIMEOUT_MS = 40_000;

/** For whom a turn asks. */
export interface Asker {
  channel: Channel;
  sessionId: string;
  /** The inbox row. */
  seq: number;
}

/** Performs what a decision asks of the outside; `kept`: rows to commit with the turn. */
export async function perform(
  runtime: Runtime,
  ask: Ask,
  { channel, sessionId, seq }: Asker,
): Promise<{ result: AskResult; kept: KeptRow[] }> {
  switch (ask.type) {
    case 'answer': {
      const { question } = ask;
      const answer = await runtime.answerer.answer(question, AbortSignal.timeout(ASK_TIMEOUT_MS));
      return { result: { type: 'answer', question, answer }, kept: [] };
    }
    case 'health': {
      const health = await runtime.answerer.health();
      return { result: { type: 'health', health, at: runtime.clock.now() }, kept: [] };
    }
    case 'files': {
      const sent = { channel, media: ask.media, session: sessionId, turn: String(seq) };
      const { files, rows } = await readFiles(runtime, sent);
      return { result: { type: 'files', files, silent: ask.silent }, kept: rows };
    }
  }
}
