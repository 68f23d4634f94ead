import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import {
  createProtocolConnection,
  type Diagnostic,
  type InitializeResult,
  type ProtocolConnection,
  PublishDiagnosticsNotification,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver-protocol/node';

/** The built language server as an editor runs it: a process of its own, spoken to over stdio. */
export class ServerProcess {
  readonly connection: ProtocolConnection;
  private readonly child: ChildProcess;
  private readonly diagnostics = new Map<string, readonly Diagnostic[]>();
  private readonly waiting = new Set<() => void>();

  constructor(program = fileURLToPath(new URL('../../dist/server.cjs', import.meta.url))) {
    const child = spawn(process.execPath, [program, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.child = child;
    // A test that fails before it stops its server must not keep the runner from its end; the server ends with us.
    child.unref();
    for (const pipe of [child.stdin, child.stdout]) (pipe as unknown as Socket).unref();
    this.connection = createProtocolConnection(
      new StreamMessageReader(child.stdout),
      new StreamMessageWriter(child.stdin),
    );
    this.connection.onNotification(PublishDiagnosticsNotification.type, ({ uri, diagnostics }) => {
      this.diagnostics.set(uri, diagnostics);
      for (const wake of this.waiting) wake();
    });
    this.connection.listen();
  }

  initialize(initializationOptions: unknown = {}, capabilities: unknown = {}): Promise<InitializeResult> {
    return this.connection
      .sendRequest<InitializeResult>('initialize', {
        processId: process.pid,
        rootUri: null,
        capabilities,
        initializationOptions,
      })
      .then(async result => {
        await this.connection.sendNotification('initialized', {});
        return result;
      });
  }

  open(uri: string, languageId: string, text: string): Promise<void> {
    return this.connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri, languageId, version: 1, text },
    });
  }

  /** Diagnostics of a file as soon as they are as wanted; rejects after ten seconds with the last ones. */
  diagnosticsWhen(
    uri: string,
    wanted: (diagnostics: readonly Diagnostic[]) => boolean,
  ): Promise<readonly Diagnostic[]> {
    return new Promise((resolve, reject) => {
      const last = (): readonly Diagnostic[] => this.diagnostics.get(uri) ?? [];
      const timer = setTimeout(() => {
        this.waiting.delete(look);
        reject(new Error(`the diagnostics of ${uri} stayed ${JSON.stringify(last())}`));
      }, 10_000);
      const look = (): void => {
        if (!this.diagnostics.has(uri) || !wanted(last())) return;
        clearTimeout(timer);
        this.waiting.delete(look);
        resolve(last());
      };
      this.waiting.add(look);
      look();
    });
  }

  /** Resolves with the exit code. */
  async stop(): Promise<number | null> {
    const gone = new Promise<number | null>(resolve => this.child.once('exit', resolve));
    await this.connection.sendRequest('shutdown');
    await this.connection.sendNotification('exit');
    return gone;
  }
}
