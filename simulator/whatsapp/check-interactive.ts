import type { Fields } from './fields.ts';
import { badValue } from './graph-error.ts';
import { limits } from './limits.ts';
import type { Choice, Content, ListRow, ShownList } from './message.ts';
import { checkMedia } from './check-media.ts';
import type { FindMedia } from './check-media.ts';

const KINDS = ['button', 'list', 'cta_url', 'request_contact_info', 'location_request_message'] as const;
type Kind = (typeof KINDS)[number];

/** Keys beside `type`, `body` and `action`. */
const EXTRA: Record<Kind, readonly string[]> = {
  button: ['header', 'footer'],
  list: ['header', 'footer'],
  cta_url: ['header', 'footer'],
  request_contact_info: [],
  location_request_message: [],
};

/** The `interactive` object of a request. */
export function checkInteractive(interactive: Fields, media: FindMedia): Content {
  const kind = interactive.oneOf('type', KINDS);
  for (const key of ['header', 'footer']) {
    if (interactive.has(key) && !EXTRA[kind].includes(key))
      throw badValue(`Param ${interactive.at(key)} is not allowed for the interactive type ${kind}.`);
  }
  const text = interactive.object('body', ['text']).text('text', limits.interactiveBody);
  const content: Content = { kind: 'interactive', text };
  if (interactive.has('footer'))
    content.footer = interactive.object('footer', ['text']).text('text', limits.footer);
  if (interactive.has('header')) Object.assign(content, checkHeader(interactive, kind, media));
  return { ...content, ...ACTIONS[kind](interactive) };
}

const ACTIONS: Record<Kind, (interactive: Fields) => Partial<Content>> = {
  button: (interactive) => ({ buttons: checkButtons(interactive.object('action', ['buttons'])) }),
  list: (interactive) => ({ list: checkList(interactive.object('action', ['button', 'sections'])) }),
  cta_url: (interactive) => {
    const action = interactive.object('action', ['name', 'parameters']);
    action.oneOf('name', ['cta_url']);
    const link = action.object('parameters', ['display_text', 'url']);
    return { url: { text: link.label('display_text', limits.linkText), url: link.link('url') } };
  },
  request_contact_info: (interactive) => {
    interactive.object('action', ['name']).oneOf('name', ['request_contact_info']);
    return { asks: 'contact' };
  },
  location_request_message: (interactive) => {
    interactive.object('action', ['name']).oneOf('name', ['send_location']);
    return { asks: 'location' };
  },
};

function checkHeader(interactive: Fields, kind: Kind, media: FindMedia): Partial<Content> {
  const header = interactive.object('header', ['type', 'text', 'image', 'video', 'document']);
  const types = kind === 'list' ? (['text'] as const) : (['text', 'image', 'video', 'document'] as const);
  const type = header.oneOf('type', types);
  for (const other of ['text', 'image', 'video', 'document']) {
    if (other !== type && header.has(other))
      throw badValue(`Param ${header.at(other)} does not go with the type ${type}.`);
  }
  if (type === 'text') return { header: header.text('text', limits.header) };
  const { media: shown } = checkMedia(header, type, type === 'document' ? ['filename'] : [], media);
  return shown ? { media: shown } : {};
}

function checkButtons(action: Fields): Choice[] {
  const buttons = action.list('buttons', ['type', 'reply']).map((button) => {
    button.oneOf('type', ['reply']);
    const reply = button.object('reply', ['id', 'title']);
    const range = (what: string, max: number): string =>
      `Button ${what} length invalid. Min length: 1, Max length: ${max}`;
    return {
      id: reply.label('id', limits.buttonId, range('id', limits.buttonId)),
      title: reply.label('title', limits.buttonTitle, range('title', limits.buttonTitle)),
    };
  });
  if (buttons.length < 1 || buttons.length > limits.buttons)
    throw badValue(`Invalid buttons count. Min allowed buttons: 1, Max allowed buttons: ${limits.buttons}`);
  const twice = repeated(buttons.map(({ id }) => id));
  if (twice !== undefined) throw badValue(`Duplicated button reply id: ${twice}`);
  const same = repeated(buttons.map(({ title }) => title));
  if (same !== undefined) throw badValue(`Duplicated button reply title: ${same}`);
  return buttons;
}

function checkList(action: Fields): ShownList {
  const tooLong = (what: string, max: number): string => `${what} is too long. Max length is ${max}`;
  const button = action.label('button', limits.listButton, tooLong('Button label', limits.listButton));
  const sections = action.list('sections', ['title', 'rows']);
  if (sections.length < 1 || sections.length > limits.sections)
    throw badValue(
      `Invalid sections count. Min allowed sections: 1, Max allowed sections: ${limits.sections}`,
    );
  const shown = sections.map((section) => {
    if (sections.length > 1 && !section.has('title'))
      throw badValue('Section title is required when there is more than one section');
    const rows = section.list('rows', ['id', 'title', 'description']).map((row): ListRow => {
      const id = row.label('id', limits.rowId, tooLong('Row id', limits.rowId));
      const title = row.label('title', limits.rowTitle, tooLong('Row title', limits.rowTitle));
      if (!row.has('description')) return { id, title };
      const max = limits.rowDescription;
      return { id, title, description: row.text('description', max, tooLong('Row description', max)) };
    });
    if (rows.length === 0) throw badValue(`Param ${section.at('rows')} cannot be empty.`);
    if (!section.has('title')) return { rows };
    const max = limits.sectionTitle;
    return { title: section.label('title', max, tooLong('Section title', max)), rows };
  });
  const rows = shown.flatMap((section) => section.rows);
  if (rows.length > limits.rowsTotal)
    throw badValue(`Total row count exceed max allowed count: ${limits.rowsTotal}`);
  const twice = repeated(rows.map(({ id }) => id));
  if (twice !== undefined) throw badValue(`Duplicated row id: ${twice}`);
  const same = repeated(rows.map(({ title }) => title));
  if (same !== undefined)
    action.report('row-title', `two rows are called "${same}": a person cannot tell them apart`);
  return { button, sections: shown };
}

const repeated = (values: string[]): string | undefined =>
  values.find((value, i) => values.indexOf(value) !== i);
