import {
  type CancellationToken,
  CodeActionKind,
  type Connection,
  DidChangeWatchedFilesNotification,
  ErrorCodes,
  type InitializeParams,
  ResponseError,
} from 'vscode-languageserver';
import type { LanguageService } from './languageService.ts';
import * as protocol from './protocol.ts';
import { readSettings } from './settings.ts';

/**
 * Maps requests to the service, one expression each; nothing is decided here. To be called when the editor has its answer
 * to `initialize` (`params`), and before it sends anything else.
 */
export function serve(connection: Connection, service: LanguageService, params: InitializeParams): void {
  const guard = guardWith(connection);
  const settled = settledGuard(connection, service);
  const publish = publisher(connection, service, guard, refreshRequests(params));
  if (params.capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration === true) watchFiles(connection);

  const complain = (error: unknown): void => connection.console.error(String(error));

  // One after the other: settings with globs take longer to read than those without, for the code is loaded first.
  let configuring = Promise.resolve();
  const configure = (sent: unknown): void => {
    configuring = configuring
      .then(async () => service.configure(await readSettings(sent)))
      .catch(complain)
      .then(publish.configured);
  };
  configure(params.initializationOptions);
  connection.onDidChangeConfiguration(({ settings }) => configure(settings?.hostpci ?? settings));

  connection.onDidOpenTextDocument(({ textDocument: { uri, languageId, version, text } }) => {
    const reading = guard('open', Promise.resolve(), undefined, () => service.open(uri, languageId, version, text));
    publish.soon(uri);
    reading.then(publish.all, complain);
  });
  connection.onDidChangeTextDocument(({ textDocument: { uri, version }, contentChanges }) => {
    guard('change', undefined, undefined, () => service.change(uri, version, contentChanges));
    publish.soon(uri);
  });
  connection.onDidCloseTextDocument(({ textDocument: { uri } }) => {
    publish.clear(uri);
    service.close(uri).then(publish.all, complain);
  });
  connection.onDidChangeWatchedFiles(({ changes }) => {
    Promise.all(changes.map(change => service.refresh(change.uri))).then(publish.all, complain);
  });

  connection.onCompletion(({ textDocument, position }, token) =>
    guard('completion', null, token, () => service.complete(textDocument.uri, position)),
  );
  connection.onHover(({ textDocument, position }, token) =>
    guard('hover', null, token, () => service.hover(textDocument.uri, position)),
  );
  connection.onCodeAction(({ textDocument, range, context }, token) =>
    guard('code actions', [], token, () =>
      context.only?.some(kind => kind.startsWith(CodeActionKind.SourceFixAll))
        ? [...service.fixAll(textDocument.uri)]
        : [...service.codeActions(textDocument.uri, range)],
    ),
  );
  connection.onDefinition(({ textDocument, position }, token) =>
    guard('definition', [], token, () => [...service.definition(textDocument.uri, position)]),
  );
  connection.onReferences(({ textDocument, position, context }, token) =>
    guard('references', [], token, () => [
      ...service.references(textDocument.uri, position, context.includeDeclaration),
    ]),
  );
  connection.onDocumentHighlight(({ textDocument, position }, token) =>
    guard('highlights', [], token, () => [...service.highlights(textDocument.uri, position)]),
  );
  connection.onPrepareRename(({ textDocument, position }, token) =>
    guard('prepare rename', null, token, () => service.prepareRename(textDocument.uri, position)),
  );
  connection.onRenameRequest(({ textDocument, position, newName }, token) =>
    guard('rename', null, token, () => editOrRefusal(service.rename(textDocument.uri, position, newName))),
  );
  connection.onDocumentLinks(({ textDocument }, token) =>
    guard('links', [], token, () => [...service.links(textDocument.uri)]),
  );
  connection.onDocumentSymbol(({ textDocument }, token) =>
    guard('symbols', [], token, () => [...service.symbols(textDocument.uri)]),
  );
  connection.onFoldingRanges(({ textDocument }, token) =>
    guard('folding', [], token, () => [...service.folds(textDocument.uri)]),
  );
  connection.onSelectionRanges(({ textDocument, positions }, token) =>
    guard('selection', [], token, () => [...service.selectionRanges(textDocument.uri, positions)]),
  );
  connection.languages.semanticTokens.on(({ textDocument }, token) =>
    guard('semantic tokens', { data: [] }, token, () => service.semanticTokens(textDocument.uri)),
  );
  connection.languages.inlayHint.on(({ textDocument }, token) =>
    guard('inlay hints', [], token, () => [...service.inlayHints(textDocument.uri)]),
  );
  connection.onCodeLens(({ textDocument }, token) =>
    guard('code lenses', [], token, () => [...service.codeLenses(textDocument.uri)]),
  );
  connection.onSignatureHelp(({ textDocument, position }, token) =>
    guard('signature help', null, token, () => service.signatureHelp(textDocument.uri, position)),
  );
  connection.onDocumentFormatting(({ textDocument }, token) =>
    guard('formatting', [], token, () => [...service.formatting(textDocument.uri)]),
  );

  connection.onNotification(protocol.snapshot, ({ uri, text, previousText }) =>
    publish.after(() => service.setSnapshot(uri, text, previousText)),
  );
  // Who uses a device is known when the files around it are read.
  connection.onRequest(protocol.deviceTree, ({ sort, filter }, token) =>
    settled('device tree', [], token, () => service.deviceTree(sort, filter)),
  );
  connection.onRequest(protocol.deviceCard, (request, token) =>
    guard('device card', null, token, () => service.deviceCard(request) ?? null),
  );
  connection.onNotification(protocol.sites, ({ roots }) => {
    service.readSites(roots).then(publish.all, complain);
  });
  connection.onRequest(protocol.takeDevices, ({ uri, position, addresses, host }, token) =>
    guard('take devices', [], token, () => service.takeDevices(uri, position, addresses, host)),
  );
  connection.onRequest(protocol.hostFiles, ({ host, task }, token) =>
    settled('host files', { files: [], absent: [] }, token, () => service.hostFiles(host, task)),
  );
  connection.onRequest(protocol.subjects, token => settled('subjects', [], token, () => service.subjects()));
  connection.onRequest(protocol.readiness, (subject, token) =>
    settled('readiness', null, token, async () => (await service.readiness(subject)) ?? null),
  );
  connection.onRequest(protocol.prepareChoices, ({ host, addresses }, token) =>
    settled('prepare choices', failed, token, () => service.prepareChoices(host, addresses)),
  );
  connection.onRequest(protocol.prepare, (wish, token) =>
    settled('prepare', failed, token, () => service.prepare(wish)),
  );
  connection.onRequest(protocol.explain, ({ text, uri }, token) =>
    settled('explain', { matches: [], markdown: '' }, token, () => service.explain(text, uri)),
  );
}

const failed = { refused: ['The plan could not be made; the log of hostpci says why.'] };

type Guard = <T>(name: string, nothing: T, token: CancellationToken | undefined, answer: () => T) => T;

/** A request that fails costs one answer, and is logged with its name. */
function guardWith(connection: Connection): Guard {
  return (name, nothing, token, answer) => {
    if (token?.isCancellationRequested) return nothing;
    try {
      return answer();
    } catch (error) {
      return afterFailure(connection, name, nothing, error);
    }
  };
}

/** The same for what rests on all files: it waits until none is being read any more. */
function settledGuard(connection: Connection, service: LanguageService) {
  return async <T>(name: string, nothing: T, token: CancellationToken, answer: () => T | Promise<T>): Promise<T> => {
    await service.settled();
    if (token.isCancellationRequested) return nothing;
    try {
      return await answer();
    } catch (error) {
      return afterFailure(connection, name, nothing, error);
    }
  };
}

function afterFailure<T>(connection: Connection, name: string, nothing: T, error: unknown): T {
  if (error instanceof ResponseError) throw error;
  connection.console.error(`${name} failed: ${error instanceof Error ? error.stack : String(error)}`);
  return nothing;
}

/** How long a change waits for what comes with it, in ms: turns of the event loop, in each of which one message is handled. */
const patience = 0.4;

/**
 * Sends diagnostics of open files: the changed one first, the others behind it one by one, and only where they differ.
 * Between them what the editor asks has its turn. What an editor asks for by itself (hints, lenses) it asks again when
 * told by the `refresh` requests: the first time it mostly asks before the rest of the site is read.
 */
function publisher(connection: Connection, service: LanguageService, guard: Guard, refresh: readonly string[]) {
  const sent = new Map<string, string>();
  let due = new Set<string>();
  let cost = 0;
  let scheduled = false;
  let stale = false;
  let isConfigured = false;

  const send = (uri: string): void => {
    const diagnostics = guard('diagnostics', [], undefined, () => [...service.diagnostics(uri)]);
    const text = JSON.stringify(diagnostics);
    if (sent.get(uri) === text) return;
    sent.set(uri, text);
    void connection.sendDiagnostics({ uri, diagnostics });
  };
  const step = (): void => {
    scheduled = false;
    const [uri] = due;
    if (uri === undefined) {
      end();
      return;
    }
    due.delete(uri);
    const started = performance.now();
    send(uri);
    cost = performance.now() - started;
    schedule();
  };
  const end = (): void => {
    void connection.sendNotification(protocol.deviceTreeChanged);
    if (stale) for (const request of refresh) connection.sendRequest(request).catch(() => {});
    stale = false;
  };
  // The request for which somebody waits came with the change or is right behind it, and is answered before the change is
  // judged: that would take longer than the answer. Where judging takes long it waits longer.
  const waitFrom = (start: number): void => {
    setImmediate(() => (performance.now() - start > patience ? step() : waitFrom(start)));
  };
  const schedule = (): void => {
    if (scheduled || !isConfigured) return;
    scheduled = true;
    if (cost < 5) waitFrom(performance.now());
    else setTimeout(step, Math.min(cost / 4, 20));
  };
  const judge = (...first: readonly string[]): void => {
    due = new Set([...first, ...due, ...service.openFiles()]);
    schedule();
  };
  return {
    soon: (uri: string): void => {
      sent.delete(uri);
      judge(uri);
    },
    all: (): void => {
      stale = true;
      judge();
    },
    /** The first time it begins: without the settings it could tell of what they switch off. */
    configured: (): void => {
      stale ||= isConfigured || due.size > 0;
      isConfigured = true;
      if (stale) judge();
    },
    after: (act: () => void): void => {
      guard('update', undefined, undefined, act);
      stale = true;
      judge();
    },
    clear: (uri: string): void => {
      due.delete(uri);
      sent.delete(uri);
      void connection.sendDiagnostics({ uri, diagnostics: [] });
    },
  };
}

function editOrRefusal<Edit>(answer: Edit | string): Edit {
  if (typeof answer === 'string') throw new ResponseError(ErrorCodes.InvalidRequest, answer);
  return answer;
}

/** The requests by which this editor can be told to ask again. */
function refreshRequests({ capabilities: { workspace } }: InitializeParams): readonly string[] {
  const views = ['codeLens', 'inlayHint', 'semanticTokens'] as const;
  return views.filter(view => workspace?.[view]?.refreshSupport === true).map(view => `workspace/${view}/refresh`);
}

function watchFiles(connection: Connection): void {
  const globs = ['**/etc/**', '**/*.snapshot', '**/hostpci.json'];
  void connection.client.register(DidChangeWatchedFilesNotification.type, {
    watchers: globs.map(globPattern => ({ globPattern })),
  });
}
