import { fold } from '../../message/fold.ts';

/** What a column may hold. `ignored`: known, and on purpose never read (remarks, sex, address, e-mail). */
export type Field =
  | 'code'
  | 'title'
  | 'lastName'
  | 'firstNames'
  | 'relation'
  | 'phone'
  | 'phone2'
  | 'whatsapp'
  | 'childLastName'
  | 'childFirstNames'
  | 'birthDate'
  | 'level'
  | 'year'
  | 'baptised'
  | 'baptismDate'
  | 'baptismPlace'
  | 'group'
  | 'catechist'
  | 'status'
  | 'contactConsent'
  | 'consentDate'
  | 'authorised'
  | 'ignored';

/** Names of the columns, folded; the first is the one we write in examples. */
const NAMES: Record<Field, readonly string[]> = {
  code: ['code parent', 'code', 'code famille', 'id parent', 'matricule', 'matricule parent', 'parent code'],
  title: ['civilite', 'titre', 'title'],
  lastName: [
    ...[
      'nom',
      'nom parent',
      'nom du parent',
      'nom de famille',
      'nom et prenom',
      'nom et prenoms',
      'nom complet',
    ],
    ...['parent', 'last name', 'surname', 'parent last name', 'name', 'full name'],
  ],
  firstNames: [
    ...['prenoms', 'prenom', 'prenom s', 'prenom parent', 'prenoms parent', 'prenom du parent'],
    ...['prenoms du parent', 'first name', 'first names', 'parent first name'],
  ],
  relation: ['lien', 'lien de parente', 'parente', 'qualite', 'relation', 'relationship'],
  phone: [
    ...['telephone', 'tel', 'telephone 1', 'tel 1', 'tel1', 'telephone1', 'numero', 'numero de telephone'],
    ...['n telephone', 'n tel', 'no tel', 'no telephone', 'portable', 'mobile', 'gsm', 'contact', 'phone'],
    ...['phone number', 'telephone parent', 'telephone du parent', 'numero telephone'],
  ],
  phone2: [
    ...['telephone2', 'telephone 2', 'tel 2', 'tel2', 'autre telephone', 'autre numero', 'phone 2', 'phone2'],
    ...['second telephone', 'portable 2', 'other phone'],
  ],
  whatsapp: ['whatsapp', 'numero whatsapp', 'tel whatsapp', 'telephone whatsapp', 'whatsapp number'],
  childLastName: [
    ...['nom enfant', 'nom de l enfant', 'nom eleve', 'nom de l eleve', 'nom du jeune', 'child last name'],
    'nom catechumene',
  ],
  childFirstNames: [
    ...['prenom enfant', 'prenoms enfant', 'prenom de l enfant', 'prenoms de l enfant', 'prenom eleve'],
    ...['prenom du jeune', 'child first name', 'child first names', 'enfant'],
  ],
  birthDate: [
    ...['date naissance', 'date de naissance', 'ne e le', 'ne le', 'nee le', 'naissance', 'date naiss'],
    ...['birth date', 'date of birth', 'dob'],
  ],
  level: ['niveau', 'niveau catechese', 'etape', 'classe catechese', 'level'],
  year: ['annee', 'annee catechetique', 'annee scolaire', 'annee pastorale', 'year'],
  baptised: ['baptise', 'baptise e', 'est baptise', 'bapteme', 'baptised', 'baptized'],
  baptismDate: ['date bapteme', 'date de bapteme', 'date du bapteme', 'baptism date'],
  baptismPlace: [
    'lieu bapteme',
    'lieu de bapteme',
    'lieu du bapteme',
    'paroisse de bapteme',
    'baptism place',
  ],
  group: ['groupe', 'creneau', 'seance', 'group'],
  catechist: ['catechiste', 'nom catechiste', 'animateur', 'moniteur', 'catechist'],
  status: ['statut', 'etat', 'situation', 'status'],
  contactConsent: ['consentement contact', 'consentement', 'accord contact', 'contact consent', 'consent'],
  consentDate: ['date consentement', 'date du consentement', 'date de consentement', 'consent date'],
  authorised: [
    ...['personnes autorisees', 'personne autorisee', 'autorises a recuperer', 'authorised people'],
    'personnes autorisees a recuperer',
  ],
  ignored: [
    ...['sexe', 'genre', 'sex', 'email', 'e mail', 'courriel', 'mail', 'quartier', 'adresse', 'address'],
    ...['observations', 'observation', 'remarque', 'remarques', 'notes', 'commentaire', 'commentaires', 'n'],
    'no',
  ],
};

const FIELDS: ReadonlyMap<string, Field> = new Map(
  Object.entries(NAMES).flatMap(([field, names]) => names.map((name) => [name, field as Field])),
);

/** Which column is what. A name written twice counts once: the first. */
export interface Columns {
  /** Position of each field in a line. */
  at: ReadonlyMap<Field, number>;
  /** Headers as written, of the columns that are read. */
  headers: ReadonlyMap<Field, string>;
  /** Headers that nobody knows. */
  unknown: string[];
  /** Headers that repeat a column which is already read. */
  repeated: string[];
}

export function readHeader(cells: readonly string[]): Columns {
  const at = new Map<Field, number>();
  const headers = new Map<Field, string>();
  const unknown: string[] = [];
  const repeated: string[] = [];
  cells.forEach((cell, position) => {
    const name = fold(cell);
    const field = FIELDS.get(name);
    if (field === undefined) {
      if (name !== '') unknown.push(cell.trim());
    } else if (field !== 'ignored') {
      if (at.has(field)) repeated.push(cell.trim());
      else {
        at.set(field, position);
        headers.set(field, cell.trim());
      }
    }
  });
  return { at, headers, unknown, repeated };
}

/** How many cells of a line are names we know: tells the header from a title above it. */
export const headerScore = (cells: readonly string[]): number =>
  cells.filter((cell) => FIELDS.has(fold(cell))).length;

/** The name to write for a field. */
export const columnName = (field: Field): string => (NAMES[field][0] ?? field).replaceAll(' ', '_');
