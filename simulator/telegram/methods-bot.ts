import { badRequest } from './api-error.ts';
import type { Context, Method } from './context.ts';
import { asText, isObject, sameJson } from '../shared/json.ts';
import type { JsonObject } from '../shared/json.ts';
import { limits } from './tables.ts';

export const getMe: Method = ({ store: { bot } }) => ({
  id: bot.id,
  is_bot: true,
  first_name: bot.first_name,
  username: bot.username,
  can_join_groups: true,
  can_read_all_group_messages: false,
  supports_inline_queries: false,
  can_connect_to_business: false,
  has_main_web_app: false,
});

const commandsKey = ({ args, report }: Context): string => {
  const scope = args.object('scope') ?? { type: 'default' };
  const language = args.text('language_code');
  if (language !== '' && !/^[a-z]{2}$/.test(language)) throw badRequest('invalid language code specified');
  if (scope['type'] === undefined) report('scope', 'scope has no type');
  return `${String(scope['type'])}:${asText(scope['chat_id'])}:${asText(scope['user_id'])}|${language}`;
};

export const setMyCommands: Method = (context) => {
  const value = context.args.values['commands'];
  if (!Array.isArray(value)) throw badRequest('expected an Array of BotCommand');
  if (value.length > limits.commands) throw badRequest('BOT_COMMANDS_TOO_MUCH');
  const commands = value.map((item: unknown) => readCommand(item, context));
  const names = new Set(commands.map((command) => command['command']));
  if (names.size < commands.length) context.report('commands', 'a command is given twice');
  const key = commandsKey(context);
  if (commands.length === 0) context.store.commands.delete(key);
  else context.store.commands.set(key, commands);
  context.store.changed();
  return true;
};

function readCommand(item: unknown, { report }: Context): JsonObject {
  const refuse = (reason: string): Error => badRequest(`can't parse BotCommand: ${reason}`);
  if (!isObject(item)) throw refuse('expected an Object');
  const { command, description } = item;
  for (const [name, value] of [
    ['command', command],
    ['description', description],
  ] as const) {
    if (value === undefined) throw refuse(`Can't find field "${name}"`);
    if (typeof value !== 'string') throw refuse(`Field "${name}" must be of type String`);
  }
  for (const key of Object.keys(item)) {
    if (!['command', 'description', 'is_ephemeral'].includes(key))
      report('unknown-field', `${key} is not a field of BotCommand`);
  }
  const bare = String(command).replace(/^\//, '');
  if (bare !== command) report('commands', `"${String(command)}" begins with a slash: cut`);
  if (bare === '') throw badRequest('command must be non-empty');
  if (bare.length > 32) throw badRequest('command length must not exceed 32');
  if (!/^[a-z0-9_]+$/.test(bare)) throw badRequest('BOT_COMMAND_INVALID');
  const shown = String(description).trim();
  if (shown === '') throw badRequest('command description must be non-empty');
  if ([...shown].length > limits.commandDescription) {
    throw badRequest(`command description length must not exceed ${limits.commandDescription}`);
  }
  return { ...item, command: bare, description: shown };
}

export const getMyCommands: Method = (context) => context.store.commands.get(commandsKey(context)) ?? [];

export const deleteMyCommands: Method = (context) => {
  context.store.commands.delete(commandsKey(context));
  context.store.changed();
  return true;
};

/** setMyName, setMyDescription, setMyShortDescription, setChatMenuButton… : remembered for their getter. */
export const setSetting: Method = ({ method, args, store }) => {
  store.settings.set(`${method.slice(3)}|${args.text('language_code')}`, { ...args.values });
  store.changed();
  return true;
};

export const getSetting: Method = ({ method, args, store }) => {
  const kept = store.settings.get(`${method.slice(3)}|${args.text('language_code')}`) ?? {};
  const { language_code: _language, ...shown } = kept;
  if (!sameJson(shown, {})) return shown;
  const field = {
    getMyName: 'name',
    getMyDescription: 'description',
    getMyShortDescription: 'short_description',
  }[method];
  return field === undefined ? {} : { [field]: field === 'name' ? store.bot.first_name : '' };
};

export const getFile: Method = ({ args, store }) => {
  const id = args.text('file_id');
  const file = store.files.get(id);
  if (!file) throw badRequest('wrong file_id or the file is temporarily unavailable');
  if (file.bytes.length > limits.downloadBytes) throw badRequest('file is too big');
  return { file_id: id, file_unique_id: file.unique, file_size: file.bytes.length, file_path: file.path };
};
