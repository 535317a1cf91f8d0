import { fold } from '../message/fold.ts';
import type { Rich } from '../message/rich.ts';
import { DeskError, show } from './error.ts';
import type { ChoiceSource, StepSource } from './form-schema.ts';
import type { FormChoice, FormStep, StepKind } from './form.ts';
import { safePattern } from './pattern.ts';
import { isDate } from '../lib/day.ts';

interface Place {
  file: string;
  /** Its number, from 0. */
  at: number;
  markdown(source: string, path: readonly PropertyKey[]): Rich;
}

/** Keys that mean something for some kinds only. */
const FOR: Readonly<Record<string, readonly StepKind[]>> = {
  min: ['text', 'date', 'number'],
  max: ['text', 'date', 'number'],
  pattern: ['text'],
  choices: ['choice'],
  must: ['yes_no'],
  refused: ['yes_no'],
};

const TEXT_MAX = 1000;
const NUMBER_MAX = 1e12;
const MOST_CHOICES = 40;

/** One step as the conversation reads it. Throws `DeskError`. */
export function buildStep(source: StepSource, { file, at, markdown }: Place): FormStep {
  const path = (key: string): readonly PropertyKey[] => ['steps', at, key];
  const fail = (key: string, what: string, instead: string): DeskError =>
    new DeskError(file, path(key), what, instead);

  for (const [key, kinds] of Object.entries(FOR)) {
    if (Object.hasOwn(source, key) && !kinds.includes(source.kind))
      throw fail(key, `means nothing for a step of kind ${source.kind}`, 'remove it');
  }
  const base = {
    id: source.id,
    label: source.label,
    ask: markdown(source.ask, path('ask')),
    help: source.help === undefined ? [] : markdown(source.help, path('help')),
    required: source.required ?? true,
    ...(source.when === undefined ? {} : { when: { step: source.when.step, is: [source.when.is].flat() } }),
  };
  switch (source.kind) {
    case 'text':
      return { ...base, kind: 'text', ...textBounds() };
    case 'choice':
      return { ...base, kind: 'choice', choices: choices() };
    case 'date':
      return { ...base, kind: 'date', ...dateBounds() };
    case 'number':
      return { ...base, kind: 'number', ...numberBounds() };
    case 'yes_no':
      return { ...base, kind: 'yes_no', ...consent() };
    case 'phone':
    case 'file':
      return { ...base, kind: source.kind };
  }

  function whole(key: 'min' | 'max', otherwise: number): number {
    const value = source[key] ?? otherwise;
    if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= TEXT_MAX) return value;
    throw fail(
      key,
      `is ${show(value)}`,
      `write how many characters, a whole number from 1 to ${String(TEXT_MAX)}`,
    );
  }

  function textBounds() {
    const [min, max] = [whole('min', 1), whole('max', 500)];
    if (min > max) throw fail('max', `is ${String(max)}, less than min`, `write ${String(min)} or more`);
    if (source.pattern === undefined) return { min, max };
    const pattern = safePattern(source.pattern);
    if (!pattern) {
      throw fail(
        'pattern',
        `is ${show(source.pattern)}`,
        'write characters and classes such as "[A-Z]{2}[0-9]+", with no groups, no | and one varying count at most',
      );
    }
    return { min, max, pattern };
  }

  function choices(): FormChoice[] {
    const given = source.choices ?? [];
    if (given.length < 2 || given.length > MOST_CHOICES)
      throw fail(
        'choices',
        given.length === 0 ? 'is missing' : `has ${String(given.length)} answers`,
        `write 2 to ${String(MOST_CHOICES)} answers, each { id: …, label: … }`,
      );
    given.forEach(({ id, label }, index) => {
      const before = given.slice(0, index);
      const [where, value] = before.some((it) => it.id === id)
        ? ['id', id]
        : before.some((it) => fold(it.label) === fold(label))
          ? ['label', label]
          : [];
      if (where === undefined) return;
      throw new DeskError(
        file,
        ['steps', at, 'choices', index, where],
        `is ${show(value)}, already used above`,
        `give each answer its own ${where}`,
      );
    });
    return given.map(({ id, label, also = [] }, index) => ({
      id,
      label,
      ...(also.length === 0 ? {} : { also: also.map((word, at) => otherWord(given, index, word, at)) }),
    }));
  }

  /** What is said for one answer is said for no other. */
  function otherWord(given: readonly ChoiceSource[], index: number, word: string, nth: number): string {
    const folded = fold(word);
    const says = ({ id, label, also = [] }: ChoiceSource): boolean =>
      [id, label, ...also].some((each) => fold(each) === folded);
    const other = given.find((choice, at) => at !== index && says(choice));
    if (folded !== '' && other === undefined) return folded;
    throw new DeskError(
      file,
      ['steps', at, 'choices', index, 'also', nth],
      `is ${show(word)}${other === undefined ? '' : `, which also says ${show(other.label)}`}`,
      other === undefined ? 'write a word with letters or digits' : 'leave it to one of the two answers',
    );
  }

  function dateBounds(): { min?: string; max?: string } {
    const bound = (key: 'min' | 'max'): { min?: string; max?: string } => {
      const value = source[key];
      if (value === undefined) return {};
      if (typeof value !== 'string' || (value !== 'today' && !isDate(value)))
        throw fail(key, `is ${show(value)}`, "write a date as '2016-03-14', or today");
      return { [key]: value };
    };
    const bounds = { ...bound('min'), ...bound('max') };
    const { min, max } = bounds;
    if (min !== undefined && max !== undefined && max !== 'today' && min !== 'today' && min > max)
      throw fail('max', `is ${show(max)}, before min`, 'write a later date');
    return bounds;
  }

  function numberBounds(): { min: number; max: number } {
    const bound = (key: 'min' | 'max'): number => {
      const value = source[key];
      if (typeof value === 'number' && Math.abs(value) <= NUMBER_MAX) return value;
      throw fail(
        key,
        value === undefined ? 'is missing' : `is ${show(value)}`,
        `write the ${key === 'min' ? 'least' : 'greatest'} number to accept`,
      );
    };
    const [min, max] = [bound('min'), bound('max')];
    if (min > max) throw fail('max', `is ${String(max)}, less than min`, `write ${String(min)} or more`);
    return { min, max };
  }

  function consent(): { must?: 'yes' | 'no'; refused: Rich } {
    const { must, refused } = source;
    if (must === undefined && refused !== undefined)
      throw fail('refused', 'is said to nobody without must', "write must: 'yes', or remove it");
    if (must !== undefined && refused === undefined)
      throw fail('refused', 'is missing', 'write what to say when the answer is not the one that must be');
    return {
      ...(must === undefined ? {} : { must }),
      refused: refused === undefined ? [] : markdown(refused, path('refused')),
    };
  }
}
