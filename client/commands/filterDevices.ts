import * as vscode from 'vscode';
import type { DeviceView } from '../tree/deviceView.ts';

/** Milliseconds without a key before the rows are asked for. */
const pause = 80;

/**
 * Filters while somebody types. Escape brings back what was shown before; Enter keeps the filter, and so does going on to
 * work with what was found, in the tree or in an editor.
 */
export function filterDevices(view: DeviceView): void {
  const before = view.searched;
  const input = vscode.window.createInputBox();
  input.title = 'Filter devices';
  input.placeholder = 'nvidia, 10de:2584, group 2, vfio-pci, VM 101, ready …';
  input.prompt = 'Words of names, addresses, ids, classes, drivers, groups, guests. All of them must match.';
  input.value = before;
  input.ignoreFocusOut = true;
  let isKept = false;
  let typing: NodeJS.Timeout | undefined;
  const keep = (): void => {
    isKept = true;
    input.hide();
  };
  const listening = [
    view.onDidUse(keep),
    vscode.window.onDidChangeTextEditorSelection(keep),
    input.onDidAccept(() => {
      keep();
      void vscode.commands.executeCommand('hostpci.devices.focus');
    }),
    input.onDidChangeValue(text => {
      clearTimeout(typing);
      typing = setTimeout(() => view.search(text.trim()), pause);
    }),
  ];
  input.onDidHide(() => {
    clearTimeout(typing);
    for (const one of listening) one.dispose();
    view.search(isKept ? input.value.trim() : before);
    input.dispose();
  });
  input.show();
}
