import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Api } from '../../../client/extension.ts';

/** What the tests read of package.json. */
interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly snippets: readonly { readonly language: string; readonly path: string }[];
  };
}

/** The extension under test, active or not. */
export function extension(): vscode.Extension<Api> {
  const found = vscode.extensions.getExtension<Api>('hostpci.hostpci');
  assert.ok(found, 'the extension is not installed');
  return found;
}

export const manifest = (): Manifest => extension().packageJSON as Manifest;

/** The extension's own interface. Throws what a failed activation threw. */
export const activate = async (): Promise<Api> => extension().activate();

/** Asks again and again until there is an answer other than `undefined` or `false`; fails after ten seconds. */
export async function until<T>(
  what: string,
  ask: () => T | undefined | false | Thenable<T | undefined | false>,
): Promise<T> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > deadline) throw new Error(`timed out: ${what}`);
    await new Promise(resolve => setTimeout(resolve, 25));
  }
}

/** The files of the demo site that a glob matches, sorted by path; at least one. */
export async function siteFiles(pattern: string): Promise<readonly vscode.Uri[]> {
  const files = await vscode.workspace.findFiles(pattern);
  assert.ok(files.length > 0, `the demo site has no ${pattern}`);
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Opens the first file of the demo site whose text matches; the extension is active and its server runs then. */
export async function openFile(pattern: string, text = /(?:)/): Promise<vscode.TextEditor> {
  for (const uri of await siteFiles(pattern)) {
    const document = await vscode.workspace.openTextDocument(uri);
    if (!text.test(document.getText())) continue;
    await activate();
    return vscode.window.showTextDocument(document, { preview: false });
  }
  throw new Error(`no ${pattern} of the demo site has ${text}`);
}

/** Where the text is, or the first group of the expression when it has one; `after`: just behind it. */
export function locate(document: vscode.TextDocument, expression: RegExp, after = false): vscode.Position {
  const found = new RegExp(expression.source, `${expression.flags}d`).exec(document.getText());
  const place = found?.indices?.[1] ?? found?.indices?.[0];
  assert.ok(place, `${vscode.workspace.asRelativePath(document.uri)} has no ${expression}`);
  return document.positionAt(place[after ? 1 : 0]);
}

/** Adds lines to the end of a document; the position behind their last character. */
export async function append(editor: vscode.TextEditor, text: string): Promise<vscode.Position> {
  const { document } = editor;
  const last = document.lineAt(document.lineCount - 1);
  const lines = last.isEmptyOrWhitespace ? text : `\n${text}`;
  assert.ok(await editor.edit(edit => edit.insert(last.range.end, lines)));
  return document.lineAt(document.lineCount - 1).range.end;
}

/** Throws away what a test changed, so that the next one finds the site as it was. */
export async function revertAll(): Promise<void> {
  for (const document of vscode.workspace.textDocuments.filter(one => one.isDirty)) {
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  }
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}

export const ruleOf = ({ code }: vscode.Diagnostic): string =>
  String(typeof code === 'object' ? code.value : (code ?? ''));

/** The findings of one rule in a document. */
export const findings = (document: vscode.TextDocument, rule: string): readonly vscode.Diagnostic[] =>
  vscode.languages.getDiagnostics(document.uri).filter(diagnostic => ruleOf(diagnostic) === rule);

/** Applies the quick fix whose title matches, as a click on it would. */
export async function applyFix(
  document: vscode.TextDocument,
  finding: vscode.Diagnostic,
  title: RegExp,
): Promise<void> {
  const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
    'vscode.executeCodeActionProvider',
    document.uri,
    finding.range,
    vscode.CodeActionKind.QuickFix.value,
    10,
  );
  const action = actions.find(one => title.test(one.title));
  assert.ok(action?.edit, `no fix ${title} among: ${actions.map(one => one.title).join(' · ')}`);
  assert.ok(await vscode.workspace.applyEdit(action.edit));
}

export const completions = async (
  document: vscode.TextDocument,
  at: vscode.Position,
): Promise<vscode.CompletionItem[]> =>
  (
    await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      document.uri,
      at,
    )
  ).items;

export const labelOf = ({ label }: vscode.CompletionItem): string => (typeof label === 'string' ? label : label.label);

/** Everything that the list shows of an item: label, what stands beside it, and its detail. */
export function shownOf(item: vscode.CompletionItem): string {
  const { label } = item;
  const parts = typeof label === 'string' ? [label] : [label.label, label.detail, label.description];
  return [...parts, item.detail].filter(Boolean).join(' ');
}

/** The Markdown of all hovers at a position. */
export async function hoverText(document: vscode.TextDocument, at: vscode.Position): Promise<string> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', document.uri, at);
  return hovers
    .flatMap(hover => hover.contents)
    .map(content => (typeof content === 'string' ? content : content.value))
    .join('\n\n');
}

/** The addresses of all PCI functions in the site's snapshot, read without any code of ours. */
export async function addressesOfHost(): Promise<readonly string[]> {
  const [uri] = await siteFiles('**/*.snapshot');
  const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri as vscode.Uri));
  return [...new Set(text.match(/^[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$/gm))];
}
