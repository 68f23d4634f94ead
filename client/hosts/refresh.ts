import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { askMates, clusterMates, type Mate } from '../../host/cluster.ts';
import type { Collected } from '../../host/collect.ts';
import { parseSnapshot } from '../../host/snapshot.ts';
import { sshHostNames, userOn } from '../../host/sshConfig.ts';
import type { NamedTarget } from '../../host/target.ts';
import { TransportError } from '../../host/transport.ts';
import { askInEditor } from './askInEditor.ts';
import { Askpass } from './askpass.ts';
import { HostReader } from './hostReader.ts';
import type { HostStore } from './hostStore.ts';
import { configuredHosts } from './hosts.ts';

/** Takes the snapshot of a host and what it was before; `undefined` where nothing is known of the host any more. */
export type SnapshotListener = (name: string, text: string | undefined, previous: string | undefined) => void;

/** Asks hosts, keeps what they said, and says what failed. One slow host holds up no other. */
export class Refresher implements vscode.Disposable {
  private askpass: Askpass | undefined;
  private readonly busy = new Set<string>();
  private readonly end = new AbortController();

  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly store: HostStore,
    private readonly onSnapshot: SnapshotListener,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  /** Resolves with the names that were read; failures are shown, not thrown. */
  async refresh(hosts: readonly NamedTarget[]): Promise<readonly string[]> {
    const ways = await this.readAll(hosts.map(host => ({ name: host.name, ways: [host] })));
    return ways.map(way => way.name);
  }

  /** Asks the other nodes of a cluster, each on the first way that leads to it. Resolves with the ways that did. */
  refreshMates(mates: readonly Mate[]): Promise<readonly NamedTarget[]> {
    return this.readAll(mates);
  }

  /** The nodes of a host's cluster that are not configured yet, with the ways to them. */
  async matesOf(host: NamedTarget): Promise<readonly Mate[]> {
    const text = await this.store.text(host.name);
    const cluster = text === undefined ? undefined : parseSnapshot(text).cluster;
    if ((cluster?.nodes.length ?? 0) < 2) return [];
    const [known, aliases, user] = await Promise.all([this.knownNames(), sshHostNames(), userOn(host)]);
    return clusterMates(host, cluster, { known, aliases, user });
  }

  /** Forgets what a host said. */
  async forget(name: string): Promise<void> {
    await this.store.forget(name);
    this.onSnapshot(name, undefined, undefined);
  }

  /** What has changed on a host so far has been seen. */
  async acceptChanges(name: string): Promise<void> {
    await this.store.acceptChanges(name);
    await this.tell(name);
  }

  dispose(): void {
    this.end.abort();
    this.askpass?.dispose();
  }

  private async readAll(targets: readonly Mate[]): Promise<readonly NamedTarget[]> {
    const free = targets.filter(target => !this.busy.has(target.name));
    if (free.length === 0) return [];
    for (const { name } of free) this.busy.add(name);
    const title = free.length === 1 ? `Asking ${free[0]?.name}` : `Asking ${free.length} hosts`;
    const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
    try {
      return await vscode.window.withProgress(options, (progress, token) => this.readSideBySide(free, progress, token));
    } finally {
      for (const { name } of free) this.busy.delete(name);
      if (this.busy.size === 0) this.askpass?.forget();
    }
  }

  private async readSideBySide(
    targets: readonly Mate[],
    progress: vscode.Progress<{ message?: string; increment?: number }>,
    token: vscode.CancellationToken,
  ): Promise<readonly NamedTarget[]> {
    const stop = new AbortController();
    token.onCancellationRequested(() => stop.abort());
    const signal = AbortSignal.any([stop.signal, this.end.signal]);
    const reader = await this.reader();
    const done: NamedTarget[] = [];
    const said = (text: string): void =>
      progress.report({ message: targets.length === 1 ? text : `${done.length} of ${targets.length}, ${text}` });
    const read = (way: NamedTarget, connect: number | undefined): Promise<Collected> => {
      const onProgress = (bytes: number): void => said(`${way.name}: ${Math.round(bytes / 1024)} KiB`);
      return reader.read(way, { signal, onProgress, ...(connect === undefined ? {} : { connect }) });
    };
    await askMates(targets, read, async ({ name }, answer) => {
      try {
        if ('error' in answer) throw answer.error;
        await this.keep(name, answer.result);
        done.push(answer.way);
        said(name);
      } catch (error) {
        this.complain(name, error);
      }
      progress.report({ increment: 100 / targets.length });
    });
    return done;
  }

  private async reader(): Promise<HostReader> {
    const inDist = (name: string): string => vscode.Uri.joinPath(this.context.extensionUri, 'dist', name).fsPath;
    const script = await readFile(inDist('collect.sh'), 'utf8');
    this.askpass ??= new Askpass(inDist('askpass.cjs'), askInEditor);
    const log = (host: string, line: string): void => this.log.trace(`${host}: ${line}`);
    return new HostReader({ script, askpass: this.askpass, log });
  }

  private complain(name: string, error: unknown): void {
    if (error instanceof TransportError && error.fault === 'cancelled') return;
    const message = error instanceof Error ? error.message : String(error);
    this.log.error(`${name}: ${message}`);
    const text = message.includes(name) ? message : `${name}: ${message}`;
    void vscode.window.showErrorMessage(text, 'Show Log').then(chosen => chosen && this.log.show());
  }

  private async keep(name: string, { text, inventory }: Collected): Promise<void> {
    await this.store.keep(name, text);
    for (const gap of inventory.gaps) this.log.info(`${name}: not known: ${gap}`);
    await this.tell(name);
  }

  private async tell(name: string): Promise<void> {
    this.onSnapshot(name, await this.store.text(name), await this.store.previous(name));
  }

  /** Names of configured hosts, and of the nodes that they turned out to be. */
  private async knownNames(): Promise<ReadonlySet<string>> {
    const names = configuredHosts().map(host => host.name);
    const texts = await Promise.all(names.map(name => this.store.text(name)));
    const nodes = texts.flatMap(text => (text === undefined ? [] : (parseSnapshot(text).node ?? [])));
    return new Set([...names, ...nodes]);
  }
}
