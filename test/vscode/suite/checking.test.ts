import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { activate, applyFix, findings, locate, manifest, openFile, revertAll, siteFiles, until } from './support.ts';

suite('checking', () => {
  teardown(revertAll);

  test('a VM configuration starts the extension', async () => {
    const started = Date.now();
    await openFile('**/qemu-server/*.conf');
    await activate();
    console.log(
      `      VS Code ${vscode.version}, ${vscode.env.appName}, ${process.version}: active after ${Date.now() - started} ms`,
    );
    const known = await vscode.commands.getCommands(true);
    const declared = manifest().contributes.commands.map(({ command }) => command);
    assert.deepEqual(
      declared.filter(command => !known.includes(command)),
      [],
    );
  });

  test('every kind of file gets its language', async () => {
    const kinds = {
      '**/qemu-server/*.conf': 'pve-vm-conf',
      '**/modprobe.d/*.conf': 'modprobe',
      '**/etc/modules': 'modules',
      '**/etc/kernel/cmdline': 'kernel-cmdline',
      '**/etc/default/grub': 'shellscript',
      '**/sysfs.d/*.conf': 'sysfs-conf',
      '**/mapping/pci.cfg': 'pve-mapping',
      '**/lxc/*.conf': 'pve-ct-conf',
    };
    const seen: Record<string, string> = {};
    for (const pattern of Object.keys(kinds)) {
      for (const uri of await vscode.workspace.findFiles(pattern)) {
        seen[pattern] = (await vscode.workspace.openTextDocument(uri)).languageId;
      }
    }
    const expected = Object.fromEntries(Object.entries(kinds).filter(([pattern]) => pattern in seen));
    assert.ok(Object.keys(seen).length >= 6, `the demo site has only ${Object.keys(seen)}`);
    assert.deepEqual(seen, expected);
  });

  test('pcie=1 without q35 is an error, and its fix makes the machine q35', async () => {
    const rule = 'hostpci/pcie-needs-q35';
    const { document, finding } = await firstFinding('**/qemu-server/*.conf', rule);
    assert.equal(finding.severity, vscode.DiagnosticSeverity.Error);
    assert.equal(finding.source, 'hostpci');
    assert.match(document.lineAt(finding.range.start).text, /^hostpci\d+:.*pcie=/);
    await applyFix(document, finding, /q35/);
    assert.match(document.getText(), /^machine: .*q35/m);
    await until('the finding to go', () => findings(document, rule).length === 0);
  });

  test('a vfio-pci id that no device has is found, and its fix mends the list', async () => {
    const rule = 'modprobe/ids-unknown-device';
    const { document, finding } = await firstFinding('**/modprobe.d/*.conf', rule);
    const id = document.getText(finding.range);
    assert.match(id, /^[0-9a-f]{4}:[0-9a-f]{4}/i);
    await applyFix(document, finding, /./);
    assert.ok(!document.getText().includes(id), 'the id is still there');
    await until('the finding to go', () => findings(document, rule).length === 0);
  });

  test('a mistake that is typed appears, and goes when it is taken back', async () => {
    const editor = await openFile('**/qemu-server/*.conf', /machine: .*q35/);
    const { document } = editor;
    const before = findings(document, 'hostpci/pcie-needs-q35').length;
    assert.equal(before, 0);
    const machine = locate(document, /^machine: /m, true);
    const type = new vscode.Range(machine, document.lineAt(machine).range.end);
    assert.ok(await editor.edit(edit => edit.replace(type, 'pc')));
    assert.ok(
      await editor.edit(edit => edit.insert(new vscode.Position(machine.line + 1, 0), 'hostpci7: 0000:01:00,pcie=1\n')),
    );
    await until('the finding', () => findings(document, 'hostpci/pcie-needs-q35').length > 0);
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await until('the finding to go', () => findings(document, 'hostpci/pcie-needs-q35').length === 0);
  });
});

/** Opens the site's files of a kind until one has a finding of the rule. */
async function firstFinding(pattern: string, rule: string) {
  const files = await siteFiles(pattern);
  for (const uri of files) await vscode.window.showTextDocument(uri, { preview: false });
  return until(`a finding of ${rule}`, () => {
    for (const document of vscode.workspace.textDocuments) {
      const [finding] = findings(document, rule);
      if (finding) return { document, finding };
    }
    return undefined;
  });
}
