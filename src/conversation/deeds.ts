/** What a button of the product does, beside opening a page or asking a question. */
export type Deed =
  | { type: 'erase' }
  | { type: 'language'; language: string }
  | { type: 'notifications'; on: boolean }
  /** Words that were not answered go to staff; `hash`: of these words. */
  | { type: 'pass_on'; hash: string }
  /** The word that ends what we announce. */
  | { type: 'stop' };

const PREFIX = 'do:';

/** Choice id of a deed: no page has a colon in its id. */
export function deedId(deed: Deed): string {
  switch (deed.type) {
    case 'erase':
    case 'stop':
      return PREFIX + deed.type;
    case 'pass_on':
      return `${PREFIX}pass_on:${deed.hash}`;
    case 'language':
      return `${PREFIX}language:${deed.language}`;
    case 'notifications':
      return `${PREFIX}notifications:${deed.on ? 'on' : 'off'}`;
  }
}

export function readDeed(id: string): Deed | undefined {
  if (!id.startsWith(PREFIX)) return undefined;
  const [type, value = ''] = id.slice(PREFIX.length).split(':');
  switch (type) {
    case 'erase':
    case 'stop':
      return { type };
    case 'pass_on':
      return { type, hash: value };
    case 'language':
      return { type, language: value };
    case 'notifications':
      return { type, on: value === 'on' };
    default:
      return undefined;
  }
}
