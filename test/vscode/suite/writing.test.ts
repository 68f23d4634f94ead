import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import {
  addressesOfHost,
  append,
  completions,
  extension,
  hoverText,
  labelOf,
  locate,
  manifest,
  openFile,
  revertAll,
  shownOf,
  until,
} from './support.ts';

const vmConf = '**/qemu-server/*.conf';

suite('writing', () => {
  teardown(revertAll);

  test('hostpci: offers the devices of the host, with name, group and driver', async () => {
    const editor = await openFile(vmConf, /^ostype: win11/m);
    const at = await append(editor, 'hostpci9: ');
    const items = await until('devices', async () => {
      const found = await completions(editor.document, at);
      return found.some(item => /^(0000:)?01:00/.test(labelOf(item))) && found;
    });
    const devices = items.filter(item => /^([0-9a-f]{4}:)?[0-9a-f]{2}:[0-9a-f]{2}(\.[0-7])?$/.test(labelOf(item)));
    const known = await addressesOfHost();
    for (const item of devices) {
      assert.ok(
        known.some(address => address.includes(labelOf(item))),
        `${labelOf(item)} is not in the snapshot`,
      );
    }
    const graphics = devices.find(item => /^(0000:)?01:00/.test(labelOf(item)));
    assert.ok(graphics);
    const shown = shownOf(graphics);
    assert.match(shown, /NVIDIA|GeForce|GTX|RTX|Radeon|AMD/);
    assert.match(shown, /group \d+/i);
    assert.match(shown, /nouveau|nvidia|vfio-pci|amdgpu|no driver/);
  });

  test('property names and their values are offered', async () => {
    const editor = await openFile(vmConf, /^ostype: win11/m);
    const names = (await completions(editor.document, await append(editor, 'hostpci9: 0000:01:00,'))).map(labelOf);
    for (const name of ['pcie', 'x-vga', 'rombar', 'romfile', 'mdev']) {
      assert.ok(
        names.some(label => label.replace('=', '') === name),
        `${name} is not among ${names.join(' ')}`,
      );
    }
    const values = (await completions(editor.document, await append(editor, '\nostype: '))).map(labelOf);
    for (const value of ['l26', 'win11', 'other'])
      assert.ok(values.includes(value), `${value} is not among ${values.join(' ')}`);
  });

  test('options that a VM does not have yet are offered at the start of a line', async () => {
    const editor = await openFile(vmConf, /^ostype: win11/m);
    const labels = (await completions(editor.document, await append(editor, 'v'))).map(labelOf);
    for (const label of ['vga', 'vcpus', 'hostpci1'])
      assert.ok(labels.includes(label), `${label} is not among ${labels}`);
    assert.ok(!labels.includes('machine'), 'a second machine is offered');
  });

  test('hover explains a property', async () => {
    const { document } = await openFile(vmConf, /^hostpci\d+: \S*pcie=/m);
    const text = await hoverText(document, locate(document, /^hostpci\d+: \S*(pcie)=/m));
    assert.match(text, /PCI Express|PCIe/);
  });

  test('hover on an address shows the device', async () => {
    const { document } = await openFile(vmConf, /^hostpci\d+: .*01:00/m);
    const text = await until('the card', async () => {
      const found = await hoverText(document, locate(document, /^hostpci\d+: .*?(?:0000:)?(01:00)/m));
      return /group/i.test(found) && found;
    });
    assert.match(text, /NVIDIA|GeForce|Radeon|AMD/);
    assert.match(text, /01:00/);
  });

  test('a snippet is offered and can be inserted', async () => {
    const editor = await openFile(vmConf, /^ostype: win11/m);
    const at = await append(editor, '\n');
    const offered = (await completions(editor.document, at)).filter(
      item => item.kind === vscode.CompletionItemKind.Snippet,
    );
    assert.ok(offered.length > 0, 'no snippet is offered');
    const name = await firstSnippet('pve-vm-conf');
    editor.selection = new vscode.Selection(at, at);
    const before = editor.document.getText();
    await vscode.commands.executeCommand('editor.action.insertSnippet', { langId: 'pve-vm-conf', name });
    await until('the snippet', () => editor.document.getText() !== before);
    const inserted = editor.document.getText().slice(editor.document.offsetAt(at));
    assert.match(inserted, /^[a-z]+\d*: \S/m);
  });
});

/** The name of the first snippet that the manifest contributes for a language. */
async function firstSnippet(language: string): Promise<string> {
  const path = manifest().contributes.snippets.find(one => one.language === language)?.path;
  assert.ok(path, `no snippets for ${language}`);
  const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(extension().extensionUri, path));
  const [name] = Object.keys(JSON.parse(new TextDecoder().decode(bytes)) as object);
  assert.ok(name);
  return name;
}
