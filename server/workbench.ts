import { parseSnapshot } from '../host/snapshot.ts';
import type { Judge } from './explain/findings.ts';
import { surroundingsOf } from './facts/surroundings.ts';
import { languages } from './languages/index.ts';
import type { Language, Library, SourceFile, Surroundings } from './languages/language.ts';
import { rules } from './rules/index.ts';
import type { Report, Rule } from './rules/rule.ts';
import { firstOf } from './rules/ruleSettings.ts';
import { type RuleTexts, ruleTexts } from './rules/ruleTexts.ts';
import { defaultSettings, type RuleSettings, ruleSet, runRules } from './rules/run.ts';
import { configName, findConfig, type SiteConfig } from './services/siteConfig.ts';
import { type Lines, replace, toLines } from './text/lines.ts';
import type { Span } from './text/span.ts';
import type { FileSystem } from './workspace/fileSystem.ts';
import { currentSnapshot, type Loaded, loadSite, readSnapshot, readSource } from './workspace/load.ts';
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

/** What the user's settings say of all files. */
export interface BenchSettings {
  readonly rules: RuleSettings;
  readonly assumedVersions: World['assumedVersions'];
  /** What could not be read, in words. */
  readonly problems: readonly string[];
}

/** One change of an open text; without a span it is the whole text. */
export interface Replacement {
  readonly span: Span | undefined;
  readonly text: string;
}

interface OpenDocument {
  readonly version: number;
  readonly lines: Lines;
}

/**
 * What changes while a server runs: which files are open, which sites are read, what their settings say, and the World
 * made of all that. Every change makes another World; whoever answers a request takes the one there is and changes nothing.
 */
export class Workbench {
  readonly #environment: Environment;
  readonly #rules = ruleSet(rules);
  readonly #open = new Map<string, OpenDocument>();
  readonly #sites = new Map<string, Promise<void>>();
  readonly #configs = new Map<string, SiteConfig>();
  readonly #told = new Set<string>();
  #settings: RuleSettings = defaultSettings;
  #world: World = emptyWorld;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  get world(): World {
    return this.#world;
  }

  /** URIs of the open files. */
  openFiles(): readonly string[] {
    return [...this.#open.keys()];
  }

  /** The version of an open file, as the editor counts; `null` of others. */
  readonly versionOf = (uri: string): number | null => this.#open.get(uri)?.version ?? null;

  /** A file of the World with its language. */
  known(uri: string): { readonly file: SourceFile; readonly language: Language } | undefined {
    const file = this.#world.files.get(uri);
    const language = file && languages.find(({ id }) => id === file.place.language);
    return file && language && { file, language };
  }

  around(file: SourceFile): Surroundings {
    return surroundingsOf(this.#world, file, this.#environment.library);
  }

  /** What the rules say of a file, by the settings of its site. */
  reportsOn(file: SourceFile): readonly Report[] {
    return runRules(this.#rules, file, this.#world, this.#logCrash, this.#settingsOf(file.place.root));
  }

  /** For whoever looks at files of several sites. */
  get judge(): Judge {
    const rootOf = (uri: string): string => this.#world.files.get(uri)?.place.root ?? '';
    return {
      rules,
      onCrash: this.#logCrash,
      settings: { severityOf: (rule, uri) => this.#settingsOf(rootOf(uri)).severityOf(rule, uri) },
    };
  }

  get ruleTexts(): RuleTexts {
    return ruleTexts(this.#environment.library);
  }

  /** The text of the editor counts from now on. Answers when the rest of the file's site is read, too. */
  async open(uri: string, languageId: string, version: number, text: string): Promise<void> {
    this.#open.set(uri, { version, lines: toLines(text) });
    this.#put(readSource(uri, text, languages, languageId));
    const place = placeOf(uri, languages, languageId);
    if (place && place.root !== '') await this.#readSite(place.root);
  }

  change(uri: string, version: number, changes: readonly Replacement[]): void {
    const before = this.#open.get(uri);
    if (!before) return;
    const lines = changes.reduce<Lines>(
      (all, { span, text }) => (span ? replace(all, span, text) : toLines(text)),
      before.lines,
    );
    this.#open.set(uri, { version, lines });
    const known = this.known(uri);
    if (known) this.#put({ ...known.file, lines, tree: known.language.parse(lines, known.file.tree) });
  }

  async close(uri: string): Promise<void> {
    this.#open.delete(uri);
    await this.#readFromDisk(uri);
  }

  /** A file changed on the disk, appeared or went. */
  async refresh(uri: string): Promise<void> {
    if (uri.endsWith('.snapshot')) {
      const current = currentSnapshot(uri);
      const snapshot = await readSnapshot(current, this.#environment.files);
      this.#world = snapshot ? withSnapshot(this.#world, snapshot) : withoutSnapshot(this.#world, current);
    } else if (uri.endsWith(`/${configName}`)) {
      await Promise.all([...this.#sites.keys()].map(root => this.#readConfigOf(root)));
    } else if (!this.#open.has(uri)) {
      await this.#readFromDisk(uri);
    }
  }

  setSnapshot(uri: string, text: string | undefined, previousText?: string): void {
    if (text === undefined) {
      this.#world = withoutSnapshot(this.#world, uri);
      return;
    }
    const previous = previousText === undefined ? {} : { previous: parseSnapshot(previousText) };
    const snapshot = { uri, root: siteBeside(uri), inventory: parseSnapshot(text), ...previous };
    this.#world = withSnapshot(this.#world, snapshot);
  }

  /** Reads the sites that are not yet known. */
  async readSites(roots: readonly string[]): Promise<void> {
    await Promise.all(roots.map(root => this.#readSite(root)));
  }

  /** Answers when no site is being read any more. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#sites.values());
  }

  configure({ rules: chosen, assumedVersions, problems }: BenchSettings): void {
    this.#settings = chosen;
    this.#tellOnce(problems);
    this.#world = { ...this.#world, assumedVersions };
  }

  #put(file: SourceFile | undefined): void {
    if (file) this.#world = withFile(this.#world, file);
  }

  #readSite(root: string): Promise<void> {
    const known = this.#sites.get(root);
    if (known) return known;
    const loading = loadSite(root, this.#environment.files, languages);
    const reading = Promise.all([loading, this.#readConfigOf(root)]).then(([loaded]) => this.#putSite(loaded));
    this.#sites.set(root, reading);
    return reading;
  }

  #putSite({ files, snapshots }: Loaded): void {
    const closed = files.filter(file => !this.#open.has(file.uri));
    this.#world = snapshots.reduce(withSnapshot, withFiles(this.#world, closed));
  }

  async #readConfigOf(root: string): Promise<void> {
    const config = await findConfig(root, this.#environment.files);
    this.#configs.set(root, config);
    this.#tellOnce(config.problems.map(problem => `${config.uri}: ${problem}`));
    const siteVersions = new Map(
      [...this.#configs].flatMap(([site, { assumedVersions }]) =>
        assumedVersions ? [[site, assumedVersions] as const] : [],
      ),
    );
    this.#world = { ...this.#world, siteVersions };
  }

  async #readFromDisk(uri: string): Promise<void> {
    const text = await this.#environment.files.read(uri);
    if (this.#open.has(uri)) return;
    if (text === undefined) this.#world = withoutFile(this.#world, uri);
    else this.#put(readSource(uri, text, languages));
  }

  #settingsOf(root: string): RuleSettings {
    return firstOf(this.#configs.get(root)?.rules ?? defaultSettings, this.#settings);
  }

  readonly #logCrash = (rule: Rule, where: SourceFile, error: unknown): void => {
    const cause = error instanceof Error ? error.stack : String(error);
    this.#environment.log.error(`rule ${rule.id} failed on ${where.uri}: ${cause}`);
  };

  #tellOnce(problems: readonly string[]): void {
    for (const problem of problems.filter(one => !this.#told.has(one))) {
      this.#told.add(problem);
      this.#environment.log.error(problem);
    }
  }
}

/** A snapshot file belongs to the site it lies beside; one with another name came straight from a host. */
const siteBeside = (uri: string): string | undefined =>
  uri.endsWith('.snapshot') ? uri.slice(0, uri.lastIndexOf('/')) : undefined;
