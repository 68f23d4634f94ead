import * as vscode from 'vscode';
import type { TreeRow, TreeSort } from '../../server/protocol.ts';
import * as protocol from '../../server/protocol.ts';
import type { Server } from '../languageClient.ts';
import { devicesMime } from './dropDevices.ts';
import { takenOf } from './taken.ts';
import { treeItem } from './treeItem.ts';
import { tellWorkspace } from './workspaceSites.ts';

/** Draws the rows that the server gives; what they mean is decided there. */
export class DeviceView
  implements vscode.TreeDataProvider<TreeRow>, vscode.TreeDragAndDropController<TreeRow>, vscode.Disposable
{
  /** Nothing besides: VS Code would offer to write plain text into the file instead. */
  readonly dragMimeTypes = [devicesMime];
  readonly dropMimeTypes: readonly string[] = [];
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly used = new vscode.EventEmitter<void>();
  /** Somebody chose a row, or drags it. */
  readonly onDidUse = this.used.event;
  private readonly view: vscode.TreeView<TreeRow>;
  private readonly parents = new Map<string, TreeRow>();
  private subscribed: Promise<void> | undefined;
  private sort: TreeSort;
  private filter = '';
  /** The rows that are drawn, and the same as text: what has not changed need not be drawn again. */
  private drawn: readonly TreeRow[] | undefined;
  private drawnText = '';
  private redraw: NodeJS.Timeout | undefined;
  private quietUntil = 0;

  constructor(
    private readonly server: Server,
    private readonly memory: vscode.Memento,
  ) {
    this.sort = sortOf(memory.get('sort'));
    this.view = vscode.window.createTreeView('hostpci.devices', {
      treeDataProvider: this,
      dragAndDropController: this,
      canSelectMany: true,
      showCollapseAll: true,
    });
    this.view.onDidChangeVisibility(({ visible }) => visible && this.subscribed && this.refreshSoon());
    this.view.onDidChangeSelection(({ selection }) => selection.length > 0 && this.used.fire());
    this.tellSort();
  }

  dispose(): void {
    clearTimeout(this.redraw);
    this.view.dispose();
    this.changed.dispose();
    this.used.dispose();
  }

  /** The rows below one, or the hosts. */
  async getChildren(row?: TreeRow): Promise<TreeRow[]> {
    if (row) return [...(row.children ?? [])];
    this.subscribed ??= this.subscribe();
    await this.subscribed;
    const rows = this.drawn ?? (await this.fetch());
    this.drawn = undefined;
    this.parents.clear();
    for (const one of rows) this.remember(one);
    this.tellAlarms(rows);
    this.tellFilter(rows);
    return [...rows];
  }

  getParent(row: TreeRow): TreeRow | undefined {
    return this.parents.get(row.id);
  }

  getTreeItem(row: TreeRow): vscode.TreeItem {
    return treeItem(row, this.filter);
  }

  /** Cards are made when the mouse rests on a row, not for hundreds of rows that nobody looks at. */
  async resolveTreeItem(item: vscode.TreeItem, row: TreeRow): Promise<vscode.TreeItem> {
    const { host, address, group } = row;
    if (item.tooltip !== undefined || host === undefined || (address ?? group) === undefined) return item;
    const client = await this.server.start();
    const card = await client.sendRequest(protocol.deviceCard, { host, address, group });
    if (card !== null) item.tooltip = new vscode.MarkdownString(card, true);
    return item;
  }

  handleDrag(rows: readonly TreeRow[], data: vscode.DataTransfer): void {
    this.used.fire();
    this.quietUntil = Date.now() + longestDrag;
    const taken = takenOf(rows);
    if (taken) data.set(devicesMime, new vscode.DataTransferItem(JSON.stringify(taken)));
  }

  /** What was dragged has arrived. */
  dropped(): void {
    this.quietUntil = 0;
  }

  arrange(sort: TreeSort): void {
    this.sort = sort;
    void this.memory.update('sort', sort);
    this.tellSort();
    this.draw();
  }

  /** What is searched for; '' where all devices are shown. */
  get searched(): string {
    return this.filter;
  }

  /** Shows the devices of which every word is known: of names, addresses, ids, drivers, groups, guests. '' shows all. */
  search(text: string): void {
    if (text === this.filter) return;
    this.filter = text;
    void vscode.commands.executeCommand('setContext', 'hostpci.filtered', text !== '');
    this.draw();
  }

  /**
   * The rows that a command is for: the selection when the row is part of it, else the row alone. While rows are drawn
   * anew VS Code knows of no selection for a moment, so that a key that is pressed then has to wait.
   */
  async chosen(row: TreeRow | undefined, rows: readonly TreeRow[] | undefined): Promise<readonly TreeRow[]> {
    if (rows && rows.length > 0) return rows;
    if (row) return [row];
    for (let tries = 0; tries < 10 && this.view.selection.length === 0; tries++) {
      await new Promise(resolve => setTimeout(resolve, 50));
    }
    return this.view.selection;
  }

  /** Puts the focus on a row, and opens what it is in. */
  reveal(row: TreeRow): Thenable<void> {
    return this.view.reveal(row, { focus: true, select: true });
  }

  /** Reads the files and snapshots of the workspace anew. */
  async reload(): Promise<void> {
    await tellWorkspace(await this.server.startWithWorkspace());
    this.draw();
  }

  private async subscribe(): Promise<void> {
    this.server.onDidChange(() => this.refreshSoon());
    await this.server.startWithWorkspace();
  }

  private async fetch(): Promise<readonly TreeRow[]> {
    const client = await this.server.start();
    const rows = await client.sendRequest(protocol.deviceTree, { sort: this.sort, filter: this.filter });
    this.drawnText = JSON.stringify(rows);
    return rows;
  }

  private draw(): void {
    this.drawn = undefined;
    this.changed.fire();
  }

  /**
   * While somebody types, one look after a pause is enough, and none while nobody sees it. A row that is dragged stays, for
   * the drag would end with it.
   */
  private refreshSoon(): void {
    clearTimeout(this.redraw);
    const wait = Math.max(300, this.quietUntil - Date.now());
    if (this.view.visible) this.redraw = setTimeout(() => void this.refresh(), wait);
  }

  /** Draws only what is not on the screen already: most keys that are typed into a file change no row. */
  private async refresh(): Promise<void> {
    const { sort, filter, drawnText } = this;
    const rows = await this.fetch();
    if (this.drawnText === drawnText || this.sort !== sort || this.filter !== filter) return;
    this.drawn = rows;
    this.changed.fire();
  }

  private tellSort(): void {
    this.view.description = sortNames[this.sort];
    void vscode.commands.executeCommand('setContext', 'hostpci.sort', this.sort);
  }

  private tellFilter(rows: readonly TreeRow[]): void {
    // Without rows VS Code shows the view's welcome text, but only where there is no message.
    const isTold = this.filter !== '' && rows.length > 0;
    this.view.message = isTold ? `Only devices that match "${this.filter}".` : '';
  }

  private tellAlarms(rows: readonly TreeRow[]): void {
    const alarms = rows.flatMap(row => row.alarms ?? []);
    if (this.filter !== '') return;
    this.view.badge = alarms.length === 0 ? undefined : { value: alarms.length, tooltip: alarms.join('\n') };
  }

  private remember(row: TreeRow): void {
    for (const child of row.children ?? []) {
      this.parents.set(child.id, row);
      this.remember(child);
    }
  }
}

/** Milliseconds after which a drag that has come to nothing is over for us; VS Code does not tell. */
const longestDrag = 4000;

const sortNames: Readonly<Record<TreeSort, string>> = { group: 'by IOMMU group', class: 'by class', use: 'by use' };

const sortOf = (kept: unknown): TreeSort => (kept === 'class' || kept === 'use' ? kept : 'group');
