interface Words {
  /** What it is, and of when. */
  title(date: string): string;
  nothing: string;
}

/**
 * What we hold of one person for them to read: a heading for each part, then a block of lines for each row. It holds all
 * that the JSON does. `all`: the JSON's own object, whose names are words.
 */
export function readableExport(all: Record<string, unknown>, language: string, words: Words): string {
  const lines: string[] = [];
  let madeAt = '';
  for (const [name, value] of Object.entries(all)) {
    if (!Array.isArray(value)) {
      const shown = leaf(value, language);
      if (isMoment(value)) madeAt = shown;
      lines.push(`${named(name)} : ${shown}`);
      continue;
    }
    const rows: unknown[] = value;
    const heading = named(name).toLocaleUpperCase(language);
    lines.push('', '', rows.length === 0 ? heading : `${heading} (${String(rows.length)})`);
    if (rows.length === 0) lines.push(words.nothing);
    for (const row of rows) lines.push('', ...linesOf('', row, language));
  }
  // Old editors of Windows take a text without the mark for another alphabet.
  return ['\uFEFF' + words.title(madeAt), '', ...lines, ''].join('\r\n');
}

/** One line for each value, under the names that lead to it. */
function linesOf(name: string, value: unknown, language: string): string[] {
  if (value === undefined || value === null) return [];
  const under = (key: string): string => (name === '' ? named(key) : `${name}, ${named(key)}`);
  if (Array.isArray(value)) {
    const many = value.length > 1;
    return value.flatMap((each: unknown, at) =>
      linesOf(many ? `${name} ${String(at + 1)}`.trim() : name, each, language),
    );
  }
  if (typeof value === 'object')
    return Object.entries(value).flatMap(([key, each]) => linesOf(under(key), each, language));
  const words = OURS.test(name) && typeof value === 'string' ? (VALUES[value] ?? value) : value;
  const shown = leaf(words, language).replace(/\r?\n/g, '\r\n    ');
  return [name === '' ? shown : `${name} : ${shown}`];
}

/** "réponse_de_l_équipe" → "Réponse de l'équipe". */
function named(key: string): string {
  const words = key.replaceAll('_', ' ').replace(/(?<=^| )([dl]) (?=\p{L})/gu, "$1'");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const isMoment = (value: unknown): value is string =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(value);

function leaf(value: unknown, language: string): string {
  if (typeof value === 'boolean') return value ? 'oui' : 'non';
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') return '';
  // Africa/Dakar is UTC all year.
  return isMoment(value)
    ? new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' }).format(
        new Date(value),
      )
    : value;
}

/** Where values are words of ours, not a person's. */
const OURS = /(?:^|, )(?:Type|État|Langue|Tenue par)$/;
/** Those words. */
const VALUES: Readonly<Record<string, string>> = {
  text: 'texte',
  voice: 'message vocal',
  tap: 'bouton',
  form: 'formulaire',
  active: 'actif',
  pending: 'en attente',
  sent: 'envoyé',
  bot: 'assistant',
  fr: 'français',
  en: 'anglais',
};
