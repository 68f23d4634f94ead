import * as vscode from 'vscode';
import type { TreeRow } from '../../server/protocol.ts';
import { age } from './age.ts';
import { highlights } from './highlights.ts';

/** What VS Code draws for a row. `filter`: what somebody looks for, to be marked in the name. */
export function treeItem(row: TreeRow, filter: string): vscode.TreeItem {
  const { None, Expanded, Collapsed } = vscode.TreeItemCollapsibleState;
  const marked = highlights(row.label, filter);
  const item = new vscode.TreeItem(
    row.dim ? '' : marked.length > 0 ? { label: row.label, highlights: marked } : row.label,
    row.children?.length ? (row.open ? Expanded : Collapsed) : None,
  );
  item.id = row.id;
  item.contextValue = row.context;
  const description = [row.takenAt && age(row.takenAt), row.description].filter(Boolean).join(' · ');
  // VS Code paints descriptions paler than labels, and has no other way to make a row step back.
  item.description = row.dim ? [row.label, description].filter(Boolean).join('  ') : description;
  if (row.tooltip !== undefined) item.tooltip = new vscode.MarkdownString(row.tooltip, true);
  if (row.icon !== undefined) {
    item.iconPath = new vscode.ThemeIcon(row.icon, row.color ? new vscode.ThemeColor(row.color) : undefined);
  }
  item.accessibilityInformation = { label: row.spoken ?? [row.label, description].filter(Boolean).join(', ') };
  if (row.location) item.command = { command: 'hostpci.reveal', title: 'Open', arguments: [row] };
  return item;
}
