import { pino } from 'pino';
import type { Clock } from './clock.ts';
import { systemClock } from './clock.ts';
import { createRedactor, redactFields } from './redact.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
export const LOG_LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

type Fields = Readonly<Record<string, unknown>>;

/** `event` is a stable, short English name (`update stored`); everything that varies goes into the fields. */
export interface Log {
  debug(event: string, fields?: Fields): void;
  info(event: string, fields?: Fields): void;
  warn(event: string, fields?: Fields): void;
  error(event: string, fields?: Fields): void;
  /** The same log with these fields in every line. */
  child(fields: Fields): Log;
}

export interface LogOptions {
  level: LogLevel;
  /** Where whole lines go; standard output when absent. */
  destination?: { write(line: string): void };
  /** Short coloured lines for people instead of JSON; by default when standard output is a terminal. */
  pretty?: boolean;
  /** Values that must never appear in a line, whatever the field: the configured secrets. */
  secrets?: readonly string[];
  clock?: Clock;
}

/**
 * JSON lines `{timestamp, level, event, …fields}`. Every string passes the redactor: tokens, phones and
 * platform ids are masked, control characters stay visible inside one line. Errors are logged as name, code
 * and message; their stack only at level `debug`.
 */
export function createLog(options: LogOptions): Log {
  const { level, clock = systemClock } = options;
  const redact = createRedactor(options.secrets);
  const stacks = level === 'debug';
  const target = options.destination ?? standardOutput();
  const pretty = options.pretty ?? (options.destination === undefined && process.stdout.isTTY);
  const logger = pino(
    {
      level,
      base: null,
      messageKey: 'event',
      timestamp: () => `,"timestamp":"${new Date(clock.now()).toISOString()}"`,
      formatters: { level: (label) => ({ level: label.toUpperCase() }) },
    },
    pretty ? { write: (line: string) => target.write(forPeople(line)) } : target,
  );

  const wrap = (inner: pino.Logger): Log => {
    const at = (name: LogLevel) => (event: string, fields?: Fields) => {
      if (!inner.isLevelEnabled(name)) return;
      inner[name](fields === undefined ? {} : reserved(redactFields(fields, redact, stacks)), redact(event));
    };
    return {
      debug: at('debug'),
      info: at('info'),
      warn: at('warn'),
      error: at('error'),
      child: (fields) => wrap(inner.child(reserved(redactFields(fields, redact, stacks)))),
    };
  };
  return wrap(logger);
}

/** A field named like one of ours would make a line with the same key twice. */
function reserved(fields: Record<string, unknown>): Record<string, unknown> {
  for (const name of ['timestamp', 'level', 'event']) {
    if (!Object.hasOwn(fields, name)) continue;
    fields[`${name}_`] = fields[name];
    delete fields[name];
  }
  return fields;
}

/** Synchronous, so that the last lines before a crash are not lost; a closed pipe (`| head`) is not an error. */
function standardOutput(): { write(line: string): void } {
  const destination = pino.destination({ fd: 1, sync: true });
  destination.on('error', () => undefined);
  return destination;
}

const COLOURS: Readonly<Record<string, string>> = { DEBUG: '90', INFO: '36', WARN: '33', ERROR: '31' };

function forPeople(line: string): string {
  const { timestamp, level, event, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const colour = COLOURS[String(level)] ?? '0';
  const details = Object.entries(fields)
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ');
  const time = String(timestamp).slice(11, 19);
  const tail = details === '' ? '' : ` \x1b[90m${details}\x1b[0m`;
  return `\x1b[90m${time}\x1b[0m \x1b[${colour}m${String(level).padEnd(5)}\x1b[0m ${String(event)}${tail}\n`;
}
