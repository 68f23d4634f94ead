import { freshMac } from '../../values/macAddress.ts';
import type { Suggestion, Surroundings } from '../language.ts';
import { completeValue } from './completeValue.ts';
import { aliasedDocs, docsOf, keyDocs, propertyDocs, type ValueDocs } from './docs.ts';
import { misfit } from './misfit.ts';
import { propertyRank, usualFlag } from './order.ts';
import type { SubSchema } from './schema.ts';
import { sinceOf, tooNewFor } from './since.ts';
import { itemAt, type PartSlot, type ScalarSlot, storedSub } from './slot.ts';
import { maybe, suggest, type Target } from './suggest.ts';
import type { VmConf } from './tree.ts';
import { typeText } from './typeText.ts';
import type { ValueRequest } from './valueRequest.ts';
import { listSeparators } from './valueSources.ts';

/** Names and values in a property string. */
export function completePart(
  tree: VmConf,
  slot: PartSlot,
  column: number,
  around: Surroundings,
): readonly Suggestion[] {
  if (slot.on === 'value') return valuesOf(tree, slot, slot.part.key.text, column, around);
  const names = propertyNames(tree, slot, around);
  const byDefault = slot.option.schema.defaultKey;
  if (slot.on === 'key' || byDefault === undefined || isGiven(slot, byDefault)) return names;
  const values = [...valuesOf(tree, slot, byDefault, column, around), ...mappingParts(tree, slot, around)].filter(
    // `virtio` alone would give the card another MAC address at every start; the same name with one is offered.
    one => slot.option.schema.properties?.[one.label]?.keyAlias === undefined,
  );
  // The value of the default key stands first in the line; further back a name is more likely.
  const isFirst = slot.part === slot.parts[0];
  return [
    ...values.map(one => shifted(one, isFirst ? '0' : '1')),
    ...names.map(one => shifted(one, isFirst ? '1' : '0')),
  ];
}

/** Values of an option that is no property string. */
export function completeScalar(
  tree: VmConf,
  slot: ScalarSlot,
  column: number,
  around: Surroundings,
): readonly Suggestion[] {
  const docs = docsOf(around.library);
  const path = slot.option?.name ?? slot.key;
  const about = slot.option ? keyDocs(docs, slot.option) : docs.extra[slot.key];
  const schema = slot.option?.schema ?? { type: 'string' };
  const isFamily = slot.option?.index !== undefined;
  const target = { line: slot.line, token: itemIn(slot.token, path, column), needsBlank: slot.needsBlank };
  const whole = slot.token.text;
  const key = isFamily ? `${path}N` : path;
  return completeValue({ target, path: key, whole, schema, about, docs, slot, tree, around });
}

function valuesOf(
  tree: VmConf,
  slot: PartSlot,
  name: string,
  column: number,
  around: Surroundings,
): readonly Suggestion[] {
  const stored = storedSub(slot.option.schema, name);
  if (!stored) return [];
  const docs = docsOf(around.library);
  const path = `${slot.option.name}.${stored.name}`;
  const value = slot.on === 'either' ? slot.part.whole : slot.part.value;
  const request: ValueRequest = {
    target: { line: slot.line, token: itemIn(value, path, column), needsBlank: slot.needsBlank && isAtStart(slot) },
    path,
    whole: value.text,
    schema: stored.schema,
    about: propertyDocs(docs, keyDocs(docs, slot.option), stored.name),
    docs,
    slot,
    tree,
    around,
  };
  return completeValue(request);
}

/** Sub-properties that the value does not have yet. */
function propertyNames(tree: VmConf, slot: PartSlot, around: Surroundings): readonly Suggestion[] {
  const docs = docsOf(around.library);
  const about = keyDocs(docs, slot.option);
  const target: Target = { line: slot.line, token: slot.token, needsBlank: slot.needsBlank && isAtStart(slot) };
  const version = around.versions.qemuServer;
  return Object.entries(slot.option.schema.properties ?? {})
    .filter(([name, sub]) => isOffered(slot, name, sub))
    .map(([name, sub]) => {
      const text = aliasedDocs(docs, about, name, sub);
      const tooNew = tooNewFor(version, sinceOf({ ...slot.option, sub: sub.keyAlias ? undefined : name }));
      const unfit = tooNew ?? misfit({ tree, slot, around }, name, isGiven);
      const low = text?.outdated ? 400 : unfit === undefined ? 0 : 350;
      return suggest(target, name, 'property', {
        rank: low + propertyRank(slot.option.name, name),
        detail: unfit ?? (sub.keyAlias ? 'with a fresh MAC address' : typeText(sub)),
        ...(text?.outdated ? { deprecated: true } : {}),
        ...maybe('documentation', text?.text),
        ...insertion(name, sub, text, slot, around),
      });
    });
}

/** What taking a name writes: a boolean's value at once, `name=` for the rest. */
function insertion(
  name: string,
  sub: SubSchema,
  about: ValueDocs | undefined,
  slot: PartSlot,
  around: Surroundings,
): { readonly insert: string; readonly again?: boolean } {
  if (slot.on === 'key') return { insert: name };
  if (sub.keyAlias) return { insert: `${name}=${freshMac(around.random)}` };
  if (sub.type === 'boolean') return { insert: `${name}=${usualFlag(name, sub.default)}` };
  const only = sub.enum?.length === 1 ? sub.enum[0] : undefined;
  const single = only ?? (about?.first?.length === 1 && sub.enum?.length === 2 ? about.first[0] : undefined);
  return single === undefined ? { insert: `${name}=`, again: true } : { insert: `${name}=${single}` };
}

function isOffered(slot: PartSlot, name: string, sub: SubSchema): boolean {
  if (slot.part.key.text === name && slot.on === 'key') return true;
  if (sub.alias !== undefined && sub.keyAlias === undefined) return false;
  if (isBare(slot) && lacksRequired(slot) && !isRequired(slot, name, sub)) return false;
  if (isGiven(slot, sub.keyAlias ?? name) || (sub.alias !== undefined && isGiven(slot, sub.alias))) return false;
  const rival = rivals[`${slot.option.name}.${name}`];
  return rival === undefined || !isGiven(slot, rival);
}

/** The value has nothing but the part under the cursor. */
const isBare = (slot: PartSlot): boolean =>
  slot.parts.every(part => part === slot.part || part.whole.text.trim() === '');

/** Without these a line is refused, so they are written first. */
const isRequired = (slot: PartSlot, name: string, sub: SubSchema): boolean =>
  sub.required === true || sub.keyAlias !== undefined || (slot.option.name === 'cpu' && name === 'cputype');

const lacksRequired = (slot: PartSlot): boolean =>
  Object.entries(slot.option.schema.properties ?? {}).some(
    ([name, sub]) => isRequired(slot, name, sub) && !isGiven(slot, sub.keyAlias ?? name),
  );

/** Sub-properties that exclude each other. */
const rivals: Readonly<Record<string, string>> = {
  'hostpci.host': 'mapping',
  'hostpci.mapping': 'host',
  'usb.host': 'mapping',
  'usb.mapping': 'host',
};

/** Whether another part sets a sub-property, under whatever name. */
function isGiven(slot: PartSlot, name: string): boolean {
  const { schema } = slot.option;
  return slot.parts.some(part => {
    if (part === slot.part || part.whole.text.trim() === '') return false;
    const written = part.hasEquals ? part.key.text : schema.defaultKey;
    if (written === undefined) return false;
    const sub = schema.properties?.[written];
    return written === name || sub?.alias === name || sub?.keyAlias === name;
  });
}

/** `mapping=gpu` as a whole, beside the addresses that could stand there. */
function mappingParts(tree: VmConf, slot: PartSlot, around: Surroundings): readonly Suggestion[] {
  const isFree = (slot.option.name === 'hostpci' || slot.option.name === 'usb') && !isGiven(slot, 'mapping');
  if (!isFree) return [];
  const atStart = { ...slot, on: 'value' as const, part: { ...slot.part, value: slot.part.whole } };
  return valuesOf(tree, atStart, 'mapping', slot.part.whole.end, around).map(one => ({
    ...one,
    label: `mapping=${one.label}`,
    insert: `${slot.needsBlank && isAtStart(slot) ? ' ' : ''}mapping=${one.label}`,
    sort: `0015 ${one.label}`,
  }));
}

const isAtStart = (slot: PartSlot): boolean => slot.part === slot.parts[0] && slot.on !== 'value';

const itemIn = (value: ScalarSlot['token'], path: string, column: number): ScalarSlot['token'] => {
  const separators = listSeparators[path];
  return separators ? itemAt(value, column, separators) : value;
};

const shifted = (one: Suggestion, group: '0' | '1'): Suggestion => ({
  ...one,
  sort: `${group}${one.sort ?? one.label}`,
});
