import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { activate, revertAll } from './support.ts';

const listing = `\`\`\`
root@pve:~# lspci -nnk
01:00.0 VGA compatible controller [0300]: NVIDIA Corporation GP106 [GeForce GTX 1060 6GB] [10de:1c03] (rev a1)
\tKernel driver in use: vfio-pci
01:00.1 Audio device [0403]: NVIDIA Corporation GP106 High Definition Audio Controller [10de:10f1] (rev a1)
\`\`\`
`;

suite('a listing that somebody pasted', () => {
  suiteSetup(activate);
  teardown(revertAll);

  test('becomes a snapshot in a new file', async () => {
    const pasted = await vscode.workspace.openTextDocument({ content: listing, language: 'markdown' });
    await vscode.window.showTextDocument(pasted);
    await vscode.commands.executeCommand('hostpci.importListing');
    const made = vscode.window.activeTextEditor?.document;
    assert.notEqual(made, pasted);
    assert.match(made?.getText() ?? '', /^hostpci snapshot 1\n/);
    assert.match(made?.getText() ?? '', /0000:01:00\.1\n/);
    assert.match(made?.getText() ?? '', /driver: vfio-pci\n/);
  });
});
