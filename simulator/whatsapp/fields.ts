import { isObject } from '../shared/json.ts';
import type { JsonObject } from '../shared/json.ts';
import { badValue, invalid, missing } from './graph-error.ts';
import type { Report } from './store.ts';

/** One object of a request, whose keys are all known. Paths are written as Meta does: `interactive['body']`. */
export class Fields {
  readonly path: string;
  readonly #values: JsonObject;
  readonly #report: Report;

  constructor(value: unknown, path: string, keys: readonly string[], report: Report) {
    if (!isObject(value)) throw invalid(`Param ${path} must be a JSON object.`);
    for (const key of Object.keys(value)) {
      if (!keys.includes(key))
        throw invalid(`Unexpected key "${key}"${path === '' ? '' : ` on param "${path}"`}.`);
    }
    this.path = path;
    this.#values = value;
    this.#report = report;
  }

  get report(): Report {
    return this.#report;
  }

  at(key: string): string {
    return this.path === '' ? key : `${this.path}['${key}']`;
  }

  has(key: string): boolean {
    return this.#values[key] !== undefined;
  }

  raw(key: string): unknown {
    return this.#values[key];
  }

  /** Absent: undefined. Lengths are refused in code points and reported in UTF-16 units. */
  optionalText(key: string, max: number, tooLong?: string): string | undefined {
    const value = this.#values[key];
    if (value === undefined) return undefined;
    if (typeof value !== 'string') throw invalid(`Param ${this.at(key)} must be a string.`);
    if (!value.isWellFormed()) throw invalid(`Param ${this.at(key)} must be a UTF-8 string.`);
    const units = value.length;
    if (units > max) {
      const points = [...value].length;
      if (points > max) throw badValue(tooLong ?? `Param ${this.at(key)} length invalid. Max length: ${max}`);
      this.#report(
        'length',
        `${this.at(key)}: ${units} UTF-16 units, ${points} characters; stay within ${max} units`,
      );
    }
    const foreign = foreignMarkup(value);
    if (foreign) this.#report('markup', `${this.at(key)} shows ${foreign} as it is written`);
    return value;
  }

  /** Must be there, and say something. */
  text(key: string, max: number, tooLong?: string): string {
    const value = this.optionalText(key, max, tooLong);
    if (value === undefined) throw missing(`The parameter ${this.at(key)} is required.`);
    if (value.trim() === '') throw badValue(tooLong ?? `Param ${this.at(key)} cannot be empty.`);
    return value;
  }

  /** An id or a title: what is around it would be cut. */
  label(key: string, max: number, tooLong?: string): string {
    const value = this.text(key, max, tooLong);
    if (value !== value.trim())
      throw badValue(`Param ${this.at(key)} cannot have leading or trailing spaces.`);
    return value;
  }

  oneOf<T extends string>(key: string, values: readonly T[]): T {
    const value = this.text(key, 100);
    const found = values.find((candidate) => candidate === value);
    if (found === undefined)
      throw invalid(
        `Param ${this.at(key)} must be one of {${values.map((v) => v.toUpperCase()).join(', ')}} - got "${value}".`,
      );
    return found;
  }

  flag(key: string): boolean {
    const value = this.#values[key];
    if (value === undefined) return false;
    if (typeof value === 'boolean') return value;
    if (value !== 'true' && value !== 'false') throw invalid(`Param ${this.at(key)} must be a boolean.`);
    this.#report('type', `${this.at(key)} is the text "${value}", not a boolean`);
    return value === 'true';
  }

  number(key: string, min: number, max: number): number {
    const value = this.#values[key];
    if (value === undefined) throw missing(`The parameter ${this.at(key)} is required.`);
    if (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value))
      this.#report('type', `${this.at(key)} is a text, not a number`);
    else if (typeof value !== 'number') throw invalid(`Param ${this.at(key)} must be a number.`);
    const number = Number(value);
    if (!(number >= min && number <= max))
      throw badValue(`Param ${this.at(key)} must be between ${min} and ${max}.`);
    return number;
  }

  link(key: string): string {
    const value = this.text(key, 2000);
    if (!URL.canParse(value) || !/^https?:/i.test(value))
      throw invalid(`Param ${this.at(key)} is not a valid URI.`);
    if (/^http:/i.test(value)) this.#report('link', `${this.at(key)} is not https`);
    return value;
  }

  object(key: string, keys: readonly string[]): Fields {
    if (!this.has(key)) throw missing(`The parameter ${this.at(key)} is required.`);
    return new Fields(this.#values[key], this.at(key), keys, this.#report);
  }

  list(key: string, keys: readonly string[]): Fields[] {
    const value = this.#values[key];
    if (value === undefined) throw missing(`The parameter ${this.at(key)} is required.`);
    if (!Array.isArray(value)) throw invalid(`Param ${this.at(key)} must be an array.`);
    return value.map((item: unknown, i) => new Fields(item, `${this.at(key)}[${i}]`, keys, this.#report));
  }
}

/** Markdown or HTML that WhatsApp shows as typed. */
function foreignMarkup(text: string): string | undefined {
  return (/\*\*[^*\s][^*]*\*\*/.exec(text) ??
    /<(b|i|u|s|a|strong|em|code|pre|p)\b[^>]*>[^]*?<\/\1>/.exec(text) ??
    /\[[^\]\n]+\]\(https?:[^)\s]+\)/.exec(text))?.[0];
}
