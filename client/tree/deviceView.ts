import * as vscode from 'vscode';
import type { TreeRow, TreeSort } from '../../server/protocol.ts';
import * as protocol from '../../server/protocol.ts';
import type { Server } from '../languageClient.ts';
import { devicesMime } from './dropDevices.ts';

/** Draws the rows that the server gives; what they mean is decided there. */
export class DeviceView
  implements vscode.TreeDataProvider<TreeRow>, vscode.TreeDragAndDropController<TreeRow>, vscode.Disposable
{
  readonly dragMimeTypes = [devicesMime, 'text/plain'];
  readonly dropMimeTypes: readonly string[] = [];
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly view: vscode.TreeView<TreeRow>;
  private readonly parents = new Map<string, TreeRow>();
  private subscribed = false;
  private sort: TreeSort = 'group';
  private filter = '';
  private redraw: NodeJS.Timeout | undefined;

  constructor(private readonly server: Server) {
    this.view = vscode.window.createTreeView('hostpci.devices', {
      treeDataProvider: this,
      dragAndDropController: this,
      canSelectMany: true,
      showCollapseAll: true,
    });
    this.view.onDidChangeVisibility(({ visible }) => visible && this.subscribed && this.changed.fire());
  }

  dispose(): void {
    clearTimeout(this.redraw);
    this.view.dispose();
    this.changed.dispose();
  }

  /** The rows below one, or the hosts. */
  async getChildren(row?: TreeRow): Promise<TreeRow[]> {
    if (row) return [...(row.children ?? [])];
    const client = await this.server.start();
    if (!this.subscribed) {
      this.subscribed = true;
      client.onNotification(protocol.deviceTreeChanged, () => this.redrawSoon());
      await this.sendSnapshots();
    }
    const rows = await client.sendRequest(protocol.deviceTree, { sort: this.sort, filter: this.filter });
    this.parents.clear();
    for (const one of rows) this.remember(one);
    return [...rows];
  }

  getParent(row: TreeRow): TreeRow | undefined {
    return this.parents.get(row.id);
  }

  getTreeItem(row: TreeRow): vscode.TreeItem {
    const { None, Expanded, Collapsed } = vscode.TreeItemCollapsibleState;
    const item = new vscode.TreeItem(row.label, row.children?.length ? (row.open ? Expanded : Collapsed) : None);
    item.id = row.id;
    item.contextValue = row.context;
    if (row.description !== undefined) item.description = row.description;
    if (row.tooltip !== undefined) item.tooltip = new vscode.MarkdownString(row.tooltip, true);
    if (row.icon !== undefined) {
      item.iconPath = new vscode.ThemeIcon(row.icon, row.color ? new vscode.ThemeColor(row.color) : undefined);
    }
    if (row.spoken !== undefined) item.accessibilityInformation = { label: row.spoken };
    if (row.location) item.command = { command: 'hostpci.reveal', title: 'Open', arguments: [row] };
    return item;
  }

  handleDrag(rows: readonly TreeRow[], data: vscode.DataTransfer): void {
    const addresses = addressesOf(rows);
    if (addresses.length === 0) return;
    data.set(devicesMime, new vscode.DataTransferItem(JSON.stringify(addresses)));
    data.set('text/plain', new vscode.DataTransferItem(addresses.join('\n')));
  }

  arrange(sort: TreeSort): void {
    this.sort = sort;
    void vscode.commands.executeCommand('setContext', 'hostpci.sort', sort);
    this.changed.fire();
  }

  /** Shows the devices whose name, address, ids, class or driver contain the text; '' shows all. */
  search(text: string): void {
    this.filter = text;
    this.view.message = text === '' ? '' : `Only devices that match "${text}"`;
    void vscode.commands.executeCommand('setContext', 'hostpci.filtered', text !== '');
    this.changed.fire();
  }

  /** The rows that a menu was opened on: the selection when the row is part of it, else the row alone. */
  chosen(row: TreeRow | undefined, rows: readonly TreeRow[] | undefined): readonly TreeRow[] {
    if (rows && rows.length > 0) return rows;
    return row ? [row] : this.view.selection;
  }

  /** Reads the snapshots that lie in the workspace anew. */
  async reload(): Promise<void> {
    await this.sendSnapshots();
    this.changed.fire();
  }

  /** The server reads snapshots beside open files by itself; these are all others of the workspace. */
  private async sendSnapshots(): Promise<void> {
    const client = await this.server.start();
    for (const uri of await vscode.workspace.findFiles('**/*.snapshot', '**/node_modules/**', 200)) {
      const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
      await client.sendNotification(protocol.snapshot, { uri: uri.toString(), text });
    }
  }

  /** While somebody types, one redraw after a pause is enough, and none while nobody looks. */
  private redrawSoon(): void {
    clearTimeout(this.redraw);
    if (this.view.visible) this.redraw = setTimeout(() => this.changed.fire(), 300);
  }

  private remember(row: TreeRow): void {
    for (const child of row.children ?? []) {
      this.parents.set(child.id, row);
      this.remember(child);
    }
  }
}

/** The functions of rows and of what is below them, each once: a group stands for all its devices. */
export function addressesOf(rows: readonly TreeRow[]): readonly string[] {
  const found = rows.flatMap(row => (row.address === undefined ? addressesOf(row.children ?? []) : [row.address]));
  return [...new Set(found)];
}
