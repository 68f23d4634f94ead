import { CodeActionKind, type InitializeResult, TextDocumentSyncKind } from 'vscode-languageserver';
import { tokenModifiers, tokenTypes } from './services/tokenLegend.ts';

/** What the server can do: all that an editor needs to hear before the languages and rules are loaded. */
export const initializeResult: InitializeResult = {
  serverInfo: { name: 'hostpci' },
  capabilities: {
    textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
    completionProvider: { triggerCharacters: [':', ' ', ',', '=', ';', '[', '+', '-', '.', '/'] },
    hoverProvider: true,
    codeActionProvider: {
      codeActionKinds: [
        CodeActionKind.QuickFix,
        CodeActionKind.RefactorRewrite,
        `${CodeActionKind.SourceFixAll}.hostpci`,
      ],
    },
    definitionProvider: true,
    referencesProvider: true,
    documentHighlightProvider: true,
    renameProvider: { prepareProvider: true },
    documentLinkProvider: {},
    documentSymbolProvider: true,
    foldingRangeProvider: true,
    selectionRangeProvider: true,
    semanticTokensProvider: {
      legend: { tokenTypes: [...tokenTypes], tokenModifiers: [...tokenModifiers] },
      full: true,
    },
    inlayHintProvider: true,
    codeLensProvider: {},
    signatureHelpProvider: { triggerCharacters: [',', '=', ':'] },
    documentFormattingProvider: true,
  },
};
