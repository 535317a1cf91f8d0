import type { Page, PageButton, PageView, TextKey } from '../desk/desk.ts';
import { fold } from '../message/fold.ts';
import type { Choice, InlineButton, Reply } from '../message/outbound.ts';
import type { Inline, Rich } from '../message/rich.ts';
import { askId } from './taps.ts';
import { firstOf, pageOf, say, write } from './texts.ts';
import type { Voice } from './texts.ts';

/** How a page is opened: a button shows the short view, in place where the message can be edited. */
export interface Opening {
  full: boolean;
  inPlace: boolean;
}

/** One screen of the desk. `after` is added under its text. */
export function pageReply(voice: Voice, page: Page, opening: Opening, after: Rich = []): Reply {
  const view = opening.full ? (page.full ?? page.view) : page.view;
  const reply = withChoices([...write(voice, view.text), ...after], choicesOf(voice, page.id, view));
  return opening.inPlace ? { ...reply, inPlace: true } : reply;
}

export function withChoices(body: Rich, choices: InlineButton[][]): Reply {
  return choices.length === 0 ? { body } : { body, choices };
}

function choicesOf(voice: Voice, page: string, view: PageView): InlineButton[][] {
  const rows = view.buttons.map((row) => row.flatMap(inlineButton)).filter((row) => row.length > 0);
  // A page without a button would be a dead end.
  return rows.length === 0 && page !== voice.desk.menu ? [[linkTo(voice, voice.desk.menu)]] : rows;
}

function inlineButton(button: PageButton): InlineButton[] {
  const { label, page, question, url } = button;
  if (page !== undefined) return [{ id: page, label }];
  if (question !== undefined) return [{ id: askId(question), label }];
  return url === undefined ? [] : [{ url, label }];
}

/** A sentence of the product that leads nowhere by itself: the menu is under it. */
export function notice(voice: Voice, key: TextKey, extra: Readonly<Record<string, string>> = {}): Reply {
  return withChoices(say(voice, key, extra), nextSteps(voice, 'menu'));
}

/** What a dead end offers: one row, the menu first. */
export function nextSteps(voice: Voice, ...pages: ('menu' | 'contact')[]): InlineButton[][] {
  return [pages.map((page) => linkTo(voice, voice.desk[page]))];
}

/** Where a message for staff is written; undefined: this desk takes none. */
export const staffPage = (voice: Voice): Page | undefined =>
  firstOf(voice, (texts) => [...texts.pages.values()].find(({ kind }) => kind === 'staff'));

/** Ways to a person: a message for staff where the desk takes some, somebody to call. */
export function toHumans(voice: Voice): InlineButton[][] {
  const staff = staffPage(voice);
  return [...(staff ? [[linkTo(voice, staff.id)]] : []), ...nextSteps(voice, 'contact', 'menu')];
}

const MOST_TOPICS = 3;

/** The first topics of the desk's menu: the pages that say what can be asked about them. */
export function topics(voice: Voice): InlineButton[][] {
  const asks = (button: PageButton): boolean =>
    pageOf(voice, button.page ?? '')
      ?.view.buttons.flat()
      .some(({ question }) => question !== undefined) ?? false;
  const buttons = (pageOf(voice, voice.desk.menu)?.view.buttons ?? []).flat().filter(asks);
  return buttons.slice(0, MOST_TOPICS).map(inlineButton);
}

/** A button to a page, labelled as the home page labels it, else as any other page does, else by the page's own first words. */
export function linkTo(voice: Voice, id: string): Choice {
  return { id, label: labelOnPages(voice, id) ?? firstWords(pageOf(voice, id)?.view.text ?? []) ?? id };
}

function labelOnPages(voice: Voice, id: string): string | undefined {
  return firstOf(voice, (texts) => {
    const home = texts.pages.get(voice.desk.home);
    const pages = [...(home ? [home] : []), ...texts.pages.values()];
    const buttons = pages.flatMap((page) => [...page.view.buttons, ...(page.full?.buttons ?? [])]).flat();
    return buttons.find((button) => button.page === id)?.label;
  });
}

/** The page behind a button of the menu or of the home page; `folded` as `fold` gives it. */
export function pageOfLabel(folded: string, voice: Voice): string | undefined {
  if (folded === '') return undefined;
  return firstOf(voice, ({ pages }) => {
    const shown = [voice.desk.menu, voice.desk.home].flatMap((id) => pages.get(id) ?? []);
    const buttons = shown.flatMap(({ view, full }) => [...view.buttons, ...(full?.buttons ?? [])]).flat();
    return buttons.find(({ label, page }) => page !== undefined && fold(label) === folded)?.page;
  });
}

const LABEL = 40;

function firstWords(rich: Rich): string | undefined {
  const [first] = rich;
  if (first?.type !== 'paragraph' && first?.type !== 'heading') return undefined;
  const [line = ''] = wordsOf(first.children).split('\n');
  return [...line.trim()].slice(0, LABEL).join('') || undefined;
}

function wordsOf(nodes: readonly Inline[]): string {
  return nodes
    .map((node) => {
      if ('children' in node) return wordsOf(node.children);
      return 'value' in node ? node.value : '';
    })
    .join('');
}
