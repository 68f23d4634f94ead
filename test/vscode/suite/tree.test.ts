import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { TreeRow } from '../../../server/protocol.ts';
import { activate, extension, openFile, revertAll, siteFiles, until } from './support.ts';

const wifi = '0000:04:00.0';

suite('working with the device tree', () => {
  teardown(async () => {
    await revertAll();
    const { view } = await activate();
    view.search('');
    view.arrange('group');
  });

  test('the files of the workspace tell who uses what, before any of them is open', async () => {
    await rowOf('0000:01:00.0', row => /VM \d+/.test(row.description ?? ''));
  });

  test('every row has an icon and can be heard; cards are made when they are wanted', async () => {
    const { view } = await activate();
    for (const sort of ['group', 'class', 'use'] as const) {
      view.arrange(sort);
      for (const row of (await view.getChildren()).flatMap(everyRow)) {
        const item = view.getTreeItem(row);
        assert.ok(item.iconPath instanceof vscode.ThemeIcon, row.id);
        assert.ok((item.accessibilityInformation?.label ?? '').length > 2, row.id);
        assert.ok(row.label.length <= 60, row.label);
      }
    }
    const row = await rowOf(wifi);
    const item = await view.resolveTreeItem(view.getTreeItem(row), row);
    assert.ok(item.tooltip instanceof vscode.MarkdownString);
    assert.match(item.tooltip.value, /Wireless-AC 3168NGW[\s\S]*`0000:04:00\.0`[\s\S]*IOMMU group 13/);
  });

  test('inserts a device into the file in front, unsaved, with the new line selected', async () => {
    const editor = await openFile('**/qemu-server/*.conf', /^machine: q35[\s\S]*^name: docker/m);
    await vscode.commands.executeCommand('hostpci.insertDevice', await rowOf('0000:05:00.0'));
    assert.equal(editor.document.getText(editor.selection), 'hostpci2: 0000:05:00.0,pcie=1');
    assert.ok(editor.document.isDirty);
    await vscode.commands.executeCommand('hostpci.insertDevice', await rowOf('0000:05:00.0'));
    assert.equal(editor.document.getText().match(/0000:05:00/g)?.length, 1, 'a second time it is there already');
    await until('the tree shows the new use', async () =>
      /VM 100/.test((await rowOf('0000:05:00.0')).description ?? ''),
    );
  });

  test('inserts what is selected together, a whole card in its short form', async () => {
    const editor = await openFile('**/qemu-server/*.conf', /^name: docker/m);
    const { view } = await activate();
    const group = (await view.getChildren()).flatMap(everyRow).find(row => row.label === 'Group 2');
    const rows = [group, await rowOf(wifi)];
    await vscode.commands.executeCommand('hostpci.insertDevice', rows[0], rows);
    const lines = editor.document.getText().match(/^hostpci[23]:.*$/gm);
    assert.deepEqual(lines, ['hostpci2: 0000:01:00,pcie=1', 'hostpci3: 0000:04:00.0,pcie=1']);
  });

  test('creates a mapping in the only pci.cfg, its name selected to be typed over', async () => {
    await vscode.commands.executeCommand('hostpci.createMapping', await rowOf(wifi));
    const editor = vscode.window.activeTextEditor;
    assert.match(editor?.document.uri.path ?? '', /etc\/pve\/mapping\/pci\.cfg$/);
    assert.equal(editor?.document.getText(editor.selection), 'nic2');
    assert.match(
      editor?.document.getText() ?? '',
      /\n\nnic2\n\tmap id=8086:24fb,iommugroup=13,node=pve1,path=0000:04:00\.0,/,
    );
    await until('the tree shows the mapping', async () =>
      (await rowOf(wifi)).children?.some(row => row.label === 'mapping nic2'),
    );
  });

  test('the ids of a device go into modprobe.d, into the file of several that is chosen', async () => {
    const done = vscode.commands.executeCommand('hostpci.addIds', await rowOf(wifi));
    await until('the choice', async () => {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      return /etc\/modprobe\.d\//.test(vscode.window.activeTextEditor?.document.uri.path ?? '');
    });
    await done;
    const document = vscode.window.activeTextEditor?.document;
    assert.match(document?.getText() ?? '', /^options vfio-pci ids=\S*,8086:24fb/m);
    assert.ok(document?.isDirty);
  });

  test('copies addresses and ids', async () => {
    const rows = [await rowOf('0000:01:00.0'), await rowOf('0000:01:00.1')];
    await vscode.commands.executeCommand('hostpci.copyAddress', rows[0], rows);
    assert.equal(await vscode.env.clipboard.readText(), '0000:01:00.0\n0000:01:00.1');
    await vscode.commands.executeCommand('hostpci.copyIds', rows[0], rows);
    assert.equal(await vscode.env.clipboard.readText(), '10de:2584,10de:2291');
  });

  test('shows the only use of a device', async () => {
    await vscode.commands.executeCommand('hostpci.revealUses', await rowOf('0000:00:17.0'));
    const editor = vscode.window.activeTextEditor;
    assert.match(editor?.document.lineAt(editor.selection.active).text ?? '', /^hostpci\d+: 0000:00:17\.0/);
  });

  test('opens the snapshot of a host, and the copies of files in it', async () => {
    const { view } = await activate();
    const [host] = await view.getChildren();
    await vscode.commands.executeCommand('hostpci.openSnapshot', host);
    assert.match(vscode.window.activeTextEditor?.document.getText() ?? '', /^hostpci snapshot 1\n/);
    const query = encodeURIComponent(JSON.stringify([host?.id, '/etc/pve/storage.cfg']));
    const kept = await vscode.workspace.openTextDocument(vscode.Uri.parse(`hostpci-file:/pve1/storage.cfg?${query}`));
    assert.match(kept.getText(), /^dir: local\n/);
  });

  test('a snapshot that appears in the workspace becomes a host, and goes with its file', async () => {
    const { view } = await activate();
    const [snapshot] = await siteFiles('**/*.snapshot');
    assert.ok(snapshot);
    const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(snapshot));
    const other = vscode.Uri.joinPath(snapshot, '..', 'pve2.snapshot');
    await vscode.workspace.fs.writeFile(other, new TextEncoder().encode(text.replace('node: pve1', 'node: pve2')));
    await until('two hosts', async () => (await view.getChildren()).length === 2);
    await vscode.workspace.fs.delete(other);
    await until('one host', async () => (await view.getChildren()).length === 1);
  });

  test('every command of the menus and keys is there', async () => {
    const { contributes } = extension().packageJSON as { contributes: Record<string, unknown> };
    const named = JSON.stringify([contributes.menus, contributes.keybindings, contributes.viewsWelcome]);
    const ids = new Set(named.match(/\bhostpci\.[a-zA-Z]+(?=["\\)])/g));
    const known = new Set(await vscode.commands.getCommands(true));
    const contexts = ['devices', 'sort', 'filtered', 'readiness', 'checked'];
    for (const name of contexts) ids.delete(`hostpci.${name}`);
    assert.ok(ids.size > 12, [...ids].join(' '));
    assert.deepEqual(
      [...ids].filter(id => !known.has(id)),
      [],
    );
  });
});

/** The first row of a device, as soon as there is one that is wanted. */
async function rowOf(address: string, isWanted: (row: TreeRow) => boolean = () => true): Promise<TreeRow> {
  const { view } = await activate();
  return until(`a row of ${address}`, async () =>
    (await view.getChildren()).flatMap(everyRow).find(row => row.address === address && isWanted(row)),
  );
}

function everyRow(row: TreeRow): readonly TreeRow[] {
  return [row, ...(row.children ?? []).flatMap(everyRow)];
}
