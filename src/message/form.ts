/** What was given at one step: words, the id of a choice, an ISO date, E.164, a number, `yes` or `no`; ids of files; null: passed over. */
export type FormValue = string | string[] | null;

/** A form that somebody began and did not send. JSON, sealed at rest. */
export interface FormDraft {
  /** Given when it is begun, kept when it is sent; absent in drafts of an older version. */
  reference?: string;
  /** By step; a step that is not here was not answered yet. */
  answers: Record<string, FormValue>;
  /** The step being asked, when it is not the first without an answer. */
  at?: string;
  /** The person chooses which answer to give anew. */
  correcting?: true;
  /** Epoch ms of the last answer. */
  changedAt: number;
}

/** One person's drafts, by form. */
export type Drafts = Record<string, FormDraft>;

/** A draft left alone for so long is forgotten. Milliseconds. */
export const DRAFT_LIFE_MS = 7 * 24 * 3600_000;

/** One answer of a form that was sent, readable without the form. */
export interface FormAnswer {
  step: string;
  label: string;
  kind: string;
  value: FormValue;
  /** As the person saw it; empty when passed over. */
  shown: string;
}

/** What staff read of a form that was sent. */
export interface SentForm {
  reference: string;
  answers: FormAnswer[];
}
