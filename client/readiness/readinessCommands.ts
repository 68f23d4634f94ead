import * as vscode from 'vscode';
import type { Server } from '../languageClient.ts';
import { showInserted } from '../tree/dropDevices.ts';
import type { Fix, ReadinessRow } from './readinessRows.ts';
import type { ReadinessView } from './readinessView.ts';
import { pickSubject, subjectInFront, subjectOf } from './subjects.ts';

/** "Check Passthrough": of what it was called with, else of the VM in front, else of what is chosen. */
export async function checkPassthrough(server: Server, view: ReadinessView, target?: unknown): Promise<void> {
  const subject = target ? subjectOf(target) : (subjectInFront() ?? (await pickSubject(server)));
  if (target && !subject) void vscode.window.showInformationMessage('VMs, devices and hosts can be checked.');
  if (subject && !(await view.show(subject))) void vscode.window.showInformationMessage(unknown);
}

/** "Check Another VM, Device or Host…": asks, whatever is in front. */
export async function checkOther(server: Server, view: ReadinessView): Promise<void> {
  const subject = await pickSubject(server);
  if (subject && !(await view.show(subject))) void vscode.window.showInformationMessage(unknown);
}

const unknown = 'Nothing is known of it: its file is not in the workspace, or its host has never been asked.';

/** Changes the files as a fix says. They stay unsaved, and the first of them is shown where it has changed. */
export async function applyFix(server: Server, view: ReadinessView, row: ReadinessRow | undefined): Promise<void> {
  const fix = row && (await view.current(row))?.fix;
  if (!fix) {
    if (row) void vscode.window.showInformationMessage('That is not needed any more: the files have changed since.');
    return;
  }
  const edit = await editOf(server, fix);
  if (!(await vscode.workspace.applyEdit(edit))) {
    void vscode.window.showWarningMessage(`"${fix.title}" could not be applied.`);
    return;
  }
  const [first] = edit.entries();
  if (!first) return;
  const [uri, edits] = first;
  showInserted(await vscode.window.showTextDocument(uri, { preserveFocus: true, preview: false }), edits);
}

/** Opens the line that is evidence, the page of a rule, or the place that a fix would change. */
export async function revealStep(server: Server, row: ReadinessRow | undefined): Promise<void> {
  if (row?.url !== undefined) await vscode.env.openExternal(vscode.Uri.parse(row.url));
  else if (row?.location) {
    const { uri, range } = row.location;
    const client = await server.start();
    const converted = client.protocol2CodeConverter.asRange(range);
    await showPlace({ uri: vscode.Uri.parse(uri), range: converted }, false);
  } else if (row?.fix) {
    const place = firstPlace(await editOf(server, row.fix));
    if (place) await showPlace(place, true);
  }
}

/** A command, or all that are still to be run. */
export async function copyCommand(row: ReadinessRow | undefined): Promise<void> {
  if (row?.shell === undefined) return;
  await vscode.env.clipboard.writeText(row.shell);
  vscode.window.setStatusBarMessage(`$(check) Copied: ${row.shell.replaceAll('\n', ' ⏎ ')}`, 5000);
}

/** The Markdown for a forum. */
export async function copyReport(view: ReadinessView): Promise<void> {
  if (!view.shown) return;
  await vscode.env.clipboard.writeText(view.shown.report);
  vscode.window.setStatusBarMessage('$(check) The report is in the clipboard, as Markdown', 5000);
}

/** The same as a new file, to be read over and changed before it is sent, with its preview beside it. */
export async function openReport(view: ReadinessView): Promise<void> {
  if (!view.shown) return;
  const document = await vscode.workspace.openTextDocument({ content: view.shown.report, language: 'markdown' });
  await vscode.window.showTextDocument(document, { preview: false });
  await vscode.commands.executeCommand('markdown.showPreviewToSide', document.uri);
}

async function editOf(server: Server, { edit }: Fix): Promise<vscode.WorkspaceEdit> {
  const client = await server.start();
  return client.protocol2CodeConverter.asWorkspaceEdit(edit);
}

interface Place {
  readonly uri: vscode.Uri;
  readonly range: vscode.Range | undefined;
}

function firstPlace(edit: vscode.WorkspaceEdit): Place | undefined {
  const [first] = edit.entries();
  return first && { uri: first[0], range: first[1][0]?.range };
}

async function showPlace({ uri, range }: Place, preserveFocus: boolean): Promise<void> {
  await vscode.window.showTextDocument(uri, { preserveFocus, ...(range ? { selection: range } : {}) });
}
