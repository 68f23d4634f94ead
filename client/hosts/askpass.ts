import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';

/**
 * Lets ssh ask its questions (password, passphrase, host key) in the editor. ssh starts a small program for each question
 * (SSH_ASKPASS), which hands it over a socket that only this user can open and that wants a token of this session.
 * Answers go straight to ssh and are kept nowhere.
 */
export class Askpass implements vscode.Disposable {
  private readonly folder = mkdtempSync(join(tmpdir(), 'hostpci-'));
  private readonly token = randomBytes(16).toString('hex');
  private readonly server: Server;
  private readonly address: string;
  /** Which host a question is about, in ssh's own words it is not always said. */
  readonly environment: Readonly<Record<string, string>>;

  constructor(program: string) {
    this.address =
      process.platform === 'win32'
        ? `\\\\.\\pipe\\hostpci-${randomBytes(8).toString('hex')}`
        : join(this.folder, 'ask');
    this.server = createServer(socket => this.answer(socket));
    this.server.on('error', () => undefined);
    this.server.listen(this.address);
    this.environment = {
      SSH_ASKPASS: this.writeStarter(program),
      SSH_ASKPASS_REQUIRE: 'force',
      DISPLAY: process.env.DISPLAY ?? 'hostpci:0',
      HOSTPCI_ASKPASS_ADDRESS: this.address,
      HOSTPCI_ASKPASS_TOKEN: this.token,
    };
  }

  dispose(): void {
    this.server.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** ssh starts one file without arguments of ours, so the words to start Node with stand in a file. */
  private writeStarter(program: string): string {
    const onWindows = process.platform === 'win32';
    const file = join(this.folder, onWindows ? 'askpass.cmd' : 'askpass.sh');
    const text = onWindows
      ? `@echo off\r\nset ELECTRON_RUN_AS_NODE=1\r\n"${process.execPath}" "${program}" %*\r\n`
      : `#!/bin/sh\nELECTRON_RUN_AS_NODE=1 exec '${quote(process.execPath)}' '${quote(program)}' "$@"\n`;
    writeFileSync(file, text);
    chmodSync(file, 0o700);
    return file;
  }

  private answer(socket: Socket): void {
    let text = '';
    socket.setEncoding('utf8');
    socket.on('error', () => undefined);
    socket.on('data', (more: string) => {
      text += more;
      if (!text.includes('\n')) return;
      const question = readQuestion(text, this.token);
      if (!question) return void socket.destroy();
      ask(question).then(
        answer => socket.end(JSON.stringify({ answer })),
        () => socket.destroy(),
      );
    });
  }
}

const quote = (text: string): string => text.replaceAll("'", `'\\''`);

function readQuestion(line: string, token: string): string | undefined {
  try {
    const sent = JSON.parse(line) as { token?: unknown; prompt?: unknown };
    return sent.token === token && typeof sent.prompt === 'string' ? sent.prompt : undefined;
  } catch {
    return undefined;
  }
}

/** Nothing is accepted silently: closing a question is a "no". */
async function ask(prompt: string): Promise<string | undefined> {
  if (/\(yes\/no/.test(prompt)) {
    const accept = 'Accept This Key';
    const detail = prompt.replace(/\s*Are you sure you want to continue connecting[\s\S]*$/, '').trim();
    const chosen = await vscode.window.showWarningMessage(
      'The host is not known yet. Compare the fingerprint before you accept it.',
      { modal: true, detail },
      accept,
    );
    return chosen === accept ? 'yes' : 'no';
  }
  return vscode.window.showInputBox({
    title: 'ssh asks',
    prompt: prompt.trim(),
    password: !/user ?name|login:/i.test(prompt),
    ignoreFocusOut: true,
  });
}
