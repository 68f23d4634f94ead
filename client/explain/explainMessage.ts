import * as vscode from 'vscode';
import type { ExplanationView } from '../../server/protocol.ts';
import * as protocol from '../../server/protocol.ts';
import { handles, type Server } from '../languageClient.ts';
import type { MarkdownPages } from '../markdownPages.ts';

/** "Explain Error Message…": of what is selected in the editor in front, else of what is chosen. */
export async function explainMessage(server: Server, pages: MarkdownPages): Promise<void> {
  const text = selectedText() ?? (await chooseText());
  if (text !== undefined) await explainText(server, pages, text);
}

/** The same of what is selected in the terminal. VS Code tells it by way of the clipboard only, which is then as before. */
export async function explainTerminal(server: Server, pages: MarkdownPages): Promise<void> {
  const text = await terminalSelection();
  if (text.trim() === '') void vscode.window.showInformationMessage('Nothing is selected in the terminal.');
  else await explainText(server, pages, text);
}

async function terminalSelection(): Promise<string> {
  const before = await vscode.env.clipboard.readText();
  await vscode.env.clipboard.writeText('');
  await vscode.commands.executeCommand('workbench.action.terminal.copySelection');
  const text = await vscode.env.clipboard.readText();
  await vscode.env.clipboard.writeText(before);
  return text;
}

function selectedText(): string | undefined {
  const editor = vscode.window.activeTextEditor;
  const text = editor?.document.getText(editor.selection) ?? '';
  return text.trim() === '' ? undefined : text;
}

/** Of one line a box can be asked for; a whole log comes by the clipboard. */
async function chooseText(): Promise<string | undefined> {
  const copied = await vscode.env.clipboard.readText();
  const lines = copied.split('\n').filter(line => line.trim() !== '');
  const clipboard = {
    label: '$(clippy) What is in the clipboard',
    description: lines.length > 1 ? `${lines.length} lines` : '',
    detail: lines[0]?.trim().slice(0, 120) ?? '',
  };
  const typed = { label: '$(edit) A line to be typed or pasted…', description: '', detail: '' };
  const items = [...(lines.length > 0 ? [clipboard] : []), typed];
  const chosen = await vscode.window.showQuickPick(items, { title, placeHolder: 'Which message?' });
  if (chosen === clipboard) return copied;
  if (chosen !== typed) return undefined;
  const line = await vscode.window.showInputBox({
    title,
    prompt: 'Of QEMU, qm start, the task log or the kernel',
    placeHolder: 'vfio 0000:01:00.0: group 2 is not viable',
  });
  return line?.trim() || undefined;
}

const title = 'Explain Error Message';

async function explainText(server: Server, pages: MarkdownPages, text: string): Promise<void> {
  const client = await server.startWithWorkspace();
  const document = vscode.window.activeTextEditor?.document;
  const uri = document && handles(document) ? document.uri.toString() : undefined;
  const answer = await client.sendRequest(protocol.explain, { text, uri });
  const place = onlyPlace(answer);
  if (answer.matches.length === 0) {
    void vscode.window.showInformationMessage('No message in this text is known. More lines around it may help.');
  } else if (!place || (await offerPlace(answer, place))) await pages.show('Explanation', answer.markdown);
}

type Finding = ExplanationView['matches'][number]['findings'][number];

/** The line, where one message has one cause at hand. */
function onlyPlace({ matches }: ExplanationView): Finding | undefined {
  const [match] = matches;
  return matches.length === 1 && match?.findings.length === 1 ? match.findings[0] : undefined;
}

/** True: the whole explanation is wanted instead. */
async function offerPlace({ matches }: ExplanationView, { uri, range, message }: Finding): Promise<boolean> {
  const [go, more] = ['Go to the Line', 'Explain'];
  const text = `${matches[0]?.meaning ?? ''} ${nameOf(uri)}:${range.start.line + 1}: ${message}`;
  const chosen = await vscode.window.showInformationMessage(text, go, more);
  if (chosen === go) {
    const { start, end } = range;
    const selection = new vscode.Range(start.line, start.character, end.line, end.character);
    await vscode.window.showTextDocument(vscode.Uri.parse(uri), { selection });
  }
  return chosen === more;
}

const nameOf = (uri: string): string => uri.split(/[?#]/)[0]?.split('/').at(-1) ?? '';
