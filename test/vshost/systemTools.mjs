// Programs that npm can't bring: a browser to drive, an SSH server to talk to, a second shell to run the collector in.
// Node's own modules only.
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run } from './processes.mjs';

const chromiums = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];
const debianPackages = {
  chromium: ['chromium', 'fonts-dejavu-core'],
  sshd: ['openssh-server'],
  ssh: ['openssh-client'],
  busybox: ['busybox'],
};

/** The path of a program: on PATH or where Debian keeps daemons. `undefined` when it isn't there. */
export function findProgram(name) {
  const names = process.platform === 'win32' ? [`${name}.cmd`, `${name}.exe`] : [name];
  if (name.includes('/')) return isExecutable(name) ? name : undefined;
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/local/sbin', '/usr/sbin', '/sbin'];
  return folders
    .filter(folder => folder !== '')
    .flatMap(folder => names.map(file => join(folder, file)))
    .find(isExecutable);
}

/** The Chromium to drive: the one the environment variable CHROMIUM names, or one that is installed. */
export function findChromium() {
  return process.env.CHROMIUM ? findProgram(process.env.CHROMIUM) : chromiums.map(findProgram).find(Boolean);
}

/**
 * Makes sure that the named programs (keys of `debianPackages`) are there; on Debian, root installs what is missing.
 * Throws an error that names the line to type when something is still missing.
 */
export async function ensurePrograms(names) {
  const missing = names.filter(name => !find(name));
  if (missing.length === 0) return;
  const packages = missing.flatMap(name => debianPackages[name]);
  const install = ['install', '-y', '--no-install-recommends', ...packages];
  if (process.getuid?.() === 0 && existsSync('/etc/debian_version') && findProgram('apt-get')) {
    console.log(`Installing ${packages.join(' ')} …`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    if ((await run('apt-get', ['update', '-qq'], { env })) === 0) await run('apt-get', ['-qq', ...install], { env });
  }
  const still = missing.filter(name => !find(name));
  if (still.length === 0) return;
  throw new Error(
    `missing: ${still.join(', ')}. On Debian or Ubuntu type: sudo apt-get ${install.join(' ')}\n` +
      'Elsewhere install them as your system does; a Chromium or Chrome in another place is named by the environment variable CHROMIUM.',
  );
}

const find = name => (name === 'chromium' ? findChromium() : findProgram(name));

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
