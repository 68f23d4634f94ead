import * as vscode from 'vscode';
import * as protocol from '../server/protocol.ts';
import { registerCommands } from './commands/register.ts';
import { HostStore } from './hosts/hostStore.ts';
import { Refresher } from './hosts/refresh.ts';
import { createServer, handles } from './languageClient.ts';
import { DeviceView } from './tree/deviceView.ts';
import { registerDrop } from './tree/dropDevices.ts';

/**
 * Wires the parts. The server starts with the first file of ours or when the tree is looked at, not before: a plain
 * shell script that only happens to activate us costs nothing.
 */
export function activate(context: vscode.ExtensionContext): Api {
  const store = new HostStore(vscode.Uri.joinPath(context.globalStorageUri, 'hosts'));
  const server = createServer(context, client => sendKept(store, (name, text) => send(client, name, text)));
  const view = new DeviceView(server);
  const log = vscode.window.createOutputChannel('hostpci hosts', { log: true });
  const refresher = new Refresher(
    context,
    store,
    (name, text) => void server.start().then(client => send(client, name, text)),
    log,
  );
  const commands = registerCommands({ server, view, store, refresher });
  context.subscriptions.push(server, view, log, refresher, registerDrop(server), ...commands);
  if (vscode.workspace.textDocuments.some(handles)) void server.start();
  context.subscriptions.push(
    vscode.workspace.onDidOpenTextDocument(document => void (handles(document) && server.start())),
  );
  return { view, store };
}

/** For tests: what cannot be seen through VS Code's own API. */
export interface Api {
  readonly view: DeviceView;
  readonly store: HostStore;
}

/** Gives a server that has just started what the hosts said last. */
async function sendKept(store: HostStore, give: (name: string, text: string) => Promise<void>): Promise<void> {
  for (const name of await store.names()) {
    const text = await store.text(name);
    if (text !== undefined) await give(name, text);
  }
}

const send = (client: { sendNotification: Sender }, name: string, text: string): Promise<void> =>
  client.sendNotification(protocol.snapshot, { uri: `hostpci-host:/${encodeURIComponent(name)}`, text });

type Sender = (type: typeof protocol.snapshot, sent: { uri: string; text: string | undefined }) => Promise<void>;
