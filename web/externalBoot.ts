import { createHash } from 'node:crypto';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { Adapter } from '@sveltejs/kit';

const INLINE_SCRIPT = /<script>([\s\S]*?)<\/script>/g;

/**
 * Wraps a static adapter: every inline script Kit writes into a page moves to a hashed file under
 * `/_app/immutable/`, so the server may send `script-src 'self'` with neither hash nor nonce, and no deployment
 * has to keep a header in step with a build.
 */
export function externalBoot(adapter: Adapter, folder = 'build'): Adapter {
  return {
    ...adapter,
    async adapt(builder) {
      await adapter.adapt(builder);
      const names = await readdir(folder, { recursive: true });
      for (const name of names.filter((candidate) => candidate.endsWith('.html'))) {
        await moveScripts(folder, name);
      }
    },
  };
}

async function moveScripts(folder: string, name: string): Promise<void> {
  const path = join(folder, name);
  const page = await readFile(path, 'utf8');
  const scripts = new Map<string, string>();
  const rewritten = page.replace(INLINE_SCRIPT, (_tag, source: string) => {
    const hash = createHash('sha256').update(source).digest('base64url').slice(0, 10);
    const address = `/_app/immutable/boot.${hash}.js`;
    scripts.set(address, source);
    return `<script src="${address}"></script>`;
  });
  for (const [address, source] of scripts) await writeWithCompressed(join(folder, address), source);
  await writeWithCompressed(path, rewritten);
}

/** The `.gz` and `.br` twins were made from the page as Kit wrote it: they must say the same as the page. */
async function writeWithCompressed(path: string, text: string): Promise<void> {
  await writeFile(path, text);
  await writeFile(`${path}.gz`, gzipSync(text, { level: 9 }));
  await writeFile(`${path}.br`, brotliCompressSync(text));
}
