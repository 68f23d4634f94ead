import * as vscode from 'vscode';
import type { TreeRow, TreeSort } from '../../server/protocol.ts';
import type { HostStore } from '../hosts/hostStore.ts';
import type { Refresher } from '../hosts/refresh.ts';
import type { Server } from '../languageClient.ts';
import { addressesOf, type DeviceView } from '../tree/deviceView.ts';
import { insertDevices } from '../tree/dropDevices.ts';
import { acceptChangesCommand, addHostCommand, refreshHosts, removeHostCommand } from './hostCommands.ts';

/** What the commands work on. */
export interface Parts {
  readonly server: Server;
  readonly view: DeviceView;
  readonly store: HostStore;
  readonly refresher: Refresher;
}

/** All commands of package.json, each one expression. */
export function registerCommands({ server, view, store, refresher }: Parts): readonly vscode.Disposable[] {
  const command = vscode.commands.registerCommand;
  const arrange = (name: string, sort: TreeSort): vscode.Disposable => command(name, () => view.arrange(sort));
  const addresses = (row?: TreeRow, rows?: readonly TreeRow[]) => addressesOf(view.chosen(row, rows));
  return [
    arrange('hostpci.arrangeByGroup', 'group'),
    arrange('hostpci.arrangeByClass', 'class'),
    arrange('hostpci.arrangeByUse', 'use'),
    command('hostpci.filterDevices', () => askForFilter(view)),
    command('hostpci.clearFilter', () => view.search('')),
    command('hostpci.addHost', () => addHostCommand(refresher)),
    command('hostpci.removeHost', (row?: TreeRow) => removeHostCommand(refresher, row?.hostName)),
    command('hostpci.refreshHost', (row?: TreeRow) => refreshHosts(refresher, row?.hostName)),
    command('hostpci.acceptChanges', (row?: TreeRow) => acceptChangesCommand(refresher, row?.hostName)),
    command('hostpci.refreshAll', () => refreshHosts(refresher)),
    command('hostpci.reloadSnapshots', () => view.reload()),
    command(
      'hostpci.openSnapshot',
      (row?: TreeRow) => row?.hostName && vscode.window.showTextDocument(vscode.Uri.file(store.file(row.hostName))),
    ),
    command('hostpci.compareSnapshots', (row?: TreeRow) => row?.hostName && compare(store, row.hostName)),
    command('hostpci.insertDevice', (row?: TreeRow, rows?: TreeRow[]) => insertDevices(server, addresses(row, rows))),
    command('hostpci.copyAddress', (row?: TreeRow, rows?: TreeRow[]) =>
      vscode.env.clipboard.writeText(addresses(row, rows).join('\n')),
    ),
    command('hostpci.copyIds', (row?: TreeRow, rows?: TreeRow[]) =>
      vscode.env.clipboard.writeText(
        view
          .chosen(row, rows)
          .flatMap(one => one.ids ?? [])
          .join(','),
      ),
    ),
    command('hostpci.reveal', (row?: TreeRow) => row && reveal(row)),
    command('hostpci.restartServer', async () => (await server.start()).restart()),
  ];
}

async function askForFilter(view: DeviceView): Promise<void> {
  const text = await vscode.window.showInputBox({
    title: 'Filter devices',
    prompt: 'Part of a name, address, id, class or driver. Leave empty to see all.',
  });
  if (text !== undefined) view.search(text);
}

async function compare(store: HostStore, name: string): Promise<void> {
  if ((await store.previous(name)) === undefined) {
    void vscode.window.showInformationMessage(`${name} was asked only once so far; there is nothing to compare with.`);
    return;
  }
  const title = `${name}: previous ↔ last`;
  const [previous, last] = [store.previousFile(name), store.file(name)].map(file => vscode.Uri.file(file));
  await vscode.commands.executeCommand('vscode.diff', previous, last, title);
}

async function reveal(row: TreeRow): Promise<void> {
  if (!row.location) return;
  const { uri, line, column } = row.location;
  const at = new vscode.Position(line, column);
  await vscode.window.showTextDocument(vscode.Uri.parse(uri), { selection: new vscode.Range(at, at) });
}
