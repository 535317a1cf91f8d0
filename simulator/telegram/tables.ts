import { readFileSync } from 'node:fs';

/** One parameter or field; the letters are explained in the data file itself. */
export interface FieldSpec {
  n: string;
  t: string[];
  r?: 1;
  len?: [min: number, max: number, unit: 'c' | 'b', afterParsing: 0 | 1];
  e?: string[];
  k?: string;
  v?: string;
}

export interface MethodSpec {
  f: FieldSpec[];
  ret: string[];
}

export interface TypeSpec {
  f: FieldSpec[];
  sub?: string[];
}

export interface Limits {
  text: number;
  caption: number;
  rawBytes: number;
  callbackDataBytes: number;
  inlineButtons: number;
  inlinePerRow: number;
  keyboardButtons: number;
  keyboardPerRow: number;
  markupBytes: number;
  callbackAnswer: number;
  commands: number;
  commandDescription: number;
  downloadBytes: number;
  uploadBytes: number;
  photoBytes: number;
  perSecond: number;
  perChatPerSecond: number;
  perGroupPerMinute: number;
  updateKeptSeconds: number;
  callbackKeptSeconds: number;
  webhookPorts: number[];
  longPollMaxSeconds: number;
}

export interface MarkupVector {
  mode: 'html' | 'markdown';
  src: string;
  text?: string;
  entities?: [type: string, offset: number, length: number][];
  error?: string;
}

const load = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../data/${name}.json`, import.meta.url), 'utf8'));

const table = load('telegram-methods') as {
  updateKinds: string[];
  methods: Record<string, MethodSpec>;
  types: Record<string, TypeSpec>;
};

export const limits = load('telegram-limits') as Limits;
export const types: Readonly<Record<string, TypeSpec>> = table.types;

const byLowerName = new Map(
  Object.entries(table.methods).map(([name, spec]) => [name.toLowerCase(), { name, spec }] as const),
);

/** Method names are case-insensitive. */
export function findMethod(name: string): { name: string; spec: MethodSpec } | undefined {
  return byLowerName.get(name.toLowerCase());
}

/** The fields of Update. */
export const updateKinds: readonly string[] = table.updateKinds;

export const methodNames: readonly string[] = Object.keys(table.methods);

export const markupVectors = (): MarkupVector[] =>
  (load('telegram-markup-vectors') as { vectors: MarkupVector[] }).vectors;
