import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { UsageError } from './errors.ts';

/** `EX_CONFIG` of sysexits.h: the configuration or the content stops the start; restarting will not help. */
const EX_CONFIG = 78;

type Add = (program: Command) => void;

/** Each command, and what adds it. Loading it is most of the time a short command takes: only what is asked for is. */
const COMMANDS: Record<string, () => Promise<Add>> = {
  start: async () => (await import('./start.ts')).addStart,
  ask: async () => (await import('./ask.ts')).addAsk,
  check: async () => (await import('./check.ts')).addCheck,
  eval: async () => (await import('./eval.ts')).addEval,
  telegram: async () => (await import('./telegram.ts')).addTelegram,
  whatsapp: async () => (await import('./whatsapp.ts')).addWhatsApp,
  deliveries: async () => (await import('./deliveries.ts')).addDeliveries,
  directory: async () => (await import('./directory.ts')).addDirectory,
  documents: async () => (await import('./documents.ts')).addDocuments,
  keys: async () => (await import('./keys.ts')).addKeys,
  files: async () => (await import('./files.ts')).addFiles,
  inbox: async () => (await import('./inbox.ts')).addInbox,
  forms: async () => (await import('./forms.ts')).addForms,
  questions: async () => (await import('./questions.ts')).addQuestions,
  accounts: async () => (await import('./accounts.ts')).addAccounts,
  'rotate-key': async () => (await import('./rotate-key.ts')).addRotateKey,
};

/** The commands that this first word needs: itself, all of them for `help` and options, `start` for nothing. */
function wanted(word: string | undefined): string[] {
  if (word === undefined) return ['start'];
  if (Object.hasOwn(COMMANDS, word)) return [word];
  const names = Object.keys(COMMANDS);
  if (word.startsWith('-') || word === 'help') return names;
  // Without this, a misspelt command would be taken for an argument of `start`.
  throw new UsageError(`guichet has no command "${word}". It has: ${[...names, 'help'].join(', ')}.`);
}

function versionOf(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/** A sentence for the operator, not an error of the program. Whatever was thrown has loaded its own module already. */
async function isExpected(error: unknown): Promise<boolean> {
  if (error instanceof UsageError) return true;
  const { QuestionSetError } = await import('../answers/evaluation/questions.ts');
  const { DocumentsError } = await import('../answers/ingest/documents.ts');
  const { ConfigError } = await import('../config/config.ts');
  const { DeskError } = await import('../desk/error.ts');
  const { FolderError } = await import('../storage/folder-error.ts');
  const { SchemaError } = await import('../storage/migrate.ts');
  const kinds = [ConfigError, DeskError, DocumentsError, FolderError, QuestionSetError, SchemaError];
  return kinds.some((kind) => error instanceof kind);
}

const program = new Command('guichet')
  .description("Le guichet d'une organisation : répond aux citoyens à partir de ses documents.")
  .version(versionOf(), '-V, --version', 'Print the version.')
  .showHelpAfterError();

try {
  const names = wanted(process.argv[2]);
  for (const name of names) (await COMMANDS[name]?.())?.(program);
  await program.parseAsync();
} catch (error) {
  const expected = await isExpected(error);
  if (error instanceof Error && expected) console.error(error.message);
  else console.error('Guichet stopped on an error it does not know:', error);
  process.exit(expected ? EX_CONFIG : 1);
}
