import * as vscode from 'vscode';

const scheme = 'hostpci-page';

/** Pages of ours to be read: Markdown that no file holds, in VS Code's own preview. Nothing is registered before the first. */
export class MarkdownPages implements vscode.Disposable {
  private readonly texts = new Map<string, string>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  private registered: vscode.Disposable | undefined;

  dispose(): void {
    this.registered?.dispose();
    this.changed.dispose();
  }

  /** Shows a text below a title; one that was shown by this title before is replaced. */
  async show(title: string, text: string): Promise<void> {
    this.registered ??= vscode.workspace.registerTextDocumentContentProvider(scheme, {
      onDidChange: this.changed.event,
      provideTextDocumentContent: uri => this.texts.get(uri.toString()),
    });
    const uri = vscode.Uri.from({ scheme, path: `/${title.replaceAll('/', ' ')}.md` });
    this.texts.set(uri.toString(), withLinks(text));
    this.changed.fire(uri);
    await vscode.workspace.openTextDocument(uri);
    await vscode.commands.executeCommand('markdown.showPreview', uri);
  }
}

/**
 * The preview follows no links to `file:`, but those that start at the first folder of the workspace. What lies elsewhere
 * is named and leads nowhere.
 */
function withLinks(text: string): string {
  const [first] = vscode.workspace.workspaceFolders ?? [];
  const inside = first ? text.replaceAll(`](${first.uri.toString().replace(/\/$/, '')}/`, '](/') : text;
  return inside.replace(/\[([^[\]\n]*)\]\((?:file|vscode-[a-z-]+|hostpci-[a-z]+):[^)\s]*\)/g, '$1');
}
