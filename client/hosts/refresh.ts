import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { type Collected, collect } from '../../host/collect.ts';
import { onThisMachine } from '../../host/local.ts';
import { overSsh } from '../../host/ssh.ts';
import { ask, type Transport, TransportError } from '../../host/transport.ts';
import { Askpass } from './askpass.ts';
import type { HostStore } from './hostStore.ts';
import { type Host, thisMachine } from './hosts.ts';

/** How many hosts are asked at the same time: enough for a cluster, few enough for a laptop. */
const atOnce = 8;

/** Asks hosts, keeps what they said, and says what failed. One slow host holds up no other. */
export class Refresher {
  private askpass: Askpass | undefined;
  private readonly program: string;

  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly store: HostStore,
    private readonly onSnapshot: (name: string, text: string) => void,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.program = vscode.Uri.joinPath(context.extensionUri, 'dist', 'askpass.cjs').fsPath;
  }

  /** Resolves with the names that were read; failures are shown, not thrown. */
  async refresh(hosts: readonly Host[]): Promise<readonly string[]> {
    const script = await readFile(vscode.Uri.joinPath(this.context.extensionUri, 'dist', 'collect.sh').fsPath, 'utf8');
    const title = hosts.length === 1 ? `Asking ${hosts[0]?.name}` : `Asking ${hosts.length} hosts`;
    return vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title, cancellable: true },
      async (progress, token) => {
        const stop = new AbortController();
        token.onCancellationRequested(() => stop.abort());
        const done: string[] = [];
        const read = async (host: Host): Promise<void> => {
          const collected = await this.askOne(host, script, stop.signal);
          if (!collected) return;
          done.push(host.name);
          progress.report({ message: done.join(', ') });
          await this.keep(host, collected);
        };
        await eachBounded(hosts, atOnce, read);
        return done;
      },
    );
  }

  /** The other nodes of the clusters that the named hosts belong to, with a way to each. */
  async clusterMates(hosts: readonly Host[]): Promise<readonly Host[]> {
    const { parseSnapshot } = await import('../../host/snapshot.ts');
    const known = new Set(hosts.map(host => host.name));
    const mates = new Map<string, Host>();
    for (const host of hosts) {
      const text = await this.store.text(host.name);
      const cluster = text === undefined ? undefined : parseSnapshot(text).cluster;
      for (const node of cluster?.nodes ?? []) {
        if (known.has(node.name) || node.address === undefined || node.online === false) continue;
        const user = /^([^@]+)@/.exec(host.destination)?.[1];
        mates.set(node.name, { name: node.name, destination: user ? `${user}@${node.address}` : node.address });
      }
    }
    return [...mates.values()].filter(mate => !known.has(mate.name));
  }

  dispose(): void {
    this.askpass?.dispose();
  }

  private async askOne(host: Host, script: string, signal: AbortSignal): Promise<Collected | undefined> {
    try {
      return await ask(this.wayTo(host), collect(script, host.name), { signal });
    } catch (error) {
      if (error instanceof TransportError && error.fault === 'cancelled') return undefined;
      const message = error instanceof Error ? error.message : String(error);
      this.log.error(`${host.name}: ${message}`);
      void vscode.window.showErrorMessage(message, 'Show Log').then(chosen => chosen && this.log.show());
      return undefined;
    }
  }

  private async keep(host: Host, { text, inventory }: Collected): Promise<void> {
    await this.store.keep(host.name, text);
    for (const gap of inventory.gaps) this.log.info(`${host.name}: not known: ${gap}`);
    this.onSnapshot(host.name, text);
  }

  private wayTo(host: Host): Transport {
    if (host.destination === thisMachine) return onThisMachine;
    const controlDirectory = join(this.context.globalStorageUri.fsPath, 'ssh');
    mkdirSync(controlDirectory, { recursive: true, mode: 0o700 });
    this.askpass ??= new Askpass(this.program);
    // A socket's path may have 104 bytes on macOS, and ssh adds a name of its own: too long a folder means no sharing.
    const shared = controlDirectory.length < 50 ? { controlDirectory } : {};
    return overSsh(host, { ...shared, environment: this.askpass.environment });
  }
}

/** Runs over a list with at most `most` at work; one that fails stops no other. */
async function eachBounded<T>(items: readonly T[], most: number, act: (item: T) => Promise<void>): Promise<void> {
  const rest = [...items];
  const worker = async (): Promise<void> => {
    for (let item = rest.shift(); item !== undefined; item = rest.shift()) await act(item);
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, worker));
}
