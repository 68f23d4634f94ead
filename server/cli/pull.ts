import { readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { type Collected, collect } from '../../host/collect.ts';
import { onThisMachine } from '../../host/local.ts';
import { overSsh } from '../../host/ssh.ts';
import { type SshTarget, thisMachine } from '../../host/target.ts';
import { ask } from '../../host/transport.ts';
import { type Output, printable } from './textFile.ts';

export interface PullOptions {
  readonly output?: string;
  readonly port?: string;
  readonly jump?: string;
}

/**
 * Asks a host over ssh, or this machine, and writes its snapshot. ssh asks its own questions in the terminal. Answers the
 * exit code: 0, or 2 when there is no whole snapshot; then a file that was there before is as it was.
 */
export async function pull(destination: string, options: PullOptions, output: Output): Promise<number> {
  try {
    const collected = await withSignal(signal => readHost(targetOf(destination, options), { signal }));
    if (options.output === undefined || options.output === '-') output.out(collected.text);
    else await save(options.output, collected, output);
    return 0;
  } catch (error) {
    output.err(error instanceof Error ? error.message : String(error));
    return 2;
  }
}

/** The host that the command line names. */
export const targetOf = (destination: string, { port, jump }: PullOptions): SshTarget => ({
  destination,
  ...(port === undefined ? {} : { port: Number(port) }),
  ...(jump === undefined ? {} : { jump }),
});

export interface ReadOptions {
  readonly signal: AbortSignal;
  /** ssh asks nothing and fails instead: for hosts that are asked side by side. */
  readonly silent?: boolean;
  /** Milliseconds for the connection; ssh's usual time by default. */
  readonly connect?: number | undefined;
}

/** Asks one host. Rejects with words for the user. */
export async function readHost(target: SshTarget, { signal, silent, connect }: ReadOptions): Promise<Collected> {
  const question = collect(await collector(), target.destination);
  if (target.destination === thisMachine) return ask(onThisMachine, question, { signal });
  // Time to type a password is no time that the host took.
  const limits = { ...(silent ? {} : { silence: 600_000 }), ...(connect === undefined ? {} : { connect }) };
  const extraArguments = silent ? ['-o', 'BatchMode=yes'] : [];
  const host = overSsh(target, { inTerminal: true, limits, onRemark, extraArguments });
  return ask(host, question, { signal });
}

/** ssh says on standard error, where we listen, that a hardware key wants to be touched. */
function onRemark(line: string): void {
  if (/^Confirm user presence/.test(line)) process.stderr.write(`${printable(line)}\n`);
}

/** Beside the bundle, or where the source has it. */
async function collector(): Promise<string> {
  const inBundle = new URL('collect.sh', import.meta.url);
  return readFile(inBundle, 'utf8').catch(() => readFile(new URL('../../host/collect.sh', import.meta.url), 'utf8'));
}

/** Writes a snapshot and says what is in it. Rejects with words for the user. */
export async function save(file: string, { text, inventory }: Collected, output: Output): Promise<void> {
  try {
    await replace(file, text);
  } catch (error) {
    throw new Error(`${file}: cannot be written (${error instanceof Error ? error.message : String(error)})`);
  }
  output.out(`${inventory.functions.length} devices of ${inventory.node ?? 'the host'} in ${printable(file)}\n`);
  for (const gap of inventory.gaps) output.out(`not known: ${printable(gap)}\n`);
}

/** The old text stays until the new one is whole; what is no plain file (a pipe, /dev/null) is written to as it is. */
async function replace(file: string, text: string): Promise<void> {
  const target = await realpath(file).catch(() => file);
  const kind = await stat(target).catch(() => undefined);
  if (kind && !kind.isFile()) return writeFile(target, text);
  const draft = `${target}.${process.pid}.new`;
  try {
    await writeFile(draft, text);
    await rename(draft, target);
  } finally {
    await rm(draft, { force: true });
  }
}

/** Runs something that Ctrl-C stops in an orderly way. */
export async function withSignal<T>(run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  const abort = (): void => stop.abort();
  process.once('SIGINT', abort).once('SIGTERM', abort);
  try {
    return await run(stop.signal);
  } finally {
    process.off('SIGINT', abort).off('SIGTERM', abort);
  }
}
