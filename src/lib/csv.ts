/** Semicolons, as spreadsheets in French expect them; a byte order mark says it is UTF-8. */
const SEPARATOR = ';';

/**
 * A table as a file for spreadsheets. What a person wrote never runs there as a formula: a cell that begins like one
 * gets an apostrophe, which spreadsheets hide.
 */
export function toCsv(rows: readonly (readonly string[])[]): string {
  const lines = rows.map((row) => row.map(cell).join(SEPARATOR));
  return `\uFEFF${lines.join('\r\n')}\r\n`;
}

function cell(value: string): string {
  // Some programs pass over spaces before they look for a formula.
  const safe = /^\s*[=+\-@\t\r\n|%＝＋－＠]/.test(value) ? `'${value}` : value;
  return /[";,\r\n\t']/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
