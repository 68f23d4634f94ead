import { type Part, type PartOfToken, parsePropertyString } from '../../syntax/propertyString.ts';
import { intern } from '../../text/intern.ts';
import type { Token } from '../../text/span.ts';
import { boolean } from '../../values/boolean.ts';
import type { ValueKind } from '../../values/kind.ts';
import { signedInteger, signedNumber } from '../../values/number.ts';
import { checkCpu } from './cpu.ts';
import { formats } from './formats.ts';
import { PropertyList, type StoredPart } from './propertyList.ts';
import type { Properties, Property, Reason } from './reading.ts';

export type { Properties, Property } from './reading.ts';

import { type OptionSchema, optionOf, type SubSchema, subOf } from './schema.ts';
import { subKind } from './subKinds.ts';
import { perLine, type VmLine } from './tree.ts';

/** Nobody reads more faults of one line than this. */
const most = 100;

/** The sub-properties of a property string by stored name. Of a name that is given twice it is the first. */
export const propertiesOf = (node: VmLine, schema: OptionSchema): Properties => split(node, schema).values;

/**
 * Everything that is wrong with a property string; the reader itself stops at the first part it cannot split, and lists
 * all other faults. Source: pve-common, PVE/JSONSchema.pm parse_property_string and check_object, observed.
 */
export function readProperties(node: VmLine, option: string, schema: OptionSchema): readonly Reason[] {
  const { values, faults } = split(node, schema);
  const reasons: Reason[] = [...faults];
  const add = (reason: Reason | undefined): void => {
    if (reason) reasons.push(reason);
  };
  for (const property of values.values()) {
    const sub = subOf(schema, property.name);
    if (!sub) add({ code: 'sub-unknown', token: property.part.key, sub: property.name });
    else {
      add(checkValue(property, sub, option));
      add(checkRequired(property, sub, values));
    }
  }
  for (const name of requiredSubs(schema)) {
    if (!values.has(name)) add({ code: 'sub-missing', token: node.value, sub: name });
  }
  if (option === 'cpu') reasons.push(...checkCpu(node.value, values));
  return reasons.length > most ? reasons.slice(0, most) : reasons;
}

const required = new Map<OptionSchema, readonly string[]>();

/** The sub-properties that must be there; every line asks for them. */
function requiredSubs(schema: OptionSchema): readonly string[] {
  let names = required.get(schema);
  if (!names) {
    names = Object.entries(schema.properties ?? {}).flatMap(([name, sub]) => (sub.required ? [name] : []));
    required.set(schema, names);
  }
  return names;
}

interface Split {
  readonly values: Properties;
  readonly faults: readonly Reason[];
}

/** A line is mostly asked about with the schema of its key. */
function split(node: VmLine, schema: OptionSchema): Split {
  return optionOf(node.key.text)?.schema === schema ? usualSplit(node) : splitWith(node, schema);
}

const usualSplit = perLine(node => splitWith(node, optionOf(node.key.text)?.schema as OptionSchema));

function splitWith(node: VmLine, schema: OptionSchema): Split {
  const stored: Stored = new Map();
  let faults: Reason[] | undefined;
  for (const part of parsePropertyString(node.value)) {
    if (isBlank(part)) continue;
    const fault = store(part, schema, stored);
    if (!fault) continue;
    faults ??= [];
    faults.push(fault);
  }
  return { values: new PropertyList(node.value, stored), faults: faults ?? noFaults };
}

const noFaults: readonly Reason[] = [];

type Stored = Map<string, StoredPart>;

const isBlank = (part: Part): boolean => !part.hasEquals && /^[ \t\r\f\v]*$/.test(part.whole.text);

/** Stores one part, or tells why the reader cannot. */
function store(part: PartOfToken, schema: OptionSchema, stored: Stored): Reason | undefined {
  if (part.hasEquals) {
    const { key } = part;
    if (key.text === '' || part.value.text === '') return { code: 'sub-incomplete', token: part.whole, sub: key.text };
    return storeNamed(part, intern(key.text), schema, stored);
  }
  const name = schema.defaultKey;
  if (name === undefined) return { code: 'sub-no-default-key', token: part.whole };
  if (stored.has(name)) return { code: 'sub-duplicate', token: part.whole, sub: name };
  stored.set(name, { part, isKey: false });
  return undefined;
}

function storeNamed(part: PartOfToken, key: string, schema: OptionSchema, stored: Stored): Reason | undefined {
  if (stored.has(key)) return { code: 'sub-duplicate', token: part.key, sub: key };
  const { alias, keyAlias } = subOf(schema, key) ?? {};
  if (keyAlias !== undefined) {
    if (stored.has(keyAlias)) return { code: 'sub-duplicate', token: part.key, sub: keyAlias };
    stored.set(keyAlias, { part, isKey: true });
  }
  const name = alias ?? key;
  if (stored.has(name)) return { code: 'sub-duplicate', token: part.key, sub: name };
  stored.set(name, { part, isKey: false });
  return undefined;
}

function checkRequired(property: Property, sub: SubSchema, values: Properties): Reason | undefined {
  if (sub.requires === undefined || values.has(sub.requires)) return undefined;
  return { code: 'sub-missing', token: property.part.key, sub: sub.requires };
}

function checkValue({ name, value }: Property, sub: SubSchema, option: string): Reason | undefined {
  const kind = typeKind(sub) ?? (sub.format && formats[sub.format]);
  const fault = kind?.check(value.text);
  if (kind && fault !== undefined) return faulty(value, name, fault, kind);
  const bySchema = checkLimits(value.text, sub, option, name);
  return bySchema && { token: value, sub: name, ...bySchema };
}

function faulty(token: Token, sub: string, fault: string, kind: ValueKind): Reason {
  const mended = kind.mend?.(token.text);
  const isBetter = mended !== undefined && mended !== token.text && kind.check(mended) === undefined;
  return { code: 'sub-value', token, sub, fault, ...(isBetter ? { mended } : {}) };
}

function typeKind(sub: SubSchema): ValueKind | undefined {
  if (sub.type === 'boolean') return boolean;
  if (sub.type === 'integer') return signedInteger;
  return sub.type === 'number' ? signedNumber : undefined;
}

/** Pattern, length, range and enum, in the order of the reader. */
function checkLimits(
  text: string,
  sub: SubSchema,
  option: string,
  name: string,
): Pick<Reason, 'code' | 'fault' | 'mended'> | undefined {
  if (sub.pattern !== undefined && !compiled(sub.pattern).test(text)) {
    const { fault, mended } = explain(text, sub.pattern, option, name);
    return { code: 'sub-value', fault, ...(mended === undefined ? {} : { mended }) };
  }
  if (sub.maxLength !== undefined && byteLength(text) > sub.maxLength) {
    return { code: 'sub-value', fault: `is longer than ${sub.maxLength} characters` };
  }
  const number = sub.type === 'integer' || sub.type === 'number' ? Number(text) : undefined;
  if (number !== undefined) {
    if (sub.maximum !== undefined && number > sub.maximum)
      return { code: 'sub-range', fault: `is above ${sub.maximum}` };
    if (sub.minimum !== undefined && number < sub.minimum)
      return { code: 'sub-range', fault: `is below ${sub.minimum}` };
  }
  if (sub.enum && !sub.enum.includes(text)) return { code: 'sub-enum', fault: `is none of ${sub.enum.join(', ')}` };
  return undefined;
}

/** What is wrong with a text that a pattern refuses, in words where there is a kind of value for it. */
function explain(text: string, pattern: string, option: string, name: string): { fault: string; mended?: string } {
  const kind = subKind(option, name);
  if (!kind) return { fault: `does not match ${pattern}` };
  const mended = kind.mend?.(text);
  const isBetter = mended !== undefined && mended !== text && compiled(pattern).test(mended);
  return { fault: kind.check(text) ?? `is not ${kind.describe}`, ...(isBetter ? { mended } : {}) };
}

const patterns = new Map<string, RegExp>();

/** The schema's patterns, compiled once each. */
export function compiled(pattern: string): RegExp {
  let known = patterns.get(pattern);
  if (!known) {
    known = new RegExp(pattern);
    patterns.set(pattern, known);
  }
  return known;
}

/** Length in UTF-8, as the reader counts. */
function byteLength(text: string): number {
  let bytes = 0;
  for (const char of text) {
    const code = char.codePointAt(0) as number;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}
