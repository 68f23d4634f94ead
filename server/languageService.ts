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
import { parseSnapshot } from '../host/snapshot.ts';
import type { Judge } from './explain/findings.ts';
import { surroundingsOf } from './facts/surroundings.ts';
import { languages } from './languages/index.ts';
import type { Language, Library, SourceFile, Surroundings } from './languages/language.ts';
import { rules } from './rules/index.ts';
import type { Report } from './rules/rule.ts';
import { firstOf } from './rules/ruleSettings.ts';
import { ruleTexts } from './rules/ruleTexts.ts';
import { defaultSettings, type OnCrash, type RuleSettings, ruleSet, runRules } from './rules/run.ts';
import { codeActions, fixAll } from './services/codeActions.ts';
import { toDiagnostic, toPosition, toSpan, toTextEdit } from './services/convert.ts';
import { type CardRequest, deviceTree, deviceTreeCard, type TreeRow, type TreeSort } from './services/deviceTree.ts';
import { type ExplanationView, explanationView } from './services/explain.ts';
import * as features from './services/features.ts';
import { type DeviceTask, type HostFiles, hostFiles } from './services/hostFiles.ts';
import * as names from './services/names.ts';
import { passthroughLenses } from './services/passthroughLenses.ts';
import {
  type PlanView,
  type PrepareChoices,
  prepare,
  prepareChoices,
  type Refusal,
  type Wish,
} from './services/prepare.ts';
import { type ReadinessView, readiness, type Subject, type SubjectChoice, subjects } from './services/readiness.ts';
import { configName, findConfig, type SiteConfig } from './services/siteConfig.ts';
import { takeDevices } from './services/takeDevices.ts';
import { type Lines, replace, toLines } from './text/lines.ts';
import type { FileSystem } from './workspace/fileSystem.ts';
import { currentSnapshot, loadSite, readSnapshot, readSource } from './workspace/load.ts';
import { placeOf } from './workspace/place.ts';
import {
  emptyWorld,
  type World,
  withFile,
  withFiles,
  withoutFile,
  withoutSnapshot,
  withSnapshot,
} from './workspace/world.ts';

/** What a language service needs from outside. */
export interface Environment {
  readonly files: FileSystem;
  readonly library: Library;
  /** Told of rules that threw and of requests that failed. */
  readonly log: { error(message: string): void };
}

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
export interface Settings {
  readonly rules: RuleSettings;
  readonly off: ReadonlySet<Feature>;
  readonly assumedVersions: World['assumedVersions'];
  /** What could not be read, in words. */
  readonly problems: readonly string[];
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
  explain(text: string, about?: string): ExplanationView;
  /** Where devices of a host can be written. */
  hostFiles(host: string, task: DeviceTask): HostFiles;
  /** Everything whose readiness can be asked for. */
  subjects(): readonly SubjectChoice[];
  /** The way from the firmware to the guest. */
  readiness(subject: Subject): ReadinessView | undefined;
  /** In which ways devices of a host can be given to which of its VMs; the reasons where in none. */
  prepareChoices(host: string, addresses: readonly string[]): PrepareChoices | Refusal;
  /** What has to change in which files so that a VM gets devices; the reasons where it must not. */
  prepare(wish: Wish): PlanView | Refusal;
}

/** One change of a document, in the order they were made; without a range it is the whole text. */
export interface TextChange {
  readonly range?: Range;
  readonly text: string;
}

interface OpenDocument {
  readonly version: number;
  readonly lines: Lines;
}

const noSettings: Settings = {
  rules: defaultSettings,
  off: new Set(),
  assumedVersions: emptyWorld.assumedVersions,
  problems: [],
};

export function createLanguageService(environment: Environment): LanguageService {
  const ruleList = ruleSet(rules);
  const open = new Map<string, OpenDocument>();
  const sites = new Map<string, Promise<void>>();
  const configs = new Map<string, SiteConfig>();
  let world: World = emptyWorld;
  let settings = noSettings;

  const put = (file: SourceFile | undefined): void => {
    if (file) world = withFile(world, file);
  };

  const told = new Set<string>();
  const tellOnce = (problems: readonly string[]): void => {
    for (const problem of problems.filter(one => !told.has(one))) {
      told.add(problem);
      environment.log.error(problem);
    }
  };

  const readConfigOf = async (root: string): Promise<void> => {
    const config = await findConfig(root, environment.files);
    configs.set(root, config);
    tellOnce(config.problems.map(problem => `${config.uri}: ${problem}`));
    const known = [...configs].flatMap(([site, { assumedVersions }]) =>
      assumedVersions ? [[site, assumedVersions] as const] : [],
    );
    world = { ...world, siteVersions: new Map(known) };
  };

  const readSite = (root: string): Promise<void> => {
    const known = sites.get(root);
    if (known) return known;
    const reading = Promise.all([loadSite(root, environment.files, languages), readConfigOf(root)]).then(([loaded]) => {
      const closed = loaded.files.filter(file => !open.has(file.uri));
      world = withFiles(world, closed);
      for (const snapshot of loaded.snapshots) world = withSnapshot(world, snapshot);
    });
    sites.set(root, reading);
    return reading;
  };

  const fromDisk = async (uri: string): Promise<void> => {
    const text = await environment.files.read(uri);
    if (open.has(uri)) return;
    if (text === undefined) world = withoutFile(world, uri);
    else put(readSource(uri, text, languages));
  };

  const logCrash: OnCrash = (rule, where, error) => {
    environment.log.error(
      `rule ${rule.id} failed on ${where.uri}: ${error instanceof Error ? error.stack : String(error)}`,
    );
  };
  const settingsOf = (root: string): RuleSettings =>
    firstOf(configs.get(root)?.rules ?? defaultSettings, settings.rules);
  const reportsOn = (file: SourceFile): readonly Report[] =>
    runRules(ruleList, file, world, logCrash, settingsOf(file.place.root));
  /** For whoever looks at files of several sites. */
  const judge: Judge = {
    rules,
    onCrash: logCrash,
    settings: {
      severityOf: (rule, uri) => settingsOf(world.files.get(uri)?.place.root ?? '').severityOf(rule, uri),
    },
  };

  const around = (file: SourceFile): Surroundings => surroundingsOf(world, file, environment.library);

  /** Calls with the file and its language, or answers `nothing`. */
  const at = <T>(uri: string, nothing: T, answer: (file: SourceFile, language: Language) => T): T => {
    const file = world.files.get(uri);
    const language = file && languages.find(known => known.id === file.place.language);
    return file && language ? answer(file, language) : nothing;
  };

  /** The same for what a setting switches off. */
  const feature = <T>(
    name: Feature,
    uri: string,
    nothing: T,
    answer: (file: SourceFile, language: Language) => T,
  ): T => (settings.off.has(name) ? nothing : at(uri, nothing, answer));
  const versions = (uri: string): number | null => open.get(uri)?.version ?? null;

  return Object.freeze<LanguageService>({
    async open(uri, languageId, version, text) {
      open.set(uri, { version, lines: toLines(text) });
      put(readSource(uri, text, languages, languageId));
      const place = placeOf(uri, languages, languageId);
      if (place && place.root !== '') await readSite(place.root);
    },
    change(uri, version, changes) {
      const before = open.get(uri);
      if (!before) return;
      const lines = changes.reduce<Lines>(
        (text, change) => (change.range ? replace(text, toSpan(change.range), change.text) : toLines(change.text)),
        before.lines,
      );
      open.set(uri, { version, lines });
      at(uri, undefined, (file, language) => put({ ...file, lines, tree: language.parse(lines, file.tree) }));
    },
    async close(uri) {
      open.delete(uri);
      await fromDisk(uri);
    },
    async refresh(uri) {
      if (uri.endsWith('.snapshot')) {
        const current = currentSnapshot(uri);
        const snapshot = await readSnapshot(current, environment.files);
        world = snapshot ? withSnapshot(world, snapshot) : withoutSnapshot(world, current);
      } else if (uri.endsWith(`/${configName}`)) {
        await Promise.all([...sites.keys()].map(readConfigOf));
      } else if (!open.has(uri)) {
        await fromDisk(uri);
      }
    },
    setSnapshot(uri, text, previousText) {
      if (text === undefined) {
        world = withoutSnapshot(world, uri);
        return;
      }
      const previous = previousText === undefined ? {} : { previous: parseSnapshot(previousText) };
      world = withSnapshot(world, { uri, root: siteBeside(uri), inventory: parseSnapshot(text), ...previous });
    },
    async readSites(roots) {
      await Promise.all(roots.map(readSite));
    },
    async settled() {
      await Promise.allSettled(sites.values());
    },
    configure(next) {
      settings = next;
      tellOnce(next.problems);
      world = { ...world, assumedVersions: next.assumedVersions };
    },
    openFiles: () => [...open.keys()],
    diagnostics: uri => feature('diagnostics', uri, [], file => reportsOn(file).map(toDiagnostic)),
    complete: (uri, position) =>
      feature('completion', uri, { isIncomplete: false, items: [] }, (file, language) =>
        features.completions(language, file, toPosition(position), around(file)),
      ),
    hover: (uri, position) =>
      feature('hover', uri, null, (file, language) =>
        features.hover(language, file, toPosition(position), around(file)),
      ),
    codeActions: (uri, range) =>
      feature('codeActions', uri, [], (file, language) => {
        const where = toSpan(range);
        return codeActions(
          file,
          where,
          reportsOn(file),
          language.refactorings?.(file, where, around(file)) ?? [],
          versions,
        );
      }),
    fixAll: uri => feature('codeActions', uri, [], file => fixAll(reportsOn(file), versions)),
    definition: (uri, position) =>
      feature('definition', uri, [], file => names.definitionOf(world, file, toPosition(position))),
    references: (uri, position, withDefinition) =>
      feature('references', uri, [], file => names.referencesTo(world, file, toPosition(position), withDefinition)),
    highlights: (uri, position) =>
      feature('highlights', uri, [], file => names.highlightsOf(file, toPosition(position))),
    prepareRename: (uri, position) =>
      feature('rename', uri, null, file => names.renamable(file, toPosition(position)) ?? null),
    rename: (uri, position, newName) =>
      feature<WorkspaceEdit | string>('rename', uri, 'Nothing here can be renamed.', file =>
        names.rename(world, file, toPosition(position), newName, versions),
      ),
    links: uri => feature('links', uri, [], file => names.linksIn(world, file)),
    symbols: uri => feature('symbols', uri, [], (file, language) => features.symbols(language, file)),
    folds: uri => feature('folding', uri, [], (file, language) => features.folds(language, file)),
    selectionRanges: (uri, positions) =>
      feature('selectionRanges', uri, [], (file, language) =>
        positions.map(one => features.selectionRange(language, file, toPosition(one))),
      ),
    semanticTokens: uri =>
      feature('semanticTokens', uri, { data: [] }, (file, language) => features.semanticTokens(language, file)),
    inlayHints: uri =>
      feature('inlayHints', uri, [], (file, language) => features.inlayHints(language, file, around(file))),
    codeLenses: uri =>
      feature('codeLens', uri, [], (file, language) => [
        ...features.codeLenses(language, file, around(file)),
        ...passthroughLenses(file),
      ]),
    signatureHelp: (uri, position) =>
      feature('signatureHelp', uri, null, (file, language) =>
        features.signatureHelp(language, file, toPosition(position), around(file)),
      ),
    formatting: uri => feature('formatting', uri, [], (file, language) => features.formatting(language, file)),
    deviceTree: (sort, filter) => deviceTree(world, sort, filter),
    deviceCard: request => deviceTreeCard(world, request),
    takeDevices: (uri, position, addresses, host) =>
      at(uri, [], (file, language) =>
        takeDevices(world, { file, language, around: around(file) }, toPosition(position), addresses, host).map(
          toTextEdit,
        ),
      ),
    explain: (text, about) =>
      explanationView(
        text,
        world,
        judge,
        ruleTexts(environment.library),
        about === undefined ? undefined : world.files.get(about),
      ),
    hostFiles: (host, task) => hostFiles(world, host, task),
    subjects: () => subjects(world),
    readiness: subject => readiness(world, subject, judge, versions),
    prepareChoices: (host, addresses) => prepareChoices(world, host, addresses),
    prepare: wish => prepare(world, wish, versions),
  });
}

/** A snapshot file belongs to the site it lies beside; one with another name came straight from a host. */
const siteBeside = (uri: string): string | undefined =>
  uri.endsWith('.snapshot') ? uri.slice(0, uri.lastIndexOf('/')) : undefined;
