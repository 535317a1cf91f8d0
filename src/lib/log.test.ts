import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createLog } from './log.ts';
import type { LogOptions } from './log.ts';
import { createRedactor, oneLine } from './redact.ts';

const TOKEN = '123456789:AAinventedinventedinventedinvented1';

function capture(options: Partial<LogOptions> = {}) {
  const lines: string[] = [];
  const log = createLog({
    level: 'info',
    destination: { write: (line) => void lines.push(line) },
    clock: { now: () => 1_760_000_000_000, monotonic: () => 0 },
    ...options,
  });
  const parsed = () => lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  return { log, lines, parsed };
}

describe('lines', () => {
  test('timestamp, level, event and fields, in one JSON object', () => {
    const { log, lines } = capture();
    log.info('update stored', { person: 'p1', count: 2 });
    expect(lines).toEqual([
      '{"level":"INFO","timestamp":"2025-10-09T08:53:20.000Z","person":"p1","count":2,"event":"update stored"}\n',
    ]);
  });

  test('levels below the chosen one are silent', () => {
    const { log, parsed } = capture({ level: 'warn' });
    log.debug('a');
    log.info('b');
    log.warn('c');
    log.error('d');
    expect(parsed().map((line) => line['event'])).toEqual(['c', 'd']);
  });

  test('child fields are in every line, redacted too', () => {
    const { log, parsed } = capture();
    log.child({ channel: 'telegram', note: `token ${TOKEN}` }).info('x', { a: 1 });
    expect(parsed()[0]).toMatchObject({ channel: 'telegram', note: 'token [token]', a: 1 });
  });

  test('a field cannot replace the event, the level or the time', () => {
    const { log, lines, parsed } = capture();
    log.info('real', { event: 'forged', level: 'ERROR', timestamp: 'never' });
    expect(parsed()[0]).toMatchObject({ event: 'real', level: 'INFO', event_: 'forged' });
    expect(lines[0]?.match(/"level":/g)).toHaveLength(1);
  });

  test('errors: name, code and message; the stack only at debug', () => {
    const error = Object.assign(
      new Error(`call to /bot${TOKEN}/getMe failed`, { cause: new Error('+221 77 000 00 01') }),
      {
        code: 'ECONNRESET',
      },
    );
    const info = capture();
    info.log.error('send failed', { error });
    expect(info.parsed()[0]?.['error']).toEqual({
      name: 'Error',
      code: 'ECONNRESET',
      message: 'call to /bot[token]/getMe failed',
      cause: { name: 'Error', message: '[phone]' },
    });
    const debug = capture({ level: 'debug' });
    debug.log.error('send failed', { error });
    expect(JSON.stringify(debug.parsed()[0])).toContain('log.test.ts');
    expect(debug.lines.join('')).not.toContain(TOKEN);
  });

  test('hostile text stays in one line and cannot repaint the terminal', () => {
    const { log, lines, parsed } = capture();
    const hostile = 'a\r\nINFO forged\u2028\u2029\u001b[2J\u009b31m\u202eabc\u0000';
    log.info('name seen', { name: hostile });
    expect(lines).toHaveLength(1);
    // eslint-disable-next-line no-control-regex -- what must not be there
    expect(lines[0]?.slice(0, -1)).not.toMatch(/[\r\n\u001b\u009b\u2028\u2029\u202e]/);
    expect(parsed()[0]?.['name']).toBe(oneLine(hostile));
  });

  test('for people: one short line, same redaction', () => {
    const { log, lines } = capture({ pretty: true });
    log.warn('slow\nanswer', { ms: 12, note: TOKEN });
    expect(lines).toHaveLength(1);
    // eslint-disable-next-line no-control-regex -- colours are part of this output
    expect(lines[0]?.replace(/\u001b\[\d+m/g, '')).toBe(
      '08:53:20 WARN  slow\\x0aanswer ms=12 note=[token]\n',
    );
  });

  test('values that JSON cannot carry do not throw', () => {
    const { log, parsed } = capture();
    const loop: Record<string, unknown> = { deep: { deep: { deep: { deep: { deep: 1 } } } } };
    loop['self'] = loop;
    log.info('odd', {
      loop,
      big: 10n,
      fn: () => 1,
      bytes: Buffer.from('secret'),
      date: new Date(NaN),
      none: undefined,
    });
    expect(parsed()[0]).toMatchObject({
      big: '10',
      fn: '[function]',
      bytes: '[6 bytes]',
      date: 'invalid date',
    });
  });
});

describe('redaction', () => {
  const redact = createRedactor(['my-own-secret/value']);

  test.each([
    [`https://api.telegram.org/bot${TOKEN}/sendMessage`, 'https://api.telegram.org/bot[token]/sendMessage'],
    [`bot${TOKEN.replace(':', '%3A')}`, 'bot[token]'],
    ['Authorization: Bearer abc.def-ghi', 'Authorization: Bearer [secret]'],
    ['EAAinventedinventedinvented1', '[token]'],
    ['key sk-inventedinvented12345', 'key [token]'],
    ['sha256=00112233445566778899aabbccddeeff', 'sha256=[signature]'],
    ['GET /webhook?hub.verify_token=abcdef&x=1', 'GET /webhook?hub.verify_token=[secret]&x=1'],
    ['{"access_token":"abcdef"}', '{"access_token":"[secret]"}'],
    ['smtp://user:hunter2@mail.example', 'smtp://[secret]@mail.example'],
    ['called with my-own-secret/value here', 'called with [secret] here'],
    ['called with my-own-secret%2Fvalue here', 'called with [secret] here'],
    ['+221 77 000 00 01', '[phone]'],
    ['+221770000001', '[phone]'],
    ['00221770000001', '[phone]'],
    ['221770000001', '[number]'],
    ['tel 77 000 00 01.', 'tel [phone].'],
    ['tel 77-000-00-01', 'tel [phone]'],
    ['770000001', '[phone]'],
    ['chat -1001234567890', 'chat -[number]'],
  ])('%s', (text, expected) => {
    expect(redact(text)).toBe(expected);
  });

  test.each([
    'update stored in 12 ms',
    '0190a3b2-7721-7cc3-98c4-123456789012',
    '2026-11-21T03:16:00.123Z',
    'port 8000 of 127.0.0.1',
    'ECONNREFUSED',
    'ratio 0.12345678901234',
    'taux 21 %, plafond 63 000 FCFA',
  ])('leaves %s alone', (text) => {
    expect(redact(text)).toBe(text);
  });

  test.each([
    'text',
    'phone',
    'phone_number',
    'authorization',
    'webhookSecret',
    'apiKey',
    'access_token',
    'chatId',
    'first_name',
  ])('the field %s is never written', (field) => {
    const { log, lines } = capture();
    log.info('x', { [field]: 'canari', nested: { [field]: 'canari' } });
    expect(lines.join('')).not.toContain('canari');
  });

  test('a Senegalese number in any usual spelling never survives, wherever it stands', () => {
    const digits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 7, maxLength: 7 });
    const spelling = fc.constantFrom('+221 ', '+221', '00221', '221', '00 221 ', '');
    const spaced = fc.constantFrom(' ', '', '-', '.', '\u00a0');
    fc.assert(
      fc.property(
        digits,
        spelling,
        spaced,
        fc.constantFrom('77', '78', '70', '33'),
        (rest, prefix, gap, operator) => {
          const number = rest.join('');
          const local = [operator, number.slice(0, 3), number.slice(3, 5), number.slice(5)].join(gap);
          const safe = redact(`le ${prefix}${local} a écrit`);
          expect(safe.replace(/\D/g, '')).toBe('');
        },
      ),
    );
  });
});
