// Makes a clone ready to run: packages, a Node that runs TypeScript, the web pages. Called before `npm start` and
// `npm test`. Plain JavaScript for Node ≥ 18, without dependencies, because it runs before anything is installed.
// What is already done is recognised by stamps and costs nothing, so a second start works without internet.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const NODE = '24.21.0';
const root = fileURLToPath(new URL('../', import.meta.url));
const at = (...parts) => join(root, ...parts);
const windows = process.platform === 'win32';

/** A failure the person can act on; nothing else is shown of it. */
class Stop extends Error {}

const stampFile = at('node_modules', '.guichet-setup.json');

function readStamp() {
  try {
    return JSON.parse(readFileSync(stampFile, 'utf8'));
  } catch {
    return {};
  }
}

/** Written after a step, whole or not at all: an interrupted step is done again. */
function stamp(part) {
  const content = JSON.stringify({ ...readStamp(), ...part });
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(`${stampFile}.new`, content);
  renameSync(`${stampFile}.new`, stampFile);
}

function hashFiles(paths) {
  const hash = createHash('sha256');
  for (const path of paths) {
    hash.update(path.slice(root.length).replaceAll('\\', '/')).update('\0');
    hash.update(readFileSync(path)).update('\0');
  }
  return hash.digest('hex');
}

function filesUnder(folder, skipped) {
  const found = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (skipped.includes(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) found.push(...filesUnder(path, skipped));
    else if (entry.isFile()) found.push(path);
  }
  return found.sort();
}

/** Runs a command, silent unless it fails. Gives its exit code and its last lines. */
function run(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], ...options });
    let output = '';
    const keep = (data) => (output = (output + data).slice(-20_000));
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => resolve({ code: 1, output: error.message }));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

async function step(label, work) {
  const started = performance.now();
  process.stdout.write(`${label}… `);
  try {
    await work();
  } catch (error) {
    process.stdout.write('failed\n');
    throw error;
  }
  process.stdout.write(`${((performance.now() - started) / 1000).toFixed(1)} s\n`);
}

/** The npm that called us, else the one on PATH. */
function npm(...args) {
  const script = process.env.npm_execpath;
  const called = script !== undefined && /npm-cli\.[cm]?js$/.test(script) && existsSync(script);
  // Not the Node under node_modules: `npm ci` deletes it.
  const node = [process.env.npm_node_execpath, process.execPath].find(
    (path) => path !== undefined && existsSync(path) && !path.startsWith(at('node_modules')),
  );
  const common = [
    '--no-audit',
    '--no-fund',
    '--no-update-notifier',
    '--ignore-scripts',
    '--include=dev',
    '--include=optional',
  ];
  if (called && node !== undefined) return run(node, [script, ...args, ...common]);
  return run('npm', [...args, ...common], { shell: windows });
}

function needInternet(what, { code, output }) {
  const lines = output
    .trim()
    .split('\n')
    .filter((line) => /err/i.test(line) && !/debug-0\.log|complete log/.test(line));
  process.stderr.write(`${lines.slice(0, 15).join('\n')}\n`);
  return new Stop(
    `npm could not install ${what} (exit ${code}). The first start needs the internet: check the connection, the proxy and the free disk space, then run the same command again.`,
  );
}

async function installPackages() {
  const lock = hashFiles([at('package-lock.json')]);
  if (readStamp().lock === lock) return;
  await step('Installing packages (first time, or the list changed)', async () => {
    rmSync(stampFile, { force: true });
    const result = await npm('ci');
    if (result.code !== 0) throw needInternet('the packages', result);
    stamp({ lock });
  });
}

const installedNode = at('node_modules', '.bin', windows ? 'node.cmd' : 'node');

function worksAsNode(path) {
  const { status, stdout } = spawnSync(path, ['--version'], { encoding: 'utf8', shell: windows });
  return status === 0 && Number(/^v(\d+)\./.exec(stdout)?.[1]) >= 24;
}

/** The package that holds nothing but the executable for this machine: no install script has to run. */
function nodePackage() {
  const platform = windows ? 'win' : process.platform;
  const family = platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node';
  return `${family}-${platform}-${process.arch}@${NODE}`;
}

/** A Node that runs TypeScript: the one running this, or one installed beside the packages, never on the machine. */
async function installNode() {
  // The one running this may be the one `npm ci` has just deleted.
  if (Number(process.versions.node.split('.')[0]) >= 24 && existsSync(process.execPath))
    return process.execPath;
  if (existsSync(installedNode) && worksAsNode(installedNode)) return installedNode;
  await step(`Installing Node ${NODE} beside them (this machine has ${process.versions.node})`, async () => {
    const result = await npm('install', '--no-save', nodePackage());
    if (result.code !== 0) throw needInternet(`Node ${NODE}`, result);
    if (!existsSync(installedNode) || !worksAsNode(installedNode)) {
      throw new Stop(
        `Node ${NODE} was installed but does not run on this machine. Install Node 24 or newer from nodejs.org, then run the same command again.`,
      );
    }
  });
  return installedNode;
}

async function buildWeb(node) {
  const config = ['vite.config.ts', 'vite.config.js'].find((name) => existsSync(at('web', name)));
  if (config === undefined) return;
  const built = at('web', 'build');
  const sources = filesUnder(at('web'), ['node_modules', 'build', '.svelte-kit']);
  const web = hashFiles([...sources, at('package-lock.json')]);
  if (readStamp().web === web && existsSync(built) && readdirSync(built).length > 0) return;
  await step('Building the web pages', async () => {
    stamp({ web: undefined });
    const vite = at('node_modules', 'vite', 'bin', 'vite.js');
    const env = { ...process.env, NODE_ENV: 'production' };
    const result = await run(node, [vite, 'build', '--logLevel', 'warn'], { cwd: at('web'), env });
    if (result.code !== 0) {
      process.stderr.write(`${result.output.trim()}\n`);
      throw new Stop('The web pages could not be built: the lines above say where.');
    }
    compress(built);
    stamp({ web });
  });
}

/** Smaller copies beside the text files, for slow networks: compressed once here, not at each visit. */
function compress(folder) {
  for (const path of filesUnder(folder, [])) {
    if (
      !['.html', '.js', '.css', '.svg', '.json', '.txt'].includes(extname(path)) ||
      statSync(path).size < 1024
    )
      continue;
    const content = readFileSync(path);
    const quality = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
    writeFileSync(`${path}.br`, brotliCompressSync(content, { params: quality }));
    writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
  }
}

try {
  await installPackages();
  await buildWeb(await installNode());
} catch (error) {
  if (!(error instanceof Stop)) throw error;
  process.stderr.write(`\n${error.message}\n`);
  process.exitCode = 1;
}
