import * as vscode from 'vscode';
import type { TreeRow } from '../../server/protocol.ts';
import type { HostStore } from '../hosts/hostStore.ts';
import type { Server } from '../languageClient.ts';
import { insertInto, pickFile } from '../tree/dropDevices.ts';
import { type Taken, takenOf } from '../tree/taken.ts';

/** "Add Ids to vfio.conf": writes the ids of devices into a file of the host's modprobe.d. */
export async function addIds(server: Server, rows: readonly TreeRow[]): Promise<void> {
  const taken = takenOf(rows);
  if (!taken) return;
  const uri = await pickFile(server, taken.host, 'bind', 'Bind to vfio-pci by which file?');
  if (uri === 'none') await offerLine(rows);
  else if (uri) await writeInto(server, uri, taken);
}

/** "Create Mapping": a new section of the cluster's pci.cfg, its name selected to be typed over. */
export async function createMapping(server: Server, rows: readonly TreeRow[]): Promise<void> {
  const taken = takenOf(rows);
  if (!taken) return;
  const uri = await pickFile(server, taken.host, 'map', 'Add the mapping to which file?');
  if (uri === 'none') void vscode.window.showInformationMessage(noFiles);
  else if (uri) await writeInto(server, uri, taken);
}

const noFiles = 'No files of this host are in the workspace. Open a folder that holds its etc/ first.';

/** Behind the last line: no section and no line that is there is meant. */
async function writeInto(server: Server, uri: vscode.Uri, taken: Taken): Promise<void> {
  const document = await vscode.workspace.openTextDocument(uri);
  await insertInto(server, document, new vscode.Position(document.lineCount + 1, 0), taken, false);
}

async function offerLine(rows: readonly TreeRow[]): Promise<void> {
  const copy = 'Copy Line';
  const ids = idsOf(rows);
  const text = `${noFiles} The line would be: options vfio-pci ids=${ids}`;
  const chosen = await vscode.window.showInformationMessage(text, ...(ids === '' ? [] : [copy]));
  if (chosen === copy) await vscode.env.clipboard.writeText(`options vfio-pci ids=${ids}`);
}

/** Vendor and device ids of rows and of the devices below them, each once, as `ids=` wants them. */
export function idsOf(rows: readonly TreeRow[]): string {
  const ids = (row: TreeRow): readonly string[] =>
    row.address === undefined ? (row.children ?? []).flatMap(ids) : row.dim ? [] : row.ids ? [row.ids] : [];
  return [...new Set(rows.flatMap(row => (row.ids ? [row.ids] : ids(row))))].join(',');
}

/** What `hostpciN` would say: addresses, or what stands behind them. */
export const addressesOf = (rows: readonly TreeRow[]): string =>
  [...new Set(rows.flatMap(row => row.takes ?? row.address ?? takenOf([row])?.devices ?? []))].join('\n');

/** "Show Uses": the lines of guests and mappings that name a device. */
export async function revealUses(rows: readonly TreeRow[]): Promise<void> {
  const uses = rows.flatMap(row => (row.location ? [row] : (row.children ?? []).filter(child => child.location)));
  const items = uses.map(row => ({
    label: `$(${row.icon ?? 'references'}) ${row.label}`,
    description: [row.description, fileName(row)].filter(Boolean).join(' · '),
    row,
  }));
  if (items.length === 0) void vscode.window.showInformationMessage('No guest and no mapping names this device.');
  const chosen = items.length < 2 ? items[0] : await vscode.window.showQuickPick(items, { title: 'Uses' });
  if (chosen) await reveal(chosen.row);
}

const fileName = ({ location }: TreeRow): string | undefined => location?.uri.split('?')[0]?.split('/').at(-1);

/** Opens the line that a row leads to. */
export async function reveal(row: TreeRow): Promise<void> {
  if (!row.location) return;
  const { uri, line, column } = row.location;
  const at = new vscode.Position(line, column);
  await vscode.window.showTextDocument(vscode.Uri.parse(uri), { selection: new vscode.Range(at, at) });
}

/** The text that a host printed, or the file of the workspace that its rows are from. */
export async function openSnapshot(store: HostStore, row: TreeRow | undefined): Promise<void> {
  if (!row) return;
  const uri = row.hostName === undefined ? vscode.Uri.parse(row.id) : vscode.Uri.file(store.file(row.hostName));
  await vscode.window.showTextDocument(uri);
}

/** What runs on a host, to read or to carry there by hand. */
export async function showCollector(extension: vscode.Uri): Promise<void> {
  await vscode.window.showTextDocument(vscode.Uri.joinPath(extension, 'dist', 'collect.sh'));
}

export async function compareSnapshots(store: HostStore, name: string | undefined): Promise<void> {
  if (name === undefined) return;
  if ((await store.previous(name)) === undefined) {
    void vscode.window.showInformationMessage(`${name} was asked only once so far; there is nothing to compare with.`);
    return;
  }
  const title = `${name}: previous ↔ last`;
  const [previous, last] = [store.previousFile(name), store.file(name)].map(file => vscode.Uri.file(file));
  await vscode.commands.executeCommand('vscode.diff', previous, last, title);
}
