import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Ending, type Limits, runProgram, usualLimits } from './localProcess.ts';
import { faultOf, withoutLog } from './sshFaults.ts';
import { checkTarget, type SshTarget } from './target.ts';
import { type Command, type Output, type RunOptions, type Transport, TransportError } from './transport.ts';

export interface SshOptions {
  /** The OpenSSH client to run; the system's own by default. */
  readonly program?: string;
  /**
   * Directory of ours for the control sockets of shared connections: the next call within a minute needs no login.
   * Without it, on Windows, or where its path is too long or too odd for a socket, every call connects anew.
   */
  readonly controlDirectory?: string;
  /** Variables that make ssh ask its questions through a program of ours; see `client/hosts/askpass.ts`. */
  readonly environment?: Readonly<Record<string, string>>;
  /** True while the user is being asked something for this host: that time does not count. */
  isWaiting?(): boolean;
  /** Told what ssh says, line by line as it comes, its log of every step included. */
  onRemark?(line: string): void;
  /** ssh asks in the terminal that we run in. */
  readonly inTerminal?: boolean;
  /** Options before all others, for tests: `-F`, `-o UserKnownHostsFile=…`. */
  readonly extraArguments?: readonly string[];
  readonly limits?: Partial<SshLimits>;
}

export interface SshLimits extends Limits {
  /** Milliseconds for the connection up to the host's key. */
  readonly connect: number;
}

const usualSshLimits: SshLimits = { ...usualLimits, connect: 15_000 };

/**
 * A host behind the system's own OpenSSH client, so that the user's configuration, agent, hardware keys, jump hosts and
 * known hosts work as in a terminal. Only argument arrays, never a shell line of ours; one multiplexed connection a host.
 */
export function overSsh(target: SshTarget, options: SshOptions = {}): Transport {
  const limits = { ...usualSshLimits, ...options.limits };
  return {
    async run(command, runOptions = {}) {
      const refusal = checkTarget(target);
      if (refusal) throw new TransportError('bad-destination', refusal);
      const ending = await start(target, command, options, limits, runOptions);
      if (ending.kind === 'stopped' && isTimeLimit(ending.why)) dropConnection(target, options);
      return outputOf(target, ending, limits);
    },
  };
}

/** The words after `ssh` for one command. */
export function sshArguments(target: SshTarget, command: Command, options: SshOptions, connectLimit: number): string[] {
  const seconds = Math.max(1, Math.round(connectLimit / 1000));
  const socket = controlPath(target, options);
  return [
    ...(options.extraArguments ?? []),
    // The log tells a host's fingerprint where a question gets lost, and keeps a jump host's errors from being hidden.
    '-v',
    // No terminal, no agent and no display for the host; nothing of what the user's configuration may want to run there.
    ...['-T', '-a', '-x'],
    ...setting('ClearAllForwardings', 'yes'),
    ...setting('RemoteCommand', 'none'),
    ...setting('ConnectTimeout', seconds),
    ...setting('ServerAliveInterval', 5),
    ...setting('ServerAliveCountMax', 3),
    ...(socket === undefined ? [] : [...setting('ControlMaster', 'auto'), ...setting('ControlPersist', 60)]),
    ...(socket === undefined ? [] : setting('ControlPath', quoteForConfiguration(socket))),
    ...(asksThroughBatchFile(options) ? setting('KbdInteractiveAuthentication', 'no') : []),
    ...targetWords(target),
    command.words.map(quoteWord).join(' '),
  ];
}

/** What ssh would do for a target, by its own account (`ssh -G`): lower-case keywords and values. No connection is made. */
export async function sshSettings(target: SshTarget, options: SshOptions = {}): Promise<ReadonlyMap<string, string>> {
  if (checkTarget(target)) return new Map();
  const words = [...(options.extraArguments ?? []), '-G', ...targetWords(target)];
  const limits = { ...usualLimits, silence: 5000 };
  const ending = await runProgram(options.program ?? sshProgram(), words, { stdin: '', limits });
  const text = ending.kind === 'ended' ? ending.output.stdout : '';
  return new Map([...text.matchAll(/^(\S+) (.*?)\r?$/gm)].map(([, key, value]) => [key as string, value as string]));
}

/** Where the socket of the shared connection to a target is; `undefined` where there is none. */
export function controlPath(target: SshTarget, options: SshOptions): string | undefined {
  if (options.controlDirectory === undefined || process.platform === 'win32') return undefined;
  const { destination, port, jump } = target;
  const name = createHash('sha256')
    .update(JSON.stringify([destination, port, jump]))
    .digest('hex')
    .slice(0, 16);
  const path = join(options.controlDirectory, name);
  // macOS allows 103 bytes, and ssh adds 17 while it makes the socket.
  return Buffer.byteLength(path) <= 86 && !/["\\\n]/.test(path) ? path : undefined;
}

const setting = (name: string, value: string | number): readonly string[] => ['-o', `${name}=${value}`];

const targetWords = ({ destination, port, jump }: SshTarget): readonly string[] => [
  ...(port === undefined ? [] : ['-p', String(port)]),
  ...(jump === undefined ? [] : ['-J', jump]),
  '--',
  destination,
];

/** Quotes a word for the login shell of the host, which is what sshd hands the command to. */
export const quoteWord = (word: string): string =>
  /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

/** A value in ssh's own configuration syntax, where `%` starts a token. */
const quoteForConfiguration = (path: string): string => `"${path.replaceAll('%', '%%')}"`;

/**
 * On Windows a question is put by a batch file, and the shell that runs it would interpret what a host puts into a
 * question. Only this way of logging in has questions in the words of the host.
 */
const asksThroughBatchFile = (options: SshOptions): boolean =>
  process.platform === 'win32' && options.environment !== undefined;

/** Windows would look for `ssh` in the current folder first, and that may be anybody's. */
function sshProgram(): string {
  if (process.platform !== 'win32') return 'ssh';
  const own = join(process.env.SystemRoot ?? 'C:\\Windows', 'System32', 'OpenSSH', 'ssh.exe');
  return existsSync(own) ? own : 'ssh.exe';
}

function start(
  target: SshTarget,
  command: Command,
  options: SshOptions,
  limits: SshLimits,
  { signal, onProgress = () => undefined }: RunOptions,
): Promise<Ending> {
  const { environment = {}, inTerminal = false, isWaiting = () => false } = options;
  const onRemark = byLines(options.onRemark ?? (() => undefined));
  return runProgram(options.program ?? sshProgram(), sshArguments(target, command, options, limits.connect), {
    ...{ stdin: command.stdin ?? '', limits, environment, signal, inTerminal, isWaiting, onProgress, onRemark },
  });
}

function outputOf(target: SshTarget, ending: Ending, limits: SshLimits): Output {
  const { destination } = target;
  if (ending.kind === 'not-started') {
    const text = `The OpenSSH client cannot be started (${ending.error.message}). Install it, or put ssh on the PATH.`;
    throw new TransportError('no-ssh', text);
  }
  if (ending.kind === 'stopped') throw stopped(destination, ending.why, limits);
  const fault = faultOf(target, ending.output);
  if (fault) throw fault;
  return { ...ending.output, stderr: withoutLog(ending.output.stderr) };
}

function stopped(destination: string, why: StopReason, limits: SshLimits): TransportError {
  const seconds = (limit: number): string => `${Math.max(1, Math.round(limit / 1000))} s`;
  if (why === 'cancelled') return new TransportError('cancelled', `Asking ${destination} was cancelled.`);
  if (why === 'output') {
    const most = Math.max(1, Math.round(limits.output / 1048576));
    const text = `${destination} printed more than ${most} MiB. Does its login script print without end?`;
    return new TransportError('too-much-output', text);
  }
  const words = {
    silence: `did not say anything within ${seconds(limits.silence)}`,
    stall: `stopped in the middle of its answer and said nothing more for ${seconds(limits.stall)}`,
    answer: `was not done with its answer after ${seconds(limits.answer)}`,
  };
  const text = `${destination} ${words[why]}. Is it overloaded, or the connection gone?`;
  return new TransportError('timeout', text);
}

type StopReason = Extract<Ending, { kind: 'stopped' }>['why'];

const isTimeLimit = (why: StopReason): boolean => why === 'silence' || why === 'stall' || why === 'answer';

/** A connection that hangs must not be what the next call is made over. */
function dropConnection(target: SshTarget, options: SshOptions): void {
  const socket = controlPath(target, options);
  if (socket === undefined || !existsSync(socket)) return;
  const words = [
    ...(options.extraArguments ?? []),
    '-O',
    'exit',
    ...setting('ControlPath', quoteForConfiguration(socket)),
  ];
  const child = spawn(options.program ?? sshProgram(), [...words, ...targetWords(target)], { stdio: 'ignore' });
  child.on('error', () => undefined).unref();
}

/** Cuts what comes in pieces into lines; a last line without an end is dropped. */
function byLines(give: (line: string) => void): (text: string) => void {
  let rest = '';
  return text => {
    const lines = (rest + text).split(/\r?\n/);
    rest = (lines.pop() ?? '').slice(-8192);
    for (const line of lines) give(line);
  };
}
