import { type ChildProcess, spawn } from 'node:child_process';
import { faultOf } from './sshFaults.ts';
import { type Command, type Output, type RunOptions, type Transport, TransportError } from './transport.ts';

/** How to reach a host. Everything else (user, keys, jump hosts, ports) may stand in the user's `~/.ssh/config`. */
export interface SshTarget {
  /** What one would write after `ssh`: `root@pve1`, or a `Host` of the user's configuration. */
  readonly destination: string;
  readonly port?: number;
  /** What one would write after `ssh -J`. */
  readonly jump?: string;
}

export interface SshOptions {
  /** The OpenSSH client to run; found on the PATH by default. */
  readonly program?: string;
  /** Directory for the control sockets of shared connections; without it, or on Windows, every call connects anew. */
  readonly controlDirectory?: string;
  /** Variables that make ssh ask its questions through a program of ours; see `client/hosts/askpass.ts`. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Options before all others, for tests: `-F`, `-o UserKnownHostsFile=…`. */
  readonly extraArguments?: readonly string[];
  readonly limits?: Partial<Limits>;
}

interface Limits {
  /** Milliseconds for the connection, questions to the user not counted by ssh itself. */
  readonly connect: number;
  /** Milliseconds without a byte, after the first one. */
  readonly stall: number;
  /** Milliseconds in all. */
  readonly total: number;
  /** Bytes that are read at most. */
  readonly output: number;
}

const usualLimits: Limits = { connect: 15_000, stall: 30_000, total: 300_000, output: 32 * 1024 * 1024 };

/**
 * A host behind the system's own OpenSSH client, so that the user's configuration, agent, hardware keys, jump hosts and
 * known hosts work as in a terminal. Only argument arrays, never a shell line of ours; one multiplexed connection a host.
 */
export function overSsh(target: SshTarget, options: SshOptions = {}): Transport {
  const limits = { ...usualLimits, ...options.limits };
  return {
    run(command, runOptions = {}) {
      const refusal = checkTarget(target);
      if (refusal) return Promise.reject(new TransportError('bad-destination', refusal));
      return runSsh(target, command, options, limits, runOptions);
    },
  };
}

/** The words after `ssh` for one command. */
export function sshArguments(target: SshTarget, command: Command, options: SshOptions, connectLimit: number): string[] {
  const seconds = Math.max(1, Math.round(connectLimit / 1000));
  const shared = options.controlDirectory !== undefined && process.platform !== 'win32';
  return [
    ...(options.extraArguments ?? []),
    '-T',
    ...setting('ConnectTimeout', seconds),
    ...setting('ServerAliveInterval', 5),
    ...setting('ServerAliveCountMax', 3),
    ...(shared ? [...setting('ControlMaster', 'auto'), ...setting('ControlPersist', 60)] : []),
    ...(shared ? setting('ControlPath', `${options.controlDirectory}/%C`) : []),
    ...(target.port === undefined ? [] : ['-p', String(target.port)]),
    ...(target.jump === undefined ? [] : ['-J', target.jump]),
    '--',
    target.destination,
    command.words.map(quoteWord).join(' '),
  ];
}

const setting = (name: string, value: string | number): readonly string[] => ['-o', `${name}=${value}`];

/** Quotes a word for the login shell of the host, which is what sshd hands the command to. */
export const quoteWord = (word: string): string =>
  /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

/** Why a target cannot be used, in words; a name that starts with `-` would be an option to ssh. */
export function checkTarget({ destination, port, jump }: SshTarget): string | undefined {
  for (const [what, text] of [
    ['destination', destination],
    ['jump host', jump ?? 'none'],
  ] as const) {
    if (text === '' || text.startsWith('-') || /[\s\u0000-\u001f\u007f'"`$\\;&|<>()]/.test(text)) {
      return `"${text}" cannot be an ssh ${what}: write what you would type after ssh, such as root@pve1.`;
    }
  }
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65536)) {
    return `${port} is not a port: it must be a whole number from 1 to 65535.`;
  }
  return undefined;
}

function runSsh(
  target: SshTarget,
  command: Command,
  options: SshOptions,
  limits: Limits,
  { signal, onProgress }: RunOptions,
): Promise<Output> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(cancelled(target));
    const child = spawn(options.program ?? 'ssh', sshArguments(target, command, options, limits.connect), {
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
      env: { ...process.env, ...options.environment },
    });
    const stdout = new Gathered(limits.output);
    const stderr = new Gathered(64 * 1024);
    const fail = (error: TransportError): void => {
      stop();
      reject(error);
    };
    let stall: NodeJS.Timeout | undefined;
    const total = setTimeout(() => fail(tooSlow(target, limits.total, 'in all')), limits.total);
    const onAbort = (): void => fail(cancelled(target));
    const stop = (): void => {
      clearTimeout(total);
      clearTimeout(stall);
      signal?.removeEventListener('abort', onAbort);
      end(child);
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    child.stdout.on('data', (bytes: Buffer) => {
      clearTimeout(stall);
      stall = setTimeout(() => fail(tooSlow(target, limits.stall, 'without a byte')), limits.stall);
      if (!stdout.add(bytes)) fail(tooMuch(target, limits.output));
      onProgress?.(stdout.size);
    });
    child.stderr.on('data', (bytes: Buffer) => void stderr.add(bytes));
    child.once('error', error => fail(noSsh(error)));
    child.once('close', status => {
      stop();
      const output = { stdout: stdout.text(), stderr: stderr.text(), status: status ?? undefined };
      const fault = faultOf(target.destination, output);
      if (fault) reject(fault);
      else resolve(output);
    });
    // A host that closes early must not bring us down with EPIPE; the exit status tells what happened.
    child.stdin.on('error', () => undefined);
    child.stdin.end(command.stdin ?? '');
  });
}

/** Bytes up to a limit; what comes later is dropped. */
class Gathered {
  private readonly chunks: Buffer[] = [];
  size = 0;
  constructor(private readonly most: number) {}

  /** False once there was more than the limit. */
  add(bytes: Buffer): boolean {
    this.size += bytes.length;
    if (this.size > this.most) return false;
    this.chunks.push(bytes);
    return true;
  }

  text(): string {
    return Buffer.concat(this.chunks).toString('utf8');
  }
}

function end(child: ChildProcess): void {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  setTimeout(() => child.kill('SIGKILL'), 2000).unref();
}

const cancelled = ({ destination }: SshTarget): TransportError =>
  new TransportError('cancelled', `Asking ${destination} was cancelled.`);

const tooSlow = ({ destination }: SshTarget, limit: number, how: string): TransportError =>
  new TransportError(
    'timeout',
    `${destination} took more than ${Math.round(limit / 1000)} s ${how}. Is it overloaded, or the connection gone?`,
  );

const tooMuch = ({ destination }: SshTarget, limit: number): TransportError =>
  new TransportError(
    'too-much-output',
    `${destination} printed more than ${Math.round(limit / 1048576)} MiB. Does its login script print something?`,
  );

const noSsh = (error: Error): TransportError =>
  new TransportError(
    'no-ssh',
    `The OpenSSH client cannot be started (${error.message}). Install it, or put ssh on the PATH.`,
  );
