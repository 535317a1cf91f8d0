import type { Plugin } from 'vite';

const ANNOUNCER = /(id="svelte-announcer"[^>]*?)\sstyle="[^"]*"/;

/**
 * Kit hides its route announcer with a `style` attribute, which `style-src 'self'` refuses with an error in every
 * visitor's console. The rule is in `app.css` instead. If Kit changes its file, only that console line comes back.
 */
export function kitWithoutInlineStyle(): Plugin {
  return {
    name: 'kit-without-inline-style',
    enforce: 'pre',
    transform: {
      filter: { id: /\/runtime\/components\/root\.svelte$/ },
      handler: (code) => ({ code: code.replace(ANNOUNCER, '$1'), map: null }),
    },
  };
}
