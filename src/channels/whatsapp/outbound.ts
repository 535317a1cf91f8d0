import { countedChoices } from '../../message/choices.ts';
import type { Address } from '../../message/event.ts';
import type { LinkChoice, PlatformCall, Reply, ReplyKeyboard } from '../../message/outbound.ts';
import { flatten, type Styled } from '../../message/styled.ts';
import type { RenderContext } from '../channel.ts';
import { labelOf, shorten } from '../labels.ts';
import { lines, showLinks, stack } from '../styled.ts';
import { documentContent } from './documents.ts';
import { SAYS } from './events.ts';
import { LIMITS } from './limits.ts';
import { toMarkup } from './markup.ts';
import { menuOf, numbered, type Option } from './menus.ts';
import { bodiesBeforeButtons, textBodies } from './parts.ts';
import { isPhone } from './people.ts';
import { templateOf } from './templates.ts';

type Params = Record<string, unknown>;

/**
 * A reply as Cloud API calls, in order. Few choices become buttons, more become a list, and what neither can hold
 * numbered text, which is also what every menu falls back to when it is refused. A text too long for the body of a menu
 * goes before it. Links are lines of text, or a button when there is one and nothing else. WhatsApp edits nothing, so a reply "in
 * place" is a new message. A blank body with nothing to choose makes no call. A template is sent instead of all the rest.
 *
 * Throws `RangeError` on a choice that WhatsApp would refuse: a desk's mistake, better seen by its tests than by citizens.
 */
export function render(reply: Reply, context: RenderContext): PlatformCall[] {
  if (reply.template) return [call(context.address, 'template', templateOf(reply.template))];
  if (reply.acknowledges) return acknowledged(reply, context);
  const file = reply.document ? [call(context.address, 'document', documentContent(reply.document))] : [];
  return [...words(reply, context), ...file];
}

/** WhatsApp edits nothing: what the person did gets an emoji. */
function acknowledged({ acknowledges, body }: Reply, context: RenderContext): PlatformCall[] {
  const { address, event } = context;
  const message_id = event?.messageRef;
  if (acknowledges?.emoji !== undefined && message_id !== undefined)
    return [call(address, 'reaction', { message_id, emoji: acknowledges.emoji })];
  return words({ body }, context);
}

function words(reply: Reply, context: RenderContext): PlatformCall[] {
  const said = showLinks(flatten(reply.body));
  const body = said.text === '' ? lines(labelsOf(reply)) : said;
  if (body.text === '') return [];
  if (reply.choices) return withChoices(body, reply, context);
  if (reply.keyboard && reply.keyboard !== 'remove') return withKeyboard(body, reply.keyboard, context);
  return texts(body, context);
}

/** What can be chosen, for a message without words of its own: WhatsApp has no buttons without a text. */
function labelsOf({ choices, keyboard }: Reply): string[] {
  const rows = choices ?? (keyboard && keyboard !== 'remove' ? keyboard.rows : []);
  return [...new Set(rows.flat().map(({ label }) => `• ${labelOf(label)}`))];
}

function texts(body: Styled, context: RenderContext): PlatformCall[] {
  const mark = (i: number, n: number): string => context.part(i, n);
  return textBodies(body, mark).map((text) => textCall(context.address, text));
}

function withChoices(body: Styled, reply: Reply, context: RenderContext): PlatformCall[] {
  const options = countedChoices(reply.choices).map(optionOf);
  const links = (reply.choices ?? []).flat().flatMap((button) => ('url' in button ? [linkOf(button)] : []));
  const [link] = links;
  const isButton = link && link.label.length <= LIMITS.openButton && link.url.length <= LIMITS.url;
  if (isButton && links.length === 1 && options.length === 0)
    return interactive(body, context, linkButton(link), lines([lineOf(link)]));
  const full = stack(body, '\n\n', lines(links.map(lineOf)));
  if (options.length === 0) return texts(full, context);
  const menu = menuOf(options, context.openList);
  if (reply.asWords) return light(full, flatten(reply.asWords), menu, context);
  if (!menu) return texts(stack(full, '\n\n', lines(numbered(options))), context);
  return interactive(full, context, menu, lines(numbered(options)));
}

/** Choices worth no message of their own: buttons where the words fit above them, else words, else nothing. */
function light(
  body: Styled,
  words: Styled,
  menu: Params | undefined,
  context: RenderContext,
): PlatformCall[] {
  const alone = texts(body, context);
  if (menu && alone.length === 1 && toMarkup(body).length <= LIMITS.interactiveBody)
    return interactive(body, context, menu, words);
  const said = texts(stack(body, '\n\n', words), context);
  return said.length > alone.length ? alone : said;
}

/** A keyboard sends its words back; so do these buttons, by their ids. */
function withKeyboard(body: Styled, keyboard: ReplyKeyboard, context: RenderContext): PlatformCall[] {
  const buttons = keyboard.rows.flat();
  const labels = buttons.filter((button) => !button.asksPhone).map((button) => labelOf(button.label));
  const asPoints = stack(body, '\n\n', lines(labels.map((label) => `• ${label}`)));
  const asks = buttons.some((button) => button.asksPhone) && context.address.kind === 'private';
  if (asks) return interactive(asPoints, context, phoneRequest(), lines([]));
  const unique = [...new Set(labels)];
  const menu = menuOf(
    unique.map((label) => ({ id: SAYS + label, label })),
    context.openList,
  );
  if (unique.length === 0) return texts(body, context);
  return menu
    ? interactive(body, context, menu, lines(unique.map((each) => `• ${each}`)))
    : texts(asPoints, context);
}

/** Asks for a phone that the platform does not tell; what comes back is a card that WhatsApp vouches for. */
function phoneRequest(): Params {
  return { type: 'request_contact_info', action: { name: 'request_contact_info' } };
}

function linkButton({ label, url }: LinkChoice): Params {
  return { type: 'cta_url', action: { name: 'cta_url', parameters: { display_text: label, url } } };
}

/** `instead`: what says the same in a text, when the platform refuses the menu. */
function interactive(content: Styled, context: RenderContext, menu: Params, instead: Styled): PlatformCall[] {
  const { address } = context;
  const { before, body } = bodiesBeforeButtons(content, (i, n) => context.part(i, n));
  const { type, action } = menu;
  const shown = [body, toMarkup(instead)].filter((each) => each !== '').join('\n\n');
  return [
    ...before.map((text) => textCall(address, text)),
    {
      ...call(address, 'interactive', { type, body: { text: body }, action }),
      ...(shown.length <= LIMITS.text ? { fallback: textCall(address, shown) } : {}),
    },
  ];
}

function textCall(address: Address, body: string): PlatformCall {
  return call(address, 'text', { body, preview_url: false });
}

function call(address: Address, type: string, content: Params): PlatformCall {
  return {
    method: 'messages',
    params: { messaging_product: 'whatsapp', ...destination(address), type, [type]: content },
  };
}

function destination({ chat, kind }: Address): Params {
  if (chat === '' || kind === 'channel') throw new RangeError('The address is no WhatsApp chat.');
  if (kind === 'group') return { recipient_type: 'group', to: chat };
  return { recipient_type: 'individual', ...(isPhone(chat) ? { to: chat } : { recipient: chat }) };
}

const lineOf = ({ label, url }: LinkChoice): string => `${label} : ${url}`;

function linkOf(link: LinkChoice): LinkChoice {
  const label = labelOf(link.label);
  if (!/^https?:\/\//i.test(link.url) || !URL.canParse(link.url))
    throw new RangeError(
      `The button "${label}" opens "${link.url}": write an address that starts with https://.`,
    );
  return { label, url: link.url };
}

const CHOICE_ID = /^[\x21-\x7e](?:[\x20-\x7e]{0,62}[\x21-\x7e])?$/;

function optionOf({ id, label }: Option): Option {
  const shown = labelOf(label);
  if (!CHOICE_ID.test(id) || id.startsWith(SAYS))
    throw new RangeError(
      `The button "${shorten(shown, LIMITS.rowDescription)}" has the id "${id}": write 1 to 64 plain ASCII characters, not starting with "${SAYS}".`,
    );
  return { id, label: shown };
}
