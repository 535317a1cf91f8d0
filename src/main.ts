import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createAccounts } from './accounts/accounts.ts';
import { readPeople } from './accounts/directory/import-file.ts';
import { applyPlan, planAgainst } from './accounts/directory/import.ts';
import { openDirectory } from './accounts/directory/open.ts';
import { createEmbeddedAnswerer } from './answers/embedded.ts';
import { openAnswers, openSemantics } from './answers/llm/open.ts';
import { createTranscriber } from './answers/transcription/transcription.ts';
import { createRemoteAnswerer } from './answers/remote/remote.ts';
import type { Channel } from './channels/channel.ts';
import { openChannels } from './channels/registry.ts';
import type { Config } from './config/config.ts';
import { plainText } from './conversation/texts.ts';
import { startDemo } from './demo.ts';
import type { Desk } from './desk/desk.ts';
import { loadDesk } from './desk/load.ts';
import { createAccess } from './http/access.ts';
import { answersRoute } from './http/answers.ts';
import { documentsRoutes } from './http/documents.ts';
import { healthRoutes } from './http/health.ts';
import { createSessions } from './http/sessions.ts';
import { uploadRoute } from './http/upload.ts';
import { readHealth } from './http/vitals.ts';
import { metricsRoute } from './http/metrics.ts';
import { searchRoute } from './http/search.ts';
import { createServer } from './http/server.ts';
import { systemClock } from './lib/clock.ts';
import { createHttpClient } from './lib/http.ts';
import { newId } from './lib/ids.ts';
import { createMetrics } from './lib/metrics.ts';
import { createLog, type Log } from './lib/log.ts';
import { createSealer } from './lib/seal.ts';
import type { Answerer } from './message/answer.ts';
import type { RawRequest } from './message/route.ts';
import { flatten } from './message/styled.ts';
import { parseMarkdown } from './message/markdown.ts';
import { fill } from './message/rich.ts';
import { createPipeline, PIPELINE_LIMITS, type Pipeline } from './pipeline/pipeline.ts';
import { keepingQuestions } from './pipeline/questions.ts';
import { levelOf, type Incident } from './pipeline/runtime.ts';
import { accountFigures } from './storage/account-figures.ts';
import { accountTables } from './storage/accounts.ts';
import { apiKeyTable } from './storage/api-keys.ts';
import { conversationTables } from './storage/conversations.ts';
import { directoryTables, type DirectoryTables } from './storage/directory.ts';
import { sessionDocuments } from './storage/documents.ts';
import { erasureLedger } from './storage/erasures.ts';
import { openDataFolder } from './storage/folder.ts';
import { formTables } from './storage/forms.ts';
import { historyTables } from './storage/history.ts';
import { inboxTable } from './storage/inbox.ts';
import { libraryTables } from './storage/library.ts';
import { mediaStore } from './storage/media.ts';
import { openStore } from './storage/open.ts';
import { outboxTable } from './storage/outbox.ts';
import { personalTables } from './storage/personal.ts';
import { questionTables } from './storage/questions.ts';
import { checkKeys } from './storage/rotation/state.ts';
import { staffInbox } from './storage/staff-inbox.ts';
import type { Store } from './storage/store.ts';
import { timedStore } from './storage/timed.ts';
import { storeIsUp } from './storage/up.ts';
import { keepFollowing, keepPurging, keepTelling } from './upkeep.ts';

/** A running desk. */
export interface Guichet {
  url: string;
  port: number;
  mode: Config['mode'];
  desk: Desk;
  pipeline: Pipeline;
  store: Store;
  /** Ends what is under way, loses nothing, releases the port and the data folder. */
  stop(): Promise<void>;
}

export interface Overrides {
  log?: Log;
  /** Platform rates, for benches that measure the product and not the platform. */
  rate?: Channel['capabilities']['rate'];
}

const WEB_BUILD = fileURLToPath(new URL('../web/build', import.meta.url));
const STOP_WITHIN_MS = 8000;

/** The composition root: a configuration in, a running Guichet out. The one place that knows everything. */
export async function startGuichet(config: Config, overrides: Overrides = {}): Promise<Guichet> {
  const clock = systemClock;
  const log = overrides.log ?? createLog({ level: config.logLevel, secrets: config.secrets });
  const desk = loadDesk(config.desk.folder);
  const closing: (() => unknown)[] = [];
  const stop = async (): Promise<void> => {
    for (const close of closing.splice(0).reverse()) await close();
  };
  try {
    const folder = openDataFolder(config.data, { desk: desk.name, mode: config.mode }, config.key);
    closing.push(folder.release);
    const metrics = createMetrics();
    const opened = await openStore(folder.database, () => clock.monotonic());
    const store = timedStore(opened, metrics, clock);
    closing.push(() => store.close());

    const sealer = createSealer(...folder.keys);
    const { repeats } = await checkKeys(store, sealer);
    const media = mediaStore(store, folder.media, sealer);
    const http = createHttpClient({ allowHosts: config.ownHosts, userAgent: 'Guichet' });
    closing.push(() => http.close());
    const semantics = await openSemantics(config.llm, config.data, { request: http.request, clock, log });
    if (semantics) closing.push(() => semantics.close());
    const notes = {
      a_confirmer: plainText(desk, desk.language, 'answer_to_confirm'),
      demonstration: plainText(desk, desk.language, 'answer_demonstration'),
    };
    const embedded = await createEmbeddedAnswerer({
      folder: desk.folder,
      language: desk.language,
      clock,
      ...(semantics && { semantics }),
      notes,
      documents: sessionDocuments(store, sealer, () => clock.now()),
      library: { records: libraryTables(store, folder.documents), newId },
      background: true,
      warn: ({ file, message }) => {
        log.warn('document_refused', { file, reason: message });
      },
      progress: ({ done, total, file }) => {
        log.info('document_read', { file, progress: `${done}/${total}` });
      },
    });
    closing.push(() => embedded.close());
    const own = await openAnswers(config.llm, {
      embedded,
      request: http.request,
      clock,
      limits: desk.limits,
      notes,
      log,
      metrics,
    });
    const answerer: Answerer = config.answersUrl
      ? createRemoteAnswerer({
          baseUrl: config.answersUrl,
          request: http.request,
          clock,
        })
      : own;

    const demo = config.mode === 'demo' ? await startDemo(desk.organisation, clock.now()) : undefined;
    if (demo) closing.push(() => demo.stop());
    const channels = openChannels(demo?.settings ?? config, {
      clock,
      commands: commandsOf(desk),
      digest: (channel, value) => repeats(`channel|${channel}`, value),
    }).map((channel) => withRate(channel, overrides.rate));
    for (const channel of channels) closing.push(() => channel.stop());

    const report = (incident: Incident): void => {
      log[levelOf(incident)]('incident', { kind: incident.kind, message: incident.message });
    };
    const people = desk.accounts
      ? openDirectory(config.directory, {
          tables: directoryTables(store, sealer),
          request: http.request,
          clock,
        })
      : undefined;
    if (people) closing.push(() => people.close());
    const accounts =
      people &&
      createAccounts({
        tables: accountTables(store),
        directory: people.directory,
        sealer,
        clock,
        newId,
        attemptsPerHour: desk.limits.accountAttemptsPerHour,
        log,
      });
    const questions = questionTables(store);
    const pipeline = createPipeline(
      {
        ...(accounts && { accounts }),
        store,
        inbox: inboxTable(store),
        outbox: outboxTable(store),
        conversations: conversationTables(store),
        history: historyTables(store),
        forms: formTables(store),
        questions,
        staff: staffInbox(store),
        personal: personalTables(store),
        erasures: erasureLedger(folder.erasures),
        media,
        ...(config.transcription && {
          transcriber: createTranscriber({
            ...config.transcription,
            request: http.request,
            clock,
            language: desk.language,
          }),
        }),
        channels: new Map(channels.map((channel) => [channel.name, channel])),
        answerer,
        desk,
        sealer,
        clock,
        newId,
        log,
        metrics,
        report,
      },
      PIPELINE_LIMITS,
      config.admins,
    );
    // A turn that waits for a slow answer is played again at the next start: nobody waits for it here.
    closing.push(() => Promise.race([pipeline.stop(), delay(STOP_WITHIN_MS, undefined, { ref: false })]));

    const sessions = createSessions({ clock, newId: () => randomBytes(16).toString('base64url') });
    const keys = await apiKeyTable(store).ring();
    const access = createAccess({
      check: (secret, scope) => keys.check(secret, scope, clock.now()),
      openAnswers: desk.openAnswers,
    });
    const allow = (request: RawRequest): boolean => access.ask(request);
    const server = await createServer({
      host: config.host,
      port: config.port,
      log,
      clock,
      routes: [
        ...channels.flatMap((channel) => channel.routes),
        ...healthRoutes({
          health: () => readHealth(store, answerer, pipeline, channels),
          ready: () => storeIsUp(store),
        }),
        answersRoute({
          // Always our own documents: asking the remote API here could come back to us for ever.
          answerer: keepingQuestions(own, { store, questions, sealer, clock, newId, metrics, log }),
          language: desk.language,
          renderMessage: (answer) => messageOf(answer, desk),
          sessions,
          ownTitle: plainText(desk, desk.language, 'own_document'),
          allow,
          clock,
        }),
        searchRoute({
          search: (question, k) => embedded.search(question, k),
          // Even where anybody may ask: this shows whole passages.
          allow: (request) => access.read(request, 'ask'),
          clock,
        }),
        metricsRoute(metrics, { allow: (request) => access.read(request, 'metrics'), clock }),
        uploadRoute({ answerer: embedded, sessions, allow, clock, newDocumentId: newId }),
        ...(embedded.library
          ? documentsRoutes({
              library: embedded.library,
              desk: () => embedded.corpus.desk(),
              answering: (document) => embedded.corpus.answering(document),
              access,
              clock,
            })
          : []),
      ],
      aliases: [
        {
          path: '/webhook',
          maxBody: Math.max(
            0,
            ...channels.flatMap((channel) => channel.routes.map((route) => route.maxBody)),
          ),
          pick: (request) =>
            channels
              .find((channel) => channel.recognises(request))
              ?.routes.find((route) => route.method === (request.method === 'POST' ? 'POST' : 'GET')),
        },
      ],
      mounts: demo?.mounts ?? [],
      // A page of another site must not re-bind its own name to this machine and speak to us.
      ...allowedHosts(config),
      staticFolder: WEB_BUILD,
      hiddenPages: demo ? [] : ['/simulator'],
      ...(config.tls ? { tls: config.tls } : {}),
      hsts: config.publicUrl?.startsWith('https:') === true,
    });

    if (demo && desk.accounts) await importSample(desk, directoryTables(store, sealer));
    if (desk.accounts) {
      metrics.gauged('guichet_accounts', 'The figures of accounts over 30 days.', 'figure', async () => ({
        ...(await accountFigures(store, clock.now() - 30 * 24 * 3600_000)),
      }));
    }
    await pipeline.recover();
    const { url, port } = await server.listen();
    closing.push(() => server.close());
    for (const channel of channels) await channel.start(pipeline.contextFor(channel));
    await demo?.connect(url);
    closing.push(keepPurging(store, media, desk, log));
    closing.push(keepFollowing(embedded, keys, log));
    closing.push(keepTelling(pipeline, log));
    log.info('started', { url, mode: config.mode, desk: desk.name });
    return { url, port, mode: config.mode, desk, pipeline, store, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function allowedHosts({ mode, publicUrl }: Config): { allowedHosts?: string[] } {
  const here = ['localhost', '127.0.0.1', '[::1]'];
  if (mode === 'demo') return { allowedHosts: here };
  return publicUrl === undefined ? {} : { allowedHosts: [new URL(publicUrl).hostname, ...here] };
}

const withRate = (channel: Channel, rate: Overrides['rate']): Channel =>
  rate ? { ...channel, capabilities: { ...channel.capabilities, rate } } : channel;

/** The demonstration recognises the invented families that come with the desk. */
async function importSample(desk: Desk, tables: DirectoryTables): Promise<void> {
  if ((await tables.count()) > 0) return;
  const bytes = await readFile(join(desk.folder, 'people.sample.csv')).catch(() => undefined);
  if (!bytes) return;
  const { people } = await readPeople(bytes);
  await applyPlan(tables, await planAgainst(tables, people), { newId, at: systemClock.now() });
}

/** What platforms show in their own command menus. */
export function commandsOf(desk: Desk): { command: string; description: string }[] {
  const { commands = [] } = desk.languages.get(desk.language) ?? {};
  return commands.flatMap(({ name, description }) =>
    description === undefined ? [] : [{ command: name, description }],
  );
}

/** What the answers API says when the documents do not answer, in plain text. */
function messageOf(
  answer: { status: 'redirected'; body: string } | { status: 'abstained'; personal?: true },
  desk: Desk,
): string {
  const texts = desk.languages.get(desk.language)?.texts;
  // Braces in a document are its own words.
  const rich =
    answer.status === 'redirected'
      ? fill(parseMarkdown(answer.body), {})
      : fill(texts?.[answer.personal ? 'answer_personal' : 'answer_not_found'] ?? [], desk.values);
  return flatten(rich).text;
}
