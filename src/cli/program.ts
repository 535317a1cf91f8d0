import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { QuestionSetError } from '../answers/evaluation/questions.ts';
import { DocumentsError } from '../answers/ingest/documents.ts';
import { ConfigError } from '../config/config.ts';
import { DeskError } from '../desk/error.ts';
import { FolderError } from '../storage/folder.ts';
import { SchemaError } from '../storage/migrate.ts';
import { addAccounts } from './accounts.ts';
import { addAsk } from './ask.ts';
import { addCheck } from './check.ts';
import { addDocuments } from './documents.ts';
import { addKeys } from './keys.ts';
import { addFiles } from './files.ts';
import { addForms } from './forms.ts';
import { addInbox } from './inbox.ts';
import { addDirectory } from './directory.ts';
import { addDeliveries } from './deliveries.ts';
import { UsageError } from './errors.ts';
import { addEval } from './eval.ts';
import { addQuestions } from './questions.ts';
import { addRotateKey } from './rotate-key.ts';
import { addStart } from './start.ts';
import { addTelegram } from './telegram.ts';
import { addWhatsApp } from './whatsapp.ts';

/** `EX_CONFIG` of sysexits.h: the configuration or the content stops the start; restarting will not help. */
const EX_CONFIG = 78;

const program = new Command('guichet')
  .description("Le guichet d'une organisation : répond aux citoyens à partir de ses documents.")
  .version(versionOf(), '-V, --version', 'Print the version.')
  .showHelpAfterError();
addStart(program);
addAsk(program);
addCheck(program);
addEval(program);
addTelegram(program);
addWhatsApp(program);
addDeliveries(program);
addDirectory(program);
addDocuments(program);
addKeys(program);
addFiles(program);
addInbox(program);
addForms(program);
addQuestions(program);
addAccounts(program);
addRotateKey(program);

function versionOf(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/** Without this, a misspelt command would be taken for an argument of `start`. */
function checkCommand(word: string | undefined): void {
  const names = [...program.commands.map((command) => command.name()), 'help'];
  if (word === undefined || word.startsWith('-') || names.includes(word)) return;
  throw new UsageError(`guichet has no command "${word}". It has: ${names.join(', ')}.`);
}

try {
  checkCommand(process.argv[2]);
  await program.parseAsync();
} catch (error) {
  const expected = [
    ConfigError,
    DeskError,
    DocumentsError,
    FolderError,
    QuestionSetError,
    SchemaError,
    UsageError,
  ].some((kind) => error instanceof kind);
  if (error instanceof Error && expected) console.error(error.message);
  else console.error('Guichet stopped on an error it does not know:', error);
  process.exit(expected ? EX_CONFIG : 1);
}
