import { parseHtml } from './markup-html.ts';
import { parseMarkdown } from './markup-legacy.ts';
import { parseMarkdownV2 } from './markup-v2.ts';
import type { Parsed } from './markup-parsed.ts';

/** `parse_mode` → parser; undefined for a mode Telegram does not know. Names are case-insensitive. */
export function parserOf(mode: string): ((source: string) => Parsed) | undefined {
  switch (mode.toLowerCase()) {
    case 'html':
      return parseHtml;
    case 'markdownv2':
      return parseMarkdownV2;
    case 'markdown':
      return parseMarkdown;
    default:
      return undefined;
  }
}
