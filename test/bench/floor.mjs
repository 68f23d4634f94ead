// The floor: a language server that keeps documents and answers nothing.
import { createConnection, ProposedFeatures, TextDocumentSyncKind, TextDocuments } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';

const connection = createConnection(ProposedFeatures.all);
const documents = new TextDocuments(TextDocument);
connection.onInitialize(() => ({
  capabilities: {
    textDocumentSync: TextDocumentSyncKind.Incremental,
    completionProvider: { triggerCharacters: [':'] },
    hoverProvider: true,
  },
}));
documents.onDidChangeContent(({ document: { uri } }) => void connection.sendDiagnostics({ uri, diagnostics: [] }));
connection.onCompletion(() => []);
connection.onHover(() => null);
documents.listen(connection);
connection.listen();
