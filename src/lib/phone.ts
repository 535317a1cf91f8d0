import {
  getCountryCallingCode,
  parsePhoneNumberFromString,
  validatePhoneNumberLength,
} from 'libphonenumber-js/max';
import type { CountryCode, NumberType, PhoneNumber } from 'libphonenumber-js/max';
import { isolateNumber, splitNumbers } from './phone-text.ts';

/** ISO 3166 code of the country a number without prefix is read in, or was found to belong to. */
export type PhoneCountry = CountryCode;

/**
 * Why a text gives no number. `old`: seven digits, as before 2007. `rounded`: a spreadsheet lost digits (`7,71E+08`).
 * `country`: it is a number of one of the `suggestions`, and does not say of which. `service`: toll-free or premium.
 */
export type PhoneRefusal =
  'empty' | 'several' | 'letters' | 'rounded' | 'short' | 'long' | 'old' | 'country' | 'service' | 'invalid';

export type PhoneReading =
  | { ok: true; e164: string; country?: PhoneCountry; kind: 'mobile' | 'fixed' | 'unknown' }
  | { ok: false; reason: PhoneRefusal; suggestions?: PhoneCountry[] };

export interface PhoneOptions {
  /** `SN` when absent. */
  country?: PhoneCountry;
}

/** Where families of this country live abroad and write their number without its prefix. */
const DIASPORA: readonly PhoneCountry[] = ['FR', 'IT', 'ES'];

/** Reads one number as people and spreadsheets write it. Never throws, never completes a number that is not whole. */
export function readPhone(text: string, options: PhoneOptions = {}): PhoneReading {
  const country = options.country ?? 'SN';
  const found = isolateNumber(text);
  if (found.ok) {
    const reading = readDigits(found, country);
    if (reading.ok || reading.reason === 'country') return reading;
    return isSeveral(text, country) ? refuse('several') : reading;
  }
  return found.reason !== 'empty' && isSeveral(text, country) ? refuse('several') : refuse(found.reason);
}

/** Every number of one cell ("77… / 76…"), in order; one refusal when there is none. */
export function readPhones(cell: string, options: PhoneOptions = {}): PhoneReading[] {
  const whole = readPhone(cell, options);
  if (whole.ok || whole.reason !== 'several') return [whole];
  return pieces(cell, options.country ?? 'SN').map((piece) => readPhone(piece, options));
}

/** "+221 77 ••• •• 67": enough to recognise one's own. */
export function maskPhone(e164: string): string {
  const parsed = parsePhoneNumberFromString(e164);
  if (!parsed) return '•••';
  const shown = parsed.formatInternational();
  const prefix = parsed.countryCallingCode.length + 2;
  const digits = shown.replace(/\D/g, '').length;
  let seen = 0;
  return shown.replace(/\d/g, (digit) => {
    seen += 1;
    return seen <= prefix || seen > digits - 2 ? digit : '•';
  });
}

const isSeveral = (text: string, country: PhoneCountry): boolean => pieces(text, country).length > 1;

const pieces = (text: string, country: PhoneCountry): string[] =>
  splitNumbers(text, (piece) => {
    const found = isolateNumber(piece);
    return found.ok && readDigits(found, country).ok;
  });

interface Digits {
  digits: string;
  /** It said so itself, by `+` or `00`. */
  international: boolean;
  /** Length of each group of digits as written. */
  groups: readonly number[];
}

function readDigits({ digits, international, groups }: Digits, country: PhoneCountry): PhoneReading {
  if (international) {
    const number = parse(`+${digits}`) ?? withoutDoubledPrefix(digits);
    if (number) return accept(number);
    // +220 (Gambia) is one key away from +221.
    if (digits.startsWith('220') && parse(digits.slice(3), 'SN')) return refuse('country', ['SN']);
    return refuse(length(`+${digits}`, country));
  }
  const home = parse(digits, country);
  if (home) return ambiguous(digits, groups, country) ?? accept(home);
  const trimmed = withoutHomePrefix(digits, country);
  if (trimmed) {
    // 07 71 23 45 67 in pairs is how France writes; nobody here puts a zero first.
    const french = country !== 'FR' && groups.length === 5 && groups.every((size) => size === 2);
    return french && parse(digits, 'FR') ? refuse('country', [country, 'FR']) : accept(trimmed);
  }
  if (digits.length >= 11) {
    const abroad = parse(`+${digits}`);
    if (abroad) return accept(abroad);
  }
  if (country === 'SN' && digits.length === 7) return refuse('old');
  const suggestions = abroadWithout(digits, country);
  return suggestions.length > 0 ? refuse('country', suggestions) : refuse(length(digits, country));
}

/** Countries where these digits are a number; only those where they are a mobile, if there is one. */
function abroadWithout(digits: string, country: PhoneCountry): PhoneCountry[] {
  const found = DIASPORA.flatMap((other) => {
    const number = other === country ? undefined : parse(digits, other);
    return number ? [{ other, mobile: number.getType() === 'MOBILE' }] : [];
  });
  const mobile = found.filter((each) => each.mobile);
  return (mobile.length > 0 ? mobile : found).map(({ other }) => other);
}

/** 712 34 56 78 is a mobile of Senegal and of Spain: only 71 234 56 78, grouped as here, says which. 78 is read as ours: half of Dakar has one. */
function ambiguous(
  digits: string,
  groups: readonly number[],
  country: PhoneCountry,
): PhoneReading | undefined {
  if (country !== 'SN' || !/^7[12]\d{7}$/.test(digits) || groups[0] === 2) return undefined;
  return parse(digits, 'ES')?.getType() === 'MOBILE' ? refuse('country', ['SN', 'ES']) : undefined;
}

/** 0771234567, 2210771234567, 221221771234567: the trunk zero and the repeated prefix that the library keeps. */
function withoutHomePrefix(digits: string, country: PhoneCountry): PhoneNumber | undefined {
  return peel(digits, getCountryCallingCode(country), (rest) => parse(rest, country));
}

/** +221 (0)77…, +221 221 77…, +33 0033 6…: of any country. */
function withoutDoubledPrefix(digits: string): PhoneNumber | undefined {
  for (const size of [1, 2, 3]) {
    const prefix = digits.slice(0, size);
    const number = peel(digits.slice(size), prefix, (rest) => parse(`+${prefix}${rest}`));
    if (number?.countryCallingCode === prefix) return number;
  }
  return undefined;
}

function peel(
  digits: string,
  prefix: string,
  read: (rest: string) => PhoneNumber | undefined,
): PhoneNumber | undefined {
  let rest = digits;
  while (rest.length > 6) {
    if (rest.startsWith('00')) rest = rest.slice(2);
    else if (rest.startsWith(prefix)) rest = rest.slice(prefix.length);
    else if (rest.startsWith('0')) rest = rest.slice(1);
    else return undefined;
    const number = read(rest);
    if (number) return number;
  }
  return undefined;
}

/** A valid number, by the library's own tables. */
function parse(digits: string, country?: PhoneCountry): PhoneNumber | undefined {
  const number = parsePhoneNumberFromString(digits, {
    ...(country === undefined ? {} : { defaultCountry: country }),
    extract: false,
  });
  return number?.isValid() === true && number.ext === undefined ? number : undefined;
}

/** Nobody's own telephone. */
const SERVICES: ReadonlySet<NumberType> = new Set<NumberType>([
  'TOLL_FREE',
  'PREMIUM_RATE',
  'SHARED_COST',
  'UAN',
  'VOICEMAIL',
  'PAGER',
]);

function accept(number: PhoneNumber): PhoneReading {
  const type = number.getType();
  if (SERVICES.has(type)) return refuse('service');
  return {
    ok: true,
    e164: number.number,
    ...(number.country === undefined ? {} : { country: number.country }),
    kind: type === 'MOBILE' ? 'mobile' : type === 'FIXED_LINE' ? 'fixed' : 'unknown',
  };
}

function length(digits: string, country: PhoneCountry): PhoneRefusal {
  const wrong = validatePhoneNumberLength(digits, country);
  return wrong === 'TOO_SHORT' ? 'short' : wrong === 'TOO_LONG' ? 'long' : 'invalid';
}

function refuse(reason: PhoneRefusal, suggestions: PhoneCountry[] = []): PhoneReading {
  return suggestions.length > 0 ? { ok: false, reason, suggestions } : { ok: false, reason };
}
