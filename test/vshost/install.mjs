// Brings the npm packages of a folder in step with its package-lock.json. Node's own modules only.
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './processes.mjs';

/** The folder of this file, and the project's root. */
export const vshost = dirname(fileURLToPath(import.meta.url));
export const root = resolve(vshost, '../..');

/** Runs `npm ci` in `folder` unless what is installed there is what its lock file asks for. Throws when npm fails. */
export async function installPackages(folder) {
  if (isInstalled(folder)) return;
  const name = relative(root, folder) || '.';
  const started = Date.now();
  console.log(`Installing packages (${name}) …`);
  const code = await npm(['ci', '--prefix', folder, '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']);
  if (code !== 0) throw new Error(`npm ci failed in ${name} with exit code ${code}`);
  console.log(`Installed packages (${name}) in ${Math.round((Date.now() - started) / 1000)} s`);
}

/** Runs the npm that started this script, or else the one on PATH, with the options of `run`. Resolves with its exit code. */
export function npm(args, options) {
  const own = process.env.npm_execpath;
  if (own && basename(own) === 'npm-cli.js') return run(process.execPath, [own, ...args], { cwd: root, ...options });
  return run('npm', args, { cwd: root, shell: process.platform === 'win32', ...options });
}

/** npm keeps a lock file of what it installed. It leaves out optional packages for other platforms, and so may differ in those. */
function isInstalled(folder) {
  const installed = readLock(join(folder, 'node_modules/.package-lock.json'));
  const wanted = readLock(join(folder, 'package-lock.json'));
  if (!installed || !wanted) return false;
  return Object.entries(wanted.packages).every(([path, want]) => {
    if (!path.startsWith('node_modules/')) return true; // the folder itself, and local stubs
    const have = installed.packages[path];
    if (!have) return want.optional === true;
    return have.version === want.version && have.integrity === want.integrity && suitsThisMachine(have);
  });
}

/** False for what was installed on another platform and came here with a copied or mounted folder. */
function suitsThisMachine({ os, cpu }) {
  const suits = (list, value) => {
    const names = [list ?? []].flat();
    return !names.includes(`!${value}`) && (names.includes(value) || names.every(name => name.startsWith('!')));
  };
  return suits(os, process.platform) && suits(cpu, process.arch);
}

function readLock(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}
