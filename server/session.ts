import { join } from 'node:path';
import type { Connection, InitializeParams } from 'vscode-languageserver';
import { serve } from './connection.ts';
import { createLanguageService } from './languageService.ts';
import { nodeFiles, nodeLibrary } from './nodeFiles.ts';
import * as protocol from './protocol.ts';

/** Everything behind the first answer. The build makes a file of its own of it, which `node.ts` loads. */
export function beginSession(connection: Connection, params: InitializeParams): void {
  const log = { error: (message: string) => connection.console.error(message) };
  const files = nodeFiles({
    read: async uri => (await connection.sendRequest(protocol.readFile, { uri })) ?? undefined,
    list: directory => connection.sendRequest(protocol.listDirectory, { uri: directory }),
  });
  const library = nodeLibrary(join(__dirname, 'data'), log.error);
  serve(connection, createLanguageService({ files, library, log }), params);
}
