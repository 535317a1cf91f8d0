import type { DeskTexts, Page, PageButton } from './desk.ts';
import { DeskError, show } from './error.ts';
import type { Built } from './texts.ts';

/**
 * What no single key can say: every page that is named exists, every page can be reached, and no page is a dead end.
 * `roots` are the desk's home, menu and contact; `last` names the file where a missing page should be written.
 */
export function checkPages(
  { texts, files }: Built,
  roots: Readonly<Record<string, string>>,
  last: string,
): void {
  const exists = (id: string, path: readonly PropertyKey[], file = last) => {
    if (!texts.pages.has(id))
      throw new DeskError(
        file,
        path,
        `opens the page ${show(id)}, which does not exist`,
        `write one of ${[...texts.pages.keys()].join(', ')}`,
      );
  };
  for (const [role, id] of Object.entries(roots)) {
    if (!texts.pages.has(id))
      throw new DeskError(
        last,
        ['pages', id],
        `is missing, and desk.yaml says it is the ${role}`,
        'write this page',
      );
  }
  for (const command of texts.commands) exists(command.page, ['commands', command.name, 'page']);
  for (const [word, id] of texts.words) exists(id, ['words', id, word]);
  for (const page of texts.pages.values()) {
    const file = files.get(page.id);
    for (const button of buttonsOf(page)) {
      if (button.page !== undefined) exists(button.page, ['pages', page.id, 'buttons', button.label], file);
    }
    if (page.kind !== 'form' && page.view.buttons.flat().length === 0) {
      throw new DeskError(
        file ?? last,
        ['pages', page.id, 'buttons'],
        'is empty, so the page is a dead end',
        'add a button, such as { label: 🏠, page: start }',
      );
    }
  }
  const reached = reachable(texts, Object.values(roots));
  for (const id of texts.pages.keys()) {
    if (!reached.has(id)) {
      throw new DeskError(
        files.get(id) ?? last,
        ['pages', id],
        'is opened by no button, command or word',
        'add a button that opens it, or remove it',
      );
    }
  }
}

function reachable(texts: DeskTexts, roots: readonly string[]): Set<string> {
  const reached = new Set<string>();
  const queue = [...roots, ...texts.commands.map((command) => command.page), ...texts.words.values()];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    const page = texts.pages.get(id);
    if (page === undefined || reached.has(id)) continue;
    reached.add(id);
    queue.push(...buttonsOf(page).flatMap((button) => button.page ?? []));
  }
  return reached;
}

function buttonsOf(page: Page): PageButton[] {
  return [...page.view.buttons.flat(), ...(page.full?.buttons.flat() ?? [])];
}
