import * as vscode from 'vscode';
import { readHostText } from '../../host/hostText.ts';
import { renderSnapshot } from '../../host/render.ts';

/**
 * Makes a snapshot of a listing: of what is selected, else of the whole text in front, else of the clipboard. It opens as
 * a new file, to be looked at and saved as NAME.snapshot beside the `etc/` of the host.
 */
export async function importListing(): Promise<void> {
  const text = await listingInFront();
  const inventory = readHostText(text);
  const count = inventory.functions.length;
  if (count === 0) {
    void vscode.window.showWarningMessage(
      'No PCI device is listed there. Select what lspci -nnk printed, or a listing of IOMMU groups, or copy it.',
    );
    return;
  }
  const document = await vscode.workspace.openTextDocument({
    content: renderSnapshot(inventory),
    language: 'plaintext',
  });
  await vscode.window.showTextDocument(document);
  const gaps = inventory.gaps.length === 0 ? '' : ` Not known: ${inventory.gaps.join(' ')}`;
  void vscode.window.showInformationMessage(`${count} devices. Save the file as NAME.snapshot beside etc/.${gaps}`);
}

async function listingInFront(): Promise<string> {
  const editor = vscode.window.activeTextEditor;
  if (!editor) return vscode.env.clipboard.readText();
  return editor.document.getText(editor.selection.isEmpty ? undefined : editor.selection);
}
