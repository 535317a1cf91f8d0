import { isObject } from '../shared/json.ts';
import type { JsonObject } from '../shared/json.ts';
import type { Report } from './store.ts';
import { types } from './tables.ts';
import type { FieldSpec } from './tables.ts';

type Refuse = (reason: string) => Error;

/**
 * Checks a value against the published types, all the way down. What Telegram refuses is thrown through `refuse`;
 * what it overlooks (unknown fields) is reported.
 */
export function checkValue(
  wanted: string[],
  value: unknown,
  path: string,
  report: Report,
  refuse: Refuse,
): void {
  const [first = 'String'] = wanted;
  if (first.startsWith('Array of ')) {
    const elements = wanted.map((name) => name.replace(/^Array of /, ''));
    if (!Array.isArray(value)) throw refuse(`Expected an Array of ${elements[0] ?? ''}`);
    value.forEach((item, index) => checkValue(elements, item, `${path}[${index}]`, report, refuse));
    return;
  }
  const scalar = wanted.find((name) => ['String', 'Integer', 'Float', 'Boolean', 'InputFile'].includes(name));
  if (scalar !== undefined) {
    checkScalar(wanted, value, path, report, refuse);
    return;
  }
  if (!isObject(value)) throw refuse(`Field "${path}" must be of type Object`);
  const name = chooseType(wanted, value);
  if (name !== undefined) checkFields(name, value, path, report, refuse);
}

function checkScalar(wanted: string[], value: unknown, path: string, report: Report, refuse: Refuse): void {
  const field = path.split('.').at(-1) ?? path;
  const fits = wanted.some((name) => {
    if (name === 'Integer') return Number.isInteger(value);
    if (name === 'Float') return typeof value === 'number';
    if (name === 'Boolean') return typeof value === 'boolean';
    return typeof value === 'string';
  });
  if (fits) return;
  if (value === null) report('null', `${path} is null`);
  const repaired =
    (typeof value === 'number' && wanted.includes('String')) ||
    (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) && !wanted.includes('Boolean'));
  if (!repaired)
    throw refuse(
      `Field "${field}" must be of type ${wanted[0] === 'Integer' ? 'Number' : (wanted[0] ?? '')}`,
    );
  report('type', `${path} must be ${wanted.join(' or ')}, got ${JSON.stringify(value)}`);
}

export function checkFields(
  name: string,
  value: JsonObject,
  path: string,
  report: Report,
  refuse: Refuse,
): void {
  const spec = types[name];
  if (!spec) return;
  const fields = new Map(spec.f.map((field) => [field.n, field]));
  for (const key of Object.keys(value)) {
    if (!fields.has(key)) report('unknown-field', `${path}.${key} is not a field of ${name}: ignored`);
  }
  for (const field of fields.values()) {
    const inner = value[field.n];
    if (inner === undefined) {
      if (field.r) throw refuse(`Can't find field "${field.n}"`);
      continue;
    }
    checkValue(field.t, inner, `${path}.${field.n}`, report, refuse);
    checkRange(field, inner, `${path}.${field.n}`, report);
  }
}

function checkRange(field: FieldSpec, value: unknown, path: string, report: Report): void {
  if (typeof value !== 'string') return;
  if (field.e && !field.e.includes(value)) report('value', `${path} must be one of ${field.e.join(' ')}`);
  // callback_data has its own error, given by the keyboards' rules.
  if (!field.len || field.n === 'callback_data') return;
  const [min, max, unit] = field.len;
  const length = unit === 'b' ? Buffer.byteLength(value) : [...value].length;
  if (length > max || length < min) report('length', `${path} must have ${min}–${max}, has ${length}`);
}

/** Among a union's members: the one whose constant fields match, else the one that knows most of the keys. */
function chooseType(wanted: string[], value: JsonObject): string | undefined {
  const members = wanted.flatMap((name) => types[name]?.sub ?? [name]);
  const fitting = members.filter((name) =>
    (types[name]?.f ?? []).every((field) => field.k === undefined || value[field.n] === field.k),
  );
  const known = (name: string): number => (types[name]?.f ?? []).filter((field) => field.n in value).length;
  return (fitting.length > 0 ? fitting : members).sort((a, b) => known(b) - known(a))[0];
}
