import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Collected, collect } from '../../host/collect.ts';
import { overSsh, quoteWord, type SshOptions } from '../../host/ssh.ts';
import type { SshTarget } from '../../host/target.ts';
import { ask, type RunOptions, TransportError, type TransportFault } from '../../host/transport.ts';
import { type SshLab, secret } from './sshd.ts';

const textOf = (path: string): string => readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8');

export const snapshot = textOf('../snapshots/demo.snapshot');
export const collector = textOf('../../host/collect.sh');
export const half = snapshot.slice(0, snapshot.length / 2);

/** A shell script that prints a text as it is. */
export const printing = (text: string): string => `printf %s ${quoteWord(text)}\n`;

export const at = (port: number): SshTarget => ({ destination: '127.0.0.1', port });

/** Asks a host of the laboratory; in place of the collector a script that prints the demo host's snapshot. */
export function pull(
  lab: SshLab,
  target: SshTarget,
  options: SshOptions = {},
  run: RunOptions = {},
  script = printing(snapshot),
): Promise<Collected> {
  const way = overSsh(target, {
    ...options,
    extraArguments: [...lab.extraArguments, ...(options.extraArguments ?? [])],
    environment: { SSH_ASKPASS_REQUIRE: 'never', ...options.environment },
  });
  return ask(way, collect(script, 'pve1'), run);
}

/** Runs a command in a terminal, where somebody types the passphrase when ssh asks for it. */
export async function typingPassphrase(words: readonly string[], cwd: string, env: NodeJS.ProcessEnv) {
  const { SSH_ASKPASS_REQUIRE: _, ...own } = env;
  const child = spawn('script', ['-qec', words.map(quoteWord).join(' '), '/dev/null'], { cwd, env: own });
  let said = '';
  child.stdout.on('data', more => {
    said += more;
    if (/Enter passphrase for key .*: $/.test(said)) child.stdin.write(`${secret}\n`);
  });
  const status = await new Promise(resolve => child.once('exit', resolve));
  return { status, said };
}

/** An environment in which `ssh` is that of the laboratory, with a home folder of its own that is empty. */
export function labEnvironment(lab: SshLab): NodeJS.ProcessEnv {
  for (const name of ['bin', 'home']) mkdirSync(lab.path(name));
  const ssh = spawnSync('sh', ['-c', 'command -v ssh'], { encoding: 'utf8' }).stdout.trim();
  const words = [ssh, ...lab.extraArguments].map(quoteWord).join(' ');
  writeFileSync(lab.path('bin/ssh'), `#!/bin/sh\nexec ${words} "$@"\n`);
  chmodSync(lab.path('bin/ssh'), 0o755);
  const PATH = `${lab.path('bin')}:${process.env.PATH}`;
  return { ...process.env, PATH, HOME: lab.path('home'), SSH_ASKPASS_REQUIRE: 'never' };
}

/** What is asked fails in this way, with these words, and with nothing in it that could move a cursor. */
export async function fails(
  asking: Promise<unknown>,
  fault: TransportFault,
  ...words: readonly RegExp[]
): Promise<void> {
  const error = await asking.then(
    () => assert.fail('it did not fail'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof TransportError, String(error));
  assert.equal(error.fault, fault, error.message);
  for (const word of words) assert.match(error.message, word);
  assert.doesNotMatch(error.message, /[\u0000-\u0009\u000b-\u001f\u007f]/);
}

export interface Answering {
  readonly environment: Readonly<Record<string, string>>;
  questions(): readonly string[];
}

/** A program for SSH_ASKPASS that answers with shell commands of its own, and writes the questions down. */
export function answering(lab: SshLab, answer: string): Answering {
  const program = lab.path(`askpass${Math.random().toString(36).slice(2)}`);
  const asked = `${program}.asked`;
  writeFileSync(program, `#!/bin/sh\nprintf '%s\\n--\\n' "$1" >>'${asked}'\n${answer}\n`);
  chmodSync(program, 0o700);
  return {
    environment: { SSH_ASKPASS: program, SSH_ASKPASS_REQUIRE: 'force', DISPLAY: ':0' },
    questions: () => (existsSync(asked) ? readFileSync(asked, 'utf8').split('\n--\n').slice(0, -1) : []),
  };
}
