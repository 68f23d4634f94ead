import { createRequire } from 'node:module';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { initializeResult } from './capabilities.ts';

/**
 * The language server on Node: over stdio, a pipe or IPC, as its command line says. It answers `initialize` first and
 * loads languages and rules when the editor has read the answer.
 */
const connection = createConnection(ProposedFeatures.all);
const load = createRequire(__filename);

connection.onInitialize(params => {
  connection.onInitialized(() => {
    const { beginSession }: typeof import('./session.ts') = load('./session.cjs');
    beginSession(connection, params);
  });
  return initializeResult;
});
connection.listen();
