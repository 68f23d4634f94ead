// The desktop VS Code of the person at this machine, on user data of its own. Node's own modules only.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, vshost } from './install.mjs';
import { beforeEnd, ended, start, temporaryFolder } from './processes.mjs';
import { findProgram } from './systemTools.mjs';

const shell = process.platform === 'win32'; // `code` is a .cmd file there
const quoted = args => (shell ? args.map(arg => `"${arg}"`) : args);

/**
 * The `code` command of a desktop VS Code that is new enough and can open a window here.
 * @returns {{ code: string } | { reason: string }} `reason` says why there is none.
 */
export function findDesktop() {
  const code = findProgram('code');
  if (!code) return { reason: 'no `code` on PATH' };
  if (process.env.VSCODE_IPC_HOOK_CLI || code.startsWith('/mnt/')) {
    return { reason: '`code` belongs to a VS Code on another machine' };
  }
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) {
    return { reason: 'there is no display for the desktop VS Code' };
  }
  const needed = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).engines.vscode;
  const version = versionOf(code);
  return isAtLeast(version, needed) ? { code } : { reason: `\`code\` is version ${version}, and ${needed} is needed` };
}

/** Opens a new window on `folder` with the built extension of this project. Resolves when the window is closed. */
export async function openDesktop(code, folder) {
  const userData = temporaryFolder('hostpci-code');
  mkdirSync(join(userData, 'User'));
  cpSync(join(vshost, 'settings.json'), join(userData, 'User/settings.json'));
  const args = [
    ...['--wait', '--new-window', '--user-data-dir', userData, '--extensions-dir', join(userData, 'extensions')],
    ...['--disable-workspace-trust', '--skip-welcome', '--skip-release-notes', ...noSandbox()],
    ...[`--extensionDevelopmentPath=${root}`, folder],
  ];
  const child = start(shell ? `"${code}"` : code, quoted(args), { shell, patience: 1000 });
  const takeBack = beforeEnd(() => endMainProcess(userData));
  const exitCode = await ended(child);
  await endMainProcess(userData);
  takeBack();
  return exitCode;
}

/** `code` starts VS Code detached; its main process leaves its id in the lock file of its user data. */
async function endMainProcess(userData) {
  const pid = mainProcess(userData);
  if (!pid) return;
  for (const [signal, patience] of [
    ['SIGTERM', 5000],
    ['SIGKILL', 1000],
  ]) {
    const deadline = Date.now() + patience;
    if (!kill(pid, signal)) return;
    while (Date.now() < deadline && kill(pid, 0)) await new Promise(resolve => setTimeout(resolve, 50));
  }
}

function mainProcess(userData) {
  try {
    return Number(readFileSync(join(userData, 'code.lock'), 'utf8'));
  } catch {
    return undefined; // VS Code removed the file when it ended
  }
}

function kill(pid, signal) {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

/** VS Code refuses to run as root without this. */
const noSandbox = () => (process.getuid?.() === 0 ? ['--no-sandbox'] : []);

/** Such as "1.95.3"; empty when `code` doesn't say. */
function versionOf(code) {
  const args = ['--version', ...noSandbox(), '--user-data-dir', temporaryFolder('hostpci-code')];
  const { stdout } = spawnSync(shell ? `"${code}"` : code, quoted(args), { encoding: 'utf8', shell });
  return /^\d+\.\d+\.\d+/m.exec(stdout ?? '')?.[0] ?? '';
}

function isAtLeast(version, needed) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [neededMajor, neededMinor] = needed.match(/\d+/g).map(Number);
  return major > neededMajor || (major === neededMajor && minor >= neededMinor);
}
