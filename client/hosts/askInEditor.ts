import * as vscode from 'vscode';
import type { Asker, Question } from './questions.ts';

/** Puts ssh's questions to the user. Nothing is accepted silently: closing a question is a "no". */
export const askInEditor: Asker = (question, signal) => {
  if (question.kind === 'host-key') return acceptKey(question);
  if (question.kind === 'confirm') return confirm(question);
  if (question.kind === 'notice') return show(question, signal);
  return type(question, signal);
};

async function acceptKey({ host, prompt, fingerprint }: Question): Promise<string | undefined> {
  const accept = 'Accept This Key';
  const text = prompt.replace(/\s*(?:Are you sure you want to continue connecting|Please type 'yes')[\s\S]*$/, '');
  const detail = fingerprint === undefined || text.includes(fingerprint) ? text : `${text}\n\n${fingerprint}`;
  const message = `${host} is not known yet. Compare the fingerprint with the host's own before you accept it.`;
  const chosen = await vscode.window.showWarningMessage(message, { modal: true, detail }, accept);
  return chosen === accept ? 'yes' : undefined;
}

async function confirm({ host, prompt }: Question): Promise<string | undefined> {
  const chosen = await vscode.window.showWarningMessage(`ssh to ${host}`, { modal: true, detail: prompt }, 'Yes');
  return chosen === 'Yes' ? 'yes' : undefined;
}

/** Such as "touch your key": stays until ssh has what it waits for. */
function show({ host, prompt }: Question, signal: AbortSignal): Promise<string | undefined> {
  const title = `ssh to ${host}: ${prompt}`;
  const gone = new Promise<undefined>(resolve => signal.addEventListener('abort', () => resolve(undefined)));
  return Promise.resolve(
    vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title }, () => gone),
  );
}

async function type({ host, prompt, kind }: Question, signal: AbortSignal): Promise<string | undefined> {
  const closing = new vscode.CancellationTokenSource();
  signal.addEventListener('abort', () => closing.cancel());
  const options = { title: `ssh to ${host}`, prompt, password: kind === 'secret', ignoreFocusOut: true };
  return vscode.window.showInputBox(options, closing.token);
}
