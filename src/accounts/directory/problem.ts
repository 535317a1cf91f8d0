import type { PhoneRefusal } from '../../lib/phone.ts';

/** A sentence for staff, in the two languages of the console. */
export interface Sentence {
  fr: string;
  en: string;
}

/** `error`: what stands there was not taken. `warning`: taken, and worth a look. */
export interface Problem {
  level: 'error' | 'warning';
  code: ProblemCode;
  /** Line of the file, from 1; absent when it is about the whole file. */
  line?: number;
  /** Header of the column, as written. */
  column?: string;
  /** The cell as read, to show to whoever sent the file: never to log. */
  value?: string;
  message: Sentence;
}

const PHONE: Record<Exclude<PhoneRefusal, 'empty'>, Sentence> = {
  several: {
    fr: 'plusieurs numéros, impossibles à séparer. Écrivez un seul numéro par case, ou séparez-les par une barre oblique entourée d’espaces.',
    en: 'several numbers that cannot be told apart. Write one number per cell, or put a slash between spaces.',
  },
  letters: {
    fr: 'une lettre se trouve parmi les chiffres (la lettre O pour zéro, l pour un ?). Écrivez seulement des chiffres, par exemple 77 000 00 01.',
    en: 'a letter stands among the digits (O for zero, l for one?). Write digits only, such as 77 000 00 01.',
  },
  rounded: {
    fr: 'le tableur a perdu des chiffres (notation E+). Mettez la colonne au format Texte et ressaisissez le numéro.',
    en: 'the spreadsheet lost digits (E+ notation). Format the column as Text and type the number again.',
  },
  short: {
    fr: 'il manque des chiffres. Au Sénégal un numéro en a neuf, par exemple 77 000 00 01.',
    en: 'digits are missing. A number of Senegal has nine, such as 77 000 00 01.',
  },
  long: {
    fr: 'il y a trop de chiffres. Au Sénégal un numéro en a neuf ; à l’étranger, commencez par + et l’indicatif.',
    en: 'there are too many digits. A number of Senegal has nine; abroad, start with + and the country code.',
  },
  old: {
    fr: 'c’est un ancien numéro à sept chiffres, d’avant 2007. Demandez le numéro actuel, à neuf chiffres.',
    en: 'this is an old number of seven digits, from before 2007. Ask for the current one, of nine digits.',
  },
  country: {
    fr: 'le pays manque. Écrivez le numéro avec son indicatif, par exemple +221 77 000 00 01 ou +33 6…',
    en: 'the country is missing. Write the number with its prefix, such as +221 77 000 00 01 or +33 6…',
  },
  service: {
    fr: 'c’est un numéro vert ou surtaxé, pas celui d’une personne. Écrivez un numéro personnel.',
    en: 'this is a toll-free or premium number, nobody’s own. Write a personal number.',
  },
  invalid: {
    fr: 'ce numéro n’existe pas. Vérifiez-le ; à l’étranger, commencez par + et l’indicatif.',
    en: 'there is no such number. Check it; abroad, start with + and the country code.',
  },
};

const SENTENCES = {
  too_large: {
    fr: 'Le fichier est trop gros ({detail}). Gardez seulement les colonnes utiles, ou coupez-le en plusieurs fichiers complets par année.',
    en: 'The file is too large ({detail}). Keep only the columns that are needed, or split it into files that are complete by year.',
  },
  too_heavy: {
    fr: 'Le fichier n’a pas pu être lu dans le temps et la mémoire permis. Enregistrez-le en CSV et réessayez.',
    en: 'The file could not be read in the time and memory allowed. Save it as CSV and try again.',
  },
  unreadable: {
    fr: 'Le fichier n’a pas pu être ouvert : il est abîmé ou protégé. Enregistrez-le de nouveau, en CSV ou en XLSX sans mot de passe.',
    en: 'The file could not be opened: it is damaged or protected. Save it again, as CSV or as XLSX without a password.',
  },
  unsupported: {
    fr: 'Ce n’est ni un CSV ni un XLSX. Dans le tableur, choisissez « Enregistrer sous » puis CSV ou XLSX.',
    en: 'This is neither CSV nor XLSX. In the spreadsheet, choose “Save as” and then CSV or XLSX.',
  },
  empty: {
    fr: 'Le fichier ne contient aucune ligne de personnes sous la ligne des titres.',
    en: 'The file holds no line of people under its header.',
  },
  no_header: {
    fr: 'La ligne des titres manque. Écrivez en première ligne les noms des colonnes, au moins : nom ; prenoms ; telephone.',
    en: 'The header line is missing. Write the names of the columns in the first line, at least: nom; prenoms; telephone.',
  },
  missing_column: {
    fr: 'La colonne « {detail} » manque : rien n’est importé. Ajoutez-la, ou donnez ce nom à la colonne qui la contient.',
    en: 'The column “{detail}” is missing: nothing is imported. Add it, or give this name to the column that holds it.',
  },
  unknown_column: {
    fr: 'La colonne « {detail} » n’est pas connue : elle n’est pas lue.',
    en: 'The column “{detail}” is not known: it is not read.',
  },
  repeated_column: {
    fr: 'La colonne « {detail} » double une autre colonne : seule la première est lue.',
    en: 'The column “{detail}” repeats another one: only the first is read.',
  },
  repaired_accents: {
    fr: 'Les accents du fichier étaient abîmés (Ã©) ; ils ont été réparés. Enregistrez la prochaine fois en « CSV UTF-8 ».',
    en: 'The accents of the file were broken (Ã©); they have been repaired. Next time save as “CSV UTF-8”.',
  },
  broken_quotes: {
    fr: 'Un guillemet ouvert n’est jamais fermé : le fichier ne peut pas être découpé en lignes. Fermez ou retirez ce guillemet.',
    en: 'A quotation mark is opened and never closed: the file cannot be cut into lines. Close or remove it.',
  },
  too_many_cells: {
    fr: 'La ligne a plus de cases que la ligne des titres : elle n’est pas prise. Entourez de guillemets la case qui contient le séparateur.',
    en: 'The line has more cells than the header: it is not taken. Put quotes around the cell that holds the separator.',
  },
  no_name: {
    fr: 'Le nom du parent manque : la ligne n’est pas prise. Répétez le nom du parent sur chacune de ses lignes.',
    en: 'The parent’s name is missing: the line is not taken. Repeat it on each of the parent’s lines.',
  },
  no_phone: {
    fr: 'Aucun numéro utilisable : la personne est gardée, mais le guichet ne pourra pas la reconnaître. Ajoutez son numéro.',
    en: 'No usable number: the person is kept, but the desk will not recognise them. Add their number.',
  },
  phone: { fr: 'Numéro non pris : {detail}', en: 'Number not taken: {detail}' },
  phone_fixed: {
    fr: 'C’est un numéro fixe : on ne peut pas être reconnu avec lui sur Telegram ou WhatsApp. Ajoutez un mobile.',
    en: 'This is a landline: nobody can be recognised by it on Telegram or WhatsApp. Add a mobile.',
  },
  shared_phone: {
    fr: 'Le même numéro est à plusieurs personnes (lignes {detail}). Le guichet leur demandera le prénom de leur enfant.',
    en: 'Several people have this number (lines {detail}). The desk will ask them for their child’s first name.',
  },
  duplicate_person: {
    fr: 'Peut-être la même personne écrite de deux façons (lignes {detail}). Si oui, écrivez partout le même nom et le même code.',
    en: 'Perhaps one person written in two ways (lines {detail}). If so, write the same name and code everywhere.',
  },
  duplicate_line: {
    fr: 'Cette ligne répète la ligne {detail} : elle n’est comptée qu’une fois.',
    en: 'This line repeats line {detail}: it counts once.',
  },
  code_conflict: {
    fr: 'Ce code est aussi celui d’une personne d’un autre nom (ligne {detail}) : aucune de ces lignes n’est prise. Donnez à chaque personne son code, ou écrivez partout le même nom.',
    en: 'This code is also that of a person of another name (line {detail}): none of these lines is taken. Give each person their own code, or write the same name everywhere.',
  },
  child_name: {
    fr: 'Le prénom de l’enfant manque : l’enfant n’est pas pris. Écrivez-le.',
    en: 'The child’s first name is missing: the child is not taken. Write it.',
  },
  date: {
    fr: 'Date non comprise : elle n’est pas prise. Écrivez jour/mois/année, par exemple 14/03/2016.',
    en: 'Date not understood: it is not taken. Write day/month/year, such as 14/03/2016.',
  },
  deceased: {
    fr: 'Ce parent est noté décédé : il n’est pas pris. Si c’est une erreur, corrigez la case.',
    en: 'This parent is marked as deceased: they are not taken. If that is wrong, correct the cell.',
  },
  excel_error: {
    fr: 'La case contient une erreur du tableur : elle est comptée comme vide. Corrigez la formule.',
    en: 'The cell holds an error of the spreadsheet: it counts as empty. Correct the formula.',
  },
  withdrawn_many: {
    fr: 'Cet import retirerait {detail} personnes de l’annuaire. Si le fichier est bien complet, confirmez avec --withdraw {detail}.',
    en: 'This import would withdraw {detail} people from the directory. If the file is complete, confirm with --withdraw {detail}.',
  },
  kept_unread: {
    fr: 'Ligne non prise : la personne de l’annuaire à qui elle est reste comme elle était.',
    en: 'Line not taken: the person of the directory whose line it is stays as they were.',
  },
  withdrawn_unread: {
    fr: 'Ceux que l’import retirerait sont peut-être ceux des lignes qui n’ont pas pu être lues. Corrigez ces lignes, ou confirmez le retrait avec --withdraw {detail}.',
    en: 'Those whom the import would withdraw may be those of the lines that could not be read. Correct these lines, or confirm the withdrawal with --withdraw {detail}.',
  },
  numbers_lost: {
    fr: '{detail} personnes perdraient leur seul numéro : le guichet ne les reconnaîtrait plus. Vérifiez la colonne des téléphones.',
    en: '{detail} people would lose their only number: the desk would not recognise them any more. Check the column of numbers.',
  },
  numbers_lost_many: {
    fr: '{detail} personnes perdraient leur seul numéro : le guichet ne les reconnaîtrait plus. Vérifiez la colonne des téléphones ; si c’est voulu, confirmez avec --lose-numbers {detail}.',
    en: '{detail} people would lose their only number: the desk would not recognise them any more. Check the column of numbers; if it is meant, confirm with --lose-numbers {detail}.',
  },
  other_person: {
    fr: 'Un code change de personne : {detail}. Un compte relié à ce code passerait à quelqu’un d’autre. Si c’est une erreur, donnez à la nouvelle personne un code qui n’a jamais servi.',
    en: 'A code goes to another person: {detail}. An account tied to this code would go to somebody else. If this is a mistake, give the new person a code that was never used.',
  },
  unclear_person: {
    fr: 'Plusieurs personnes de l’annuaire peuvent être celle-ci : elle n’est pas changée. Donnez-leur un code différent.',
    en: 'Several people of the directory may be this one: it is not changed. Give them different codes.',
  },
} as const satisfies Record<string, Sentence>;

export type ProblemCode = keyof typeof SENTENCES;

export interface ProblemPlace {
  line?: number;
  column?: string;
  value?: string;
  detail?: string;
}

export function problem(level: Problem['level'], code: ProblemCode, place: ProblemPlace = {}): Problem {
  const { detail = '', ...where } = place;
  return { level, code, ...where, message: fill(SENTENCES[code], { fr: detail, en: detail }) };
}

/** A number that was not taken, and what to write instead. */
export function phoneProblem(
  reason: Exclude<PhoneRefusal, 'empty'>,
  place: Omit<ProblemPlace, 'detail'>,
): Problem {
  return { level: 'error', code: 'phone', ...place, message: fill(SENTENCES.phone, PHONE[reason]) };
}

/** A column that an import cannot do without, the headers that were read instead, and the one that may be it. */
export function missingColumn(
  column: string,
  headers: readonly string[],
  { line, meant }: { line: number; meant?: string | undefined },
): Problem {
  const read = headers.map((header) => header.slice(0, 60)).join(' ; ');
  const told = problem('error', 'missing_column', { line, detail: column });
  const asked = (fr: boolean): string =>
    meant === undefined
      ? ''
      : fr
        ? ` « ${meant} » : voulez-vous dire ${column} ?`
        : ` “${meant}”: do you mean ${column}?`;
  return {
    ...told,
    message: {
      fr: `${told.message.fr} Titres lus : ${read}.${asked(true)}`,
      en: `${told.message.en} Headers read: ${read}.${asked(false)}`,
    },
  };
}

const fill = (sentence: Sentence, detail: Sentence): Sentence => ({
  fr: sentence.fr.replaceAll('{detail}', () => detail.fr),
  en: sentence.en.replaceAll('{detail}', () => detail.en),
});
