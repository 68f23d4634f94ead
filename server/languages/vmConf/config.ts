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

/** Where each key of a section is in force: its offset in the body. */
type Offsets = ReadonlyMap<string, number>;

const offsetsOf = perBody((section: Section): Offsets => {
  const found = new Map<string, number>();
  for (let offset = 0; offset < section.body.length; offset++) {
    const node = section.body[offset] as VmLine;
    if (node.kind !== 'entry' && node.kind !== 'args') continue;
    if (isRefused(readLine(node, section), undefined) === true) continue;
    found.set(storedKeyOf(node, section.kind), offset);
  }
  return found;
});

/** The settings of one section; its entries are made when they are asked for, at most once. */
function settingsOf(section: Section): SectionSettings {
  const made = new Map<string, Entry>();
  const entry = (key: string): Entry | undefined => {
    const known = made.get(key);
    if (known) return known;
    const offset = offsetsOf(section).get(key);
    if (offset === undefined) return undefined;
    const fresh = entryAt(section, offset, key);
    made.set(key, fresh);
    return fresh;
  };
  const entries = (): readonly Entry[] =>
    [...offsetsOf(section).keys()].map(key => entry(key) as Entry).sort((a, b) => a.line - b.line);
  return { section, entry, entries, family: families(entry) };
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
  return { entry, entries, family: families(entry) };
}

const families = (entry: (key: string) => Entry | undefined) => {
  const made = new Map<string, readonly Entry[]>();
  return (name: string): readonly Entry[] => {
    let members = made.get(name);
    if (!members) {
      members = membersOf(name, entry);
      made.set(name, members);
    }
    return members;
  };
};

/** Asks for every index that the schema knows: families are small, and the order is right at once. */
function membersOf(name: string, entry: (key: string) => Entry | undefined): readonly Entry[] {
  const members: Entry[] = [];
  for (let index = 0; optionOf(`${name}${index}`)?.index !== undefined; index++) {
    const member = entry(`${name}${index}`);
    if (member) members.push(member);
  }
  return members;
}

const noProperties: ReadonlyMap<string, Property> = new Map();

function entryAt(section: Section, offset: number, key: string): Entry {
  const node = section.body[offset] as VmLine;
  const option: FoundOption | undefined = section.kind === 'special' ? undefined : optionOf(node.key.text);
  return {
    key,
    name: optionOf(key)?.name ?? key,
    index: optionOf(key)?.index,
    line: section.from + offset,
    node,
    section,
    value: node.value,
    stored: storedValue(node, section.kind),
    properties: option?.schema.properties ? propertiesOf(node, option.schema) : noProperties,
  };
}
