import type { EmbeddedAnswerer } from '../answers/embedded.ts';
import type { Judged } from '../answers/evaluation/evaluate.ts';
import { ANSWER_FROM, SUGGEST_FROM } from '../answers/retrieval/confidence.ts';
import { languageData } from '../answers/retrieval/language.ts';

export interface Calibration {
  /** Confidence from which something is said, and the raw sum that it is in this collection. */
  answer: { confidence: number; raw: number };
  /** The same for titles that are offered. */
  suggest: { confidence: number; raw: number };
  /** Of that bank. `refused`: nothing is said of them, at most titles are offered. */
  offTopic: { asked: number; refused: number };
  /** Of the desk's own questions that its documents answer. */
  own: { asked: number; answered: number };
}

export async function calibrationOf(
  engine: EmbeddedAnswerer,
  judged: readonly Judged[],
): Promise<Calibration> {
  const { offTopic } = await languageData();
  const lines = engine.corpus.retriever.calibration;
  const own = judged.filter(({ asked }) => asked.answerable);
  return {
    answer: { confidence: ANSWER_FROM, raw: lines.answer },
    suggest: { confidence: SUGGEST_FROM, raw: lines.suggest },
    offTopic: {
      asked: offTopic.length,
      refused: offTopic.filter((question) => engine.search(question, 1).zone !== 'answer').length,
    },
    own: {
      asked: own.length,
      answered: own.filter(({ answer }) => answer.status === 'answered').length,
    },
  };
}

const percent = (part: number, whole: number): string =>
  whole === 0 ? '-' : `${((100 * part) / whole).toFixed(0)} %`;

export const calibrationLines = ({ answer, suggest, offTopic, own }: Calibration): string[] => [
  `  an answer from ${lineOf(answer)}, titles from ${lineOf(suggest)}`,
  `  of ${String(offTopic.asked)} questions about other things ${percent(offTopic.refused, offTopic.asked)} are refused`,
  `  of ${String(own.asked)} questions the documents answer ${percent(own.answered, own.asked)} are answered`,
];

const lineOf = ({ confidence, raw }: Calibration['answer']): string =>
  `${String(confidence)} (raw ${raw.toFixed(2)})`;
