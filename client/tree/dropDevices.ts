import * as vscode from 'vscode';
import * as protocol from '../../server/protocol.ts';
import { handles, type Server, selector } from '../languageClient.ts';
import { readTaken, type Taken } from './taken.ts';

/** What a dragged device carries; only our own editors' drop understands it. */
export const devicesMime = 'application/vnd.hostpci.devices';

const nothingToAdd =
  'Nothing to add: the file has these devices already, belongs to another host, or is of a kind that holds no devices.';

/** Drops devices of the tree into an open file: the server says which lines that makes. */
export function registerDrop(server: Server, onDrop: () => void): vscode.Disposable {
  return vscode.languages.registerDocumentDropEditProvider(selector, {
    async provideDocumentDropEdits(document, position, dataTransfer) {
      const item = dataTransfer.get(devicesMime);
      const taken = item && readTaken(await item.asString());
      if (!taken) return undefined;
      onDrop();
      // Even where there is nothing to add: without an edit of ours VS Code would write the bare addresses.
      const edit = new vscode.DocumentDropEdit('');
      const edits = await editsFor(server, document, position, taken);
      if (edits.length === 0) void vscode.window.showInformationMessage(nothingToAdd);
      edit.additionalEdit = new vscode.WorkspaceEdit();
      edit.additionalEdit.set(document.uri, [...edits]);
      return edit;
    },
  });
}

/** Writes devices into the file in front, at the cursor; where none of ours is in front, asks into which. */
export async function insertDevices(server: Server, taken: Taken | undefined): Promise<void> {
  if (!taken) return;
  const editor = vscode.window.activeTextEditor;
  if (editor && handles(editor.document))
    return insertInto(server, editor.document, editor.selection.active, taken, true);
  const uri = await pickFile(server, taken.host, 'any', 'Insert into which file?');
  if (uri === 'none') {
    void vscode.window.showInformationMessage(
      'Open the file that should take the device first: a guest’s configuration, a file of modprobe.d, or mapping/pci.cfg.',
    );
  } else if (uri) {
    const document = await vscode.workspace.openTextDocument(uri);
    await insertInto(server, document, document.lineAt(document.lineCount - 1).range.end, taken, true);
  }
}

/** Writes devices into a document, which stays unsaved, and selects the first new line. The focus may stay in the tree. */
export async function insertInto(
  server: Server,
  document: vscode.TextDocument,
  position: vscode.Position,
  taken: Taken,
  preserveFocus: boolean,
): Promise<void> {
  const editor = await vscode.window.showTextDocument(document, { preview: false, preserveFocus: true });
  const edits = await editsFor(server, document, position, taken);
  if (edits.length === 0) {
    void vscode.window.showInformationMessage(nothingToAdd);
    return;
  }
  const edit = new vscode.WorkspaceEdit();
  edit.set(document.uri, [...edits]);
  if (!(await vscode.workspace.applyEdit(edit))) return;
  showInserted(editor, edits);
  // Last of all: what somebody types must find the right words selected.
  if (!preserveFocus) await vscode.window.showTextDocument(document, { preview: false, selection: editor.selection });
}

/** Selects what edits have just written, the first of them where there are several. */
export function showInserted(editor: vscode.TextEditor, edits: readonly vscode.TextEdit[]): void {
  const [first] = [...edits].sort((a, b) => a.range.start.compareTo(b.range.start));
  if (!first) return;
  // Of several lines the first, which is the name of a mapping; of a part of a line that part.
  const start = editor.document.offsetAt(first.range.start) + (/^\n*/.exec(first.newText)?.[0].length ?? 0);
  const text = first.newText.replace(/^\n+/, '').split('\n', 1)[0] ?? '';
  const range = new vscode.Range(editor.document.positionAt(start), editor.document.positionAt(start + text.length));
  editor.selection = new vscode.Selection(range.start, range.end);
  editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  const line = editor.document.lineAt(range.start.line);
  const name = editor.document.uri.path.split('/').at(-1);
  vscode.window.setStatusBarMessage(`$(check) ${name}: ${line.text.trim()}`, 5000);
}

/** A file of a host, asked for where there are several; `none` where there is none, `undefined` where nobody chose. */
export async function pickFile(
  server: Server,
  host: string,
  task: protocol.DeviceTask,
  title: string,
): Promise<vscode.Uri | 'none' | undefined> {
  const client = await server.start();
  const { files, absent } = await client.sendRequest(protocol.hostFiles, { host, task });
  const items = [
    ...files.map(({ uri, path, about }) => ({
      label: path,
      description: about,
      uri: vscode.Uri.parse(uri),
      isNew: false,
    })),
    ...absent.map(uri => ({ ...newFile(vscode.Uri.parse(uri)), isNew: true })),
  ];
  if (items.length === 0) return 'none';
  const [only] = items;
  const chosen = items.length === 1 && only && !only.isNew ? only : await vscode.window.showQuickPick(items, { title });
  if (chosen?.isNew) await createFile(chosen.uri);
  return chosen?.uri;
}

const newFile = (uri: vscode.Uri): { label: string; description: string; uri: vscode.Uri } => ({
  label: `$(new-file) Create ${uri.path.slice(uri.path.lastIndexOf('/etc/'))}`,
  description: vscode.workspace.asRelativePath(uri),
  uri,
});

async function createFile(uri: vscode.Uri): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  edit.createFile(uri, { ignoreIfExists: true });
  await vscode.workspace.applyEdit(edit);
}

async function editsFor(
  server: Server,
  document: vscode.TextDocument,
  position: vscode.Position,
  { host, devices }: Taken,
): Promise<readonly vscode.TextEdit[]> {
  const client = await server.start();
  const uri = document.uri.toString();
  const at = { line: position.line, character: position.character };
  const edits = await client.sendRequest(protocol.takeDevices, { uri, position: at, addresses: devices, host });
  return client.protocol2CodeConverter.asTextEdits([...edits]);
}
