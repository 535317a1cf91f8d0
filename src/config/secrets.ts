/**
 * Values that were published somewhere: in the documents this product was asked for with, in tutorials, in examples.
 * A secret that contains one of them is no secret.
 */
const PUBLISHED = [
  'gust-ia-webhook-secret',
  'secret_token',
  'webhook_secret',
  'my_secret',
  'changeme',
  'change_me',
  'change-me',
  'votre_',
  'votre-',
  'your_',
  'your-',
  'exemple',
  'example',
  'placeholder',
  'password',
];

export type SecretProblem = 'missing' | 'short' | 'long' | 'alphabet' | 'published' | 'guessable';

const SENTENCES: Readonly<Record<SecretProblem, string>> = {
  missing: 'is missing',
  short: 'is shorter than 32 characters',
  long: 'is longer than 256 characters',
  alphabet: 'holds a character outside A-Z a-z 0-9 _ and -',
  published: 'is, or contains, a value that is published in documents and examples',
  guessable: 'repeats itself: it uses fewer than 8 different characters',
};

/** How to make a secret that passes. */
export const SECRET_ADVICE = 'make one with: openssl rand -hex 32';

/** What is wrong with a webhook secret (32 to 256 of `A-Za-z0-9_-`, the alphabet of Telegram's secret_token); undefined: nothing. */
export function checkSecret(value: string | undefined): SecretProblem | undefined {
  if (value === undefined || value === '') return 'missing';
  const lower = value.toLowerCase();
  if (PUBLISHED.some((known) => lower.includes(known))) return 'published';
  if (value.length < 32) return 'short';
  if (value.length > 256) return 'long';
  if (!/^[\w-]+$/.test(value)) return 'alphabet';
  if (new Set(value).size < 8) return 'guessable';
  return undefined;
}

/** "is shorter than 32 characters: make one with: …"; never the value itself. */
export const secretSentence = (problem: SecretProblem): string => `${SENTENCES[problem]}; ${SECRET_ADVICE}`;
