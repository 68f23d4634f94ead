import type { Inventory } from './inventory.ts';
import { indented } from './snapshotFunctions.ts';
import type { Section, SnapshotRecord } from './snapshotText.ts';
import {
  type Codec,
  type Draft,
  type Fields,
  quote,
  readFields,
  unquote,
  word,
  writeFields,
  writeToken,
} from './snapshotValues.ts';

/** One kind of section: how it is read into an inventory and how it is written from one. */
export interface SectionFormat {
  readonly name: string;
  /**
   * Whether what stands before the place where a text was cut is worth having. It is not where absence means
   * something: half a list of loaded modules would say of the other half that it is not loaded.
   */
  readonly usableInPart: boolean;
  read(section: Section, draft: Draft<Inventory>, problem: (text: string) => void): void;
  /** Body lines; `undefined` where the inventory knows nothing of it. */
  write(inventory: Inventory): readonly string[] | undefined;
}

/** A section of `key: value` lines about the inventory itself. */
export const hostFacts = <K extends keyof Inventory>(
  name: string,
  fields: Fields<Pick<Inventory, K>>,
): SectionFormat => ({
  name,
  usableInPart: true,
  read: (section, draft, problem) => readFields<Pick<Inventory, K>>(fields, valuesOf(section), draft, problem),
  write(inventory) {
    const lines = writeFields<Pick<Inventory, K>>(fields, inventory);
    return lines.length ? lines : undefined;
  },
});

/** A section of `key: value` lines for one property that is an object; `blank` is that object with nothing known. */
export const facts = <K extends 'kernel' | 'boot' | 'versions' | 'cpu' | 'virtualization' | 'cluster'>(
  name: string,
  property: K,
  fields: Partial<Fields<NonNullable<Inventory[K]>>>,
  blank: NonNullable<Inventory[K]>,
): SectionFormat => ({
  name,
  usableInPart: true,
  read(section, draft, problem) {
    const found: Partial<Draft<NonNullable<Inventory[K]>>> = {};
    readFields<NonNullable<Inventory[K]>>(fields, valuesOf(section), found, problem);
    draft[property] = { ...blank, ...draft[property], ...found };
  },
  write(inventory) {
    const source: Inventory[K] = inventory[property];
    return source && writeFields<NonNullable<Inventory[K]>>(fields, source);
  },
});

/** How the items of a list stand in records: the property in the record's first line, and the others below it. */
export interface RecordFormat<T extends object> {
  readonly head: { readonly [K in keyof T]: readonly [K, Codec<Exclude<T[K], undefined>>] }[keyof T];
  readonly fields: Partial<Fields<T>>;
  /** An item of which only the head is known; properties that are missing here must stand in the record. */
  readonly blank: Partial<T>;
}

/** A section with a record for each item of a list. */
export const records = <T extends object>(
  name: string,
  format: RecordFormat<T>,
  get: (inventory: Inventory) => readonly T[] | undefined,
  set: (draft: Draft<Inventory>, items: readonly T[]) => void,
): SectionFormat => ({
  name,
  usableInPart: false,
  read: (section, draft, problem) =>
    set(
      draft,
      section.records.flatMap(record => readRecord(format, record, problem) ?? []),
    ),
  write: inventory => get(inventory)?.flatMap(item => writeRecord(format, item)),
});

/** A section with one name on each line. */
export const names = (
  name: string,
  property: 'loadedModules' | 'builtinModules' | 'missingModules',
): SectionFormat => ({
  name,
  usableInPart: false,
  read(section, draft) {
    draft[property] = new Set(section.records.map(record => unquote(record.head)));
  },
  write(inventory) {
    const found = inventory[property];
    return found && [...found].map(quote);
  },
});

/** A section with one `name: value` line for each entry of a map, which is empty rather than unknown. */
export const pairs = <V>(
  name: string,
  codec: Codec<V>,
  get: (inventory: Inventory) => Iterable<readonly [string, V]>,
  set: (draft: Draft<Inventory>, entries: readonly (readonly [string, V])[]) => void,
): SectionFormat => ({
  name,
  usableInPart: true,
  read: (section, draft, problem) =>
    set(
      draft,
      section.records.flatMap(({ head }) => readPair(codec, head, problem)),
    ),
  write(inventory) {
    const lines = [...get(inventory)].map(([key, value]) => `${writeToken(key)}: ${codec.write(value)[0]}`);
    return lines.length ? lines : undefined;
  },
});

function readRecord<T extends object>(
  { head, fields, blank }: RecordFormat<T>,
  record: SnapshotRecord,
  problem: (text: string) => void,
): [T] | undefined {
  const draft: Partial<Draft<T>> = { ...blank };
  const [property, codec] = head;
  const value = codec.read([record.head]);
  readFields(fields, record.values, draft, problem);
  const needed = Object.keys(fields) as (keyof T)[];
  const whole = value !== undefined && needed.every(name => name in draft);
  if (!whole) problem(`the record "${record.head}" is not understood`);
  return whole ? [{ ...(draft as T), [property]: value }] : undefined;
}

function writeRecord<T extends object>({ head, fields }: RecordFormat<T>, item: T): readonly string[] {
  const [property, codec] = head;
  const value = item[property] as Exclude<T[keyof T], undefined>;
  return [...codec.write(value), ...indented(writeFields(fields, item))];
}

function readPair<V>(codec: Codec<V>, line: string, problem: (text: string) => void): (readonly [string, V])[] {
  const found = /^("(?:[^"\\]|\\.)*"|[^\s"][^\s:]*):(?: (.*))?$/s.exec(line);
  const key = found && word.read([found[1]!]);
  const value = found ? codec.read([(found[2] ?? '').trim()]) : undefined;
  if (typeof key === 'string' && value !== undefined) return [[key, value]];
  problem(`"${line}" is not understood`);
  return [];
}

function valuesOf(section: Section): Map<string, string[]> {
  const values = new Map<string, string[]>();
  for (const { head } of section.records) {
    const colon = head.indexOf(':');
    const key = colon < 0 ? head : head.slice(0, colon);
    const value = colon < 0 ? '' : head.slice(colon + 1).trim();
    const before = values.get(key);
    if (before) before.push(value);
    else values.set(key, [value]);
  }
  return values;
}
