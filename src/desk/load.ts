import { readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { checkPages } from './checks.ts';
import { DEFAULT_DAYS } from './desk.ts';
import type { Desk, DeskLimits, DeskRetention, DeskTexts } from './desk.ts';
import { DeskError } from './error.ts';
import { checkForms, loadForms } from './forms.ts';
import { readYaml } from './read.ts';
import type { Loaded } from './read.ts';
import { deskFile, textsFile } from './schema.ts';
import type { DeskSource } from './schema.ts';
import { buildTexts, RESERVED_VALUES } from './texts.ts';

export interface LoadOptions {
  /** Folder of the default texts; the one that ships when absent. */
  defaults?: string;
}

const DEFAULTS = join(import.meta.dirname, '../../desks/_default');

/**
 * Reads a desk's folder: `desk.yaml`, `texts.<language>.yaml`, over the same files of `desks/_default`.
 * Three lines are a desk: name, organisation, language. Throws `DeskError`, one sentence that says what to write.
 */
export function loadDesk(folder: string, options: LoadOptions = {}): Desk {
  const path = resolve(folder);
  const defaultsPath = options.defaults ?? DEFAULTS;
  const own = readYaml(path, 'desk.yaml', deskFile);
  if (own === undefined) {
    throw new DeskError(
      folder,
      [],
      'is not a desk (it has no desk.yaml)',
      'write there name, organisation and language, one per line, or choose another folder with GUICHET_DESK',
    );
  }
  const { file, data } = own;
  const base = readYaml(defaultsPath, 'desk.yaml', deskFile)?.data ?? {};
  const organisation = data.organisation;
  if (organisation === undefined) {
    throw new DeskError(
      file,
      ['organisation'],
      'is missing',
      'write the name of the organisation, as citizens know it',
    );
  }
  const language = data.language ?? base.language;
  if (language === undefined)
    throw new DeskError(file, ['language'], 'is missing', 'write a language such as fr or en');
  const values = readValues(own);
  const pages = {
    home: pick('home', data, base),
    menu: pick('menu', data, base),
    contact: pick('contact', data, base),
  };
  const accounts = data.accounts ?? base.accounts ?? false;
  const tags = languagesOf(path, own, language);
  const forms = loadForms(path, { languages: tags, values: new Set(Object.keys(values)), accounts });
  const files = new Map<string, ReadonlyMap<string, string>>();
  const languages = new Map<string, DeskTexts>();
  for (const tag of tags) {
    const name = `texts.${tag}.yaml`;
    const last = `${basename(path)}/${name}`;
    const layers = [readYaml(defaultsPath, name, textsFile), readYaml(path, name, textsFile)].filter(
      (it) => it !== undefined,
    );
    if (layers.length === 0) {
      throw new DeskError(
        last,
        [],
        'is missing, and there are no default texts in this language',
        `write it, or choose another language in ${file}`,
      );
    }
    const built = buildTexts(layers, last, new Set(Object.keys(values)));
    checkPages(built, pages, last);
    files.set(tag, built.files);
    languages.set(tag, { ...built.texts, forms: forms.get(tag) ?? new Map() });
  }
  checkForms(languages, (tag, page) => files.get(tag)?.get(page) ?? `texts.${tag}.yaml`);
  return {
    name: data.name ?? basename(path),
    organisation,
    language,
    languages,
    values: { ...values, organisation },
    limits: limitsOf(data, base),
    retention: retentionOf(data, base),
    accounts,
    sessionMs: (data.session_minutes ?? base.session_minutes ?? 30) * 60_000,
    openAnswers: data.open_answers ?? base.open_answers ?? false,
    ...pages,
    folder: path,
  };
}

const pick = (key: 'home' | 'menu' | 'contact', data: DeskSource, base: DeskSource): string =>
  data[key] ?? base[key] ?? { home: 'start', menu: 'menu', contact: 'contact' }[key];

function readValues({ file, data }: Loaded<DeskSource>): Record<string, string> {
  for (const name of Object.keys(data.values ?? {})) {
    if (RESERVED_VALUES.has(name)) {
      throw new DeskError(file, ['values', name], 'is filled by the product itself', 'choose another name');
    }
  }
  return Object.fromEntries(Object.entries(data.values ?? {}).filter(([, value]) => value.trim() !== ''));
}

/** The default language first, then those that `languages` names, or without it those the folder has texts for. */
function languagesOf(folder: string, { file, data }: Loaded<DeskSource>, language: string): string[] {
  const written = readdirSync(folder).flatMap((name) => /^texts\.(.+)\.yaml$/.exec(name)?.[1] ?? []);
  const unused = written.find((tag) => data.languages !== undefined && !data.languages.includes(tag));
  if (unused !== undefined) {
    throw new DeskError(
      file,
      ['languages'],
      `leaves out ${unused}, but there is a texts.${unused}.yaml`,
      `add ${unused} or remove that file`,
    );
  }
  return [...new Set([language, ...(data.languages ?? written.toSorted())])];
}

function limitsOf(data: DeskSource, base: DeskSource): DeskLimits {
  const limits = { ...base.limits, ...data.limits };
  return {
    messagesPerMinute: limits.messages_per_minute ?? 10,
    phoneRequestsPerSession: limits.phone_requests_per_session ?? 3,
    accountAttemptsPerHour: limits.account_attempts_per_hour ?? 1,
    webhooksPerMinute: limits.webhooks_per_minute ?? 1_000,
    concurrentAccounts: limits.concurrent_accounts ?? 100,
    llmPerPersonPerDay: limits.llm_per_person_per_day ?? 30,
    llmPerDay: limits.llm_per_day ?? 1_000,
  };
}

function retentionOf(data: DeskSource, base: DeskSource): DeskRetention {
  const days = { ...base.retention, ...data.retention };
  return {
    messages: days.messages ?? DEFAULT_DAYS.messages,
    media: days.media ?? DEFAULT_DAYS.media,
    audit: days.audit ?? DEFAULT_DAYS.audit,
    deadLetters: days.dead_letters ?? DEFAULT_DAYS.deadLetters,
    dedup: days.dedup ?? DEFAULT_DAYS.dedup,
    interactions: days.interactions ?? DEFAULT_DAYS.interactions,
    questions: days.questions ?? DEFAULT_DAYS.questions,
    forms: days.forms ?? DEFAULT_DAYS.forms,
    legalHold: days.legal_hold ?? DEFAULT_DAYS.legalHold,
  };
}
