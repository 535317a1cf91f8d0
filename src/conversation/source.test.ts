import { describe, expect, test } from 'vitest';
import type { Source } from '../message/answer.ts';
import { parseMarkdown } from '../message/markdown.ts';
import { flatten } from '../message/styled.ts';
import { desk } from './fixtures/desk.ts';
import { source, turn, typed } from './fixtures/turns.ts';
import { sourceLine } from './source.ts';
import { longDate, plainText, voiceOf } from './texts.ts';

function lineOf(template: string, values: Source): string {
  const voice = voiceOf(turn(), typed(''), desk);
  const [texts] = voice.texts;
  if (!texts) throw new Error('The desk has no texts.');
  const own = { ...texts, texts: { ...texts.texts, answer_source: parseMarkdown(template) } };
  return flatten(sourceLine({ ...voice, texts: [own] }, values)).text;
}

const whole = source();
const titleOnly: Source = { title: 'Actes', document: 'actes', excerpt: '', score: 1 };
const undated: Source = { ...titleOnly, section: 'Prix' };
const unsectioned: Source = { ...titleOnly, effectiveDate: '2026-07-15' };

describe('the source of an answer', () => {
  test.each([
    ['Source : {title}, {section} (au {date})', whole, 'Source : Actes, Prix (au 1er janvier 2026)'],
    ['Source : {title}, {section} (au {date})', undated, 'Source : Actes, Prix'],
    ['Source : {title}, {section} (au {date})', unsectioned, 'Source : Actes (au 15 juillet 2026)'],
    ['Source : {title}, {section} (au {date}).', titleOnly, 'Source : Actes.'],
    ['📄 {title} · {section} · {date}', titleOnly, '📄 Actes'],
    ['📄 {title} · {section} · {date}', unsectioned, '📄 Actes · 15 juillet 2026'],
    ['📄 *{title}* · **{section}**', titleOnly, '📄 Actes'],
    ['*Source : {title}, {section}*', titleOnly, 'Source : Actes'],
    ['{section} — {title}', titleOnly, 'Actes'],
    ['Source : {title}\nRubrique : {section}\nAu {date}', unsectioned, 'Source : Actes\nAu 15 juillet 2026'],
    ['Source : {title}\n\nRubrique : {section}', titleOnly, 'Source : Actes'],
    ['- {title}\n- {section}', titleOnly, '• Actes'],
    ['> {title}\n\n> {section}', titleOnly, 'Actes'],
    ['{title}, page {page}', { ...titleOnly, page: 12 }, 'Actes, page 12'],
    ['Réponse de {organisation}', titleOnly, 'Réponse de Mairie de Ndiarème-Exemple'],
    ['{title}, {section}', { ...titleOnly, section: 'Actes' }, 'Actes'],
    ['{title}, {section}', { ...titleOnly, title: '{section} **x**', section: '' }, '{section} **x**'],
  ] satisfies [string, Source, string][])('%j', (template, values, line) => {
    expect(lineOf(template, values)).toBe(line);
  });
});

describe('dates and plain sentences', () => {
  test.each([
    ['2026-07-01', 'fr', '1er juillet 2026'],
    ['2026-07-11', 'fr', '11 juillet 2026'],
    ['2024-02-29', 'fr', '29 février 2024'],
    ['2026-07-01', 'en', 'July 1, 2026'],
    ['2026-02-29', 'fr', ''],
    ['2026-13-01', 'fr', ''],
    ['2026-00-10', 'fr', ''],
    ['2026-01-00', 'fr', ''],
    ['0000-01-01', 'fr', ''],
    ['juillet 2026', 'fr', ''],
    [undefined, 'fr', ''],
  ])('%s in %s', (iso, language, date) => {
    expect(longDate(iso, language)).toBe(date);
  });

  test('a sentence without styles', () => {
    expect(plainText(desk, 'fr', 'continued', { i: '2', n: '3' })).toBe('(Suite 2/3)');
    expect(plainText(desk, 'wo', 'continued', { i: '2', n: '3' })).toBe('(Suite 2/3)');
  });
});
