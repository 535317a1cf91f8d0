import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ConfigError, readConfig } from './config.ts';
import type { Config } from './config.ts';
import { checkSecret } from './secrets.ts';

const TOKEN = '123456789:AAinventedinventedinventedinvented1';
const SECRET = 'b7Kx-93_inventedQwErTyUiOpAsDfGhJk';
const LIVE = { TELEGRAM_TOKEN: TOKEN };
const HOOK = { ...LIVE, WEBHOOK_URL: 'https://guichet.invalid', WEBHOOK_SECRET: SECRET };

let cwd = '';
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'guichet-config-'));
});
afterEach(() => {
  rmSync(cwd, { recursive: true });
});

const read = (env: Record<string, string> = {}): Config => readConfig(env, { cwd });

function problems(env: Record<string, string> = {}): readonly string[] {
  try {
    readConfig(env, { cwd });
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

const dotenv = (content: string): void => {
  writeFileSync(join(cwd, '.env'), content);
};

describe('what is read', () => {
  test('nothing written: the demo, on this machine only', () => {
    expect(read()).toEqual({
      mode: 'demo',
      host: '127.0.0.1',
      port: 8000,
      logLevel: 'info',
      desk: { name: 'css', folder: join(cwd, 'desks/css') },
      data: join(cwd, 'data/css-demo'),
      admins: [],
      allowHosts: [],
      ownHosts: [],
      secrets: [],
      notes: [],
    });
  });

  test('a token makes it live, by polling, with its own data folder', () => {
    expect(read(LIVE)).toMatchObject({
      mode: 'live',
      host: '0.0.0.0',
      data: join(cwd, 'data/css'),
      telegram: { token: TOKEN, apiRoot: 'https://api.telegram.org' },
      secrets: [TOKEN],
    });
    expect(read(LIVE).telegram).not.toHaveProperty('webhook');
  });

  test('a public address makes it webhook', () => {
    expect(read({ ...HOOK, WEBHOOK_URL: 'https://guichet.invalid/base/' })).toMatchObject({
      publicUrl: 'https://guichet.invalid/base',
      telegram: { webhook: { url: 'https://guichet.invalid/base', secret: SECRET } },
    });
    expect(read({ ...HOOK, WEBHOOK_URL: 'http://localhost:8443' }).publicUrl).toBe('http://localhost:8443');
  });

  test('the environment wins over .env; empty means absent', () => {
    dotenv('PORT=1111\nLOG_LEVEL=warn\nGUICHET_DESK=desks/autre\nHOST=\n');
    expect(read({ PORT: '2222', LOG_LEVEL: '' })).toMatchObject({
      port: 2222,
      logLevel: 'warn',
      host: '127.0.0.1',
      desk: { name: 'autre' },
      data: join(cwd, 'data/autre-demo'),
    });
  });

  test('.env: quotes, comments, export, byte order mark, Windows line ends', () => {
    dotenv(
      '\ufeff# comment\r\nexport PORT = 1234 # here\r\n\r\nGUICHET_DATA="a \\"b\\" #c"\r\nGUICHET_DESK=\'desks/x y\'\r\n',
    );
    expect(read()).toMatchObject({ port: 1234, data: join(cwd, 'a "b" #c'), desk: { name: 'x y' } });
  });

  test('a secret in a private file', () => {
    writeFileSync(join(cwd, 'token'), `${TOKEN}\n`, { mode: 0o600 });
    expect(read({ TELEGRAM_TOKEN_FILE: 'token' }).telegram?.token).toBe(TOKEN);
  });

  test('lists and keys', () => {
    const config = read({
      ADMIN_USER_IDS: '123, telegram:456,whatsapp:221770000001,',
      GUICHET_ALLOW_HOSTS: 'LocalHost:9000, [::1]:80,10.0.0.1:443',
      GUICHET_KEY: `${'0123456789abcdef'.repeat(4)},${Buffer.from([...Array(32).keys()]).toString('base64url')}`,
    });
    expect(config.admins).toEqual([
      { channel: 'telegram', id: '123' },
      { channel: 'telegram', id: '456' },
      { channel: 'whatsapp', id: '221770000001' },
    ]);
    expect(config.allowHosts).toEqual(['localhost:9000', '[::1]:80', '10.0.0.1:443']);
    expect(config.key?.split(',').map((key) => Buffer.from(key, 'base64url').length)).toEqual([32, 32]);
  });

  test('addresses that the operator wrote may be called, those of staff only when listed', () => {
    const config = read({ CSS_API_URL: 'http://localhost:9000/', GUICHET_ALLOW_HOSTS: 'autre:1' });
    expect(config.answersUrl).toBe('http://localhost:9000');
    expect(config.allowHosts).toEqual(['autre:1']);
    expect(config.ownHosts).toEqual(['autre:1', 'localhost:9000']);
  });

  test('a model server is read when it has a model', () => {
    const server = { LLM_BASE_URL: 'http://localhost:11434/v1/', LLM_API_KEY: 'k' };
    expect(read().llm).toBeUndefined();
    expect(read({ ...server, LLM_MODEL: 'petit' }).llm).toEqual({
      baseUrl: 'http://localhost:11434/v1',
      apiKey: 'k',
      model: 'petit',
    });
    expect(read({ ...server, LLM_EMBED_MODEL: 'vecteurs' }).llm).toMatchObject({ embedModel: 'vecteurs' });
    expect(read({ ...server, LLM_MODEL: 'petit' }).ownHosts).toContain('localhost:11434');
  });

  test('what is valid but has no effect is said', () => {
    expect(read({ REDIS_URL: 'redis://:motdepasse@localhost' })).toMatchObject({
      notes: ['REDIS_URL is valid, but nothing in this version uses it yet.'],
      secrets: ['redis://:motdepasse@localhost', 'motdepasse', 'motdepasse'],
    });
  });

  test('https served directly', () => {
    writeFileSync(join(cwd, 'cert.pem'), 'CERT');
    writeFileSync(join(cwd, 'key.pem'), 'KEY', { mode: 0o600 });
    expect(read({ TLS_CERT_FILE: 'cert.pem', TLS_KEY_FILE: 'key.pem' }).tls).toEqual({
      cert: 'CERT',
      key: 'KEY',
    });
  });

  test('nobody changes it afterwards', () => {
    const config = read(HOOK);
    expect(
      Object.isFrozen(config) && Object.isFrozen(config.telegram?.webhook) && Object.isFrozen(config.admins),
    ).toBe(true);
  });
});

describe('what stops the start', () => {
  test.each<[Record<string, string>, RegExp]>([
    [{ PORT: 'abc' }, /^PORT=abc \(environment\): write a number from 0 to 65535/],
    [{ PORT: '65536' }, /65535/],
    [{ PORT: '-1' }, /65535/],
    [{ HOST: 'example.com' }, /^HOST=example.com \(environment\): write an address of this machine/],
    [{ HOST: '0.0.0.0' }, /demo.*127\.0\.0\.1/],
    [{ LOG_LEVEL: 'loud' }, /debug, info, warn, error/],
    [
      { DATABASE_URL: 'postgres://u:motdepasse@h/b' },
      /^DATABASE_URL \(environment\): PostgreSQL is not supported/,
    ],
    [{ DATABASE_URL: 'mysql://h/b' }, /remove it/],
    [
      { TELEGRAM_TOKEN: 'votre_token_bot' },
      /^TELEGRAM_TOKEN \(environment\): write the token that @BotFather gave/,
    ],
    [{ TELEGRAM_TOKEN: '123:abc' }, /not a whole token/],
    [
      { ...LIVE, TELEGRAM_API_ROOT: 'http://bot.example.org' },
      /https:\/\/.*GUICHET_ALLOW_HOSTS=bot\.example\.org:80/,
    ],
    [{ ...HOOK, WEBHOOK_URL: 'http://guichet.invalid' }, /https/],
    [
      { ...HOOK, WEBHOOK_URL: 'https://guichet.invalid/webhook/telegram' },
      /base address only.*https:\/\/guichet\.invalid\.$/,
    ],
    [{ ...HOOK, WEBHOOK_URL: 'guichet.invalid' }, /whole address/],
    [
      { ...HOOK, WEBHOOK_URL: 'https://moi:motdepasse@guichet.invalid' },
      /^WEBHOOK_URL=https:\/\/…@guichet\.invalid \(environment\): write it without user and password/,
    ],
    [{ LLM_BASE_URL: 'https://modele.invalid' }, /^LLM_MODEL: it is required with LLM_BASE_URL/],
    [{ LLM_MODEL: 'petit' }, /^LLM_BASE_URL: it is required with LLM_MODEL/],
    [
      { LLM_BASE_URL: 'http://modele.example.sn', LLM_MODEL: 'petit' },
      /https:\/\/.*GUICHET_ALLOW_HOSTS=modele\.example\.sn:80/,
    ],
    [{ ...HOOK, WEBHOOK_SECRET: '' }, /^WEBHOOK_SECRET: it is required.*openssl rand -hex 32/],
    [{ ...HOOK, WEBHOOK_SECRET: 'court' }, /shorter than 32.*openssl/],
    [{ ...HOOK, WEBHOOK_SECRET: 'gust-ia-webhook-secret' }, /published/],
    [
      { WHATSAPP_TOKEN: 'EAAinvented', WHATSAPP_PHONE_ID: '1', WHATSAPP_APP_SECRET: SECRET },
      /^WEBHOOK_VERIFY_TOKEN: it is required/,
    ],
    [{ CSS_API_URL: 'http://localhost:8000' }, /our own address.*PORT/],
    [{ CSS_API_URL: 'http://127.0.0.1:8000/' }, /our own address/],
    [{ CSS_API_URL: 'http://[::1]:8000' }, /our own address/],
    [{ CSS_API_URL: 'http://2130706433:8000' }, /our own address/],
    [{ CSS_API_URL: 'http://localhost', PORT: '80' }, /our own address/],
    [{ ...HOOK, CSS_API_URL: 'https://guichet.invalid/api' }, /our own address/],
    [{ CSS_API_URL: 'http://api.example.org' }, /https/],
    [{ CSS_API_URL: 'https://u:motdepasse@api.example.org' }, /without user and password/],
    [{ GUICHET_ALLOW_HOSTS: 'localhost' }, /host:port/],
    [{ GUICHET_ALLOW_HOSTS: '169.254.169.254:80' }, /link-local/],
    [{ ADMIN_USER_IDS: 'telegram:abc' }, /ids separated by commas/],
    [{ GUICHET_KEY: 'short' }, /32 random bytes/],
    [{ GUICHET_KEY: '0'.repeat(64) }, /repeats itself/],
    [{ TLS_CERT_FILE: 'cert.pem' }, /go together/],
  ])('%j', (env, sentence) => {
    const found = problems(env);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(sentence);
  });

  test('a folder in the place of .env is told, not thrown', () => {
    mkdirSync(join(cwd, '.env'));
    expect(problems()).toEqual([expect.stringContaining('.env is a folder')]);
  });

  test('several mistakes are told together', () => {
    dotenv('PORT=abc\nLOGLEVEL=info\n');
    expect(problems({ LOG_LEVEL: 'loud' })).toHaveLength(3);
  });

  test.each([
    ['PROT=1', 'PROT (.env, line 2) is not a setting. Did you mean PORT?'],
    ['TELEGRAM_BOT_TOKEN=x', 'Did you mean TELEGRAM_TOKEN?'],
    ['whatsapp-phone-id=x', 'Did you mean WHATSAPP_PHONE_ID?'],
    ['PORT_FILE=x', 'PORT_FILE (.env, line 2) is not a setting. Did you mean PORT?'],
    ['ZZZZZZZZZZZZ=1', 'docs/reference/environment.md'],
    ['just words', '.env, line 2: this is not NAME=value.'],
    ['PORT="80', '.env, line 2: the quotes of PORT are not closed'],
    ['HOST=127.0.0.1\nHOST=localhost', '.env, line 3: HOST is already given on line 2.'],
    ['PORT=abc', 'PORT=abc (.env, line 2): write a number'],
  ])('.env: %s', (line, sentence) => {
    dotenv(`# comment\n${line}\n`);
    const found = problems();
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(sentence);
  });

  test('an unknown name in the environment is not our business', () => {
    expect(problems({ PROT: '1', HOME: '/x' })).toEqual([]);
  });

  test.each([
    [0o644, /others may read this file \(mode 0644\)\. Run: chmod 600/],
    [0o640, /mode 0640/],
    [0o600, undefined],
    [0o400, undefined],
  ])('a secret file of mode %o', (mode, sentence) => {
    const path = join(cwd, 'token');
    writeFileSync(path, TOKEN);
    chmodSync(path, mode);
    const found = problems({ TELEGRAM_TOKEN_FILE: path });
    if (sentence === undefined) expect(found).toEqual([]);
    else expect(found[0]).toMatch(sentence);
  });

  test('a secret file that is missing, empty, or doubled by a value', () => {
    expect(problems({ TELEGRAM_TOKEN_FILE: 'nowhere' })[0]).toMatch(/no such file/);
    writeFileSync(join(cwd, 'empty'), '\n', { mode: 0o600 });
    expect(problems({ TELEGRAM_TOKEN_FILE: 'empty' })[0]).toMatch(/empty/);
    expect(problems({ TELEGRAM_TOKEN_FILE: 'empty', TELEGRAM_TOKEN: TOKEN })[0]).toMatch(/Keep one of them/);
  });

  test('no message ever shows a secret', () => {
    dotenv('WEBHOOK_SECRET="canari-canari\nSMTP_URL=canari\n');
    const message = problems({
      TELEGRAM_TOKEN: 'canari',
      WHATSAPP_TOKEN: 'canari canari',
      WHATSAPP_APP_SECRET: 'canari',
      WEBHOOK_VERIFY_TOKEN: 'canari',
      GUICHET_KEY: 'canari',
      DATABASE_URL: 'canari',
      REDIS_URL: 'canari',
      LLM_API_KEY: 'canari canari',
    }).join('\n');
    expect(message).toContain('SMTP_URL');
    expect(message).not.toContain('canari');
  });

  test('the error exits with 78', () => {
    expect(new ConfigError(['x'])).toMatchObject({
      exitCode: 78,
      message: 'The configuration stops the start:\n- x',
    });
  });
});

describe('checkSecret', () => {
  test.each([
    [undefined, 'missing'],
    ['', 'missing'],
    ['x', 'short'],
    [SECRET.slice(0, 31), 'short'],
    ['secret_token', 'published'],
    ['gust-ia-webhook-secret-gust-ia-webhook-secret', 'published'],
    ['VOTRE_secret_tres_long_de_plus_de_32_caracteres', 'published'],
    ['a'.repeat(40), 'guessable'],
    ['abcdefg'.repeat(10), 'guessable'],
    [`${SECRET} `, 'alphabet'],
    [`${SECRET}é`, 'alphabet'],
    [`${SECRET}\n`, 'alphabet'],
    [SECRET.repeat(10), 'long'],
    [SECRET, undefined],
    ['0123456789abcdef0123456789abcdef', undefined],
  ])('%j: %s', (value, problem) => {
    expect(checkSecret(value)).toBe(problem);
  });
});

describe('the directory of parents', () => {
  const QUERY = 'SELECT nom, telephone FROM parents WHERE telephone = :national';

  test('a query that reads is taken', () => {
    writeFileSync(join(cwd, 'parents été.db'), '');
    const DIRECTORY_URL = new URL(`sqlite:${encodeURI(join(cwd, 'parents été.db'))}`).href;
    expect(read({ DIRECTORY_URL, DIRECTORY_QUERY: QUERY }).directory?.query).toBe(QUERY);
  });

  test.each([
    ['UPDATE parents SET nom = :phone', /^DIRECTORY_QUERY=UPDATE.*must start with SELECT\.$/],
    ['SELECT nom FROM parents', /:phone, :digits or :national\.$/],
    ['SELECT nom FROM parents WHERE telephone = :telephone', /“:telephone” does not exist\.$/],
    ['SELECT 1 WHERE :phone = 1; DROP TABLE parents', /single statement/],
  ])('%s is refused', (query, why) => {
    const told = problems({ DIRECTORY_URL: 'postgres://reader:secret@db.invalid/p', DIRECTORY_QUERY: query });
    expect(told).toEqual([expect.stringMatching(why)]);
  });

  test.each(['/nowhere/parents.db', '/', '/%ff'])('a SQLite file %s that is none is refused', (path) => {
    expect(problems({ DIRECTORY_URL: `sqlite:${path}`, DIRECTORY_QUERY: QUERY })).toEqual([
      expect.stringMatching(/^DIRECTORY_URL .*no database file that can be read/),
    ]);
  });
});
