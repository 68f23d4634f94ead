import * as vscode from 'vscode';
import type { TreeRow, TreeSort } from '../../server/protocol.ts';
import { explainMessage, explainTerminal } from '../explain/explainMessage.ts';
import type { HostStore } from '../hosts/hostStore.ts';
import type { Refresher } from '../hosts/refresh.ts';
import type { Server } from '../languageClient.ts';
import type { MarkdownPages } from '../markdownPages.ts';
import { prepareDevice } from '../prepare/prepareDevice.ts';
import {
  applyFix,
  checkOther,
  checkPassthrough,
  copyCommand,
  copyReport,
  openReport,
  revealStep,
} from '../readiness/readinessCommands.ts';
import type { ReadinessRow } from '../readiness/readinessRows.ts';
import type { ReadinessView } from '../readiness/readinessView.ts';
import type { DeviceView } from '../tree/deviceView.ts';
import { insertDevices } from '../tree/dropDevices.ts';
import { takenOf } from '../tree/taken.ts';
import {
  addIds,
  addressesOf,
  compareSnapshots,
  createMapping,
  idsOf,
  openSnapshot,
  reveal,
  revealUses,
  showCollector,
} from './deviceCommands.ts';
import { filterDevices } from './filterDevices.ts';
import { acceptChangesCommand, addHostCommand, refreshHosts, removeHostCommand } from './hostCommands.ts';
import { importListing } from './importListing.ts';

/** What the commands work on. */
export interface Parts {
  readonly server: Server;
  readonly view: DeviceView;
  readonly readiness: ReadinessView;
  readonly pages: MarkdownPages;
  readonly store: HostStore;
  readonly refresher: Refresher;
  /** The folder of the extension itself. */
  readonly extension: vscode.Uri;
}

/** All commands of package.json, each one expression. */
export function registerCommands(parts: Parts): readonly vscode.Disposable[] {
  const { server, view, store, refresher, extension } = parts;
  const command = vscode.commands.registerCommand;
  const arrange = (name: string, sort: TreeSort): vscode.Disposable => command(name, () => view.arrange(sort));
  const onRows = (name: string, act: (rows: readonly TreeRow[]) => unknown): vscode.Disposable =>
    command(name, async (row?: TreeRow, rows?: readonly TreeRow[]) => act(await view.chosen(row, rows)));
  return [
    arrange('hostpci.arrangeByGroup', 'group'),
    arrange('hostpci.arrangeByClass', 'class'),
    arrange('hostpci.arrangeByUse', 'use'),
    command('hostpci.filterDevices', () => filterDevices(view)),
    command('hostpci.clearFilter', () => view.search('')),
    command('hostpci.addHost', () => addHostCommand(refresher)),
    command('hostpci.removeHost', (row?: TreeRow) => removeHostCommand(refresher, row?.hostName)),
    command('hostpci.refreshHost', (row?: TreeRow) => refreshHosts(refresher, row?.hostName)),
    command('hostpci.acceptChanges', (row?: TreeRow) => acceptChangesCommand(refresher, row?.hostName)),
    command('hostpci.refreshAll', () => refreshHosts(refresher)),
    command('hostpci.reloadSnapshots', () => view.reload()),
    command('hostpci.importListing', importListing),
    command('hostpci.openSnapshot', (row?: TreeRow) => openSnapshot(store, row)),
    command('hostpci.compareSnapshots', (row?: TreeRow) => compareSnapshots(store, row?.hostName)),
    onRows('hostpci.insertDevice', rows => insertDevices(server, takenOf(rows))),
    onRows('hostpci.addIds', rows => addIds(server, rows)),
    onRows('hostpci.createMapping', rows => createMapping(server, rows)),
    onRows('hostpci.copyAddress', rows => vscode.env.clipboard.writeText(addressesOf(rows))),
    onRows('hostpci.copyIds', rows => vscode.env.clipboard.writeText(idsOf(rows))),
    onRows('hostpci.revealUses', revealUses),
    command('hostpci.reveal', (row?: TreeRow) => row && reveal(row)),
    command('hostpci.showCollector', () => showCollector(extension)),
    command('hostpci.restartServer', async () => (await server.start()).restart()),
    ...passthroughCommands(parts),
  ];
}

/** Those of the readiness view, of plans and of explanations. */
function passthroughCommands({ server, readiness, pages }: Parts): readonly vscode.Disposable[] {
  const command = vscode.commands.registerCommand;
  const onRow = (name: string, act: (row: ReadinessRow | undefined) => unknown): vscode.Disposable =>
    command(name, (row?: ReadinessRow) => act(row));
  return [
    command('hostpci.checkPassthrough', (target?: unknown) => checkPassthrough(server, readiness, target)),
    command('hostpci.checkOther', () => checkOther(server, readiness)),
    command('hostpci.checkAgain', () => readiness.checkAgain()),
    command('hostpci.copyReport', () => copyReport(readiness)),
    command('hostpci.openReport', () => openReport(readiness)),
    onRow('hostpci.applyFix', row => applyFix(server, readiness, row)),
    onRow('hostpci.revealStep', row => revealStep(server, row)),
    onRow('hostpci.copyCommand', copyCommand),
    command('hostpci.prepareDevice', (row?: TreeRow, rows?: readonly TreeRow[]) =>
      prepareDevice({ server, readiness, pages }, rows && rows.length > 0 ? rows : row ? [row] : []),
    ),
    command('hostpci.explain', () => explainMessage(server, pages)),
    command('hostpci.explainTerminal', () => explainTerminal(server, pages)),
  ];
}
