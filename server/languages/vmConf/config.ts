import { Memo } from '../../text/memo.ts';
import type { Token } from '../../text/span.ts';
import { parseBoolean } from '../../values/boolean.ts';
import { splitList } from '../../values/kind.ts';
import type { SourceFile } from '../language.ts';
import { type Layout, layoutOf, membersAmong } from './layout.ts';
import { storedValue } from './read.ts';
import { type Properties, type Property, propertiesOf } from './readProperties.ts';
import { type FoundOption, optionOf } from './schema.ts';
import { perTree, type Section, type VmConf, type VmLine } from './tree.ts';

/** A VM's configuration with its tokens: what each section says, and what the next cold start will use. */
export interface VmConfig {
  /** What a running VM was started with, as far as the file tells. */
  readonly main: SectionSettings;
  /** Changes that wait for the next cold start; `undefined` where there is no such section. */
  readonly pending: SectionSettings | undefined;
  /** By name; of a name that is there twice it is the last, as Proxmox reads it. */
  readonly snapshots: ReadonlyMap<string, SectionSettings>;
  /**
   * The main section with `[PENDING]` applied, its `delete:` too: what the next cold start uses, and what rules about
   * the VM judge. Every entry is on the line that is in effect.
   */
  readonly next: Settings;
}

/** Values by key. Refused lines are not in it; of a key that is given twice the last valid line counts. */
export interface Settings {
  /** The entry of a key in its stored spelling: `ide2` also finds a `cdrom:` line. */
  entry(key: string): Entry | undefined;
  /** All members of a family, by index: `family('hostpci')`. */
  family(name: string): readonly Entry[];
  /** All entries, sorted by line. */
  entries(): readonly Entry[];
  /** What was computed of these settings. */
  readonly memo: Memo;
}

export interface SectionSettings extends Settings {
  readonly section: Section;
}

/** A line that is in force. */
export interface Entry {
  /** The stored key, `hostpci0`; `ide2` for a `cdrom:` line. */
  readonly key: string;
  /** `hostpci` for `hostpci0`; else the key. */
  readonly name: string;
  /** 0 for `hostpci0`; `undefined` outside families. */
  readonly index: number | undefined;
  /** Line in the file, from 0. */
  readonly line: number;
  readonly node: VmLine;
  readonly section: Section;
  /** The value as it stands in the line. */
  readonly value: Token;
  /** The value as Proxmox stores it: booleans as `1` or `0`, plain strings without the double quotes around them. */
  readonly stored: string;
  /**
   * Sub-properties by stored name: default key and aliases are resolved, `volume=…` is `file`, `virtio=MAC` is `model`
   * and `macaddr`. Empty where the value is no property string.
   */
  readonly properties: Properties;
}

/** The configuration that a file means; computed once per version of the file. */
export const configOf = (file: Pick<SourceFile<VmConf>, 'tree'>): VmConfig => configOfTree(file.tree);

const configOfTree = perTree(makeConfig);

/** A sub-property of an entry by its stored name. */
export const property = (entry: Entry | undefined, name: string): Property | undefined => entry?.properties.get(name);

/** The text of a sub-property; `undefined` where it is not given. */
export const textOfProperty = (entry: Entry | undefined, name: string): string | undefined =>
  entry?.properties.get(name)?.value.text;

/** A boolean sub-property; `undefined` where it is not given. */
export function flagOf(entry: Entry | undefined, name: string): boolean | undefined {
  const text = textOfProperty(entry, name);
  return text === undefined ? undefined : parseBoolean(text);
}

/** True where a boolean sub-property is given and on. */
export const isFlagOn = (entry: Entry | undefined, name: string): boolean => flagOf(entry, name) === true;

/** The stored text of an option: `stored(config.next, 'bios')`; `undefined` where it is not given. */
export const stored = (settings: Settings, key: string): string | undefined => settings.entry(key)?.stored;

/** A boolean option; its default where it is not given. */
export const isOn = (settings: Settings, key: string, byDefault = false): boolean => {
  const text = stored(settings, key);
  return text === undefined ? byDefault : text === '1';
};

/** A numeric option; its default where it is not given. */
export const numberOf = (settings: Settings, key: string, byDefault: number): number =>
  Number(stored(settings, key) ?? byDefault);

/** A template is never started as it is, only for backups, and then without most of its devices. */
export const isTemplate = (config: VmConfig): boolean => isOn(config.main, 'template');

/** What the `delete:` lines of a section name, `!` (forced) taken off, with their places in the line. */
export function deletedKeys(section: SectionSettings): readonly { readonly key: string; readonly line: number }[] {
  return section.section.body.flatMap((node, offset) =>
    node.kind !== 'delete'
      ? []
      : splitList(node.value.text).map(item => ({ key: item.replace(/^!/, ''), line: section.section.from + offset })),
  );
}

function makeConfig(tree: VmConf): VmConfig {
  const main = new SettingsOfSection(tree.sections[0] as Section);
  const waiting = tree.sections.findLast(({ kind }) => kind === 'pending');
  const pending = waiting && new SettingsOfSection(waiting);
  return new Config(tree, main, pending);
}

class Config implements VmConfig {
  readonly main: SectionSettings;
  readonly pending: SectionSettings | undefined;
  readonly next: Settings;
  readonly #tree: VmConf;
  #snapshots: ReadonlyMap<string, SectionSettings> | undefined;

  constructor(tree: VmConf, main: SectionSettings, pending: SectionSettings | undefined) {
    this.#tree = tree;
    this.main = main;
    this.pending = pending;
    this.next = pending ? applied(main, pending) : main;
  }

  get snapshots(): ReadonlyMap<string, SectionSettings> {
    this.#snapshots ??= new Map(
      this.#tree.sections
        .filter(({ kind }) => kind === 'snapshot')
        .map(section => [section.name, new SettingsOfSection(section)]),
    );
    return this.#snapshots;
  }
}

/** The settings of one section; its entries are made when they are asked for, at most once. */
class SettingsOfSection implements SectionSettings {
  readonly section: Section;
  readonly memo = new Memo();
  readonly #layout: Layout;
  /** By offset. */
  readonly #made: (Entry | undefined)[];

  constructor(section: Section) {
    this.section = section;
    this.#layout = layoutOf(section);
    this.#made = new Array(section.body.length);
  }

  entry(key: string): Entry | undefined {
    const offset = this.#layout.offsets.get(key);
    return offset === undefined ? undefined : this.#entryAt(offset, key);
  }

  family(name: string): readonly Entry[] {
    const members = this.#layout.members(name);
    return members.length === 0 ? none : members.map(key => this.entry(key) as Entry);
  }

  entries(): readonly Entry[] {
    return [...this.#layout.offsets].map(([key, offset]) => this.#entryAt(offset, key)).sort(byLine);
  }

  #entryAt(offset: number, key: string): Entry {
    this.#made[offset] ??= entryAt(this.section, offset, key);
    return this.#made[offset];
  }
}

/** Main settings with the pending ones over them. */
function applied(main: SectionSettings, pending: SectionSettings): Settings {
  const gone = new Set(deletedKeys(pending).map(({ key }) => key));
  const entry = (key: string): Entry | undefined => {
    const waiting = pending.entry(key);
    return waiting ?? (gone.has(key) ? undefined : main.entry(key));
  };
  const entries = (): readonly Entry[] => [
    ...main.entries().filter(({ key }) => !gone.has(key) && !pending.entry(key)),
    ...pending.entries(),
  ];
  const keys = new Set([main, pending].flatMap(({ section }) => [...layoutOf(section).offsets.keys()]));
  const family = (name: string): readonly Entry[] => membersAmong(keys, name).flatMap(key => entry(key) ?? []);
  return { entry, entries, family, memo: new Memo() };
}

const byLine = (a: Entry, b: Entry): number => a.line - b.line;
const none: readonly Entry[] = [];
const noProperties: Properties = new Map();

function entryAt(section: Section, offset: number, key: string): Entry {
  const node = section.body[offset] as VmLine;
  const option: FoundOption | undefined = section.kind === 'special' ? undefined : optionOf(node.key.text);
  const stored = node.key.text === key ? option : optionOf(key);
  return {
    key,
    name: stored?.name ?? key,
    index: stored?.index,
    line: section.from + offset,
    node,
    section,
    value: node.value,
    stored: storedValue(node, section.kind),
    properties: option?.schema.properties ? propertiesOf(node, option.schema) : noProperties,
  };
}
