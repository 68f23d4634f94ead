import type { Token } from '../../text/span.ts';
import { parseBoolean } from '../../values/boolean.ts';
import { splitList } from '../../values/kind.ts';
import type { SourceFile } from '../language.ts';
import { isRefused, readLine, storedKeyOf, storedValue } from './read.ts';
import { type Property, propertiesOf } from './readProperties.ts';
import { type FoundOption, optionOf } from './schema.ts';
import { perBody, type Section, type VmConf, type VmLine } from './tree.ts';

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
  readonly properties: ReadonlyMap<string, Property>;
}

const configs = new WeakMap<VmConf, VmConfig>();

/** The configuration that a file means; computed once per version of the file. */
export function configOf(file: Pick<SourceFile<VmConf>, 'tree'>): VmConfig {
  let known = configs.get(file.tree);
  if (!known) {
    known = makeConfig(file.tree);
    configs.set(file.tree, known);
  }
  return known;
}

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
  const main = settingsOf(tree.sections[0] as Section);
  const waiting = tree.sections.findLast(({ kind }) => kind === 'pending');
  const pending = waiting && settingsOf(waiting);
  let snapshots: ReadonlyMap<string, SectionSettings> | undefined;
  return {
    main,
    pending,
    next: pending ? applied(main, pending) : main,
    get snapshots() {
      snapshots ??= new Map(
        tree.sections.filter(({ kind }) => kind === 'snapshot').map(section => [section.name, settingsOf(section)]),
      );
      return snapshots;
    },
  };
}

/** Where each key of a section is in force. */
interface Given {
  /** Offsets in the body by key. */
  readonly offsets: ReadonlyMap<string, number>;
  /** The keys of each family, sorted by index; an option stands by itself. */
  readonly names: ReadonlyMap<string, readonly string[]>;
}

const givenIn = perBody((section: Section): Given => {
  const offsets = new Map<string, number>();
  for (let offset = 0; offset < section.body.length; offset++) {
    const node = section.body[offset] as VmLine;
    if (node.kind !== 'entry' && node.kind !== 'args') continue;
    if (isRefused(readLine(node, section), undefined) === true) continue;
    offsets.set(storedKeyOf(node, section.kind), offset);
  }
  return { offsets, names: byName(offsets.keys()) };
});

function byName(keys: Iterable<string>): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, string[]>();
  for (const key of keys) {
    const option = optionOf(key);
    // `numa` is an option, and `numa0` a member of another family.
    const name = option?.index === undefined ? key : `${option.name}N`;
    const list = names.get(name);
    if (list) list.push(key);
    else names.set(name, [key]);
  }
  for (const list of names.values()) if (list.length > 1) list.sort(byIndex);
  return names;
}

const byIndex = (a: string, b: string): number => (optionOf(a)?.index ?? 0) - (optionOf(b)?.index ?? 0);

/** The settings of one section; its entries are made when they are asked for, at most once. */
function settingsOf(section: Section): SectionSettings {
  const { offsets, names } = givenIn(section);
  const made = new Map<string, Entry>();
  const entry = (key: string): Entry | undefined => {
    const offset = offsets.get(key);
    if (offset === undefined) return undefined;
    let known = made.get(key);
    if (!known) {
      known = entryAt(section, offset, key);
      made.set(key, known);
    }
    return known;
  };
  let all: readonly Entry[] | undefined;
  const entries = (): readonly Entry[] => {
    all ??= [...offsets.keys()].map(key => entry(key) as Entry).sort((a, b) => a.line - b.line);
    return all;
  };
  return { section, entry, entries, family: families(entry, names) };
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
  const keys = [main, pending].flatMap(({ section }) => [...givenIn(section).offsets.keys()]);
  return { entry, entries, family: families(entry, byName(new Set(keys))) };
}

/** The members of families, each family once. `names` may have keys that are not in force. */
function families(entry: (key: string) => Entry | undefined, names: ReadonlyMap<string, readonly string[]>) {
  const made = new Map<string, readonly Entry[]>();
  return (name: string): readonly Entry[] => {
    const keys = names.get(`${name}N`);
    if (!keys) return none;
    let members = made.get(name);
    if (!members) {
      members = keys.flatMap(key => entry(key) ?? []);
      made.set(name, members);
    }
    return members;
  };
}

const none: readonly Entry[] = [];
const noProperties: ReadonlyMap<string, Property> = new Map();

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
