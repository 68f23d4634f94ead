import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { activate, revertAll, siteFiles, until } from './support.ts';

const command = vscode.commands.executeCommand;

const log = [
  'kvm: -device vfio-pci,host=0000:01:00.0,id=hostpci0.0: vfio 0000:01:00.0: group 2 is not viable',
  'Please ensure all devices within the iommu_group are bound to their vfio bus driver.',
  'kvm: -device vfio-pci,host=0000:09:00.0: vfio 0000:09:00.0: no iommu_group found: No such file or directory',
].join('\n');

suite('explaining a message', () => {
  setup(activate);
  teardown(async () => {
    await command('notifications.clearAll');
    await command('workbench.action.closeQuickOpen');
    await revertAll();
  });

  test('what is selected is explained on a page that links to the lines', async () => {
    const document = await vscode.workspace.openTextDocument({ content: `Yesterday:\n${log}\n`, language: 'log' });
    const editor = await vscode.window.showTextDocument(document);
    editor.selection = new vscode.Selection(1, 0, document.lineCount - 1, 0);
    await command('hostpci.explain');
    const text = await explanation();
    assert.match(text, /group 2 is not viable/);
    assert.match(text, /no iommu\\_group found/);
    assert.match(text, /\]\(\/etc\/pve\/nodes\/pve1\/qemu-server\/\d+\.conf#L\d+\)/);
    assert.doesNotMatch(text, /file:|vscode-remote:/);
  });

  test('without a selection the clipboard is offered', async () => {
    await vscode.env.clipboard.writeText(log);
    const done = command('hostpci.explain');
    await until('the explanation', async () => {
      await command('workbench.action.acceptSelectedQuickOpenItem');
      return vscode.window.tabGroups.activeTabGroup.activeTab?.label.includes('Explanation');
    });
    await done;
    assert.match(await explanation(), /group 2 is not viable/);
  });

  test('what a task prints as hostpci does becomes problems of the files', async () => {
    const [uri] = await siteFiles('**/modprobe.d/vfio.conf');
    assert.ok(uri);
    const path = vscode.workspace.asRelativePath(uri);
    await run('$hostpci', [
      'group 2 is not viable',
      `  ${path}:2:9 warning  No device of this host has the id 10de:10f1.  modprobe/ids-unknown-device`,
      '1 file, 1 finding, 0 of them errors',
    ]);
    const found = await until('the problem', () => ofTasks(uri, 'hostpci', one => one.range.start.character > 0));
    assert.equal(found.message, 'No device of this host has the id 10de:10f1.');
    assert.equal(found.severity, vscode.DiagnosticSeverity.Warning);
    assert.deepEqual([found.range.start.line, found.range.start.character], [1, 8]);
  });

  test("what kmod's tools print becomes problems, too", async () => {
    const [uri] = await siteFiles('**/modprobe.d/vfio.conf');
    assert.ok(uri);
    await run('$hostpci-kmod', [
      `libkmod: ERROR: kmod_config_parse: ${uri.path} line 3: ignoring bad line starting with 'optoins'`,
    ]);
    const found = await until('the problem', () => ofTasks(uri, 'kmod', () => true));
    assert.equal(found.message, "ignoring bad line starting with 'optoins'");
    assert.equal(found.range.start.line, 2);
  });
});

const explanation = (): Promise<string> =>
  until('the page', () =>
    vscode.workspace.textDocuments
      .find(one => one.uri.scheme === 'hostpci-page' && one.uri.path === '/Explanation.md')
      ?.getText(),
  );

/** A finding in a file; those of the language server name their rule with a page, those of tasks do not. */
const ofTasks = (
  uri: vscode.Uri,
  source: string,
  isWanted: (one: vscode.Diagnostic) => boolean,
): vscode.Diagnostic | undefined =>
  vscode.languages
    .getDiagnostics(uri)
    .find(one => one.source === source && typeof one.code !== 'object' && isWanted(one));

/** Runs a task that prints lines, in a terminal without a process. */
async function run(matcher: string, lines: readonly string[]): Promise<void> {
  const execution = new vscode.CustomExecution(async () => {
    const written = new vscode.EventEmitter<string>();
    const closed = new vscode.EventEmitter<number>();
    return {
      onDidWrite: written.event,
      onDidClose: closed.event,
      open: () => {
        for (const line of lines) written.fire(`${line}\r\n`);
        closed.fire(0);
      },
      close: () => {},
    };
  });
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder);
  const task = new vscode.Task({ type: 'shell' }, folder, `print ${matcher}`, 'test', execution, matcher);
  task.presentationOptions = { reveal: vscode.TaskRevealKind.Never };
  await vscode.tasks.executeTask(task);
}
