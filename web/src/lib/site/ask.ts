export interface Source {
  title: string;
  document?: string;
  page?: number | string;
  section?: string;
  excerpt?: string;
}

export type Outcome =
  | { kind: 'answer'; answer: string; sources: Source[] }
  | { kind: 'abstained'; message: string; suggestions: string[] }
  /** `reason`: the server's own sentence when it gave one. */
  | { kind: 'failed'; cause: 'busy' | 'refused' | 'unreachable'; reason?: string };

/** Asks `POST /ask-question-ultra`. A 404 that says `abstained` is an honest "not in the documents", not an error. */
export async function ask(question: string): Promise<Outcome> {
  try {
    const response = await fetch('/ask-question-ultra', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ question }),
    });
    return outcomeOf(response.status, await response.json());
  } catch {
    return { kind: 'failed', cause: 'unreachable' };
  }
}

export function outcomeOf(status: number, body: unknown): Outcome {
  const fields = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  if (status === 200 && typeof fields['answer'] === 'string') {
    return { kind: 'answer', answer: fields['answer'], sources: listOf(fields['sources']).filter(isSource) };
  }
  if (status === 404 && fields['abstained'] === true) {
    return {
      kind: 'abstained',
      message: String(fields['message'] ?? ''),
      suggestions: listOf(fields['suggestions']).map(suggestionText).filter(Boolean),
    };
  }
  if (status === 429) return { kind: 'failed', cause: 'busy' };
  if (status >= 500 || status === 404) return { kind: 'failed', cause: 'unreachable' };
  const reason = [fields['error'], fields['details']].filter((part) => typeof part === 'string').join(' : ');
  return { kind: 'failed', cause: 'refused', ...(reason && { reason }) };
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

const isSource = (value: unknown): value is Source =>
  typeof value === 'object' && value !== null && 'title' in value && typeof value.title === 'string';

/** A suggestion is a sentence, or an object that carries one. */
function suggestionText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return '';
  const fields = value as Record<string, unknown>;
  return String(fields['question'] ?? fields['label'] ?? fields['title'] ?? '');
}
