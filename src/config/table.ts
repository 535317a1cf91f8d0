import { LOG_LEVELS } from '../lib/log.ts';
import {
  anyText,
  baseUrl,
  host,
  hostList,
  keys,
  oneOf,
  pattern,
  port,
  secret,
  staffIds,
  urlOf,
} from './values.ts';
import type { Reader } from './values.ts';

export type Group =
  'server' | 'desk' | 'directory' | 'telegram' | 'whatsapp' | 'answers' | 'staff' | 'network';

export interface Setting<T = unknown> {
  group: Group;
  read: Reader<T>;
  /** As it would be written; absent: the setting is optional. */
  default?: string;
  /** Where the default is decided from other settings, in words. */
  defaultNote?: { en: string; fr: string };
  /** Never shown, never logged, and readable from a file named by NAME_FILE. */
  secret?: true;
  /** Checked, but nothing in this version reads it. */
  notUsedYet?: true;
  en: string;
  fr: string;
}

const setting = <T>(row: Setting<T>): Setting<T> => row;

/** Every name the product reads from its environment. `docs/reference/environment.md` and `.env.example` are made from it. */
export const SETTINGS = {
  PORT: setting({
    group: 'server',
    read: port,
    default: '8000',
    en: 'Port the server listens on.',
    fr: 'Port d’écoute du serveur.',
  }),
  HOST: setting({
    group: 'server',
    read: host,
    defaultNote: {
      en: '`127.0.0.1` in the demo, else `0.0.0.0`',
      fr: '`127.0.0.1` en démonstration, sinon `0.0.0.0`',
    },
    en: 'Address the server listens on. In the demo (no channel token) it must be of this machine only, because the simulator has no password.',
    fr: 'Adresse d’écoute du serveur. En démonstration (sans jeton de canal), uniquement cette machine : le simulateur n’a pas de mot de passe.',
  }),
  TLS_CERT_FILE: setting({
    group: 'server',
    read: anyText,
    en: 'Certificate chain (PEM) to serve https directly; needs `TLS_KEY_FILE`. A proxy such as nginx or Caddy is the usual way.',
    fr: 'Chaîne de certificats (PEM) pour servir https directement ; va avec `TLS_KEY_FILE`. Un proxy (nginx, Caddy) est la voie habituelle.',
  }),
  TLS_KEY_FILE: setting({
    group: 'server',
    read: anyText,
    en: 'Private key (PEM) of `TLS_CERT_FILE`; only its owner may read the file (0600).',
    fr: 'Clé privée (PEM) de `TLS_CERT_FILE` ; fichier lisible par son seul propriétaire (0600).',
  }),
  LOG_LEVEL: setting({
    group: 'server',
    read: oneOf(...LOG_LEVELS),
    default: 'info',
    en: 'Least level written: `debug`, `info`, `warn`, `error`.',
    fr: 'Niveau minimal écrit : `debug`, `info`, `warn`, `error`.',
  }),
  GUICHET_DESK: setting({
    group: 'desk',
    read: anyText,
    default: 'desks/css',
    en: 'Folder of the organisation’s content.',
    fr: 'Dossier du contenu de l’organisation.',
  }),
  GUICHET_DATA: setting({
    group: 'desk',
    read: anyText,
    defaultNote: {
      en: '`./data/<desk>`, in the demo `./data/<desk>-demo`',
      fr: '`./data/<desk>`, en démonstration `./data/<desk>-demo`',
    },
    en: 'Folder of the database and the encryption key. One desk per folder.',
    fr: 'Dossier de la base de données et de la clé de chiffrement. Un seul guichet par dossier.',
  }),
  GUICHET_KEY: setting({
    group: 'desk',
    read: keys,
    secret: true,
    defaultNote: {
      en: 'made on first start, kept in the data folder',
      fr: 'créée au premier démarrage, gardée dans le dossier de données',
    },
    en: 'Encryption key of personal data: 32 bytes as 64 hexadecimal digits; several separated by commas while it is renewed, the new one first. Losing it loses the data.',
    fr: 'Clé de chiffrement des données personnelles : 32 octets en 64 chiffres hexadécimaux ; plusieurs, séparées par des virgules, pendant un renouvellement, la nouvelle en premier. La perdre, c’est perdre les données.',
  }),
  DATABASE_URL: setting({
    group: 'desk',
    read: anyText,
    secret: true,
    defaultNote: { en: 'SQLite in `GUICHET_DATA`', fr: 'SQLite dans `GUICHET_DATA`' },
    en: 'PostgreSQL database. Not supported in this version: leave it out.',
    fr: 'Base PostgreSQL. Pas encore prise en charge dans cette version : à laisser vide.',
  }),
  REDIS_URL: setting({
    group: 'desk',
    read: urlOf(['redis', 'rediss'], 'redis://localhost:6379'),
    secret: true,
    notUsedYet: true,
    en: 'Redis server.',
    fr: 'Serveur Redis.',
  }),
  TELEGRAM_TOKEN: setting({
    group: 'telegram',
    read: pattern(
      /^[1-9]\d{0,14}:[\w-]{3,100}$/,
      'write the token that @BotFather gave, such as 123456789:AA…',
    ),
    secret: true,
    en: 'Token of the bot, from @BotFather. Without it and `WHATSAPP_TOKEN`, the demo starts.',
    fr: 'Jeton du bot, donné par @BotFather. Sans lui ni `WHATSAPP_TOKEN`, la démonstration démarre.',
  }),
  TELEGRAM_API_ROOT: setting({
    group: 'telegram',
    read: baseUrl,
    default: 'https://api.telegram.org',
    en: 'Bot API server, when you run your own.',
    fr: 'Serveur de l’API Bot, si vous avez le vôtre.',
  }),
  WEBHOOK_URL: setting({
    group: 'telegram',
    read: baseUrl,
    defaultNote: { en: 'polling', fr: 'interrogation régulière (polling)' },
    en: 'Public https base address; we append the paths. Set: Telegram calls us. Absent: we ask Telegram (polling).',
    fr: 'Adresse publique de base, en https ; nous ajoutons les chemins. Donnée : Telegram nous appelle. Absente : nous interrogeons Telegram.',
  }),
  WEBHOOK_SECRET: setting({
    group: 'telegram',
    read: secret,
    secret: true,
    en: 'Proves that a call to the webhook comes from Telegram: 32 to 256 characters of `A-Z a-z 0-9 _ -`. Required with `TELEGRAM_TOKEN` and `WEBHOOK_URL`; make it with `openssl rand -hex 32`.',
    fr: 'Prouve qu’un appel au webhook vient de Telegram : 32 à 256 caractères parmi `A-Z a-z 0-9 _ -`. Obligatoire avec `TELEGRAM_TOKEN` et `WEBHOOK_URL` ; à créer avec `openssl rand -hex 32`.',
  }),
  WHATSAPP_TOKEN: setting({
    group: 'whatsapp',
    read: pattern(/^\S{3,1000}$/, 'write the access token of the Meta application, without spaces'),
    secret: true,
    en: 'Access token of the Graph API.',
    fr: 'Jeton d’accès à l’API Graph.',
  }),
  WHATSAPP_PHONE_ID: setting({
    group: 'whatsapp',
    read: pattern(/^\d{1,30}$/, 'write the phone number id of the Meta dashboard: digits only'),
    en: 'Id of the sending number (not the number itself). Required with `WHATSAPP_TOKEN`.',
    fr: 'Identifiant du numéro d’envoi (pas le numéro). Obligatoire avec `WHATSAPP_TOKEN`.',
  }),
  WHATSAPP_APP_SECRET: setting({
    group: 'whatsapp',
    read: secret,
    secret: true,
    en: 'Application secret that signs the webhooks. Required with `WHATSAPP_TOKEN`.',
    fr: 'Secret de l’application, qui signe les webhooks. Obligatoire avec `WHATSAPP_TOKEN`.',
  }),
  WEBHOOK_VERIFY_TOKEN: setting({
    group: 'whatsapp',
    read: secret,
    secret: true,
    en: 'The word you type in the Meta dashboard to prove that the webhook is yours: 32 characters or more. Required with `WHATSAPP_TOKEN`.',
    fr: 'Le mot saisi chez Meta pour prouver que le webhook est à vous : 32 caractères ou plus. Obligatoire avec `WHATSAPP_TOKEN`.',
  }),
  WHATSAPP_API_ROOT: setting({
    group: 'whatsapp',
    read: baseUrl,
    default: 'https://graph.facebook.com',
    en: 'Graph API server.',
    fr: 'Serveur de l’API Graph.',
  }),
  WHATSAPP_API_VERSION: setting({
    group: 'whatsapp',
    read: pattern(/^v\d{1,3}\.\d{1,2}$/, 'write a version such as v25.0'),
    default: 'v25.0',
    en: 'Version of the Graph API.',
    fr: 'Version de l’API Graph.',
  }),
  CSS_API_URL: setting({
    group: 'answers',
    read: baseUrl,
    defaultNote: { en: 'the desk’s own documents', fr: 'les documents du guichet' },
    en: 'Answers come from this API (`POST /ask-question-ultra`) instead of the embedded engine. It cannot be our own address.',
    fr: 'Les réponses viennent de cette API (`POST /ask-question-ultra`) au lieu du moteur intégré. Ce ne peut pas être notre propre adresse.',
  }),
  LLM_BASE_URL: setting({
    group: 'answers',
    read: baseUrl,
    defaultNote: {
      en: 'answers are the documents’ own sentences',
      fr: 'les réponses sont les phrases mêmes des documents',
    },
    en: 'OpenAI-compatible model server: it words answers from the passages found, and what it invents is withheld. See `docs/guides/llm.md`.',
    fr: 'Serveur de modèle compatible OpenAI : il rédige les réponses à partir des passages trouvés, et ce qu’il invente est retenu. Voir `docs/guides/llm.fr.md`.',
  }),
  LLM_API_KEY: setting({
    group: 'answers',
    read: pattern(/^\S{1,1000}$/, 'write the key without spaces'),
    secret: true,
    en: 'Key of the model server, where it wants one.',
    fr: 'Clé du serveur de modèle, s’il en demande une.',
  }),
  LLM_MODEL: setting({
    group: 'answers',
    read: anyText,
    en: 'Name of the model that words answers.',
    fr: 'Nom du modèle qui rédige les réponses.',
  }),
  LLM_EMBED_MODEL: setting({
    group: 'answers',
    read: anyText,
    defaultNote: {
      en: 'passages are ranked by their words alone',
      fr: 'les passages sont classés par leurs mots seuls',
    },
    en: 'Name of an embedding model of the same server, which helps to rank passages.',
    fr: 'Nom d’un modèle de plongement du même serveur, qui aide à classer les passages.',
  }),
  TRANSCRIBE_URL: setting({
    group: 'answers',
    read: baseUrl,
    defaultNote: {
      en: 'voice messages are kept for staff',
      fr: 'les messages vocaux sont gardés pour l’équipe',
    },
    en: 'OpenAI-compatible speech-to-text server: voice messages are answered as what was said.',
    fr: 'Serveur de transcription compatible OpenAI : un message vocal reçoit la réponse à ce qui y est dit.',
  }),
  TRANSCRIBE_API_KEY: setting({
    group: 'answers',
    read: pattern(/^\S{1,1000}$/, 'write the key without spaces'),
    secret: true,
    en: 'Key of the speech-to-text server, where it wants one.',
    fr: 'Clé du serveur de transcription, s’il en demande une.',
  }),
  TRANSCRIBE_MODEL: setting({
    group: 'answers',
    read: anyText,
    default: 'whisper-1',
    en: 'Name of the speech-to-text model.',
    fr: 'Nom du modèle de transcription.',
  }),
  DIRECTORY_URL: setting({
    group: 'directory',
    read: urlOf(
      ['https', 'http', 'postgres', 'postgresql', 'mysql', 'sqlite'],
      'https://annuaire.example.sn/find',
    ),
    secret: true,
    defaultNote: {
      en: 'what `guichet directory import` brought',
      fr: 'ce que `guichet directory import` a apporté',
    },
    en: 'Where people are found by number, on a desk with accounts: an address that answers `POST {phone, digits, national}` with `{"rows": […]}`, or a database (`postgres://…`, `mysql://…`, `sqlite:/path`) with `DIRECTORY_QUERY`. Use an account that may only read.',
    fr: 'Où chercher les personnes par numéro, sur un guichet avec comptes : une adresse qui répond à `POST {phone, digits, national}` par `{"rows": […]}`, ou une base (`postgres://…`, `mysql://…`, `sqlite:/chemin`) avec `DIRECTORY_QUERY`. Utilisez un compte en lecture seule.',
  }),
  DIRECTORY_KEY: setting({
    group: 'directory',
    read: pattern(/^\S{1,1000}$/, 'write the key without spaces'),
    secret: true,
    en: 'Key of that address, sent as `Authorization: Bearer`.',
    fr: 'Clé de cette adresse, envoyée comme `Authorization: Bearer`.',
  }),
  DIRECTORY_QUERY: setting({
    group: 'directory',
    read: anyText,
    en: 'One SELECT with `:phone` (+221…), `:digits` or `:national`, whose columns are named as in the import: `SELECT nom, prenoms, telephone, prenom_enfant FROM parents WHERE telephone = :national`.',
    fr: 'Un SELECT avec `:phone` (+221…), `:digits` ou `:national`, dont les colonnes portent les noms de l’import : `SELECT nom, prenoms, telephone, prenom_enfant FROM parents WHERE telephone = :national`.',
  }),
  ADMIN_USER_IDS: setting({
    group: 'staff',
    read: staffIds,
    en: 'Staff on the channels: `telegram:123,whatsapp:221…`; a bare number is Telegram.',
    fr: 'Agents sur les canaux : `telegram:123,whatsapp:221…` ; un nombre seul désigne Telegram.',
  }),
  SMTP_URL: setting({
    group: 'staff',
    read: urlOf(['smtp', 'smtps'], 'smtp://user:password@mail.example.sn:587'),
    secret: true,
    notUsedYet: true,
    en: 'Mail server for alerts to staff.',
    fr: 'Serveur de courriel pour les alertes aux agents.',
  }),
  GUICHET_ALLOW_HOSTS: setting({
    group: 'network',
    read: hostList,
    en: 'Private hosts that outgoing calls may reach: `host:port,host:port`. The addresses given above are allowed without it.',
    fr: 'Hôtes privés que les appels sortants peuvent joindre : `hôte:port,hôte:port`. Les adresses données plus haut sont permises d’office.',
  }),
};

export type SettingName = keyof typeof SETTINGS;
export const SETTING_NAMES = Object.keys(SETTINGS) as SettingName[];
export const isSecret = (name: SettingName): boolean => (SETTINGS[name] as Setting).secret === true;

/** Every name that may stand in `.env`: the settings, and NAME_FILE for the secrets. */
export const ACCEPTED_NAMES: readonly string[] = SETTING_NAMES.flatMap((name) =>
  isSecret(name) ? [name, `${name}_FILE`] : [name],
);
