import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { mediaStore } from '../storage/media.ts';
import { withData } from './data.ts';
import { UsageError } from './errors.ts';
import { minute } from './time.ts';

/** Photos, documents and voice messages that people sent, until the console shows them. */
export function addFiles(program: Command): void {
  const files = program.command('files').description('Files people sent, kept for staff.');

  files
    .command('list')
    .description('The latest files, with what they are and when they came.')
    .action(() =>
      withData(async ({ store }) => {
        const rows = await store.db
          .selectFrom('media')
          .select(['id', 'kind', 'bytes', 'at', 'conversation_id'])
          .orderBy('at', 'desc')
          .limit(100)
          .execute();
        if (rows.length === 0) console.log('Nobody has sent a file.');
        for (const { id, kind, bytes, at, conversation_id } of rows)
          console.log(
            `${minute(at)}  ${kind.padEnd(9)} ${String(Math.ceil(bytes / 1024)).padStart(6)} kB  ${id}  conversation ${conversation_id}`,
          );
      }),
    );

  files
    .command('save <id> <path>')
    .description(
      'Write one file, as it was sent, to a path of this machine. Open it with care: anybody could have sent it.',
    )
    .action((id: string, path: string) =>
      withData(async ({ store, sealer, config }) => {
        const known = await store.db.selectFrom('media').select('id').where('id', '=', id).executeTakeFirst();
        const bytes = known && (await mediaStore(store, join(config.data, 'media'), sealer).read(id));
        if (!bytes) throw new UsageError(`There is no file ${id}: copy its id from "guichet files list".`);
        await writeFile(path, bytes, { mode: 0o600, flag: 'wx' }).catch((error: unknown) => {
          const code = (error as NodeJS.ErrnoException).code;
          throw new UsageError(
            code === 'EEXIST'
              ? `${path} exists already: choose another name.`
              : `${path} cannot be written (${code ?? 'error'}).`,
          );
        });
        console.log(`Written: ${path}, ${String(bytes.length)} bytes.`);
      }),
    );
}
