import type { Desk, DeskTexts, Page, TextKey } from '../desk/desk.ts';
import type { InboundEvent } from '../message/event.ts';
import { parseMarkdown } from '../message/markdown.ts';
import { fill } from '../message/rich.ts';
import type { Rich } from '../message/rich.ts';
import type { Turn } from '../message/session.ts';
import { flatten } from '../message/styled.ts';

/** The desk as one person hears it: their language, their name where it may be said, the desk's values. */
export interface Voice {
  desk: Desk;
  /** Always one of the desk's languages. */
  language: string;
  /** In the person's language first, then in the desk's others: a word or a command is understood in all of them. */
  texts: readonly DeskTexts[];
  values: Readonly<Record<string, string>>;
}

export function voiceOf(turn: Turn, event: InboundEvent, desk: Desk): Voice {
  const language = languageOf(turn.person?.language, desk);
  const own = desk.languages.get(language);
  const texts = [...(own ? [own] : []), ...[...desk.languages.values()].filter((it) => it !== own)];
  // In a group everybody reads the reply, so nobody is named.
  const firstName = turn.chat === 'private' ? (turn.person?.firstName ?? event.sender?.firstName ?? '') : '';
  return {
    desk,
    language,
    texts,
    values: {
      ...desk.values,
      organisation: desk.organisation,
      first_name: firstName.trim(),
      time: hourAndMinute(turn.now),
      channel: turn.channel,
    },
  };
}

/** The same desk, heard in another of its languages. */
export function inLanguage(voice: Voice, language: string): Voice {
  const own = voice.desk.languages.get(language);
  if (!own) return voice;
  return { ...voice, language, texts: [own, ...voice.texts.filter((it) => it !== own)] };
}

function languageOf(wanted: string | undefined, desk: Desk): string {
  if (wanted === undefined || desk.languages.has(wanted)) return wanted ?? desk.language;
  const [base = ''] = wanted.toLowerCase().split('-');
  return desk.languages.has(base) ? base : desk.language;
}

/** A sentence of the product, filled. */
export function say(voice: Voice, key: TextKey, extra: Readonly<Record<string, string>> = {}): Rich {
  return write(voice, voice.texts[0]?.texts[key] ?? [], extra);
}

/** A sentence of the product as a plain string, for places that hold no styles ("(Suite 2/3)"). */
export function plainText(
  desk: Desk,
  language: string,
  key: TextKey,
  extra: Readonly<Record<string, string>> = {},
): string {
  const texts = desk.languages.get(languageOf(language, desk));
  return flatten(fill(texts?.texts[key] ?? [], { ...desk.values, organisation: desk.organisation, ...extra }))
    .text;
}

/** A text of the desk, filled. */
export function write(voice: Voice, rich: Rich, extra: Readonly<Record<string, string>> = {}): Rich {
  return fill(rich, { ...voice.values, ...extra });
}

/**
 * Words that are not the desk's (an answer, a member of staff): braces in them are their own, no value is put there.
 * Undefined when there is nothing a person could see, which no platform would send.
 */
export function foreign(markdown: string): Rich | undefined {
  const rich = fill(parseMarkdown(markdown), {});
  return /[^\s\p{C}]/u.test(flatten(rich).text) ? rich : undefined;
}

export function pageOf(voice: Voice, id: string): Page | undefined {
  return firstOf(voice, (texts) => texts.pages.get(id));
}

export function firstOf<T>(voice: Voice, pick: (texts: DeskTexts) => T | undefined): T | undefined {
  for (const texts of voice.texts) {
    const found = pick(texts);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Epoch ms → "HH:MM" in Africa/Dakar, which is UTC all year. */
export function hourAndMinute(at: number): string {
  const minutes = Math.floor(at / 60_000) % 1440;
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** ISO date → long date ("1er juillet 2023"); empty when it is no date. */
export function longDate(iso: string | undefined, language: string): string {
  const [, year, month, day] = (/^([1-9]\d{3})-(\d{2})-(\d{2})$/.exec(iso ?? '') ?? []).map(Number);
  if (year === undefined || month === undefined || day === undefined) return '';
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return '';
  const at = Date.UTC(year, month - 1, day);
  const long = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' }).format(at);
  // Intl writes "1 juillet"; French writes the first of a month as an ordinal.
  return language.startsWith('fr') ? long.replace(/^1(?=\s)/, '1er') : long;
}

function daysIn(year: number, month: number): number {
  return (Date.UTC(year, month, 1) - Date.UTC(year, month - 1, 1)) / 86_400_000;
}
