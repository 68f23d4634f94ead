import * as vscode from 'vscode';
import * as protocol from '../../server/protocol.ts';
import { handles, type Server, selector } from '../languageClient.ts';

/** What a dragged device carries; only our own editors' drop understands it. */
export const devicesMime = 'application/vnd.hostpci.devices';

/** Drops devices of the tree into an open file: the server says which lines that makes. */
export function registerDrop(server: Server): vscode.Disposable {
  return vscode.languages.registerDocumentDropEditProvider(selector, {
    async provideDocumentDropEdits(document, position, dataTransfer) {
      const item = dataTransfer.get(devicesMime);
      const addresses = item ? readAddresses(await item.asString()) : [];
      if (addresses.length === 0) return undefined;
      const edit = new vscode.DocumentDropEdit('');
      edit.additionalEdit = await editFor(server, document, position, addresses);
      return edit;
    },
  });
}

/** Writes devices into the file in front, at the cursor; says so where there is no such file. */
export async function insertDevices(server: Server, addresses: readonly string[]): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (!editor || !handles(editor.document)) {
    void vscode.window.showInformationMessage(
      'Open the file that should take the device first: a VM configuration, a file of modprobe.d, or mapping/pci.cfg.',
    );
    return;
  }
  const edit = await editFor(server, editor.document, editor.selection.active, addresses);
  if (edit.size === 0) {
    void vscode.window.showInformationMessage('Nothing to add: the file has the device already, or cannot hold one.');
    return;
  }
  await vscode.workspace.applyEdit(edit);
}

async function editFor(
  server: Server,
  document: vscode.TextDocument,
  position: vscode.Position,
  addresses: readonly string[],
): Promise<vscode.WorkspaceEdit> {
  const client = await server.start();
  const uri = document.uri.toString();
  const at = { line: position.line, character: position.character };
  const edits = await client.sendRequest(protocol.takeDevices, { uri, position: at, addresses });
  const edit = new vscode.WorkspaceEdit();
  edit.set(document.uri, await client.protocol2CodeConverter.asTextEdits([...edits]));
  return edit;
}

function readAddresses(text: string): readonly string[] {
  try {
    const sent: unknown = JSON.parse(text);
    return Array.isArray(sent) ? sent.filter(one => typeof one === 'string') : [];
  } catch {
    return [];
  }
}
