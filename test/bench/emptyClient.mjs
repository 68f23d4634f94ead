// An extension that does nothing but start a language client, of a server that answers nothing.
import { join } from 'node:path';
import { LanguageClient, TransportKind } from 'vscode-languageclient/node';

export function activate(context) {
  const server = { module: join(__dirname, 'floor.cjs'), transport: TransportKind.ipc };
  const client = new LanguageClient('empty', 'empty', server, { documentSelector: [{ language: 'plaintext' }] });
  context.subscriptions.push(client);
  void client.start();
}
