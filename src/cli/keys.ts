import type { Command } from 'commander';
import { systemClock } from '../lib/clock.ts';
import { scrubName } from '../lib/scrub.ts';
import { API_SCOPES, apiKeyTable, type ApiKey, type ApiScope } from '../storage/api-keys.ts';
import { actor } from './actor.ts';
import { withData } from './data.ts';
import { UsageError } from './errors.ts';
import { wholeNumber } from './number.ts';
import { day } from './time.ts';

const DAY = 24 * 3600_000;

/** Keys of programs that speak to the API. */
export function addKeys(program: Command): void {
  const keys = program.command('keys').description('Keys of programs that speak to the API of this desk.');

  keys
    .command('create <name>')
    .description(`A new key, shown once. Scopes: ${API_SCOPES.join(', ')}.`)
    .requiredOption('--scope <scope...>', 'what it may be used for')
    .option('--days <n>', 'it ends after that many days')
    .action(async (given: string, options: { scope: string[]; days?: string }) => {
      const name = scrubName(given);
      if (!/^[\w .-]{1,60}$/.test(name))
        throw new UsageError(
          'A key is named after the program that holds it: up to 60 letters, digits, spaces and . _ -',
        );
      const scopes = scopesOf(options.scope);
      const days = options.days === undefined ? undefined : wholeNumber('--days', options.days, 1, 3650);
      const at = systemClock.now();
      const { id, secret } = await withData(
        ({ store }) =>
          apiKeyTable(store).create({
            ...{ name, scopes, by: actor(), at },
            ...(days !== undefined && { expiresAt: at + days * DAY }),
          }),
        { begin: true },
      );
      console.log(
        [
          `Key ${id} for ${name}: ${scopes.join(', ')}. It is shown this once; only its digest is kept.`,
          '',
          secret,
          '',
        ].join('\n'),
      );
      console.log('Send it as "Authorization: Bearer <key>". A running desk knows it within seconds.');
    });

  keys
    .command('list')
    .description('Which keys there are, and when each was last used.')
    .action(async () => {
      const all = await withData(({ store }) => apiKeyTable(store).list());
      console.log(all.map(line).join('\n') || 'There is no key: make one with "guichet keys create".');
    });

  keys
    .command('revoke <id>')
    .description('This key opens nothing any more; a running desk follows within seconds.')
    .action(async (given: string) => {
      const id = keyIdIn(given);
      // It may be a whole key with a letter too many: not repeated.
      if (id === undefined)
        throw new UsageError('This names no key: copy the id from "guichet keys list", such as gk_0123abcd.');
      const done = await withData(({ store }) => apiKeyTable(store).revoke(id, systemClock.now()));
      if (!done) throw new UsageError(`There is no key ${id} in use: copy its id from "guichet keys list".`);
      console.log(`Revoked: ${id}.`);
    });
}

/** The id in what people paste: `0123abcd`, `gk_0123abcd`, the same with "…" as the list shows it, or a whole key. */
export const keyIdIn = (given: string): string | undefined =>
  /^(?:gk_)?([a-z0-9]{8})(?:…|\.{1,3}|_[\w-]*(?:…|\.{1,3})?)?$/.exec(given.trim())?.[1];

function scopesOf(words: readonly string[]): ApiScope[] {
  return words
    .flatMap((word) => word.split(','))
    .map((word) => {
      const scope = API_SCOPES.find((one) => one === word.trim());
      if (scope === undefined) throw new UsageError(`--scope ${word}: use ${API_SCOPES.join(', ')}.`);
      return scope;
    });
}

function line({ id, name, scopes, created_at, expires_at, last_used_at, revoked_at }: ApiKey): string {
  const state =
    revoked_at !== null
      ? `revoked ${day(revoked_at)}`
      : expires_at !== null && expires_at <= systemClock.now()
        ? `ended ${day(expires_at)}`
        : expires_at === null
          ? 'in use'
          : `until ${day(expires_at)}`;
  const used = last_used_at === null ? 'never used' : `last used ${day(last_used_at)}`;
  return `gk_${id}…  ${name}  ${scopes.join(',')}  made ${day(created_at)}  ${used}  ${state}`;
}
