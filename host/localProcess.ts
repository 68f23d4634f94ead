import { type ChildProcess, spawn } from 'node:child_process';
import type { Output } from './transport.ts';

/** What a program may take. Times are milliseconds. */
export interface Limits {
  /** Until the first byte; the time while `isWaiting` says that somebody is being asked something does not count. */
  readonly silence: number;
  /** Between two pieces of the answer. */
  readonly stall: number;
  /** From the first byte to the end. */
  readonly answer: number;
  /** Bytes on standard output. */
  readonly output: number;
}

export const usualLimits: Limits = { silence: 45_000, stall: 30_000, answer: 300_000, output: 32 * 1024 * 1024 };

/** What a program said on standard error is kept up to here, in bytes. */
const mostRemarks = 256 * 1024;

export interface ProgramRun {
  readonly stdin: string;
  readonly limits: Limits;
  /** Variables beside our own. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  /** The program stays in our terminal and in our process group, so that it can ask there and gets its Ctrl-C. */
  readonly inTerminal?: boolean;
  isWaiting?(): boolean;
  /** Told how many bytes of the answer have come. */
  onProgress?(bytes: number): void;
  /** Told what the program says on standard error, as it comes. */
  onRemark?(text: string): void;
}

export type Ending =
  | { readonly kind: 'ended'; readonly output: Output }
  /** Stopped by us; no process of it is left. */
  | { readonly kind: 'stopped'; readonly why: 'cancelled' | 'silence' | 'stall' | 'answer' | 'output' }
  | { readonly kind: 'not-started'; readonly error: Error };

/** Runs a program of this machine to its end, or stops it with all that it started. Never rejects. */
export function runProgram(program: string, args: readonly string[], run: ProgramRun): Promise<Ending> {
  if (run.signal?.aborted) return Promise.resolve({ kind: 'stopped', why: 'cancelled' });
  return new Promise(resolve => new Running(program, args, run, resolve));
}

type Stop = Extract<Ending, { kind: 'stopped' }>['why'];

/** On Windows a group of its own would come with a window of its own. */
const canGroup = process.platform !== 'win32';

class Running {
  private readonly child: ChildProcess;
  private readonly stdout: Gathered;
  private readonly stderr = new Gathered(mostRemarks);
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private settled = false;
  private status: number | null | undefined;
  private readonly onAbort = (): void => this.stop('cancelled');

  constructor(
    program: string,
    args: readonly string[],
    private readonly run: ProgramRun,
    private readonly resolve: (ending: Ending) => void,
  ) {
    this.stdout = new Gathered(run.limits.output);
    const env = { ...process.env, ...run.environment };
    const detached = canGroup && !run.inTerminal;
    this.child = spawn(program, [...args], { stdio: 'pipe', windowsHide: true, env, detached });
    run.signal?.addEventListener('abort', this.onAbort, { once: true });
    this.startSilence();
    this.child.stdout?.on('data', (bytes: Buffer) => this.onBytes(bytes));
    this.child.stderr?.on('data', (bytes: Buffer) => this.onRemark(bytes));
    this.child.once('error', error => this.settle({ kind: 'not-started', error }));
    this.child.once('exit', status => this.onExit(status));
    this.child.once('close', () => this.finish());
    // A host that closes early must not bring us down with EPIPE; the exit status tells what happened.
    this.child.stdin?.on('error', () => undefined);
    this.child.stdin?.end(run.stdin);
  }

  private onBytes(bytes: Buffer): void {
    if (this.settled) return;
    const { limits, onProgress } = this.run;
    if (this.stdout.size === 0) {
      this.clear('silence');
      this.after('answer', limits.answer, () => this.stop('answer'));
    }
    this.after('stall', limits.stall, () => this.stop('stall'));
    if (this.stdout.add(bytes)) onProgress?.(this.stdout.size);
    else this.stop('output');
  }

  private onRemark(bytes: Buffer): void {
    this.stderr.add(bytes);
    this.run.onRemark?.(bytes.toString('utf8'));
  }

  /**
   * The streams close when nobody holds them any more. A connection of ssh that stays open for the next call may hold
   * standard error, so that after the program's own end only standard output is waited for, and that not for ever.
   */
  private onExit(status: number | null): void {
    this.status = status;
    const finish = (): void => this.finish();
    if (this.child.stdout?.readableEnded) this.after('exit', 50, finish);
    else {
      this.after('exit', 2000, finish);
      this.child.stdout?.once('end', () => this.after('exit', status === 0 ? 0 : 50, finish));
    }
  }

  private finish(): void {
    const output = { stdout: this.stdout.text(), stderr: this.stderr.text(), status: this.status ?? undefined };
    this.settle({ kind: 'ended', output });
  }

  private stop(why: Stop): void {
    if (this.settled) return;
    this.settle({ kind: 'stopped', why });
    end(this.child, canGroup && !this.run.inTerminal);
  }

  private settle(ending: Ending): void {
    if (this.settled) return;
    this.settled = true;
    for (const name of this.timers.keys()) this.clear(name);
    this.run.signal?.removeEventListener('abort', this.onAbort);
    this.child.stdout?.destroy();
    this.child.stderr?.destroy();
    this.resolve(ending);
  }

  /** Once somebody who was asked has answered, the whole time begins anew. */
  private startSilence(wasWaiting = false): void {
    const { limits, isWaiting } = this.run;
    const pause = wasWaiting ? Math.min(limits.silence, 200) : limits.silence;
    this.after('silence', pause, () => {
      if (isWaiting?.()) this.startSilence(true);
      else if (wasWaiting) this.startSilence();
      else this.stop('silence');
    });
  }

  private after(name: string, milliseconds: number, act: () => void): void {
    this.clear(name);
    this.timers.set(name, setTimeout(act, milliseconds));
  }

  private clear(name: string): void {
    clearTimeout(this.timers.get(name));
    this.timers.delete(name);
  }
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

/** Ends a program, and what it started (a jump host's ssh, a question that is still open) where it leads a group. */
function end(child: ChildProcess, group: boolean): void {
  kill(child, 'SIGTERM', group);
  setTimeout(() => kill(child, 'SIGKILL', group), 2000).unref();
}

function kill(child: ChildProcess, signal: NodeJS.Signals, group: boolean): void {
  if (child.pid === undefined) return;
  try {
    if (group) process.kill(-child.pid, signal);
    else if (child.exitCode === null && child.signalCode === null) child.kill(signal);
  } catch {
    // It has ended by itself.
  }
}
