import { nearest } from '../../desk/nearest.ts';
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
  code: ['code parent', 'code', 'id parent', 'matricule', 'matricule parent', 'parent code'],
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
    ...['noms', 'nom s', 'nom prenom', 'nom prenoms', 'noms et prenoms', 'nom et prenom du parent'],
    ...['nom et prenoms du parent', 'nom tuteur', 'nom du tuteur', 'nom responsable', 'nom du responsable'],
    ...['parent', 'last name', 'surname', 'parent last name', 'name', 'full name'],
  ],
  firstNames: [
    ...['prenoms', 'prenom', 'prenom s', 'prenom parent', 'prenoms parent', 'prenom du parent'],
    ...['prenoms du parent', 'prenom tuteur', 'prenom du tuteur', 'prenom responsable'],
    ...['prenom du responsable', 'first name', 'first names', 'parent first name'],
  ],
  relation: ['lien', 'lien de parente', 'parente', 'qualite', 'relation', 'relationship'],
  // Every other way of writing these: `phoneField`.
  phone: ['telephone', 'tel1', 'telephone1'],
  phone2: ['telephone2', 'tel2', 'phone2', 'autre numero'],
  whatsapp: ['whatsapp'],
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
    // A family's, not a person's: father and mother have the same.
    ...['no', 'code famille', 'code de la famille', 'id famille'],
  ],
};

const FIELDS: ReadonlyMap<string, Field> = new Map(
  Object.entries(NAMES).flatMap(([field, names]) => names.map((name) => [name, field as Field])),
);

/** Words that a column of numbers is called by, alone or with others of `BESIDE`. */
const PHONE_WORDS: ReadonlySet<string> = new Set([
  ...['telephone', 'telephones', 'tel', 'tels', 'telefone', 'telephonique', 'phone', 'phones', 'fone'],
  ...['portable', 'portables', 'mobile', 'mobiles', 'gsm', 'cell', 'cellulaire', 'whatsapp'],
]);
/** These may be somebody else's number, or no telephone at all: read only where nothing says it better. */
const WEAK_WORDS: ReadonlySet<string> = new Set(['numero', 'numeros', 'contact', 'contacts']);
const BESIDE: ReadonlySet<string> = new Set([
  ...['n', 'no', 'nr', 'num', 'number', 's', 'de', 'du', 'des', 'd', 'le', 'la', 'les', 'et', 'ou'],
  ...['parent', 'parents', 'tuteur', 'responsable', 'personnel', 'principal', '1', '01', '221'],
]);
const SECOND: ReadonlySet<string> = new Set(['2', '02', 'autre', 'autres', 'second', 'secondaire', 'other']);

/** "Tél. portable", "N° de téléphone 1", "Autre contact": a header made of nothing but such words, folded. */
function phoneField(name: string): { field: Field; weak: boolean } | undefined {
  const words = name.split(' ');
  const strong = words.some((word) => PHONE_WORDS.has(word));
  if (!strong && !words.some((word) => WEAK_WORDS.has(word))) return undefined;
  const all = [PHONE_WORDS, WEAK_WORDS, BESIDE, SECOND];
  if (!words.every((word) => all.some((some) => some.has(word)))) return undefined;
  if (words.includes('whatsapp')) return { field: 'whatsapp', weak: false };
  return { field: words.some((word) => SECOND.has(word)) ? 'phone2' : 'phone', weak: !strong };
}

const fieldOf = (name: string): Field | undefined => FIELDS.get(name) ?? phoneField(name)?.field;

/** Which column is what. A name written twice counts once: the first; of two columns of numbers both are read. */
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
  const names = cells.map((cell) => fold(cell));
  const fields = names.map(fieldOf);
  const isWeak = (name: string): boolean => !FIELDS.has(name) && phoneField(name)?.weak === true;
  const strong = names.some((name, position) => fields[position] === 'phone' && !isWeak(name));
  cells.forEach((cell, position) => {
    const name = names[position] ?? '';
    const field = fieldAt(name, position);
    if (field === undefined) {
      if (name !== '') unknown.push(cell.trim());
    } else if (field !== 'ignored') {
      if (at.has(field) || (strong && isWeak(name))) repeated.push(cell.trim());
      else {
        at.set(field, position);
        headers.set(field, cell.trim());
      }
    }
  });
  return { at, headers, unknown, repeated };

  /** "Téléphone" and "Portable" side by side are the two numbers of one person. */
  function fieldAt(name: string, position: number): Field | undefined {
    const first = headers.get('phone');
    const another = fields[position] === 'phone' && first !== undefined && fold(first) !== name;
    return another && !fields.includes('phone2') ? 'phone2' : fields[position];
  }
}

/** How many cells of a line are names we know: tells the header from a title above it. */
export const headerScore = (cells: readonly string[]): number =>
  cells.filter((cell) => fieldOf(fold(cell)) !== undefined).length;

/** The name to write for a field. */
export const columnName = (field: Field): string => (NAMES[field][0] ?? field).replaceAll(' ', '_');

/** The header that nobody knows and that was perhaps meant to be this column: a typing mistake or two away. */
export function meantColumn(unknown: readonly string[], field: 'lastName' | 'phone'): string | undefined {
  const names = [...NAMES[field], ...(field === 'phone' ? PHONE_WORDS : [])];
  // Two mistakes away from a short word is any other short word.
  const long = names.filter(({ length }) => length > 5);
  const near = (text: string): boolean => nearest(text, long) !== undefined;
  return unknown.find((each) => near(fold(each)) || fold(each).split(' ').some(near));
}
