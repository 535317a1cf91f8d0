import { readPhones } from '../../lib/phone.ts';
import { scrubName } from '../../lib/scrub.ts';
import type { Columns, Field } from './columns.ts';
import { isDeceased } from './deceased.ts';
import { IMPORT_LIMITS } from './limits.ts';
import type { DirectoryChild, DirectoryPerson } from './person.ts';
import { phoneProblem, problem } from './problem.ts';
import type { Problem, ProblemCode } from './problem.ts';
import type { Row } from './table.ts';
import { isBlank, readDate, readRelation, readStatus, readYes, withoutNumbers } from './values.ts';

/** One line of the directory: an adult, and one child if the line names one. */
export interface PersonLine {
  line: number;
  person: DirectoryPerson;
  problems: Problem[];
}

/** What is left of a line that is not taken, to find whose it is. */
export interface UnreadLine {
  line: number;
  code?: string;
  lastName: string;
  firstNames: string;
  /** E.164, from any cell: the cells may have moved. */
  phones: string[];
}

/** What a line says; `person` is absent where the line cannot be taken, `unread` too where its adult has died. */
export type LineReading =
  PersonLine | { line: number; person?: undefined; unread?: UnreadLine; problems: Problem[] };

const PHONE_FIELDS = ['phone', 'phone2', 'whatsapp'] as const;

export function readLine(row: Row, columns: Columns): LineReading {
  const problems: Problem[] = [];
  const cell = createCells(row, columns, problems);
  const reject = (code: ProblemCode): LineReading => {
    const told = [...problems, problem('error', code, { line: row.line })];
    return { line: row.line, unread: unreadLine(row, columns), problems: told };
  };
  const [lastName, firstNames] = [cell('lastName'), cell('firstNames')];
  if (lastName === '' && firstNames === '') return reject('no_name');
  const title = cell('title');
  const relation = cell('relation');
  const own = { title, relation, names: [lastName, firstNames], phones: PHONE_FIELDS.map(cell) };
  if (isDeceased({ ...own, status: cell('status') })) {
    problems.push(problem('warning', 'deceased', { line: row.line }));
    return { line: row.line, problems };
  }
  const code = cell('code');
  const consent = readYes(cell('contactConsent'));
  const consentDate = date('consentDate');
  const child = readChild(relation);
  const person: DirectoryPerson = {
    ...(code === '' ? {} : { code }),
    ...(title === '' ? {} : { title }),
    lastName,
    firstNames,
    phones: phones(),
    children: child ? [child] : [],
    ...(consent === undefined
      ? {}
      : { contactConsent: { given: consent, ...(consentDate === undefined ? {} : { date: consentDate }) } }),
  };
  return { line: row.line, person, problems };

  function place(field: Field) {
    const column = columns.headers.get(field);
    return { line: row.line, ...(column === undefined ? {} : { column }), value: cell(field) };
  }

  function date(field: Field): string | undefined {
    const text = cell(field);
    if (text === '') return undefined;
    const read = readDate(text);
    if (read === undefined) problems.push(problem('warning', 'date', place(field)));
    return read;
  }

  function phones(): string[] {
    const found = new Map<string, boolean>();
    for (const field of PHONE_FIELDS) {
      const text = cell(field);
      // "oui" in the WhatsApp column says that the first number has it.
      if (text === '' || readYes(text) !== undefined) continue;
      for (const read of readPhones(text)) {
        if (read.ok) found.set(read.e164, read.kind === 'fixed');
        else if (read.reason !== 'empty') problems.push(phoneProblem(read.reason, place(field)));
      }
    }
    const fixed = [...found.values()];
    if (fixed.length === 0) problems.push(problem('warning', 'no_phone', { line: row.line }));
    else if (fixed.every(Boolean)) problems.push(problem('warning', 'phone_fixed', place('phone')));
    return [...found.keys()];
  }

  function readChild(relationText: string): DirectoryChild | undefined {
    const childLast = cell('childLastName');
    const childFirst = cell('childFirstNames');
    const self = readRelation(relationText) === 'self';
    if (childLast === '' && childFirst === '' && !self) return undefined;
    if (childFirst === '' && !self) {
      problems.push(problem('error', 'child_name', place('childLastName')));
      return undefined;
    }
    const named = (field: Field, key: keyof DirectoryChild) => {
      const text = cell(field);
      return text === '' ? {} : { [key]: text };
    };
    const dated = (field: Field, key: keyof DirectoryChild) => {
      const read = date(field);
      return read === undefined ? {} : { [key]: read };
    };
    const baptised = readYes(cell('baptised'));
    const catechist = withoutNumbers(cell('catechist'));
    const authorised = cell('authorised')
      .split(/[;,/]|\set\s/)
      .map(withoutNumbers)
      .filter((name) => name !== '');
    return {
      lastName: childLast === '' ? lastName : childLast,
      firstNames: childFirst === '' ? firstNames : childFirst,
      relation: readRelation(relationText),
      status: readStatus(cell('status')),
      ...dated('birthDate', 'birthDate'),
      ...named('level', 'level'),
      ...named('year', 'year'),
      ...named('group', 'group'),
      ...(catechist === '' ? {} : { catechist }),
      ...(baptised === undefined ? {} : { baptised }),
      ...dated('baptismDate', 'baptismDate'),
      ...named('baptismPlace', 'baptismPlace'),
      ...(authorised.length === 0 ? {} : { authorised }),
    };
  }
}

/** Numbers of a line are looked for in so many of its cells. */
const CELLS = 40;

export function unreadLine(row: Row, columns: Columns): UnreadLine {
  const cell = createCells(row, columns, []);
  const code = cell('code');
  const phones = row.cells
    .slice(0, CELLS)
    .flatMap((text) => readPhones(text.slice(0, IMPORT_LIMITS.cell)))
    .flatMap((read) => (read.ok ? [read.e164] : []));
  return {
    line: row.line,
    ...(code === '' ? {} : { code }),
    lastName: cell('lastName'),
    firstNames: cell('firstNames'),
    phones: [...new Set(phones)],
  };
}

/** `#N/A`, `#REF!`, a column too narrow: what a spreadsheet writes when it has nothing to say. */
const EXCEL_ERROR =
  /^#(?:N\/?A|REF!|VALUE!|VALEUR!|NAME\?|NOM\?|DIV\/0!|NUM!|NOMBRE!|NULL!|NUL!|SPILL!|#+)$/i;

function createCells(row: Row, columns: Columns, problems: Problem[]): (field: Field) => string {
  const read = new Map<Field, string>();
  for (const [field, at] of columns.at) {
    const text = scrubName((row.cells[at] ?? '').slice(0, IMPORT_LIMITS.cell).replace(/^'/, ''));
    if (EXCEL_ERROR.test(text)) {
      const column = columns.headers.get(field) ?? '';
      problems.push(problem('warning', 'excel_error', { line: row.line, column, value: text }));
    } else if (!isBlank(text)) read.set(field, text);
  }
  return (field) => read.get(field) ?? '';
}
