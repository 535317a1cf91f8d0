import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { DeskTexts } from './desk.ts';
import { DeskError, show } from './error.ts';
import { FORM_KEYS, formFile } from './form-schema.ts';
import type { FormSource } from './form-schema.ts';
import type { Form, FormStep } from './form.ts';
import { buildStep } from './form-step.ts';
import { readYaml } from './read.ts';
import type { Loaded } from './read.ts';
import { BUILT_IN, markdownOf } from './texts.ts';

export interface FormsOptions {
  languages: readonly string[];
  /** Names that `desk.yaml` gives a value. */
  values: ReadonlySet<string>;
  accounts: boolean;
}

type Forms = ReadonlyMap<string, Form>;

const NAME = /^([a-z][a-z0-9_]{0,15})\.([a-z]{2,3}(?:-[A-Z]{2})?)\.yaml$/;

/** Reads `forms/<id>.<language>.yaml` of a desk's folder, by language, then by id. Throws `DeskError`. */
export function loadForms(folder: string, options: FormsOptions): ReadonlyMap<string, Forms> {
  const path = join(folder, 'forms');
  const names = existsSync(path) ? readdirSync(path).filter((name) => !name.startsWith('.')) : [];
  const byLanguage = new Map<string, Map<string, Form>>();
  const first = new Map<string, Form>();
  for (const name of names.toSorted()) {
    const file = `${basename(folder)}/forms/${name}`;
    const [, id = '', language = ''] = NAME.exec(name) ?? [];
    if (!options.languages.includes(language)) {
      throw new DeskError(
        file,
        [],
        language === ''
          ? 'is not named like a form'
          : `is in ${language}, a language the desk does not speak`,
        `name it after its form and a language of the desk, such as demande.${options.languages[0] ?? 'fr'}.yaml`,
      );
    }
    const loaded = readYaml(folder, `forms/${name}`, formFile, FORM_KEYS);
    if (!loaded) continue;
    const form = buildForm({ file, data: loaded.data }, id, options);
    checkAlike(file, form, first.get(id));
    first.set(id, first.get(id) ?? form);
    const forms = byLanguage.get(language) ?? new Map<string, Form>();
    byLanguage.set(language, forms.set(id, form));
  }
  return byLanguage;
}

function buildForm({ file, data }: Loaded<FormSource>, id: string, options: FormsOptions): Form {
  if (data.id !== id)
    throw new DeskError(file, ['id'], `is ${show(data.id)}, not the name of the file`, `write ${id}`);
  if (data.account === true && !options.accounts) {
    throw new DeskError(
      file,
      ['account'],
      'is true on a desk that knows nobody',
      'write accounts: true in desk.yaml, or remove it',
    );
  }
  const seen = new Set<string>();
  data.steps.forEach((step, at) => {
    const reserved = step.id === 'reference' || BUILT_IN.includes(step.id);
    if (seen.has(step.id) || reserved) {
      throw new DeskError(
        file,
        ['steps', at, 'id'],
        `is ${show(step.id)}, ${reserved ? 'which the product fills itself' : 'already used above'}`,
        'give each step its own id',
      );
    }
    seen.add(step.id);
  });
  const markdown = markdownOf(file, options.values);
  const steps = data.steps.map((step, at): FormStep => buildStep(step, { file, at, markdown }));
  steps.forEach((step, at) => {
    checkCondition(file, steps, at, step);
  });
  const { intro, summary, confirmation } = data;
  const form = {
    id,
    title: data.title,
    account: data.account ?? options.accounts,
    intro: markdown(intro, ['intro']),
    steps,
    ...(summary === undefined ? {} : { summary: markdown(summary, ['summary'], [...seen]) }),
    ...(confirmation === undefined
      ? {}
      : { confirmation: markdown(confirmation, ['confirmation'], [...seen, 'reference']) }),
  };
  if (summary !== undefined) checkSummary(file, summary, steps);
  return form;
}

/** What a condition names: an answer, offered, of a step that was asked before. */
function checkCondition(file: string, steps: readonly FormStep[], at: number, { when }: FormStep): void {
  if (!when) return;
  const offered = (step: FormStep): readonly string[] =>
    step.kind === 'choice' ? step.choices.map(({ id }) => id) : step.kind === 'yes_no' ? ['yes', 'no'] : [];
  const before = steps.slice(0, at).filter((step) => offered(step).length > 0);
  const named = before.find(({ id }) => id === when.step);
  if (!named) {
    const names = before.map(({ id }) => id).join(', ');
    throw new DeskError(
      file,
      ['steps', at, 'when', 'step'],
      `is ${show(when.step)}, no choice or yes_no asked before`,
      names === '' ? 'remove this condition' : `write one of ${names}`,
    );
  }
  const unknown = when.is.find((value) => !offered(named).includes(value));
  if (unknown === undefined) return;
  throw new DeskError(
    file,
    ['steps', at, 'when', 'is'],
    `is ${show(unknown)}, no answer of ${named.id}`,
    `write one of ${offered(named).join(', ')}`,
  );
}

/** People send what they saw: an answer that the summary leaves out was never checked. An agreement is always the same. */
function checkSummary(file: string, summary: string, steps: readonly FormStep[]): void {
  const hidden = steps.find(
    (step) => !(step.kind === 'yes_no' && step.must !== undefined) && !summary.includes(`{${step.id}}`),
  );
  if (!hidden) return;
  throw new DeskError(
    file,
    ['summary'],
    `leaves out the answer of ${hidden.id}`,
    `add {${hidden.id}}, or remove summary: every answer is then on a line of its own`,
  );
}

/** A form begun in one language goes on in another. */
function checkAlike(file: string, form: Form, other: Form | undefined): void {
  if (!other) return;
  const asked = (it: Form): string[] =>
    it.steps.map((step) =>
      [
        step.id,
        step.kind,
        ...(step.when ? ['when', step.when.step, ...step.when.is] : []),
        ...(step.kind === 'choice' ? step.choices.map((choice) => choice.id) : []),
      ].join(' '),
    );
  const [mine, theirs] = [asked(form), asked(other)];
  const at = mine.findIndex((step, index) => step !== theirs[index]);
  if (at === -1 && mine.length === theirs.length && form.account === other.account) return;
  throw new DeskError(
    file,
    at === -1 ? ['steps'] : ['steps', at],
    'is not what the same form asks in another language',
    'write the same steps, kinds and answers in each language, and the same account',
  );
}

/** What no single file can say: every form that a page opens exists, and every form is opened by a page. */
export function checkForms(
  languages: ReadonlyMap<string, DeskTexts>,
  files: (language: string, page: string) => string,
): void {
  const ids = new Set([...languages.values()].flatMap(({ forms }) => [...forms.keys()]));
  const opened = new Set<string>();
  for (const [language, { pages }] of languages) {
    for (const page of pages.values()) {
      if (page.form === undefined) continue;
      opened.add(page.form);
      if (ids.has(page.form)) continue;
      throw new DeskError(
        files(language, page.id),
        ['pages', page.id, 'form'],
        `opens the form ${show(page.form)}, which does not exist`,
        ids.size === 0
          ? `write it in forms/${page.form}.${language}.yaml`
          : `write one of ${[...ids].join(', ')}`,
      );
    }
  }
  const unused = [...ids].find((id) => !opened.has(id));
  if (unused === undefined) return;
  throw new DeskError(
    `forms/${unused}`,
    [],
    'is opened by no page',
    `add a page with kind: form and form: ${unused}, or remove it`,
  );
}
