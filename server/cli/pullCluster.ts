import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Answer, askMates, clusterMates, type Mate } from '../../host/cluster.ts';
import type { Collected } from '../../host/collect.ts';
import type { ClusterFacts } from '../../host/inventory.ts';
import { sshHostNames, userOn } from '../../host/sshConfig.ts';
import type { NamedTarget } from '../../host/target.ts';
import { TransportError, type TransportFault } from '../../host/transport.ts';
import { type PullOptions, readHost, save, targetOf, withSignal } from './pull.ts';
import { type Output, printable } from './textFile.ts';

/**
 * Asks a node, and then the other nodes of its cluster side by side; writes a `NODE.snapshot` for each into a directory.
 * Answers the exit code: 0 when all nodes were read, else 2; what failed is told for each node, what was read is kept.
 */
export async function pullCluster(destination: string, options: PullOptions, output: Output): Promise<number> {
  if (options.output === undefined || options.output === '-') {
    output.err('--cluster writes several snapshots: say with -o into which directory');
    return 2;
  }
  const pulling = new ClusterPull(options.output, output);
  try {
    await makeDirectory(options.output);
    await withSignal(signal => pulling.run(destination, options, signal));
  } catch (error) {
    pulling.fail(undefined, error);
  }
  return pulling.failures === 0 ? 0 : 2;
}

const makeDirectory = (path: string): Promise<unknown> =>
  mkdir(path, { recursive: true }).catch((error: Error) => {
    throw new Error(`${path}: cannot be made (${error.message})`);
  });

/** Faults that ssh may get over where it can ask somebody. */
const askable: ReadonlySet<TransportFault> = new Set(['auth-failed', 'host-key-unknown']);

class ClusterPull {
  failures = 0;

  constructor(
    private readonly directory: string,
    private readonly output: Output,
  ) {}

  async run(destination: string, options: PullOptions, signal: AbortSignal): Promise<void> {
    const target = targetOf(destination, options);
    const first = await readHost(target, { signal });
    const { node = destination, cluster, gaps } = first.inventory;
    await this.keep(node, first);
    if (!cluster) {
      const gap = gaps.find(text => text.startsWith('cluster:'));
      throw new Error(`${node}: the nodes of its cluster are not known${gap ? ` (${gap})` : ''}`);
    }
    const mates = await this.matesOf({ ...target, name: node }, cluster);
    // Several ssh that ask in one terminal would mix up their questions: who has to be asked comes later, one by one.
    const later: Mate[] = [];
    await this.ask(mates, signal, true, (mate, error) => {
      if (error instanceof TransportError && askable.has(error.fault)) later.push(mate);
      else this.fail(mate.name, error);
    });
    for (const mate of later.sort((a, b) => (a.name < b.name ? -1 : 1)))
      await this.ask([mate], signal, false, (_, error) => this.fail(mate.name, error));
  }

  /** Tells what failed, of a node or of all. */
  fail(node: string | undefined, error: unknown): void {
    this.failures++;
    const message = error instanceof Error ? error.message : String(error);
    this.output.err(printable(node === undefined || message.includes(node) ? message : `${node}: ${message}`));
  }

  private async matesOf(teller: NamedTarget, cluster: ClusterFacts): Promise<readonly Mate[]> {
    const [aliases, user] = await Promise.all([sshHostNames(), userOn(teller)]);
    const mates = clusterMates(teller, cluster, { known: new Set(), aliases, user });
    const found = new Set([teller.name, ...mates.map(mate => mate.name)]);
    for (const { name, online } of cluster.nodes) {
      if (found.has(name)) continue;
      const why = online === false ? `is offline, says ${teller.name}` : 'no way to it is known';
      this.fail(undefined, `${name}: ${why}`);
    }
    return mates;
  }

  private ask(
    mates: readonly Mate[],
    signal: AbortSignal,
    silent: boolean,
    failed: (mate: Mate, error: unknown) => void,
  ): Promise<void> {
    const read = (way: NamedTarget, connect: number | undefined): Promise<Collected> =>
      readHost(way, { signal, silent, connect });
    return askMates(mates, read, async (mate, answer: Answer<Collected>) => {
      if ('error' in answer) failed(mate, answer.error);
      else await this.keep(mate.name, answer.result).catch((error: unknown) => this.fail(mate.name, error));
    });
  }

  /** An address of the cluster's own network may belong to somebody else on this side of it. */
  private async keep(name: string, collected: Collected): Promise<void> {
    const { node } = collected.inventory;
    if (node !== undefined && node !== name) throw new Error(`the host there calls itself ${node}`);
    if (!/^[A-Za-z0-9][\w.-]*$/.test(name)) throw new Error(`${name} cannot be the name of a file`);
    await save(join(this.directory, `${name}.snapshot`), collected, this.output);
  }
}
