import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const shipped = fileURLToPath(new URL('../../desks/css', import.meta.url));

/** The desk `css` with the widest limits, copied into this folder. */
export function wideDesk(folder: string): string {
  const desk = join(folder, 'css');
  cpSync(shipped, desk, { recursive: true });
  const yaml = readFileSync(join(desk, 'desk.yaml'), 'utf8').replace(
    /^limits:[\s\S]*?(?=^\S|$(?![\s\S]))/m,
    '',
  );
  writeFileSync(
    join(desk, 'desk.yaml'),
    `${yaml}\nlimits: { messages_per_minute: 600, webhooks_per_minute: 1000000 }\n`,
  );
  return desk;
}
