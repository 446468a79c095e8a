// Starts a command of tools/src on any Node from 20: installs what is missing, then runs it on the project's own Node.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..');
const bin = join(root, 'node_modules', '.bin');

if (!isInstalled()) install();
if (patches() !== readText('node_modules/.patches')) patch();

const [command = '', ...args] = process.argv.slice(2);
const child = spawn(
  existsSync(join(bin, 'node')) ? join(bin, 'node') : process.execPath,
  ['--conditions=source', '--disable-warning=ExperimentalWarning', join(root, 'tools/src/main.ts'), command, ...args],
  {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'], // when this process dies, the channel tells the command
    env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` },
  },
);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => {
  process.exitCode = code ?? 1;
  if (signal) console.error(`${command} was ended by ${signal}`);
});

// npm that is killed hard tells nobody; its child only finds itself with another parent.
const parent = process.ppid;
if (process.env.npm_lifecycle_event) setInterval(() => process.ppid !== parent && child.kill('SIGTERM'), 1_000).unref();

/** Whether node_modules holds what the lockfile asks for; other platforms' optional packages apart. */
function isInstalled() {
  const installed = readText('node_modules/.package-lock.json');
  if (!installed) return false;
  const wanted = JSON.parse(readText('package-lock.json')).packages;
  const present = JSON.parse(installed).packages;
  return Object.entries(wanted).every(
    ([path, { version, optional }]) => path === '' || optional || present[path]?.version === version,
  );
}

function install() {
  console.error('installing what package-lock.json asks for (once)');
  npm('ci', '--loglevel=error'); // whatever the outer npm was told: `npm run -s` would hide why it failed
}

/** Applies patches that have changed; over an older one of the same package that fails, and a new install helps. */
function patch() {
  const tool = join(root, 'node_modules', 'patch-package', 'index.js');
  const { status } = spawnSync(process.execPath, [tool, '--error-on-fail'], { cwd: root, stdio: 'ignore' });
  if (status !== 0) install();
  writeFileSync(join(root, 'node_modules/.patches'), patches());
}

/** One hash of all patches. */
function patches() {
  const folder = join(root, 'patches');
  const files = existsSync(folder) ? readdirSync(folder).sort() : [];
  return createHash('sha256')
    .update(files.map((file) => file + readText(join('patches', file))).join())
    .digest('hex');
}

function npm(...args) {
  const own = process.env.npm_execpath; // the npm that runs us, where one does
  const [file, first] = own?.endsWith('.js') ? [process.execPath, [own]] : ['npm', []];
  const { status, error } = spawnSync(file, [...first, ...args], { cwd: root, stdio: ['ignore', 2, 2] });
  if (error) console.error(`npm cannot be started: ${error.message}`);
  if (status !== 0) process.exit(status ?? 1);
}

function readText(path) {
  try {
    return readFileSync(resolve(root, path), 'utf8');
  } catch {
    return '';
  }
}
