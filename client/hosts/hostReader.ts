import { type Collected, collect } from '../../host/collect.ts';
import { onThisMachine } from '../../host/local.ts';
import { overSsh, type SshOptions } from '../../host/ssh.ts';
import { type NamedTarget, thisMachine } from '../../host/target.ts';
import { ask } from '../../host/transport.ts';
import type { Askpass } from './askpass.ts';

export interface ReaderOptions {
  /** The text of `collect.sh`. */
  readonly script: string;
  readonly askpass: Askpass;
  /** Beside what a call needs for its questions. */
  readonly ssh?: SshOptions;
  /** Told what ssh says while it works for a host. */
  log?(host: string, line: string): void;
}

export interface ReadOptions {
  readonly signal?: AbortSignal;
  onProgress?(bytes: number): void;
  /** Milliseconds for the connection, where there is another way to try. */
  readonly connect?: number;
}

/** Asks hosts with the collector; ssh's questions go to the user. */
export class HostReader {
  constructor(private readonly options: ReaderOptions) {}

  /** Rejects with a `TransportError`; with the fault `cancelled` also when the user closed a question. */
  async read(host: NamedTarget, { signal, onProgress, connect }: ReadOptions = {}): Promise<Collected> {
    const { script, askpass, ssh = {}, log } = this.options;
    const question = collect(script, host.name);
    const told = onProgress ? { onProgress } : {};
    if (host.destination === thisMachine)
      return ask(onThisMachine, question, { ...told, ...(signal ? { signal } : {}) });
    const declined = new AbortController();
    const asking = askpass.open(host.name, () => declined.abort());
    const onRemark = (line: string): void => {
      asking.onRemark(line);
      log?.(host.name, line);
    };
    const limits = connect === undefined ? ssh.limits : { ...ssh.limits, connect };
    const { environment, isWaiting } = asking;
    const options = { controlDirectory: askpass.folder, ...ssh, environment, isWaiting, onRemark };
    const way = overSsh(host, limits ? { ...options, limits } : options);
    const stop = signal ? AbortSignal.any([signal, declined.signal]) : declined.signal;
    try {
      return await ask(way, question, { ...told, signal: stop });
    } finally {
      asking.close();
    }
  }
}
