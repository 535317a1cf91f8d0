import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../test/support/folder.ts';
import type { Form } from './form.ts';
import { loadDesk } from './load.ts';
import { safePattern } from './pattern.ts';

const STEP = { id: 'nom', label: 'Nom', ask: 'Votre nom ?', kind: 'text' };
const FORM = { id: 'demande', title: 'Demande', intro: 'Bonjour', steps: [STEP] };
const PAGES =
  'pages: { menu: { text: Menu, buttons: [{ label: Demande, page: demande }] }, demande: { kind: form, form: demande } }';

interface Written {
  desk?: string;
  texts?: string;
  forms?: Record<string, unknown>;
}

/** The form `demande` of a desk in this folder, read from what was written. */
function load({ desk = '', texts = PAGES, forms = { 'demande.fr.yaml': FORM } }: Written = {}): Form {
  const folder = join(temporaryFolder(), 'mairie');
  mkdirSync(join(folder, 'forms'), { recursive: true });
  writeFileSync(join(folder, 'desk.yaml'), `organisation: Mairie\nlanguage: fr\n${desk}`);
  writeFileSync(join(folder, 'texts.fr.yaml'), texts);
  for (const [name, content] of Object.entries(forms))
    writeFileSync(join(folder, 'forms', name), typeof content === 'string' ? content : stringify(content));
  const form = loadDesk(folder).languages.get('fr')?.forms.get('demande');
  if (!form) throw new Error('no form');
  return form;
}
const withStep = (step: object): Written => ({
  forms: { 'demande.fr.yaml': { ...FORM, steps: [{ ...STEP, ...step }] } },
});
const withSteps = (...steps: object[]): Written => ({ forms: { 'demande.fr.yaml': { ...FORM, steps } } });

describe('a form of a desk', () => {
  test('of a few lines is enough', () => {
    expect(load()).toMatchObject({
      id: 'demande',
      account: false,
      steps: [{ id: 'nom', kind: 'text', required: true, min: 1, max: 500 }],
    });
  });

  test('is for people with an account where the desk has accounts, unless it says otherwise', () => {
    expect(load({ desk: 'accounts: true' }).account).toBe(true);
    const open = { 'demande.fr.yaml': { ...FORM, account: false } };
    expect(load({ desk: 'accounts: true', forms: open }).account).toBe(false);
  });

  test('may sum up and confirm with what was answered', () => {
    const texts = { summary: 'Vous êtes {nom}', confirmation: '{nom} : {reference}, {telephone}' };
    expect(load({ forms: { 'demande.fr.yaml': { ...FORM, ...texts } } }).summary).toBeDefined();
  });

  test('asks a step only after some answers, and takes other words for one', () => {
    const steps = [
      {
        ...{ id: 'lien', label: 'Lien', ask: 'Votre lien ?', kind: 'choice' },
        choices: [
          { id: 'mere', label: 'Mère', also: ['Maman', 'la mère'] },
          { id: 'autre', label: 'Autre' },
        ],
      },
      { ...STEP, when: { step: 'lien', is: 'autre' } },
      { ...STEP, id: 'age', when: { step: 'lien', is: ['mere', 'autre'] } },
    ];
    expect(load({ forms: { 'demande.fr.yaml': { ...FORM, steps } } }).steps).toMatchObject([
      { choices: [{ id: 'mere', also: ['maman', 'la mere'] }, { id: 'autre' }] },
      { when: { step: 'lien', is: ['autre'] } },
      { when: { step: 'lien', is: ['mere', 'autre'] } },
    ]);
  });

  test.each<[string, Written, RegExp]>([
    [
      'a condition on a step that is not before',
      withStep({ when: { step: 'nom', is: 'x' } }),
      /steps\[0\]\.when\.step is "nom", no choice or yes_no asked before: remove this condition/,
    ],
    [
      'a condition on an answer that is not offered',
      withSteps({ ...STEP, id: 'deja', kind: 'yes_no' }, { ...STEP, when: { step: 'deja', is: 'oui' } }),
      /steps\[1\]\.when\.is is "oui", no answer of deja: write one of yes, no/,
    ],
    [
      'one word for two answers',
      withStep({
        kind: 'choice',
        choices: [
          { id: 'a', label: 'Oui', also: ['Non !'] },
          { id: 'b', label: 'Non' },
        ],
      }),
      /choices\[0\]\.also\[0\] is "Non !", which also says "Non": leave it to one/,
    ],
    [
      'a summary that hides an answer',
      {
        forms: {
          'demande.fr.yaml': { ...FORM, steps: [STEP, { ...STEP, id: 'age' }], summary: 'Vous êtes {nom}' },
        },
      },
      /summary leaves out the answer of age: add \{age\}/,
    ],
    [
      'a key unknown',
      withStep({ requird: true }),
      /steps\[0\]\.requird is not a key known here: write required/,
    ],
    ['a kind unknown', withStep({ kind: 'txt' }), /steps\[0\]\.kind is "txt": write text, choice, date/],
    ['no label', withStep({ label: undefined }), /steps\[0\]\.label is missing: write a label/],
    ['a bad id', withStep({ id: 'Nom' }), /write the id of this step/],
    ['an id too long', withStep({ id: 'n'.repeat(21) }), /write the id of this step: 1 to 17/],
    ['an id the product fills', withStep({ id: 'reference' }), /which the product fills itself/],
    [
      'two steps of one name',
      { forms: { 'demande.fr.yaml': { ...FORM, steps: [STEP, STEP] } } },
      /steps\[1\]\.id is "nom", already used/,
    ],
    [
      'no step',
      { forms: { 'demande.fr.yaml': { ...FORM, steps: [] } } },
      /steps is \[\]: write at least one step/,
    ],
    [
      'another name than its file',
      { forms: { 'demande.fr.yaml': { ...FORM, id: 'autre' } } },
      /id is "autre".*write demande/,
    ],
    [
      'no name of a form',
      { forms: { 'demande.yaml': FORM } },
      /forms\/demande\.yaml is not named like a form/,
    ],
    ['a language the desk does not speak', { forms: { 'demande.wo.yaml': FORM } }, /is in wo, a language/],
    [
      'a placeholder nothing fills',
      { forms: { 'demande.fr.yaml': { ...FORM, summary: '{prenom}' } } },
      /summary holds \{prenom\}/,
    ],
    ['an answer in a question', withStep({ ask: '{nom} ?' }), /ask holds \{nom\}/],
    ['choices for a text', withStep({ choices: [] }), /choices means nothing for a step of kind text/],
    ['a choice without choices', withStep({ kind: 'choice' }), /choices is missing: write 2 to 40 answers/],
    [
      'two answers of one id',
      withStep({
        kind: 'choice',
        choices: [
          { id: 'a', label: 'A' },
          { id: 'a', label: 'B' },
        ],
      }),
      /choices\[1\]\.id is "a", already used/,
    ],
    [
      'two answers that read alike',
      withStep({
        kind: 'choice',
        choices: [
          { id: 'a', label: 'Été' },
          { id: 'b', label: 'ete !' },
        ],
      }),
      /choices\[1\]\.label is "ete !", already used/,
    ],
    ['a text of nothing', withStep({ min: 0 }), /min is 0: write how many characters/],
    ['a text that cannot be', withStep({ min: 10, max: 5 }), /max is 5, less than min/],
    [
      'a slow pattern',
      withStep({ pattern: '(a+)+' }),
      /pattern is "\(a\+\)\+": write characters and classes/,
    ],
    ['a number without bounds', withStep({ kind: 'number' }), /min is missing: write the least number/],
    [
      'a date that is none',
      withStep({ kind: 'date', min: '2016-02-30' }),
      /min is "2016-02-30": write a date/,
    ],
    [
      'dates the wrong way round',
      withStep({ kind: 'date', min: '2016-02-03', max: '2015-01-01' }),
      /max is "2015-01-01", before min/,
    ],
    ['a must without words', withStep({ kind: 'yes_no', must: 'yes' }), /refused is missing/],
    ['words without a must', withStep({ kind: 'yes_no', refused: 'Non' }), /refused is said to nobody/],
    [
      'an account where nobody has one',
      { forms: { 'demande.fr.yaml': { ...FORM, account: true } } },
      /account is true on a desk that knows nobody/,
    ],
    [
      'a page that opens another',
      { texts: PAGES.replace('form: demande', 'form: demand') },
      /opens the form "demand", which does not exist: write one of demande/,
    ],
    [
      'a page without a form',
      { texts: PAGES.replace(', form: demande', '') },
      /pages\.demande\.form is missing/,
    ],
    [
      'a page with words',
      { texts: PAGES.replace('form: demande', 'form: demande, text: Bonjour') },
      /pages\.demande\.text is never shown/,
    ],
    [
      'a form on another page',
      { texts: PAGES.replace('kind: form', 'text: Bonjour') },
      /pages\.demande\.form means nothing here/,
    ],
    ['a form nobody opens', { texts: '' }, /forms\/demande is opened by no page/],
    [
      'another question in another language',
      {
        desk: 'languages: [fr, en]',
        forms: {
          'demande.fr.yaml': FORM,
          'demande.en.yaml': { ...FORM, steps: [{ ...STEP, kind: 'phone' }] },
        },
      },
      /demande\.fr\.yaml: steps\[0\] is not what the same form asks in another language/,
    ],
  ])('with %s is refused with what to write', (_, written, sentence) => {
    expect(() => load(written)).toThrow(sentence);
  });
});

describe('a pattern', () => {
  test.each([
    ["[\\p{L}\\p{M}' ’.-]+", 'Ndèye-Fatou d’Exemple', 'R2D2'],
    ['[A-Z]{2}[0-9]{6}', 'AB123456', 'AB12345'],
    ['SN-\\d{4}', 'SN-1234', 'SN-123a'],
    ['\\p{Lu}[a-z]*', 'Awa', 'awa'],
  ])('%s', (source, good, bad) => {
    const pattern = safePattern(source);
    expect(pattern?.test(good)).toBe(true);
    expect(pattern?.test(bad)).toBe(false);
  });

  test.each([
    '(a+)+',
    'a+b+',
    'a|b',
    '[a-z]+[a-z]*',
    '(?=a)',
    '\\1',
    '^a$',
    '',
    '[',
    '[z-a]',
    '.*',
    'a{2,3}b?',
    'a++',
  ])('%s is not taken', (source) => {
    expect(safePattern(source)).toBeUndefined();
  });

  test('whatever is taken takes no time, however the answer is made', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[[\]a-c+*?{}0-9,\\dw-]{1,12}$/), (source) => {
        const pattern = safePattern(source);
        if (!pattern) return;
        // A backtracking pattern would not come back.
        pattern.test(`${'a'.repeat(1000)}!`);
        pattern.test(`${'ab'.repeat(500)}!`);
      }),
      { numRuns: 2000 },
    );
  });
});
