import type { PersonalTable } from '../storage/personal.ts';
import { placeOf, type SealedColumn, type SealedTable } from '../storage/places.ts';
import { plainText } from '../conversation/texts.ts';
import { readableExport } from './export-text.ts';
import type { Runtime } from './runtime.ts';

type Row = Record<string, unknown>;
type Open = (value: unknown, place: string) => string;
type Field = (row: Row, open: Open) => unknown;

const column =
  (name: string): Field =>
  (row) =>
    row[name] ?? undefined;
/** ISO 8601. */
const time =
  (name: string): Field =>
  (row) => {
    const at = row[name];
    return typeof at === 'number' ? new Date(at).toISOString() : undefined;
  };
const yes =
  (name: string): Field =>
  (row) =>
    row[name] === 1;
const sealed =
  <T extends SealedTable>(table: T, name: SealedColumn<T>): Field =>
  (row, open) =>
    row[name] === null ? undefined : open(row[name], placeOf(table, name)(row));
const sealedJson =
  <T extends SealedTable>(table: T, name: SealedColumn<T>): Field =>
  (row, open) => {
    const text = sealed(table, name)(row, open);
    return typeof text === 'string' ? inFrench(JSON.parse(text)) : undefined;
  };

interface Section {
  name: string;
  fields: Readonly<Record<string, Field>>;
}

/**
 * The export, table by table: what each row is called in the file, and its values. A table that holds something of a person
 * is named here or the types refuse it. The names are the file's format: French, as its readers.
 */
const SECTIONS: Readonly<Record<PersonalTable, Section>> = {
  persons: { name: 'personne', fields: { id: column('id'), connue_depuis: time('created_at') } },
  identities: {
    name: 'identités',
    fields: {
      canal: column('channel'),
      notre_compte: column('account'),
      type: column('scheme'),
      identifiant: sealed('identities', 'value_sealed'),
      profil: sealedJson('identities', 'profile_sealed'),
      robot: yes('is_bot'),
      créée_le: time('created_at'),
      modifiée_le: time('updated_at'),
    },
  },
  user_accounts: {
    name: 'comptes',
    fields: {
      numéro: sealed('user_accounts', 'phone_sealed'),
      état: column('status'),
      canal: column('channel'),
      créé_le: time('created_at'),
      modifié_le: time('updated_at'),
    },
  },
  consents: {
    name: 'consentements',
    fields: {
      objet: column('purpose'),
      version_du_texte: column('text_version'),
      canal: column('channel'),
      donné_le: time('at'),
    },
  },
  preferences: {
    name: 'préférences',
    fields: {
      langue: column('language'),
      notifications: yes('notifications'),
      thème: column('theme'),
      modifiées_le: time('updated_at'),
    },
  },
  conversations: {
    name: 'conversations',
    fields: {
      canal: column('channel'),
      adresse: sealedJson('conversations', 'address_sealed'),
      tenue_par: column('mode'),
      votre_dernier_message: time('last_inbound_at'),
      injoignable_depuis: time('unreachable_at'),
      créée_le: time('created_at'),
    },
  },
  sessions: {
    name: 'sessions',
    fields: {
      début: time('started_at'),
      dernière_activité: time('last_activity_at'),
      messages: column('message_count'),
      retenu: sealedJson('sessions', 'state_sealed'),
    },
  },
  messages: {
    name: 'messages',
    fields: {
      date: time('at'),
      de: (row) => (row['direction'] === 'in' ? 'vous' : 'nous'),
      type: column('kind'),
      contenu: sealedJson('messages', 'body_sealed'),
    },
  },
  interactions: {
    name: 'interactions',
    fields: {
      date: time('at'),
      canal: column('channel'),
      action: column('action'),
      détail: column('data'),
      longueur_de_la_réponse: column('response_length'),
      temps_de_réponse_ms: column('response_time_ms'),
    },
  },
  media: {
    name: 'fichiers',
    fields: {
      date: time('at'),
      type: column('kind'),
      octets: column('bytes'),
      formulaire: column('form'),
      décrit: sealedJson('media', 'about_sealed'),
    },
  },
  session_documents: {
    name: 'documents_lus',
    fields: {
      date: time('at'),
      document: sealedJson('session_documents', 'document_sealed'),
    },
  },
  staff_messages: {
    name: 'messages_à_l_équipe',
    fields: {
      date: time('at'),
      type: column('kind'),
      formulaire: column('form'),
      contenu: sealedJson('staff_messages', 'body_sealed'),
      traité_le: time('handled_at'),
      réponse_de_l_équipe: sealedJson('staff_messages', 'reply_sealed'),
      état_de_la_réponse: column('reply'),
      répondu_le: time('replied_at'),
    },
  },
  questions: {
    name: 'questions',
    fields: {
      date: time('at'),
      canal: column('channel'),
      question: sealed('questions', 'text_sealed'),
      réponse: column('outcome'),
      document: column('document'),
      avis: (row) => VOTES[String(row['vote'])],
      avis_le: time('voted_at'),
      réponse_de_l_équipe: column('reply'),
    },
  },
  form_drafts: {
    name: 'demandes_commencées',
    fields: { modifiées_le: time('changed_at'), réponses: sealedJson('form_drafts', 'drafts_sealed') },
  },
  outbox: {
    name: 'envois',
    fields: {
      date: time('created_at'),
      canal: column('channel'),
      état: column('state'),
      envoyé_le: time('finished_at'),
      référence: sealed('outbox', 'platform_ref_sealed'),
    },
  },
};

const VOTES: Readonly<Record<string, string>> = { '1': 'utile', '-1': 'pas utile' };

/** What our own JSON calls things, as the file says them. */
const WORDS: Readonly<Record<string, string>> = {
  text: 'texte',
  ref: 'référence',
  media: 'pièces_jointes',
  kind: 'type',
  name: 'nom',
  mime: 'type_mime',
  bytes: 'octets',
  firstName: 'prénom',
  lastName: 'nom',
  username: 'nom_d_utilisateur',
  language: 'langue',
  aliases: 'autres_identifiants',
  scheme: 'type',
  value: 'identifiant',
  channel: 'canal',
  account: 'notre_compte',
  chat: 'discussion',
  previous: 'question_précédente',
  topic: 'sujet',
  institution: 'institution',
  choices: 'choix_à_l_écran',
  label: 'libellé',
  offered: 'questions_proposées',
  answered: 'dernière_réponse',
  near: 'sujets_proches',
  pages: 'pages',
  reference: 'référence',
  answers: 'réponses',
  step: 'question',
  shown: 'réponse',
  changedAt: 'modifiée_le_ms',
};

function inFrench(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inFrench);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      Object.hasOwn(WORDS, key) ? (WORDS[key] ?? key) : key,
      inFrench(each),
    ]),
  );
}

/** Rows turned into values at once: between two bunches, others are served. */
const BUNCH = 500;

/** Everything we hold of one person: `text` is JSON, `readable` the same for people. `personId` absent: we meet them now. */
export async function exportOf(
  { personal, sealer, desk, clock }: Pick<Runtime, 'personal' | 'sealer' | 'desk' | 'clock'>,
  personId: string | undefined,
): Promise<{ text: string; readable: string }> {
  const open: Open = (value, place) => {
    if (!(value instanceof Uint8Array)) throw new Error(`Nothing is sealed at ${place}.`);
    return sealer.open(value, place);
  };
  const all: Record<string, unknown> = {
    organisation: desk.organisation,
    guichet: desk.name,
    exporté_le: new Date(clock.now()).toISOString(),
  };
  for (const table of Object.keys(SECTIONS) as PersonalTable[]) {
    const { name, fields } = SECTIONS[table];
    const rows = personId === undefined ? [] : await personal.rows(table, personId);
    const values: unknown[] = [];
    for (let from = 0; from < rows.length; from += BUNCH) {
      values.push(...rows.slice(from, from + BUNCH).map((row) => valuesOf(row, fields, open)));
      await new Promise((resolve) => setImmediate(resolve));
    }
    all[name] = values;
  }
  const say = (key: 'export_title' | 'export_nothing', extra = {}): string =>
    plainText(desk, desk.language, key, extra);
  const readable = readableExport(all, desk.language, {
    title: (date) => say('export_title', { date }),
    nothing: say('export_nothing'),
  });
  return { text: JSON.stringify(all, undefined, 2), readable };
}

const valuesOf = (row: Row, fields: Section['fields'], open: Open): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).map(([name, read]) => [name, read(row, open)]));
