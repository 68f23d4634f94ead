import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { createConnection, type PublishDiagnosticsParams } from 'vscode-languageserver/node';
import {
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver-protocol/node';
import { serve } from '../../server/connection.ts';
import { createLanguageService } from '../../server/languageService.ts';
import { nodeLibrary } from '../../server/nodeFiles.ts';

/** A server in this process, with an editor at the other end of two streams. */
function connected() {
  const [toServer, toEditor] = [new PassThrough(), new PassThrough()];
  const server = createConnection(toServer, toEditor);
  const log = { error: (message: string) => assert.fail(message) };
  const files = { read: async () => undefined, list: async () => [] };
  const library = nodeLibrary(fileURLToPath(new URL('../../server/data', import.meta.url)), log.error);
  serve(server, createLanguageService({ files, library, log }), {
    processId: null,
    rootUri: null,
    capabilities: {},
  });
  server.listen();
  const editor = createProtocolConnection(new StreamMessageReader(toEditor), new StreamMessageWriter(toServer));
  editor.listen();
  const close = async (): Promise<void> => {
    await new Promise(resolve => setTimeout(resolve, 20)); // behind the diagnostics comes a word about the tree
    editor.dispose();
    server.dispose();
  };
  return { editor, close };
}

suite('publishing diagnostics', () => {
  const { now } = performance;
  teardown(() => {
    performance.now = now;
  });

  for (const [name, clock] of [
    ['a clock that stands still for long', (): number => Math.floor(now.call(performance) / 20) * 20],
    ['a clock that jumps', (calls: number): number => calls * 3],
    ['a clock', (): number => now.call(performance)],
  ] as const) {
    test(`every change is judged, with ${name}`, async () => {
      let calls = 0;
      performance.now = () => clock(calls++);
      const { editor, close } = connected();
      const uri = 'file:///site/etc/pve/nodes/pve1/qemu-server/100.conf';
      let told: (params: PublishDiagnosticsParams) => void = () => {};
      editor.onNotification('textDocument/publishDiagnostics', params => told(params));
      const next = (): Promise<PublishDiagnosticsParams> =>
        new Promise((resolve, reject) => {
          const tooLong = setTimeout(() => reject(new Error('nothing was said of the change')), 3000);
          told = params => {
            clearTimeout(tooLong);
            resolve(params);
          };
        });
      const opened = next();
      const textDocument = { uri, languageId: 'pve-vm-conf', version: 1, text: 'cores: 4\n' };
      await editor.sendNotification('textDocument/didOpen', { textDocument });
      await opened;
      for (let version = 2; version < 30; version++) {
        const answer = next();
        const isWrong = version % 2 === 0;
        await editor.sendNotification('textDocument/didChange', {
          textDocument: { uri, version },
          contentChanges: [{ text: `cores: ${isWrong ? 'four' : '4'}\n` }],
        });
        assert.equal((await answer).diagnostics.length, isWrong ? 1 : 0);
      }
      await close();
    });
  }
});
