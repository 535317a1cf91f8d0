/**
 * A mistake in a desk's files, as one sentence that teaches: the file, where in it, what was read, what to write
 * instead. Shown as it is to the person who starts the desk.
 */
export class DeskError extends Error {
  constructor(file: string, path: readonly PropertyKey[], what: string, instead: string) {
    const where = path.length === 0 ? file : `${file}: ${formatPath(path)}`;
    super(`${where} ${what}: ${instead}.`);
    this.name = 'DeskError';
  }
}

/** `pages.menu.buttons[0].label`, counting from 0 as YAML tools do. */
function formatPath(path: readonly PropertyKey[]): string {
  return path
    .map((key, at) => (typeof key === 'number' ? `[${key}]` : `${at === 0 ? '' : '.'}${String(key)}`))
    .join('');
}

/** What was read, short enough for a sentence. */
export function show(value: unknown): string {
  if (value === undefined) return 'missing';
  const written = JSON.stringify(value) ?? typeof value;
  return written.length > 60 ? `${written.slice(0, 57)}…` : written;
}
