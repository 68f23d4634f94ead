import type { FamilySchema, OptionSchema, OptionTable, SubSchema } from './schemaShape.ts';
import { schemaTable } from './schemaTable.generated.ts';

export type * from './schemaShape.ts';

/** An option as found by its key; of a family with the index. */
export interface FoundOption {
  readonly schema: OptionSchema;
  /** `hostpci` for `hostpci3`; the key itself where it is no family. */
  readonly name: string;
  readonly index: number | undefined;
}

export interface FoundFamily {
  readonly name: string;
  readonly schema: FamilySchema;
}

const found = new Map<string, FoundOption | undefined>();

/** What a key means, or `undefined`: no leading zeros in an index, nothing above the family's last one. */
export function optionOf(key: string): FoundOption | undefined {
  if (!found.has(key)) {
    if (found.size > 4096) found.clear();
    found.set(key, optionIn(schemaTable, key));
  }
  return found.get(key);
}

/** The same in another schema with options and families. */
export function optionIn(table: OptionTable, key: string): FoundOption | undefined {
  const schema = own(table.options, key);
  if (schema) return { schema, name: key, index: undefined };
  const digits = /(?:0|[1-9][0-9]{0,3})$/.exec(key)?.[0];
  if (digits === undefined) return undefined;
  const name = key.slice(0, -digits.length);
  const family = own(table.families, name);
  const index = Number(digits);
  return family && index <= family.last ? { schema: family, name, index } : undefined;
}

/** The family that a key is meant to belong to (`hostpci` for `hostpci`, `hostpci07`, `hostpci99`). */
export const familyOf = (key: string): FoundFamily | undefined => familyIn(schemaTable, key);

/** The same in another schema. */
export function familyIn(table: OptionTable, key: string): FoundFamily | undefined {
  const name = key.replace(/[0-9]+$/, '');
  const schema = own(table.families, name);
  return schema && { name, schema };
}

/** The option that holds the value of an alias: a `cdrom` line is stored as `ide2`. */
export const storedKey = (key: string): string => (key === 'cdrom' ? 'ide2' : key);

/** The schema of a sub-property, by the name as written. */
export const subOf = (schema: OptionSchema, name: string): SubSchema | undefined =>
  schema.properties && own(schema.properties, name);

/** Every CPU model that Proxmox brings along, for all architectures; the x86-64-vN ones included. */
export const cpuModels: ReadonlySet<string> = new Set(
  Object.values(schemaTable.cpuModels).flatMap(models => Object.keys(models)),
);

/** Looks up what a record holds itself: keys come from files, and `constructor` is no option. */
export function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
