import * as vscode from 'vscode';
import * as protocol from '../server/protocol.ts';
import { registerCommands } from './commands/register.ts';
import { HostStore } from './hosts/hostStore.ts';
import { Refresher, type SnapshotListener } from './hosts/refresh.ts';
import { createServer, handles } from './languageClient.ts';
import { MarkdownPages } from './markdownPages.ts';
import { ReadinessView } from './readiness/readinessView.ts';
import { DeviceView } from './tree/deviceView.ts';
import { registerDrop } from './tree/dropDevices.ts';
import { registerKeptFiles } from './tree/keptFiles.ts';

/**
 * Wires the parts. The server starts with the first file of ours or when the tree is looked at, not before: a plain
 * shell script that only happens to activate us costs nothing.
 */
export function activate(context: vscode.ExtensionContext): Api {
  const store = new HostStore(vscode.Uri.joinPath(context.globalStorageUri, 'hosts').fsPath);
  const server = createServer(context, client => sendKept(store, (...host) => send(client, ...host)));
  const view = new DeviceView(server, context.workspaceState);
  const readiness = new ReadinessView(server, context.workspaceState);
  const pages = new MarkdownPages();
  const log = vscode.window.createOutputChannel('hostpci hosts', { log: true });
  const refresher = new Refresher(
    context,
    store,
    (...host) => void server.start().then(client => send(client, ...host)),
    log,
  );
  const extension = context.extensionUri;
  const commands = registerCommands({ server, view, readiness, pages, store, refresher, extension });
  context.subscriptions.push(
    server,
    view,
    readiness,
    pages,
    log,
    refresher,
    registerDrop(server, () => view.dropped()),
    registerKeptFiles(store),
    ...commands,
  );
  if (vscode.workspace.textDocuments.some(handles)) void server.start();
  context.subscriptions.push(
    vscode.workspace.onDidOpenTextDocument(document => void (handles(document) && server.start())),
  );
  return { view, readiness, store };
}

/** For tests: what cannot be seen through VS Code's own API. */
export interface Api {
  readonly view: DeviceView;
  readonly readiness: ReadinessView;
  readonly store: HostStore;
}

/** A host's name, what it said last, and what it said before. */
type Said = Parameters<SnapshotListener>;

/** Gives a server that has just started what the hosts said last. */
async function sendKept(store: HostStore, give: (...said: Said) => Promise<void>): Promise<void> {
  for (const name of await store.names()) await give(name, await store.text(name), await store.previous(name));
}

const send = (client: { sendNotification: Sender }, ...[name, text, previousText]: Said): Promise<void> =>
  client.sendNotification(protocol.snapshot, { uri: `hostpci-host:/${encodeURIComponent(name)}`, text, previousText });

type Sender = (type: typeof protocol.snapshot, sent: protocol.SentSnapshot) => Promise<void>;
