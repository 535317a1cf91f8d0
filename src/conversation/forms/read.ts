import type { TextKey } from '../../desk/desk.ts';
import type { FormChoice, FormStep } from '../../desk/form.ts';
import { readPhone } from '../../lib/phone.ts';
import { fold } from '../../message/fold.ts';
import { flatten } from '../../message/styled.ts';
import type { Voice } from '../texts.ts';
import { isNoDay, readDates } from './dates.ts';

/** What a typed text says at a step, in the form it is kept in; or the sentence that says why it cannot be taken. */
export type ReadAnswer =
  { ok: true; value: string } | { ok: false; why: TextKey; extra?: Readonly<Record<string, string>> };

/** `today`: ISO date. */
export function readAnswer(step: FormStep, typed: string, voice: Voice, today: string): ReadAnswer {
  const text = typed.replace(/\s+/g, ' ').trim();
  switch (step.kind) {
    case 'text': {
      const { min, max, pattern } = step;
      const length = text.length > 4 * max ? Infinity : [...text].length;
      const fits = length >= min && length <= max && /[\p{L}\p{N}]/u.test(text);
      if (fits && (pattern?.test(text) ?? true)) return taken(text);
      // What the desk's own rule wants, only the step's help knows.
      if (fits) return { ok: false, why: 'form_invalid_format' };
      return { ok: false, why: 'form_invalid_text', extra: { min: String(min), max: String(max) } };
    }
    case 'choice': {
      const id = chosen(step.choices, text);
      return id === undefined ? { ok: false, why: 'form_invalid_choice' } : taken(id);
    }
    case 'date':
      return readDate(step, text, voice, today);
    case 'phone': {
      const read = text.length > 60 ? undefined : readPhone(text);
      return read?.ok ? taken(read.e164) : { ok: false, why: 'form_invalid_phone' };
    }
    case 'number': {
      const { min, max } = step;
      const written = text.replace(/\s/g, '').replace(',', '.');
      const value = /^-?\d{1,13}(?:\.\d{1,6})?$/.test(written) ? Number(written) : NaN;
      if (value >= min && value <= max) return taken(String(value));
      return { ok: false, why: 'form_invalid_number', extra: { min: String(min), max: String(max) } };
    }
    case 'yes_no': {
      const said = yesOrNo(text, voice);
      return said === undefined ? { ok: false, why: 'form_invalid_yes_no' } : taken(said);
    }
    case 'file':
      return { ok: false, why: 'form_invalid_file' };
  }
}

const taken = (value: string): ReadAnswer => ({ ok: true, value });

/** A label or its beginning, the id, or another word for it; the numbers on the screen are read before. */
function chosen(choices: readonly FormChoice[], text: string): string | undefined {
  const typed = fold(text);
  if (typed === '') return undefined;
  const whole = choices.find(
    ({ id, label, also = [] }) => fold(label) === typed || fold(id) === typed || also.includes(typed),
  );
  if (whole) return whole.id;
  const begun = typed.length < 3 ? [] : choices.filter(({ label }) => fold(label).startsWith(typed));
  return begun.length === 1 ? begun[0]?.id : undefined;
}

function readDate(
  step: Extract<FormStep, { kind: 'date' }>,
  text: string,
  voice: Voice,
  today: string,
): ReadAnswer {
  const languages = [voice.language, ...voice.desk.languages.keys()];
  const days = text.length > 60 ? [] : readDates(text, languages);
  if (days.length === 0) {
    const isRead = text.length <= 60 && isNoDay(text, languages);
    return { ok: false, why: isRead ? 'form_invalid_day' : 'form_invalid_date' };
  }
  const [min, max] = [step.min, step.max].map((bound) => (bound === 'today' ? today : bound));
  const within = days.filter((day) => (min === undefined || day >= min) && (max === undefined || day <= max));
  const [day] = within;
  if (day === undefined) return { ok: false, why: 'form_invalid_date_range' };
  // "14/03/16" of a century that is not said.
  return within.length > 1 ? { ok: false, why: 'form_invalid_date' } : taken(day);
}

/** The labels of the buttons and the words of the desk's lists, in any of its languages. */
export function yesOrNo(text: string, voice: Voice): 'yes' | 'no' | undefined {
  const typed = fold(text);
  const says = (label: TextKey, words: TextKey): boolean =>
    voice.texts.some(({ texts }) =>
      [flatten(texts[label]).text, ...flatten(texts[words]).text.split(',')].some(
        (word) => fold(word) === typed,
      ),
    );
  if (typed === '') return undefined;
  if (says('form_yes', 'form_yes_words')) return 'yes';
  return says('form_no', 'form_no_words') ? 'no' : undefined;
}
