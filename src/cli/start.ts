import type { Command } from 'commander';
import { SendError } from '../channels/errors.ts';
import { readConfig } from '../config/config.ts';
import { startGuichet, type Guichet } from '../main.ts';
import { UsageError } from './errors.ts';

export function addStart(program: Command): void {
  program
    .command('start', { isDefault: true })
    .description('Start the desk (demo without token, real platforms with).')
    .action(async () => {
      // Whatever is written from here on is its owner's alone.
      process.umask(0o077);
      const config = readConfig();
      for (const note of config.notes) console.log(note);
      let guichet: Guichet;
      try {
        guichet = await startGuichet(config);
      } catch (error) {
        throw explain(error, config.port);
      }
      stopOnSignals(guichet);
      console.log(welcome(guichet));
    });
}

function welcome({ url, mode, desk }: Guichet): string {
  const lines = [
    '',
    `  Guichet — ${desk.organisation}`,
    '',
    ...(mode === 'demo' ? [`  Simulateur    ${url}/simulator`] : []),
    `  Accueil       ${url}/`,
    `  État          ${url}/health`,
    '',
    mode === 'demo'
      ? '  Mode démonstration : aucun jeton, rien ne sort de cette machine. Pour un vrai bot, voir .env.example.'
      : '  Mode réel : les messages passent par les plateformes configurées.',
    '  Ctrl-C pour arrêter.',
    '',
  ];
  return lines.join('\n');
}

function stopOnSignals(guichet: Guichet): void {
  let stopping = false;
  const stop = (): void => {
    // The second signal means now; what is on disk is taken up at the next start.
    if (stopping) process.exit(1);
    stopping = true;
    guichet.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error('Guichet did not stop cleanly:', error);
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}

function explain(error: unknown, port: number): unknown {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  if (code === 'EADDRINUSE') {
    return new UsageError(
      `Port ${port} is already used by another program. Stop it, or start with another one: PORT=${port + 1} npm start`,
    );
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new UsageError(
      'HOST is not an address of this machine. Write 127.0.0.1 (this machine alone), 0.0.0.0 (every network), or nothing.',
    );
  }
  if (code?.startsWith('ERR_OSSL') === true || code?.startsWith('ERR_SSL') === true) {
    return new UsageError(
      `TLS_CERT_FILE and TLS_KEY_FILE cannot be used (${code}): the first holds the certificate chain, the second its private key, both in PEM ("-----BEGIN …").`,
    );
  }
  if (code === 'EACCES' && (error as NodeJS.ErrnoException).syscall === 'listen') {
    return new UsageError(
      `This user may not listen on port ${port}. Choose one above 1023: PORT=8000 npm start`,
    );
  }
  if (error instanceof SendError) {
    return new UsageError(
      `${error.message} Check the token and settings of that channel in .env: TELEGRAM_TOKEN is given by @BotFather, WHATSAPP_TOKEN by Meta; a webhook needs WEBHOOK_URL.`,
    );
  }
  return error;
}
