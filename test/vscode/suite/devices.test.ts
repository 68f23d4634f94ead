import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { TreeRow } from '../../../server/protocol.ts';
import { activate, addressesOfHost, revertAll, until } from './support.ts';

suite('the device tree', () => {
  teardown(revertAll);

  test('shows the host of the snapshot with every function it has', async () => {
    const { view } = await activate();
    await vscode.commands.executeCommand('hostpci.devices.focus');
    const [host, ...others] = await until('a host', async () => {
      const rows = await view.getChildren();
      return rows.length > 0 && rows;
    });
    assert.ok(host);
    assert.deepEqual(others, []);
    const addresses = everyRow(host).flatMap(row => (row.address === undefined ? [] : [row.address]));
    assert.deepEqual([...new Set(addresses)].sort(), [...(await addressesOfHost())].sort());
  });

  test('a row says what the device is, and a claim leads to its line', async () => {
    const { view } = await activate();
    const rows = (await view.getChildren()).flatMap(everyRow);
    const graphics = rows.find(row => row.address === '0000:01:00.0');
    assert.ok(graphics);
    const item = view.getTreeItem(graphics);
    assert.match(`${String(item.label)} ${String(item.description)}`, /NVIDIA|GeForce|Radeon|AMD/);
    const claim = rows.find(row => row.location?.uri.includes('/qemu-server/'));
    assert.ok(claim?.location, 'no VM claims a device');
    await vscode.commands.executeCommand('hostpci.reveal', claim);
    const editor = vscode.window.activeTextEditor;
    assert.equal(editor?.document.languageId, 'pve-vm-conf');
    assert.match(editor.document.lineAt(editor.selection.active).text, /hostpci\d+:/);
  });

  test('can be arranged by class and filtered', async () => {
    const { view } = await activate();
    await vscode.commands.executeCommand('hostpci.arrangeByClass');
    const groups = ((await view.getChildren())[0]?.children ?? []).map(row => row.label);
    await vscode.commands.executeCommand('hostpci.arrangeByGroup');
    const back = ((await view.getChildren())[0]?.children ?? []).map(row => row.label);
    assert.notDeepEqual(groups, back);
    view.search('01:00');
    const found = (await view.getChildren()).flatMap(everyRow).flatMap(row => row.address ?? []);
    await vscode.commands.executeCommand('hostpci.clearFilter');
    assert.ok(found.length > 0 && found.every(address => address.includes('01:00')), found.join(' '));
  });
});

function everyRow(row: TreeRow): readonly TreeRow[] {
  return [row, ...(row.children ?? []).flatMap(everyRow)];
}
