import { randomBytes } from 'node:crypto';
import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import type { Metrics } from '../../lib/metrics.ts';
import type { Answer, Answerer, Question, Suggestion } from '../../message/answer.ts';
import type { Considered, EmbeddedAnswerer } from '../embedded.ts';
import type { Notes } from '../composition/notes.ts';
import { withNotes } from '../composition/notes.ts';
import { sourceOf } from '../follow-up.ts';
import { languageData } from '../retrieval/language.ts';
import type { SearchResult } from '../retrieval/retriever.ts';
import { createBudget } from './budget.ts';
import { checkText } from './check.ts';
import type { Writer } from './completion.ts';
import { languageOfText } from './language.ts';
import { givesOrders } from './orders.ts';
import { loadPrompt, textGiven } from './prompt.ts';

export interface LlmOptions {
  /** Answers first, alone when the model does not, and always from files that people sent. */
  embedded: EmbeddedAnswerer;
  writer: Writer;
  /** Never shown to anybody: the key. */
  secrets: readonly string[];
  clock: Clock;
  limits: { llmPerPersonPerDay: number; llmPerDay: number };
  log: Log;
  metrics?: Metrics;
  notes?: Notes;
  /** Longest wait for an answer, retrieval included, milliseconds. */
  totalMs?: number;
  newBoundary?: () => string;
}

/** Passages that are given to the model, at most; those far behind the first only confuse it. */
const PASSAGES = 5;
const LEAST_SCORE = 0.35;

/**
 * What became of one question. `kept`: the model's words were shown. `skipped`: it is not asked this kind of question.
 * `budget`, `closed`…: not asked, or not answered. `withheld`: what it wrote did not pass.
 */
type Outcome = 'kept' | 'skipped' | 'budget' | 'withheld' | 'closed' | 'slow' | 'failed';

/**
 * Answers in a model's words, from the passages that one search found and nothing else; in every other case the
 * embedded engine's own answer, which is ready before the model is asked.
 */
export async function createLlmAnswerer(options: LlmOptions): Promise<Answerer> {
  const { embedded, writer, secrets, clock, log, metrics, totalMs = 4_500 } = options;
  const { newBoundary = () => `§${randomBytes(9).toString('base64url')}` } = options;
  const [prompt, { stopWords }] = await Promise.all([loadPrompt(), languageData()]);
  const { llmPerPersonPerDay: perPerson, llmPerDay: perDay } = options.limits;
  const budget = createBudget({ clock, perPerson, perDay });
  let down = false;

  function note(outcome: Outcome, reason?: string): void {
    metrics?.counted('guichet_llm_total', 'Questions by what the language model did with them.', { outcome });
    if (outcome === 'skipped' || outcome === 'budget') return;
    if (outcome === 'withheld') log.info('llm_withheld', { reason });
    const fails = outcome === 'slow' || outcome === 'failed';
    if (fails && !down) log.warn('llm_down', { reason });
    if (down && (outcome === 'kept' || outcome === 'withheld')) log.info('llm_up');
    if (outcome !== 'closed') down = fails;
  }

  async function worded(
    question: Question,
    { answer, search }: Considered,
    until: number,
    signal: AbortSignal,
  ): Promise<Answer> {
    const given = passagesFor(answer, search);
    const { text, previous } = question;
    if (given.length === 0 || givesOrders(`${text}\n${previous?.question ?? ''}`)) {
      note('skipped');
      return answer;
    }
    if (!budget.take(question.asker)) {
      note('budget');
      return answer;
    }
    const boundary = newBoundary();
    const language = languageFor(question, search);
    const passages = given.map(({ passage }) => passage);
    const messages = prompt.messages({
      question: question.text,
      previous: question.previous?.question,
      passages,
      boundary,
      language,
    });
    const began = clock.monotonic();
    const written = await writer.write(messages, until - began, signal);
    metrics?.timed('guichet_llm_seconds', 'How long the language model took.', {}, clock.monotonic() - began);
    budget.ended(question.asker, written === 'slow');
    if (typeof written === 'string') {
      note(
        written === 'closed' || written === 'slow' ? written : written === 'empty' ? 'withheld' : 'failed',
        written,
      );
      return answer;
    }
    const checked = checkText(written.text, {
      passages: passages.map(textGiven),
      instructions: prompt.instructions,
      secrets: [...secrets, boundary],
      language,
      stopWords,
    });
    if (!checked.ok) {
      note('withheld', [...new Set(checked.faults)].join(' '));
      return answer;
    }
    note('kept');
    const cited = checked.cited.flatMap((at) => given[at] ?? []);
    return {
      status: 'answered',
      body: withNotes(
        checked.body,
        cited.map(({ passage }) => passage),
        options.notes,
      ),
      sources: cited.map(({ passage, score }) => sourceOf(passage, passage.text, score)),
      confidence: search.confidence,
      ...('suggestions' in answer && { suggestions: others(answer.suggestions, cited) }),
      ...('institution' in answer && { institution: answer.institution }),
    };
  }

  return {
    async answer(question, signal) {
      const until = clock.monotonic() + totalMs;
      const considered = await embedded.consider(question, signal);
      try {
        return await worded(question, considered, until, signal);
      } catch (error) {
        note('failed', error instanceof Error ? error.name : 'unknown');
        return considered.answer;
      }
    },
    keep: (file, signal) => embedded.keep(file, signal),
    // A model that is down takes nothing away.
    health: () => embedded.health(),
  };
}

/** Topics near, without those that were just answered. */
const others = (near: readonly Suggestion[] = [], cited: readonly SearchResult[]): Suggestion[] =>
  near.filter(({ title }) => !cited.some((result) => result.title === title));

/** Nothing near, what is held elsewhere, and what somebody sent us are no questions for a model. */
function passagesFor(answer: Answer, { zone, results }: Considered['search']): SearchResult[] {
  if (zone === 'abstain' || answer.status === 'redirected' || answer.status === 'unavailable') return [];
  if (answer.status === 'answered' && answer.sources.some((source) => source.own === true)) return [];
  return results
    .filter(({ passage, score }) => passage.kind !== 'redirect' && score >= LEAST_SCORE)
    .filter(({ passage }) => !givesOrders(textGiven(passage)))
    .slice(0, PASSAGES);
}

/** The language of the question; Wolof is answered in the conversation's. */
function languageFor(question: Question, { understood }: Considered['search']): 'fr' | 'en' {
  if (understood.language === 'en') return 'en';
  return languageOfText(question.text) ?? (question.language.startsWith('en') ? 'en' : 'fr');
}
