import * as vscode from 'vscode';
import type { ReadinessView as Answer, Subject } from '../../server/protocol.ts';
import * as protocol from '../../server/protocol.ts';
import type { Server } from '../languageClient.ts';
import { keyOf, type ReadinessRow, readinessRows } from './readinessRows.ts';
import { subjectOf } from './subjects.ts';

/** Draws how far a VM, a device or a host is ready for passthrough, and keeps that up to date while it is seen. */
export class ReadinessView implements vscode.TreeDataProvider<ReadinessRow>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly view: vscode.TreeView<ReadinessRow>;
  private readonly listening: vscode.Disposable[] = [];
  private readonly parents = new Map<string, ReadinessRow>();
  private readonly known = new Map<string, ReadinessRow>();
  private subject: Subject | undefined;
  private answer: Answer | undefined;
  private rows: readonly ReadinessRow[] = [];
  /** The answer that is drawn, as text: what has not changed need not be drawn again. */
  private drawnText = '';
  private redraw: NodeJS.Timeout | undefined;
  private isStale = false;
  /** Those who wait for the view to ask for its rows. */
  private readonly loading: (() => void)[] = [];

  constructor(
    private readonly server: Server,
    private readonly memory: vscode.Memento,
  ) {
    this.subject = subjectOf(memory.get('checked'));
    if (this.subject) void tell('hostpci.readiness', true);
    this.view = vscode.window.createTreeView('hostpci.readiness', { treeDataProvider: this, showCollapseAll: true });
    this.view.onDidChangeVisibility(({ visible }) => visible && this.isStale && this.refreshSoon());
  }

  dispose(): void {
    clearTimeout(this.redraw);
    for (const one of this.listening) one.dispose();
    this.view.dispose();
    this.changed.dispose();
  }

  async getChildren(row?: ReadinessRow): Promise<ReadinessRow[]> {
    if (!row && this.subject && !this.answer) await this.recall(this.subject);
    if (!row) for (const go of this.loading.splice(0)) go();
    return [...(row ? (row.children ?? []) : this.rows)];
  }

  getParent(row: ReadinessRow): ReadinessRow | undefined {
    return this.parents.get(row.id);
  }

  getTreeItem(row: ReadinessRow): vscode.TreeItem {
    const { None, Expanded, Collapsed } = vscode.TreeItemCollapsibleState;
    const item = new vscode.TreeItem(row.label, row.children?.length ? (row.open ? Expanded : Collapsed) : None);
    item.id = row.id;
    item.contextValue = row.context;
    if (row.description !== undefined) item.description = row.description;
    // Without one VS Code shows the label, where words may be missing for want of room.
    item.tooltip = row.tooltip ?? row.label;
    item.iconPath = new vscode.ThemeIcon(row.icon, row.color ? new vscode.ThemeColor(row.color) : undefined);
    item.accessibilityInformation = { label: row.spoken };
    if (row.location || row.url || row.context === 'fix') {
      item.command = { command: 'hostpci.revealStep', title: 'Open', arguments: [row] };
    }
    return item;
  }

  /** What is shown now. */
  get shown(): Answer | undefined {
    return this.answer;
  }

  /** Asks for a subject and shows what is known of it, with the focus on what it comes to. False: there is no such thing. */
  async show(subject: Subject, preserveFocus = false): Promise<boolean> {
    const answer = await vscode.window.withProgress({ location: { viewId: 'hostpci.readiness' } }, () =>
      this.ask(subject),
    );
    if (!answer) return false;
    this.subject = subject;
    void this.memory.update('checked', subject);
    if (this.draw(answer)) this.changed.fire();
    await tell('hostpci.readiness', true);
    await this.revealFirst(!preserveFocus);
    return true;
  }

  /**
   * A view that is not open yet is opened before a row is looked for: asked for a row at once, VS Code would load all rows a
   * second time and lose those below open ones.
   */
  private async revealFirst(focus: boolean): Promise<void> {
    if (!this.view.visible) {
      const loading = new Promise<void>(resolve => this.loading.push(resolve));
      await vscode.commands.executeCommand('hostpci.readiness.focus', { preserveFocus: !focus });
      await Promise.race([loading, wait(longestOpening)]);
      await wait(settling);
    }
    // While rows are drawn anew VS Code throws, for it knows the row no more.
    for (let tries = 0; tries < mostTries; tries++) {
      const [first] = this.rows;
      if (!first) return;
      try {
        return await this.view.reveal(first, { focus, select: true });
      } catch {
        await wait(settling);
      }
    }
  }

  /** Asks again for what is shown. */
  async checkAgain(): Promise<void> {
    if (this.subject) await this.show(this.subject);
  }

  /** A row as it is now, after keys that may have been typed since it was drawn; `undefined`: it is not there any more. */
  async current(row: ReadinessRow): Promise<ReadinessRow | undefined> {
    await this.refresh();
    return this.known.get(row.id);
  }

  private async ask(subject: Subject): Promise<Answer | null> {
    const client = await this.server.startWithWorkspace();
    return client.sendRequest(protocol.readiness, subject);
  }

  /** What was shown when the window was closed. */
  private async recall(subject: Subject): Promise<void> {
    const answer = await this.ask(subject);
    if (answer) this.draw(answer);
    else this.forget();
  }

  /** Makes the rows of an answer; false where they are those that are there already. */
  private draw(answer: Answer): boolean {
    if (this.listening.length === 0) this.listening.push(this.server.onDidChange(() => this.refreshSoon()));
    const text = JSON.stringify(answer);
    if (text === this.drawnText) return false;
    this.drawnText = text;
    this.answer = answer;
    this.rows = readinessRows(answer);
    this.parents.clear();
    this.known.clear();
    for (const row of this.rows) this.remember(row);
    this.view.description = answer.title;
    void tell('hostpci.checked', true);
    return true;
  }

  /** While somebody types, one look after a pause is enough, and none while nobody sees it. */
  private refreshSoon(): void {
    clearTimeout(this.redraw);
    this.isStale = true;
    if (this.view.visible) this.redraw = setTimeout(() => void this.refresh(), pause);
  }

  private async refresh(): Promise<void> {
    const { subject } = this;
    if (!subject) return;
    this.isStale = false;
    const answer = await this.ask(subject);
    if (this.subject === undefined || keyOf(this.subject) !== keyOf(subject)) return;
    if (!answer) this.forget();
    if (!answer || this.draw(answer)) this.changed.fire();
  }

  /** The file or the device is gone. */
  private forget(): void {
    this.subject = undefined;
    this.answer = undefined;
    this.rows = [];
    this.drawnText = '';
    this.view.description = '';
    void this.memory.update('checked', undefined);
    void tell('hostpci.checked', false);
  }

  private remember(row: ReadinessRow): void {
    this.known.set(row.id, row);
    for (const child of row.children ?? []) {
      this.parents.set(child.id, row);
      this.remember(child);
    }
  }
}

/** Milliseconds after the last change before the server is asked. */
const pause = 300;
/** Milliseconds until an opening view has its rows and its height, and after which nobody waits for that any more. */
const settling = 150;
const longestOpening = 3000;
const mostTries = 5;

const wait = (milliseconds: number): Promise<void> => new Promise(resolve => setTimeout(resolve, milliseconds));

const tell = (key: string, value: boolean): Thenable<unknown> =>
  vscode.commands.executeCommand('setContext', key, value);
