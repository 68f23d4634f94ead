import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { ReadinessRow } from '../../../client/readiness/readinessRows.ts';
import type { TreeRow } from '../../../server/protocol.ts';
import { activate, append, openFile, revertAll, until } from './support.ts';

const command = vscode.commands.executeCommand;

suite('checking passthrough', () => {
  teardown(revertAll);

  test('of the VM in front: every stage and step with icon, evidence and words to be heard', async () => {
    const { document } = await openFile('**/qemu-server/*.conf', /^name: win11/m);
    await command('hostpci.checkPassthrough');
    const { readiness } = await activate();
    const { shown } = readiness;
    assert.deepEqual(shown?.subject, { kind: 'guest', uri: document.uri.toString() });
    assert.match(shown?.title ?? '', /VM 101/);
    assert.equal(shown?.state, 'failed');
    const rows = await everyRow();
    assert.ok(rows.filter(row => row.context === 'stage').length >= 4);
    for (const row of rows) {
      const item = readiness.getTreeItem(row);
      assert.ok(item.iconPath instanceof vscode.ThemeIcon, row.id);
      assert.ok((item.accessibilityInformation?.label ?? '').length > 2, row.id);
      assert.ok(!row.context.startsWith('step') || row.children?.length || /apply/.test(row.spoken), row.id);
    }
    assert.equal(new Set(rows.map(row => row.id)).size, rows.length);
    const failed = rows.filter(row => row.context === 'stage' && row.icon === 'error');
    assert.ok(failed.length > 0 && failed.every(row => row.open));
    assert.ok(rows.filter(row => row.context === 'stage' && row.icon === 'pass').every(row => !row.open));
  });

  test('evidence leads to its line', async () => {
    await check(/^name: win11/m);
    const row = (await everyRow()).find(one => one.location?.uri.endsWith('101.conf') && one.location.range);
    assert.ok(row?.location?.range);
    await command('hostpci.revealStep', row);
    const editor = vscode.window.activeTextEditor;
    assert.equal(editor?.document.uri.toString(), row.location.uri);
    assert.equal(editor?.selection.start.line, row.location.range.start.line);
  });

  test('a fix changes the file, and the step passes by itself', async () => {
    const editor = await check(/^name: win11/m);
    const fixes = (await everyRow()).filter(one => one.context === 'fix');
    const fix = fixes.find(one => /q35/.test(one.label));
    assert.ok(fix, fixes.map(one => one.label).join(' · '));
    const step = (await everyRow()).find(
      one => one.context === 'step.fix' && one.children?.some(({ id }) => id === fix.id),
    );
    assert.ok(step);
    await command('hostpci.applyFix', fix);
    assert.match(editor.document.getText(), /^machine: .*q35/m);
    await until('the step to pass', async () =>
      (await everyRow()).some(one => one.id === step.id && !one.children?.some(({ id }) => id === fix.id)),
    );
    const after = editor.document.getText();
    await command('hostpci.applyFix', fix);
    assert.equal(editor.document.getText(), after, 'a second time there is nothing to do');
  });

  test('what is typed is checked without being asked, and rows keep their ids', async () => {
    const editor = await check(/^name: docker/m);
    const before = (await everyRow()).map(row => row.id);
    await append(editor, '');
    await editor.edit(edit => edit.insert(new vscode.Position(3, 0), 'hostpci5: 0000:0f:00.0\n'));
    const rows = await until('the device that is not there', async () => {
      const now = await everyRow();
      return now.some(row => /0f:00\.0/.test(row.spoken)) && now;
    });
    const ids = new Set(rows.map(row => row.id));
    const kept = before.filter(id => ids.has(id));
    assert.ok(kept.length > before.length * 0.8, `${kept.length} of ${before.length} rows are the same`);
  });

  test('rows of the device tree are checked: a device, and the host', async () => {
    const { view, readiness } = await activate();
    const [host] = await until('the tree', async () => {
      const rows = await view.getChildren();
      return rows.length > 0 && rows;
    });
    await command('hostpci.checkPassthrough', host);
    assert.equal(readiness.shown?.subject.kind, 'host');
    const device = [host].flatMap(row => (row ? everyTreeRow(row) : [])).find(row => row.address === '0000:04:00.0');
    await command('hostpci.checkPassthrough', device);
    assert.deepEqual(readiness.shown?.subject, { kind: 'device', host: host?.id, address: '0000:04:00.0' });
    const shown = readiness.shown;
    await command('hostpci.checkPassthrough', { kind: 'device', host: host?.id, address: '0000:7f:00.0' });
    assert.equal(readiness.shown, shown, 'what is not there changes nothing');
  });

  test('the report goes to the clipboard, and opens with a preview', async () => {
    await check(/^name: win11/m);
    const { readiness } = await activate();
    await command('hostpci.copyReport');
    const report = await vscode.env.clipboard.readText();
    assert.equal(report, readiness.shown?.report);
    assert.match(report, /q35/);
    await command('hostpci.openReport');
    const document = vscode.workspace.textDocuments.find(one => one.isUntitled && one.languageId === 'markdown');
    assert.equal(document?.getText(), report);
    await until('the preview', () =>
      vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).some(tab => tab.input instanceof vscode.TabInputWebview),
    );
  });

  test('commands are copied, all that are due or one', async () => {
    await check(/^name: win11/m);
    const rows = await everyRow();
    const commands = rows.filter(row => row.context === 'command');
    assert.ok(commands.length > 0);
    await command('hostpci.copyCommand', commands[0]);
    assert.equal(await vscode.env.clipboard.readText(), commands[0]?.label);
  });

  test('above a hostpciN line there is a lens that checks the VM', async () => {
    const { document } = await openFile('**/qemu-server/*.conf', /^name: win11/m);
    const lens = await until('the lens', async () => {
      const lenses = await command<vscode.CodeLens[]>('vscode.executeCodeLensProvider', document.uri, 50);
      return lenses.find(one => one.command?.command === 'hostpci.checkPassthrough');
    });
    assert.match(document.lineAt(lens.range.start).text, /^hostpci\d/);
    assert.deepEqual(lens.command?.arguments, [{ kind: 'guest', uri: document.uri.toString() }]);
  });
});

/** Opens a VM of the demo site and checks it. */
async function check(text: RegExp): Promise<vscode.TextEditor> {
  const editor = await openFile('**/qemu-server/*.conf', text);
  await command('hostpci.checkPassthrough');
  const { readiness } = await activate();
  assert.deepEqual(readiness.shown?.subject, { kind: 'guest', uri: editor.document.uri.toString() });
  return editor;
}

async function everyRow(): Promise<readonly ReadinessRow[]> {
  const { readiness } = await activate();
  const below = (row: ReadinessRow): readonly ReadinessRow[] => [row, ...(row.children ?? []).flatMap(below)];
  return (await readiness.getChildren()).flatMap(below);
}

const everyTreeRow = (row: TreeRow): readonly TreeRow[] => [row, ...(row.children ?? []).flatMap(everyTreeRow)];
