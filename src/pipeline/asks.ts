import type { Channel } from '../channels/channel.ts';
import type { Statement } from '../storage/store.ts';
import type { ChildView } from '../message/account.ts';
import type { Question } from '../message/answer.ts';
import type { Ask, AskResult } from '../message/session.ts';
import { exportOf } from './export.ts';
import { readFiles, type KeptRow } from './files.ts';
import { wordsOf } from './past.ts';
import type { Incident, Runtime } from './runtime.ts';
import { waitingOf } from './waiting.ts';

/** The engines have their own, shorter, patience; this one only bounds a bug. */
const ASK_TIMEOUT_MS = 40_000;

/** For whom a turn asks. */
export interface Asker {
  channel: Channel;
  sessionId: string;
  /** Absent: we meet them in this very turn. */
  personId?: string;
  /** Of somebody whose account is made in this very turn. */
  children?: ChildView[];
  /** The inbox row. */
  seq: number;
}

export interface Performed {
  result: AskResult;
  /** Files that are on disk: their rows commit with the turn. */
  kept?: KeptRow[];
  /** What else commits with the turn, once it knows who wrote. */
  after?: (personId: string | null) => Statement[];
  /** Of somebody whose account this turn makes. */
  children?: ChildView[];
  /** Staff hear of it. */
  incident?: Incident;
}

/** Performs what a decision asks of the outside. */
export async function perform(
  runtime: Runtime,
  ask: Ask,
  { channel, personId, children, sessionId, seq }: Asker,
): Promise<Performed> {
  switch (ask.type) {
    case 'answer': {
      const { question, also = [], left } = ask;
      const signal = AbortSignal.timeout(ASK_TIMEOUT_MS);
      const answerTo = async (one: Question) => ({
        question: one,
        answer: await runtime.answerer.answer({ ...one, asker: personId ?? sessionId }, signal),
      });
      // Side by side: the slowest decides how long the person waits.
      const [first, ...others] = await Promise.all([answerTo(question), ...also.map(answerTo)]);
      return {
        result: {
          type: 'answer',
          ...first,
          ...(others.length > 0 && { also: others }),
          ...(left && { left }),
        },
      };
    }
    case 'health': {
      const health = await runtime.answerer.health();
      return { result: { type: 'health', health, at: runtime.clock.now() } };
    }
    case 'files': {
      const { media, papers = false } = ask;
      const sent = { channel, media, papers, session: sessionId, turn: String(seq) };
      const { files, rows } = await readFiles(runtime, sent);
      return { result: { type: 'files', files, silent: ask.silent }, kept: rows };
    }
    case 'history':
      return { result: { type: 'history', messages: await wordsOf(runtime, personId, ask.most) } };
    case 'export':
      return { result: { type: 'export', ...(await exportOf(runtime, personId)) } };
    case 'waiting': {
      const waiting = await waitingOf(runtime, personId);
      const requests = waiting.map(({ id: _, ...request }) => request);
      return { result: { type: 'waiting', requests } };
    }
    case 'account': {
      const { phone, proof, consent, child } = ask;
      const who = personId === undefined ? {} : { personId };
      const given = { phone, proof, consent, channel: channel.name, ...(child && { child }), ...who };
      const settled = await accountsOf(runtime).settle(given);
      const { state, text, waits, alert, holderId } = settled;
      return {
        result: { type: 'account', state, text, waits, phone },
        after: (person) => settled.statements(person),
        ...(settled.children && { children: settled.children }),
        ...(alert && {
          incident: {
            kind: 'account_attempt',
            message: `An account could not be made on ${channel.title} (${text}). See "guichet accounts failures".`,
            ...(holderId !== undefined && { person: holderId }),
          },
        }),
      };
    }
    case 'children': {
      const known = children ?? (personId === undefined ? [] : await accountsOf(runtime).children(personId));
      return { result: { type: 'children', children: known } };
    }
  }
}

function accountsOf({ accounts }: Runtime): NonNullable<Runtime['accounts']> {
  if (!accounts) throw new Error('A flow asked for an account on a desk without accounts.');
  return accounts;
}
