/** The ways a number can be given to a query: `:phone` (+221770000001), `:digits` (221770000001), `:national` (770000001). */
const NAMES = ['phone', 'digits', 'national'] as const;
export type QueryParameter = (typeof NAMES)[number];

/** Strings, quoted names and comments: what stands in them is no statement and no parameter. */
export const QUOTED = /'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|--[^\n]*|\/\*[\s\S]*?\*\//g;
export const PARAMETER = /(?<!:):([a-z]+)\b/g;
const WRITING =
  /\b(?:insert|update|delete|merge|replace\s+into|drop|alter|create|truncate|grant|revoke|attach|detach|pragma|vacuum|copy|call|do|exec|execute|set|into|lock|for\s+(?:update|share)|load_file|load_extension|pg_read_file|lo_import|lo_export|dblink)\b/i;

/**
 * What is wrong with a configured query; undefined when it reads and has a parameter. A guard against mistakes: the
 * account it runs with must have the right to read that table, and none to write.
 */
export function checkQuery(sql: string): { fr: string; en: string } | undefined {
  const bare = sql.replace(QUOTED, ' ').trim().replace(/;$/, '').trim();
  if (!/^(?:select|with)\b/i.test(bare)) {
    return {
      fr: 'La requête de l’annuaire doit commencer par SELECT.',
      en: 'The query of the directory must start with SELECT.',
    };
  }
  if (bare.includes(';')) {
    return {
      fr: 'La requête de l’annuaire doit tenir en une seule instruction : retirez le point-virgule.',
      en: 'The query of the directory must be a single statement: remove the semicolon.',
    };
  }
  const writing = WRITING.exec(bare)?.[0];
  if (writing !== undefined) {
    return {
      fr: `La requête de l’annuaire ne doit que lire : retirez « ${writing} ».`,
      en: `The query of the directory must only read: remove “${writing}”.`,
    };
  }
  const used = [...bare.matchAll(PARAMETER)].map(([, name = '']) => name);
  const stranger = used.find((name) => !isName(name));
  if (used.length === 0 || stranger !== undefined) {
    return {
      fr: `La requête de l’annuaire doit chercher un numéro par :phone, :digits ou :national${stranger === undefined ? '' : ` ; « :${stranger} » n’existe pas`}.`,
      en: `The query of the directory must look a number up by :phone, :digits or :national${stranger === undefined ? '' : `; “:${stranger}” does not exist`}.`,
    };
  }
  return undefined;
}

export const isName = (name: string): name is QueryParameter => NAMES.some((one) => one === name);
