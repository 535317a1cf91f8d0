import { targetChat } from './context.ts';
import type { Context, Method } from './context.ts';
import * as bot from './methods-bot.ts';
import * as edit from './methods-edit.ts';
import * as send from './methods-send.ts';
import * as updates from './methods-updates.ts';

const OWN: Record<string, Method> = {
  getMe: bot.getMe,
  setMyCommands: bot.setMyCommands,
  getMyCommands: bot.getMyCommands,
  deleteMyCommands: bot.deleteMyCommands,
  getFile: bot.getFile,
  getUpdates: updates.getUpdates,
  setWebhook: updates.setWebhook,
  deleteWebhook: updates.deleteWebhook,
  getWebhookInfo: updates.getWebhookInfo,
  sendMessage: send.sendMessage,
  sendMediaGroup: send.sendMediaGroup,
  sendChatAction: send.sendChatAction,
  editMessageText: edit.editMessageText,
  editMessageCaption: edit.editMessageCaption,
  editMessageReplyMarkup: edit.editMessageReplyMarkup,
  deleteMessage: edit.deleteMessage,
  deleteMessages: edit.deleteMessages,
  answerCallbackQuery: edit.answerCallbackQuery,
};

/** A method with no behaviour of its own is still checked against the table, and answers what the table says it returns. */
export function methodFor(name: string): Method {
  const own = OWN[name];
  if (own) return own;
  if (/^setMy|^setChatMenuButton$/.test(name)) return bot.setSetting;
  if (/^getMy(Name|Description|ShortDescription)$|^getChatMenuButton$/.test(name)) return bot.getSetting;
  return plausible;
}

const plausible: Method = (context) => {
  const [returned = 'Boolean'] = context.spec.ret;
  if (returned === 'Message' && context.method.startsWith('send')) return send.sendMedia(context);
  if (context.args.has('chat_id')) targetChat(context);
  return sample(returned, context);
};

function sample(type: string, context: Context): unknown {
  if (type.startsWith('Array of ')) return [];
  switch (type) {
    case 'Boolean':
      return true;
    case 'Integer':
      return 1;
    case 'String':
      return '';
    case 'User':
      return bot.getMe(context);
    case 'MessageId':
      return { message_id: 1 };
    default:
      return {};
  }
}

/** Counted by the flood limits: what puts a message before somebody. */
export const isSending = (name: string): boolean =>
  /^(send|edit|copy|forward)/.test(name) && name !== 'sendChatAction';
