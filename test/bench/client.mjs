// A language server as an editor runs it: a process of its own, spoken to over stdio. For measuring, so it keeps no state
// but what it waits for.
import { readdirSync, readFileSync } from 'node:fs';
import {
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver-protocol/node';
import { start, stop } from '../vshost/processes.mjs';

export class Client {
  #child;
  #connection;
  #waiting;
  #gone;

  constructor(program, env = {}) {
    this.#child = start(process.execPath, [program, '--stdio'], {
      stdio: ['pipe', 'pipe', 'ignore'],
      env: { ...process.env, ...env },
    });
    this.#gone = new Promise((_, reject) => {
      this.#child.once('exit', code => reject(new Error(`${program} ended with exit code ${code}`)));
    });
    this.#gone.catch(() => {});
    this.#connection = createProtocolConnection(
      new StreamMessageReader(this.#child.stdout),
      new StreamMessageWriter(this.#child.stdin),
    );
    this.#connection.onNotification('textDocument/publishDiagnostics', published => this.#waiting?.(published));
    this.#connection.onRequest('client/registerCapability', () => null);
    this.#connection.onRequest('workspace/configuration', ({ items }) => items.map(() => null));
    this.#connection.listen();
  }

  /** Resolves when the server has answered `initialize`. */
  async initialize() {
    await this.request('initialize', { processId: process.pid, rootUri: null, capabilities: {} });
    await this.notify('initialized', {});
  }

  notify(method, params) {
    return this.#connection.sendNotification(method, params);
  }

  request(method, params) {
    return Promise.race([this.#connection.sendRequest(method, params), this.#gone]);
  }

  /** Resolves with the next diagnostics of a file that are as wanted; rejects after half a minute. */
  diagnosticsOf(uri, isWanted) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no diagnostics of ${uri} came`)), 30_000);
      this.#waiting = published => {
        if (published.uri !== uri || !isWanted(published.diagnostics)) return;
        clearTimeout(timer);
        this.#waiting = undefined;
        resolve(published.diagnostics);
      };
    });
  }

  /** Processor time that the server has used so far, in ms: what a busy machine does not change. Linux only. */
  processorTime() {
    const tasks = `/proc/${this.#child.pid}/task`;
    const used = readdirSync(tasks).map(task =>
      Number(readFileSync(`${tasks}/${task}/schedstat`, 'utf8').split(' ')[0]),
    );
    return used.reduce((sum, time) => sum + time, 0) / 1e6;
  }

  /** Resident memory in MiB. Linux only. */
  memory() {
    const status = readFileSync(`/proc/${this.#child.pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1024;
  }

  async stop() {
    this.#connection.dispose();
    await stop(this.#child, 0);
  }
}

/** One document in one server, edited again and again: a fault comes and goes. */
export class Session {
  #client;
  #of;
  #document;
  #length;
  #version = 1;
  #isWrong = true;

  constructor(client, contestant, lines) {
    this.#client = client;
    this.#of = contestant;
    this.#document = contestant.document(lines);
    const { edit } = this.#document;
    this.#length = contestant.wrong.length;
    this.#document.lines[edit.line] = edit.before + contestant.wrong + edit.after;
  }

  /** Opens the document and waits for what is said of it. */
  async open() {
    const { uri, languageId } = this.#of;
    const text = `${this.#document.lines.join('\n')}\n`;
    const told = this.#told();
    await this.#client.notify('textDocument/didOpen', { textDocument: { uri, languageId, version: 1, text } });
    await told;
  }

  /** Edits and completes; what is then said of the document is waited for by `settle`. */
  async complete() {
    const told = this.#edit();
    const { line } = this.#document.edit;
    const position = { line, character: this.#document.complete };
    const found = await this.#client.request('textDocument/completion', {
      textDocument: { uri: this.#of.uri },
      position,
    });
    this.settle = () => told;
    return Array.isArray(found) ? found.length : (found?.items.length ?? 0);
  }

  async diagnose() {
    await this.#edit();
  }

  async hover() {
    const position = { line: this.#document.edit.line, character: this.#document.hover };
    return this.#client.request('textDocument/hover', { textDocument: { uri: this.#of.uri }, position });
  }

  #edit() {
    this.#isWrong = !this.#isWrong;
    const { line, before } = this.#document.edit;
    const text = this.#isWrong ? this.#of.wrong : this.#of.right;
    const start = { line, character: before.length };
    const end = { line, character: before.length + this.#length };
    this.#length = text.length;
    const told = this.#told();
    void this.#client.notify('textDocument/didChange', {
      textDocument: { uri: this.#of.uri, version: ++this.#version },
      contentChanges: [{ range: { start, end }, text }],
    });
    return told;
  }

  /** The floor says nothing of any document; whatever it sends is its answer. */
  #told() {
    return this.#client.diagnosticsOf(this.#of.uri, found => this.#of.silent || found.length > 0 === this.#isWrong);
  }
}
