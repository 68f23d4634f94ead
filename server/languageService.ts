import type {
  CodeAction,
  CodeLens,
  CompletionList,
  Diagnostic,
  DocumentHighlight,
  DocumentLink,
  DocumentSymbol,
  FoldingRange,
  Hover,
  InlayHint,
  Location,
  Position,
  Range,
  SelectionRange,
  SemanticTokens,
  SignatureHelp,
  TextEdit,
  WorkspaceEdit,
} from 'vscode-languageserver-types';
import type { Language, SourceFile } from './languages/language.ts';
import { codeActions, fixAll } from './services/codeActions.ts';
import { toDiagnostic, toPosition, toSpan, toTextEdit } from './services/convert.ts';
import { type CardRequest, deviceTree, deviceTreeCard, type TreeRow, type TreeSort } from './services/deviceTree.ts';
import type { ExplanationView } from './services/explain.ts';
import * as features from './services/features.ts';
import { type DeviceTask, type HostFiles, hostFiles } from './services/hostFiles.ts';
import * as names from './services/names.ts';
import { passthroughLenses } from './services/passthroughLenses.ts';
import type { PlanView, PrepareChoices, Refusal, Wish } from './services/prepare.ts';
import type { ReadinessView, Subject, SubjectChoice } from './services/readiness.ts';
import { takeDevices } from './services/takeDevices.ts';
import { type BenchSettings, type Environment, Workbench } from './workbench.ts';

/** What a setting `hostpci.NAME.enabled` switches off, each by itself. */
export const switchable = [
  'codeActions',
  'codeLens',
  'completion',
  'definition',
  'diagnostics',
  'folding',
  'formatting',
  'highlights',
  'hover',
  'inlayHints',
  'links',
  'references',
  'rename',
  'selectionRanges',
  'semanticTokens',
  'signatureHelp',
  'symbols',
] as const;
export type Feature = (typeof switchable)[number];

/** Settings of the user, as the editor hands them over. */
export interface Settings extends BenchSettings {
  readonly off: ReadonlySet<Feature>;
}

/**
 * Everything an editor can ask. Positions are LSP's. A method about a file that is not open, or of no language of ours,
 * answers "nothing"; none throws because of what a file says.
 */
export interface LanguageService {
  /** A file was opened in an editor: its text counts from now on. Answers when the rest of its site is read, too. */
  open(uri: string, languageId: string, version: number, text: string): Promise<void>;
  change(uri: string, version: number, changes: readonly TextChange[]): void;
  /** The editor let go of a file: what is on the disk counts again. */
  close(uri: string): Promise<void>;
  /** A file changed on the disk, appeared or went. Files that are open in an editor stay as the editor has them. */
  refresh(uri: string): Promise<void>;
  /** What a host printed, under any URI of its own, and what it printed before; `undefined` forgets it. */
  setSnapshot(uri: string, text: string | undefined, previousText?: string): void;
  /** Reads the files of sites, directories that hold an `etc/`, which no open file has brought in yet. */
  readSites(roots: readonly string[]): Promise<void>;
  /** Answers when no site is being read any more. */
  settled(): Promise<void>;
  configure(settings: Settings): void;
  /** URIs of the open files. */
  openFiles(): readonly string[];
  diagnostics(uri: string): readonly Diagnostic[];
  /** Not all of them where there are very many: then the editor asks again for what is typed next. */
  complete(uri: string, at: Position): CompletionList;
  hover(uri: string, at: Position): Hover | null;
  codeActions(uri: string, range: Range): readonly CodeAction[];
  fixAll(uri: string): readonly CodeAction[];
  definition(uri: string, at: Position): readonly Location[];
  references(uri: string, at: Position, withDefinition: boolean): readonly Location[];
  highlights(uri: string, at: Position): readonly DocumentHighlight[];
  prepareRename(uri: string, at: Position): { range: Range; placeholder: string } | null;
  /** An edit, or in words why the new name cannot be. */
  rename(uri: string, at: Position, newName: string): WorkspaceEdit | string;
  links(uri: string): readonly DocumentLink[];
  symbols(uri: string): readonly DocumentSymbol[];
  folds(uri: string): readonly FoldingRange[];
  selectionRanges(uri: string, positions: readonly Position[]): readonly SelectionRange[];
  semanticTokens(uri: string): SemanticTokens;
  inlayHints(uri: string): readonly InlayHint[];
  codeLenses(uri: string): readonly CodeLens[];
  signatureHelp(uri: string, at: Position): SignatureHelp | null;
  formatting(uri: string): readonly TextEdit[];
  deviceTree(sort: TreeSort, filter: string): readonly TreeRow[];
  /** What to know of a device or a group in the tree, as Markdown. */
  deviceCard(request: CardRequest): string | undefined;
  /** What makes a file take PCI functions of its host: a `hostpciN` line, ids in modprobe.d, a mapping's entry. */
  takeDevices(uri: string, at: Position, addresses: readonly string[], host?: string): readonly TextEdit[];
  /** What a pasted error message means; `about` is the file that somebody looks at. */
  explain(text: string, about?: string): Promise<ExplanationView>;
  /** Where devices of a host can be written. */
  hostFiles(host: string, task: DeviceTask): HostFiles;
  /** Everything whose readiness can be asked for. */
  subjects(): Promise<readonly SubjectChoice[]>;
  /** The way from the firmware to the guest. */
  readiness(subject: Subject): Promise<ReadinessView | undefined>;
  /** In which ways devices of a host can be given to which of its VMs; the reasons where in none. */
  prepareChoices(host: string, addresses: readonly string[]): Promise<PrepareChoices | Refusal>;
  /** What has to change in which files so that a VM gets devices; the reasons where it must not. */
  prepare(wish: Wish): Promise<PlanView | Refusal>;
}

/** One change of a document, in the order they were made; without a range it is the whole text. */
export interface TextChange {
  readonly range?: Range;
  readonly text: string;
}

/** Calls with an open or read file and its language, or answers `nothing`. */
type At = <T>(uri: string, nothing: T, answer: (file: SourceFile, language: Language) => T) => T;

/** The same for what a setting switches off. */
type Switched = <T>(name: Feature, uri: string, nothing: T, answer: (file: SourceFile, language: Language) => T) => T;

export function createLanguageService(environment: Environment): LanguageService {
  const bench = new Workbench(environment);
  let off: ReadonlySet<Feature> = new Set();

  const at: At = (uri, nothing, answer) => {
    const known = bench.known(uri);
    return known ? answer(known.file, known.language) : nothing;
  };
  const feature: Switched = (name, uri, nothing, answer) => (off.has(name) ? nothing : at(uri, nothing, answer));

  return Object.freeze<LanguageService>({
    ...changes(bench),
    configure(settings) {
      off = settings.off;
      bench.configure(settings);
    },
    ...judgements(bench, feature),
    ...whileTyping(bench, feature),
    ...namesIn(bench, feature),
    ...shapes(feature),
    ...devices(bench, at),
    ...studies(bench),
  });
}

type Part<Name extends keyof LanguageService> = Pick<LanguageService, Name>;

const changes = (
  bench: Workbench,
): Part<'open' | 'change' | 'close' | 'refresh' | 'setSnapshot' | 'readSites' | 'settled' | 'openFiles'> => ({
  open: (uri, languageId, version, text) => bench.open(uri, languageId, version, text),
  change: (uri, version, all) =>
    bench.change(
      uri,
      version,
      all.map(({ range, text }) => ({ span: range && toSpan(range), text })),
    ),
  close: uri => bench.close(uri),
  refresh: uri => bench.refresh(uri),
  setSnapshot: (uri, text, previousText) => bench.setSnapshot(uri, text, previousText),
  readSites: roots => bench.readSites(roots),
  settled: () => bench.settled(),
  openFiles: () => bench.openFiles(),
});

const judgements = (bench: Workbench, feature: Switched): Part<'diagnostics' | 'codeActions' | 'fixAll'> => ({
  diagnostics: uri => feature('diagnostics', uri, [], file => bench.reportsOn(file).map(toDiagnostic)),
  codeActions: (uri, range) =>
    feature('codeActions', uri, [], (file, language) => {
      const where = toSpan(range);
      const refactorings = language.refactorings?.(file, where, bench.around(file)) ?? [];
      return codeActions(file, where, bench.reportsOn(file), refactorings, bench.versionOf);
    }),
  fixAll: uri => feature('codeActions', uri, [], file => fixAll(bench.reportsOn(file), bench.versionOf)),
});

const whileTyping = (
  bench: Workbench,
  feature: Switched,
): Part<'complete' | 'hover' | 'signatureHelp' | 'inlayHints' | 'codeLenses'> => ({
  complete: (uri, position) =>
    feature('completion', uri, { isIncomplete: false, items: [] }, (file, language) =>
      features.completions(language, file, toPosition(position), bench.around(file)),
    ),
  hover: (uri, position) =>
    feature('hover', uri, null, (file, language) =>
      features.hover(language, file, toPosition(position), bench.around(file)),
    ),
  signatureHelp: (uri, position) =>
    feature('signatureHelp', uri, null, (file, language) =>
      features.signatureHelp(language, file, toPosition(position), bench.around(file)),
    ),
  inlayHints: uri =>
    feature('inlayHints', uri, [], (file, language) => features.inlayHints(language, file, bench.around(file))),
  codeLenses: uri =>
    feature('codeLens', uri, [], (file, language) => [
      ...features.codeLenses(language, file, bench.around(file)),
      ...passthroughLenses(file),
    ]),
});

const namesIn = (
  bench: Workbench,
  feature: Switched,
): Part<'definition' | 'references' | 'highlights' | 'prepareRename' | 'rename' | 'links'> => ({
  definition: (uri, position) =>
    feature('definition', uri, [], file => names.definitionOf(bench.world, file, toPosition(position))),
  references: (uri, position, withDefinition) =>
    feature('references', uri, [], file => names.referencesTo(bench.world, file, toPosition(position), withDefinition)),
  highlights: (uri, position) => feature('highlights', uri, [], file => names.highlightsOf(file, toPosition(position))),
  prepareRename: (uri, position) =>
    feature('rename', uri, null, file => names.renamable(file, toPosition(position)) ?? null),
  rename: (uri, position, newName) =>
    feature<WorkspaceEdit | string>('rename', uri, 'Nothing here can be renamed.', file =>
      names.rename(bench.world, file, toPosition(position), newName, bench.versionOf),
    ),
  links: uri => feature('links', uri, [], file => names.linksIn(bench.world, file)),
});

const shapes = (
  feature: Switched,
): Part<'symbols' | 'folds' | 'selectionRanges' | 'semanticTokens' | 'formatting'> => ({
  symbols: uri => feature('symbols', uri, [], (file, language) => features.symbols(language, file)),
  folds: uri => feature('folding', uri, [], (file, language) => features.folds(language, file)),
  selectionRanges: (uri, positions) =>
    feature('selectionRanges', uri, [], (file, language) =>
      positions.map(one => features.selectionRange(language, file, toPosition(one))),
    ),
  semanticTokens: uri =>
    feature('semanticTokens', uri, { data: [] }, (file, language) => features.semanticTokens(language, file)),
  formatting: uri => feature('formatting', uri, [], (file, language) => features.formatting(language, file)),
});

const devices = (bench: Workbench, at: At): Part<'deviceTree' | 'deviceCard' | 'takeDevices' | 'hostFiles'> => ({
  deviceTree: (sort, filter) => deviceTree(bench.world, sort, filter),
  deviceCard: request => deviceTreeCard(bench.world, request),
  takeDevices: (uri, position, addresses, host) =>
    at(uri, [], (file, language) =>
      takeDevices(
        bench.world,
        { file, language, around: bench.around(file) },
        toPosition(position),
        addresses,
        host,
      ).map(toTextEdit),
    ),
  hostFiles: (host, task) => hostFiles(bench.world, host, task),
});

const studies = (bench: Workbench): Part<'explain' | 'subjects' | 'readiness' | 'prepareChoices' | 'prepare'> => ({
  explain: async (text, about) => (await loadStudies()).explain(bench, text, about),
  subjects: async () => (await loadStudies()).subjects(bench),
  readiness: async subject => (await loadStudies()).readiness(bench, subject),
  prepareChoices: async (host, addresses) => (await loadStudies()).prepareChoices(bench, host, addresses),
  prepare: async wish => (await loadStudies()).prepare(bench, wish),
});

const loadStudies = () => import('./studies.ts');
