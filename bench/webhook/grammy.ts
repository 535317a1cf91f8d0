/**
 * What a careful bot author writes today: grammY behind a webhook, SQLite with `synchronous=FULL`, user, message and
 * interaction stored, a menu sent back. Same work as the product's menu turn, without order, outbox or sealing.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import { Bot, InlineKeyboard, webhookCallback } from 'grammy';

const [file = '', apiRoot = '', token = '', secretToken = ''] = process.argv.slice(2);
const db = new DatabaseSync(file);
db.exec('pragma journal_mode = wal; pragma synchronous = full');
db.exec('create table users (id integer primary key, name text, seen integer)');
db.exec('create table messages (id integer primary key, user_id integer, text text, at integer)');
db.exec('create table interactions (id integer primary key, user_id integer, action text, at integer)');
const user = db.prepare(
  'insert into users values (?, ?, ?) on conflict (id) do update set seen = excluded.seen',
);
const message = db.prepare('insert into messages (user_id, text, at) values (?, ?, ?)');
const interaction = db.prepare('insert into interactions (user_id, action, at) values (?, ?, ?)');

const bot = new Bot(token, {
  client: { apiRoot },
  botInfo: {
    id: 1,
    is_bot: true,
    first_name: 'B',
    username: 'b_bot',
    can_join_groups: true,
    can_read_all_group_messages: false,
    supports_inline_queries: false,
    can_connect_to_business: false,
    has_main_web_app: false,
    has_topics_enabled: false,
    allows_users_to_create_topics: false,
    can_manage_bots: false,
    supports_guest_queries: false,
  } as ConstructorParameters<typeof Bot>[1] extends { botInfo?: infer I } | undefined
    ? NonNullable<I>
    : never,
});
const keyboard = new InlineKeyboard([
  ['Cotisations', 'Prestations', 'Procédures', 'Documents', 'Retour'].map((label) => ({
    text: label,
    callback_data: label,
  })),
]);
bot.on('message:text', async (context) => {
  const now = Date.now();
  db.exec('begin immediate');
  user.run(context.from.id, context.from.first_name, now);
  message.run(context.from.id, context.message.text, now);
  interaction.run(context.from.id, 'menu', now);
  db.exec('commit');
  await context.reply('<b>Menu des catégories</b>\n\nChoisissez une catégorie :', {
    parse_mode: 'HTML',
    reply_markup: keyboard,
  });
});
const handle = webhookCallback(bot, 'http', { secretToken });
const server = createServer((request, response) => {
  handle(request, response).catch(() => response.writeHead(500).end());
});
server.keepAliveTimeout = 65_000;
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`port ${(server.address() as AddressInfo).port}\n`);
});
