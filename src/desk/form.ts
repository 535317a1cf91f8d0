import type { Rich } from '../message/rich.ts';

export const STEP_KINDS = ['text', 'choice', 'date', 'phone', 'number', 'yes_no', 'file'] as const;
export type StepKind = (typeof STEP_KINDS)[number];

export interface FormChoice {
  id: string;
  label: string;
  /** Folded: other words people say for it. */
  also?: readonly string[];
}

/** The answers of an earlier step that make a step worth asking. */
export interface FormCondition {
  step: string;
  is: readonly string[];
}

/** ISO date, or the day of the answer. */
export type DateBound = string;

interface Step {
  id: string;
  /** A few words, for lists and exports. */
  label: string;
  ask: Rich;
  /** Said when the answer could not be taken. */
  help: Rich;
  required: boolean;
  /** Absent: always asked. */
  when?: FormCondition;
}

/** One question of a form. */
export type FormStep = Step &
  (
    | {
        kind: 'text';
        /** Code points. */
        min: number;
        max: number;
        /** The whole answer must follow it; takes time in proportion to the answer (see `pattern.ts`). */
        pattern?: RegExp;
      }
    | { kind: 'choice'; choices: readonly FormChoice[] }
    | { kind: 'date'; min?: DateBound; max?: DateBound }
    | { kind: 'phone' }
    | { kind: 'number'; min: number; max: number }
    | {
        kind: 'yes_no';
        /** Any other answer ends the form, with `refused`. */
        must?: 'yes' | 'no';
        refused: Rich;
      }
    /** A picture or a PDF. */
    | { kind: 'file' }
  );

/** Questions asked one after the other, whose answers go to staff. */
export interface Form {
  id: string;
  title: string;
  /** Only for people with an account. */
  account: boolean;
  intro: Rich;
  steps: readonly FormStep[];
  /** Placeholders are steps; absent: every answer on a line. */
  summary?: Rich;
  /** Placeholders are steps and `reference`; absent: the product's own words. */
  confirmation?: Rich;
}
