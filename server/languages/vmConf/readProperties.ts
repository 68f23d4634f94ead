import type { Part } from '../../syntax/propertyString.ts';
import type { Token } from '../../text/span.ts';
import { boolean } from '../../values/boolean.ts';
import type { ValueKind } from '../../values/kind.ts';
import { signedInteger, signedNumber } from '../../values/number.ts';
import { checkCpu } from './cpu.ts';
import { formats } from './formats.ts';
import type { Property, Reason } from './reading.ts';

export type { Property } from './reading.ts';

import { type OptionSchema, type SubSchema, subOf } from './schema.ts';
import { subKind } from './subKinds.ts';
import { partsOf, perLine, type VmLine } from './tree.ts';

/** Nobody reads more faults of one line than this. */
const most = 100;

/** The sub-properties of a property string by stored name. Of a name that is given twice it is the first. */
export function propertiesOf(node: VmLine, schema: OptionSchema): ReadonlyMap<string, Property> {
  return split(node, schema).values;
}

/**
 * Everything that is wrong with a property string; the reader itself stops at the first part it cannot split, and lists
 * all other faults. Source: pve-common, PVE/JSONSchema.pm parse_property_string and check_object, observed.
 */
export function readProperties(node: VmLine, option: string, schema: OptionSchema): readonly Reason[] {
  const { values, faults } = split(node, schema);
  const reasons: Reason[] = [...faults];
  for (const property of values.values()) {
    const sub = subOf(schema, property.name);
    if (!sub) reasons.push({ code: 'sub-unknown', token: property.part.key, sub: property.name });
    else reasons.push(...checkValue(property, sub, option), ...checkRequired(property, sub, values));
  }
  for (const [name, sub] of Object.entries(schema.properties ?? {})) {
    if (sub.required && !values.has(name)) reasons.push({ code: 'sub-missing', token: node.value, sub: name });
  }
  if (option === 'cpu') reasons.push(...checkCpu(node.value, values));
  return reasons.slice(0, most);
}

interface Split {
  readonly schema: OptionSchema;
  readonly values: ReadonlyMap<string, Property>;
  readonly faults: readonly Reason[];
}

/** A line is mostly asked about with the schema of its key. */
const lastSplits = perLine<{ split?: Split }>(() => ({}));

function split(node: VmLine, schema: OptionSchema): Split {
  const last = lastSplits(node);
  if (last.split?.schema !== schema) last.split = splitAnew(node, schema);
  return last.split;
}

function splitAnew(node: VmLine, schema: OptionSchema): Split {
  const values = new Map<string, Property>();
  const faults: Reason[] = [];
  for (const part of partsOf(node)) {
    if (/^[ \t\r\f\v]*$/.test(part.whole.text)) continue;
    const fault = store(part, schema, values);
    if (fault) faults.push(fault);
  }
  return { schema, values, faults };
}

/** Stores one part, or tells why the reader cannot. */
function store(part: Part, schema: OptionSchema, values: Map<string, Property>): Reason | undefined {
  if (part.hasEquals) {
    const { key, value } = part;
    if (key.text === '' || value.text === '') return { code: 'sub-incomplete', token: part.whole, sub: key.text };
    return storeNamed(part, key.text, schema, values);
  }
  const name = schema.defaultKey;
  if (name === undefined) return { code: 'sub-no-default-key', token: part.whole };
  if (values.has(name)) return { code: 'sub-duplicate', token: part.whole, sub: name };
  values.set(name, { name, value: part.value, part });
  return undefined;
}

function storeNamed(part: Part, key: string, schema: OptionSchema, values: Map<string, Property>): Reason | undefined {
  if (values.has(key)) return { code: 'sub-duplicate', token: part.key, sub: key };
  const { alias, keyAlias } = subOf(schema, key) ?? {};
  if (keyAlias !== undefined) {
    if (values.has(keyAlias)) return { code: 'sub-duplicate', token: part.key, sub: keyAlias };
    values.set(keyAlias, { name: keyAlias, value: part.key, part });
  }
  const name = alias ?? key;
  if (values.has(name)) return { code: 'sub-duplicate', token: part.key, sub: name };
  values.set(name, { name, value: part.value, part });
  return undefined;
}

function checkRequired(property: Property, sub: SubSchema, values: ReadonlyMap<string, Property>): readonly Reason[] {
  if (sub.requires === undefined || values.has(sub.requires)) return [];
  return [{ code: 'sub-missing', token: property.part.key, sub: sub.requires }];
}

function checkValue({ name, value }: Property, sub: SubSchema, option: string): readonly Reason[] {
  const kind = typeKind(sub) ?? (sub.format && formats[sub.format]);
  const fault = kind?.check(value.text);
  if (kind && fault !== undefined) return [faulty(value, name, fault, kind)];
  const bySchema = checkLimits(value.text, sub, option, name);
  return bySchema ? [{ token: value, sub: name, ...bySchema }] : [];
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
