// Child processes and temporary folders that never outlive the command that made them: not after an error, not after a signal.
// Node's own modules only, because this runs before anything is installed.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';

const windows = process.platform === 'win32';
const running = new Map(); // child process → how many ms it may take to end by itself
const folders = new Set();
const beforeEnding = new Set();
let ending = false;

/**
 * Starts a program as the leader of its own process group, so that one signal reaches all its descendants.
 * `stdio` is inherited unless given. After a signal to this process the program has `patience` ms to end by itself: more than
 * the programs that it started in turn.
 */
export function start(command, args, { patience = 8000, ...options } = {}) {
  const child = spawn(command, args, { stdio: 'inherit', detached: !windows, ...options });
  running.set(child, patience);
  const forget = () => running.delete(child);
  child.once('exit', forget).once('error', forget);
  return child;
}

/**
 * Runs a program to its end. Resolves with its exit code (128 + n after signal n); rejects when it can't be started.
 * `onOutput` gets what it prints, piece by piece, instead of the terminal; after `limit` seconds it is stopped.
 * When a signal ends this process, what waits for the program waits in vain: nothing new is begun then.
 */
export function run(command, args, { onOutput, limit, ...options } = {}) {
  return new Promise((resolve, reject) => {
    const child = start(command, args, onOutput ? { ...options, stdio: ['ignore', 'pipe', 'pipe'] } : options);
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', onOutput);
    const tooLong = () => {
      console.error(`${command} was stopped: it ran for more than ${limit} s`);
      stop(child, 5000);
    };
    const timer = limit ? setTimeout(tooLong, limit * 1000) : undefined;
    ended(child)
      .then(resolve, reject)
      .finally(() => clearTimeout(timer));
  });
}

/** Waits for a started program as `run` does. */
export function ended(child) {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (!ending) resolve(code ?? 128 + constants.signals[signal]);
    });
  });
}

/** Ends a started program with all its descendants: politely, and after `patience` ms by force. */
export async function stop(child, patience = 0) {
  const gone = new Promise(resolve => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once('exit', resolve);
  });
  const deadline = Date.now() + patience;
  if (patience > 0) signalGroup(child, 'SIGTERM');
  // npm ends before the program that it runs does, so the group counts, not the child.
  while (Date.now() < deadline && groupIsAlive(child)) await new Promise(resolve => setTimeout(resolve, 50));
  signalGroup(child, 'SIGKILL');
  await gone;
}

/** Ends this process with an exit code, unless a signal is ending it already: that has its own. */
export function exit(code) {
  if (!ending) process.exit(code);
}

/** Has `action` run, and awaited, when a signal ends this process: for what isn't its child. Returns a function that takes it back. */
export function beforeEnd(action) {
  beforeEnding.add(action);
  return () => beforeEnding.delete(action);
}

/** A new temporary folder (its real path), removed when this process ends. */
export function temporaryFolder(name) {
  const folder = realpathSync.native(mkdtempSync(join(tmpdir(), `${name}-`)));
  folders.add(folder);
  return folder;
}

/** Removes a folder made by `temporaryFolder` now. */
export function removeFolder(folder) {
  rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  folders.delete(folder);
}

/** False when there is nobody left to get it. */
function signalGroup(child, signal) {
  if (child.pid === undefined) return false;
  if (windows) return spawnSync('taskkill', ['/pid', String(child.pid), '/T', '/F'], { stdio: 'ignore' }).status === 0;
  try {
    return process.kill(-child.pid, signal);
  } catch {
    return false;
  }
}

function groupIsAlive(child) {
  if (windows) return child.exitCode === null && child.signalCode === null;
  if (process.platform !== 'linux') return signalGroup(child, 0);
  return readdirSync('/proc').some(name => {
    const [state, , group] = /^\d+$/.test(name) ? processState(name) : [];
    return group === String(child.pid) && state !== 'Z'; // a zombie has ended; in a container nobody may ever collect it
  });
}

/** State, parent and process group of a process, from behind its name, which may hold anything. */
function processState(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return []; // it has just ended
  }
}

async function end(signal) {
  if (ending) return;
  ending = true;
  await Promise.all([...beforeEnding].map(action => action()));
  await Promise.all([...running].map(([child, patience]) => stop(child, patience)));
  process.exit(128 + constants.signals[signal]);
}

/** npm passes a signal to its shell, which may die of it without telling us: so a lost parent counts as a hang-up. */
function watchParent() {
  const parent = process.ppid;
  const check = () => {
    if (process.ppid !== parent) end('SIGHUP');
  };
  if (process.env.npm_lifecycle_event) setInterval(check, 250).unref();
}

watchParent();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => end(signal));
process.on('exit', () => {
  for (const child of running.keys()) signalGroup(child, 'SIGKILL');
  for (const folder of folders) {
    try {
      removeFolder(folder);
    } catch (error) {
      console.error(`could not remove ${folder}: ${error.message}`);
    }
  }
});
