import { badRequest } from './api-error.ts';
import { asApi, targetChat, targetMessage } from './context.ts';
import type { Context, Method } from './context.ts';
import { readFormatted } from './formatted.ts';
import { sameJson } from '../shared/json.ts';
import type { JsonObject } from '../shared/json.ts';
import { readMarkup } from './keyboards.ts';
import type { SimMessage } from './message.ts';
import type { SimChat } from './store.ts';

const NOT_MODIFIED =
  'message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message';
const DELETABLE_SECONDS = 48 * 3600;
const CALLBACK_MS = 15_000;

export const editMessageText: Method = (context) => {
  const formatted = readFormatted(context.args, 'text', context.report);
  const [chat, message] = editable(context);
  if (message.media) throw badRequest('there is no text in the message to edit');
  return apply(context, chat, message, formatted);
};

export const editMessageCaption: Method = (context) => {
  const formatted = readFormatted(context.args, 'caption', context.report);
  const [chat, message] = editable(context);
  if (!message.media) throw badRequest('there is no caption in the message to edit');
  return apply(context, chat, message, formatted);
};

export const editMessageReplyMarkup: Method = (context) => {
  const [chat, message] = editable(context);
  return apply(context, chat, message, { text: message.text, entities: message.entities });
};

function editable(context: Context): [SimChat, SimMessage] {
  const { args } = context;
  if (args.has('inline_message_id')) throw badRequest('MESSAGE_ID_INVALID');
  if (!args.has('chat_id')) throw badRequest('chat_id is empty');
  const chat = targetChat(context);
  const message = targetMessage(context, chat, 'message to edit');
  if (message.from !== 'bot' || message.sent_markup) throw badRequest("message can't be edited");
  return [chat, message];
}

/** An edit without `reply_markup` takes the inline keyboard away. */
function apply(
  context: Context,
  chat: SimChat,
  message: SimMessage,
  to: Pick<SimMessage, 'text' | 'entities'>,
): JsonObject {
  const shown = readMarkup(
    context.args.values['reply_markup'],
    { chatType: chat.type, inlineOnly: true, sending: false },
    context.report,
  );
  const { text, entities, reply_markup } = message;
  if (
    to.text === text &&
    sameJson(to.entities, entities) &&
    sameJson(shown?.markup ?? null, reply_markup ?? null)
  ) {
    throw badRequest(NOT_MODIFIED);
  }
  context.store.edit(message, { ...to, reply_markup: shown?.markup });
  return asApi(context.store, chat, message);
}

export const deleteMessage: Method = (context) => {
  const chat = targetChat(context);
  const message = targetMessage(context, chat, 'message to delete');
  remove(context, message);
  return true;
};

export const deleteMessages: Method = (context) => {
  const chat = targetChat(context);
  const ids = context.args.list('message_ids');
  if (ids.length > 100) throw badRequest('too many message identifiers specified');
  for (const id of ids) {
    const message = context.store.message(chat, Number(id));
    if (message) remove(context, message);
  }
  return true;
};

function remove({ store }: Context, message: SimMessage): void {
  if (store.date - message.date >= DELETABLE_SECONDS)
    throw badRequest("message can't be deleted for everyone");
  message.deleted = true;
  store.changed(message.chat_id);
}

/** Once, and in time: the deadline is undocumented, reports say 10–20 s. */
export const answerCallbackQuery: Method = ({ args, store }) => {
  const callback = store.callbacks.get(args.text('callback_query_id'));
  if (!callback || callback.answeredAt !== undefined || store.now() - callback.at > CALLBACK_MS) {
    throw badRequest('query is too old and response timeout expired or query ID is invalid');
  }
  callback.answeredAt = store.now();
  const text = args.text('text');
  callback.answer = {
    ...(text === '' ? {} : { text }),
    ...(args.flag('show_alert') ? { show_alert: true } : {}),
    ...(args.has('url') ? { url: args.text('url') } : {}),
  };
  store.changed(callback.chat_id);
  return true;
};
