/** What a program on a host (or the way to it) left behind. */
export interface Output {
  readonly stdout: string;
  readonly stderr: string;
  /** Exit status; `undefined` when a signal ended it. */
  readonly status: number | undefined;
}

/** One program to run on a host: no shell is between us and it but the host's own login shell. */
export interface Command {
  /** Words of the remote command; each is quoted for a POSIX shell by the transport. */
  readonly words: readonly string[];
  /** What the program reads. */
  readonly stdin?: string;
}

/** A question for a host: what to run, and how to read what comes back. Pure on both sides. */
export interface Question<T> {
  readonly command: Command;
  read(output: Output): T;
}

export interface RunOptions {
  readonly signal?: AbortSignal;
  /** Told now and then how many bytes have come. */
  onProgress?(bytes: number): void;
}

/** A way to a host. `run` rejects with a `TransportError` when the program could not be run or did not end. */
export interface Transport {
  run(command: Command, options?: RunOptions): Promise<Output>;
}

export type TransportFault =
  | 'cancelled'
  | 'no-ssh'
  | 'bad-destination'
  | 'unknown-host'
  | 'refused'
  | 'unreachable'
  | 'timeout'
  | 'auth-failed'
  | 'host-key-unknown'
  | 'host-key-changed'
  | 'too-much-output'
  | 'cut-off'
  | 'not-linux'
  | 'no-sysfs'
  | 'failed';

/** Why a host could not be asked: what, where, and what to do, in words for the user. */
export class TransportError extends Error {
  constructor(
    readonly fault: TransportFault,
    message: string,
  ) {
    super(message);
    this.name = 'TransportError';
  }
}

export const ask = async <T>(host: Transport, question: Question<T>, options?: RunOptions): Promise<T> =>
  question.read(await host.run(question.command, options));
