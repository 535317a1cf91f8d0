import { recall, remember } from '../site/memory.ts';
import { fr, type Messages } from './fr.ts';

export const LOCALES = ['fr', 'en'] as const;
export type Locale = (typeof LOCALES)[number];

let current = $state<Locale>('fr');
let catalogue = $state.raw<Messages>(fr);

/** French comes with the page; who reads English fetches it once. */
async function catalogueOf(locale: Locale): Promise<Messages> {
  return locale === 'fr' ? fr : (await import('./en.ts')).en;
}

export const locale = {
  get current(): Locale {
    return current;
  },
  async set(next: Locale): Promise<void> {
    catalogue = await catalogueOf(next);
    current = next;
    remember('locale', next);
    document.documentElement.lang = next;
  },
  /** Pages are prerendered in French; a choice made earlier is restored once the page is alive. */
  async restore(): Promise<void> {
    const saved = LOCALES.find((one) => one === recall('locale'));
    if (saved && saved !== current) await locale.set(saved);
  },
};

/** The catalogue of the current language; reading it in a component follows the switch. */
export const t = new Proxy(fr, {
  get: (_target, key) => catalogue[key as keyof Messages],
});
