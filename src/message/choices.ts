import type { Choice, InlineButton } from './outbound.ts';

/**
 * The choices of a reply in the order people count them, from 1: a channel that writes them as numbered text and the
 * conversation that reads the number back must count alike. Links are not counted; the same choice twice counts once.
 */
export function countedChoices(rows: readonly (readonly InlineButton[])[] = []): Choice[] {
  const counted: Choice[] = [];
  for (const button of rows.flat()) {
    if (!('id' in button)) continue;
    const twin = counted.some((each) => each.id === button.id && each.label === button.label);
    if (!twin) counted.push({ id: button.id, label: button.label });
  }
  return counted;
}
