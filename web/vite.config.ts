import adapter from '@sveltejs/adapter-static';
import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vite';
import { externalBoot } from './externalBoot.ts';
import { kitWithoutInlineStyle } from './kitWithoutInlineStyle.ts';

/** Where `npm run dev` finds the desk: the running product, or `npm run fake`. */
const desk = 'http://localhost:8000';

export default defineConfig({
  plugins: [
    tailwindcss(),
    kitWithoutInlineStyle(),
    sveltekit({
      adapter: externalBoot(adapter({ fallback: '404.html', precompress: true })),
      // Root-relative addresses: the boot script lives in its own file, so relative ones would start from there.
      paths: { relative: false },
      // Nobody leaves a desk's page open for days; polling would only cost the citizen's data bundle.
      version: { pollInterval: 0 },
      compilerOptions: { runes: true },
    }),
  ],
  // A file is better than a data: URI here: it needs no exception in the content security policy.
  build: { assetsInlineLimit: 0 },
  server: {
    proxy: { '/simulator/api': desk, '/health': desk, '/ask-question-ultra': desk },
  },
});
