import { join } from 'node:path';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { serve } from './connection.ts';
import { createLanguageService } from './languageService.ts';
import { nodeFiles, nodeLibrary } from './nodeFiles.ts';
import * as protocol from './protocol.ts';

/** The language server on Node: over stdio, a pipe or IPC, as its command line says. */
const connection = createConnection(ProposedFeatures.all);
const log = { error: (message: string) => connection.console.error(message) };

const files = nodeFiles({
  read: async uri => (await connection.sendRequest(protocol.readFile, { uri })) ?? undefined,
  list: directory => connection.sendRequest(protocol.listDirectory, { uri: directory }),
});

serve(connection, createLanguageService({ files, library: nodeLibrary(join(__dirname, 'data'), log.error), log }));
