import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { TreeRow } from '../../../server/protocol.ts';
import { activate, openFile, revertAll, siteFiles, until } from './support.ts';

const command = vscode.commands.executeCommand;

suite('preparing a device', () => {
  teardown(async () => {
    await command('notifications.clearAll');
    await command('workbench.action.closeQuickOpen');
    await revertAll();
  });

  test('a plan over two files is previewed, applied, and taken back by one undo', async () => {
    await letGoOfTheCard();
    const { document } = await openFile('**/qemu-server/*.conf', /^name: docker/m);
    const [uri] = await siteFiles('**/modprobe.d/vfio.conf');
    const vfio = await vscode.workspace.openTextDocument(uri as vscode.Uri);
    const before = [document.getText(), vfio.getText()];
    const done = command('hostpci.prepareDevice', await deviceRow('0000:01:00.0'));
    await until('the preview to be applied', async () => {
      await command('workbench.action.acceptSelectedQuickOpenItem');
      assert.deepEqual(
        [document.getText(), vfio.getText()].filter((text, index) => text !== before[index] && !isPlanned(text)),
        [],
      );
      await command('refactorPreview.apply');
      return isPlanned(document.getText()) && isPlanned(vfio.getText());
    });
    await done;
    const plan = vscode.workspace.textDocuments.find(({ uri: page }) => page.path === '/Plan.md')?.getText() ?? '';
    assert.match(plan, /VM 100[\s\S]*0000:01:00,pcie=1[\s\S]*10de:2291[\s\S]*update-initramfs[\s\S]*VM 103/);
    const { readiness } = await activate();
    await until('the readiness of the VM', () => readiness.shown?.title.includes('VM 100'));
    await vscode.window.showTextDocument(document);
    await command('undo');
    assert.deepEqual([document.getText(), vfio.getText()], before);
    await vscode.workspace.saveAll();
  });

  test('a plan that is discarded leaves every file as it is', async () => {
    const { document } = await openFile('**/qemu-server/*.conf', /^name: docker/m);
    const before = document.getText();
    let isDone = false;
    const done = Promise.resolve(command('hostpci.prepareDevice', await deviceRow('0000:01:00.0'))).then(() => {
      isDone = true;
    });
    await until('the preview to be discarded', async () => {
      await command('workbench.action.acceptSelectedQuickOpenItem');
      await command('refactorPreview.discard');
      return isDone;
    });
    await done;
    assert.equal(document.getText(), before);
    assert.ok(!document.isDirty);
  });

  test('what the host stands on is refused, and nothing is asked', async () => {
    // A modal message cannot be shown while tests run; VS Code throws its first line instead.
    await assert.rejects(
      async () => command('hostpci.prepareDevice', await deviceRow('0000:00:1f.6')),
      /I219-V cannot be given to a VM/,
    );
  });
});

/** What the plan for the GPU writes into the VM and into modprobe.d. */
const isPlanned = (text: string): boolean =>
  /^hostpci\d: 0000:01:00,pcie=1$/m.test(text) || /^options vfio-pci ids=.*10de:2291/m.test(text);

/** The container needs the host's driver of the card; without it vfio-pci has to be there first. */
async function letGoOfTheCard(): Promise<void> {
  const { document } = await openFile('**/lxc/*.conf', /^dev0: /m);
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), 'arch: amd64\n');
  assert.ok(await vscode.workspace.applyEdit(edit));
}

async function deviceRow(address: string): Promise<TreeRow> {
  const { view } = await activate();
  return until(`the row of ${address}`, async () =>
    (await view.getChildren()).flatMap(everyRow).find(row => row.address === address),
  );
}

const everyRow = (row: TreeRow): readonly TreeRow[] => [row, ...(row.children ?? []).flatMap(everyRow)];
