import type { Position } from '../../text/span.ts';
import type { Signature, SourceFile, Surroundings } from '../language.ts';
import { aliasedDocs, docsOf, keyDocs } from './docs.ts';
import { propertyRank } from './order.ts';
import type { SubSchema } from './schema.ts';
import { type PartSlot, slotAt, storedSub } from './slot.ts';
import type { VmConf } from './tree.ts';
import { typeText } from './typeText.ts';

/** Most sub-properties that are shown: drives have more than anyone reads at a glance. */
const most = 20;

/** The sub-properties of the property string at a place, the one under the cursor marked. */
export function vmConfSignature(file: SourceFile<VmConf>, at: Position, around: Surroundings): Signature | undefined {
  const slot = slotAt(file.tree, at);
  if (slot?.kind !== 'part') return undefined;
  const { option } = slot;
  const docs = docsOf(around.library);
  const key = keyDocs(docs, option);
  const active = activeName(slot);
  const shown = shownNames(slot, active);
  const parameters = shown.map(([name, sub]) => {
    const text = aliasedDocs(docs, key, name, sub)?.text;
    return { label: parameterLabel(name, sub, option.schema.defaultKey), ...(text ? { documentation: text } : {}) };
  });
  return {
    label: `${slot.key}: ${parameters.map(({ label }) => label).join(',')}`,
    ...(key ? { documentation: key.text } : {}),
    parameters,
    active: Math.max(
      0,
      shown.findIndex(([name]) => name === active),
    ),
  };
}

/** `[host=]<HOSTPCIID>` for the default key, `pcie=<boolean>` for the others. */
function parameterLabel(name: string, sub: SubSchema, defaultKey: string | undefined): string {
  return `${name === defaultKey ? `[${name}=]` : `${name}=`}<${typeText(sub)}>`;
}

function activeName(slot: PartSlot): string | undefined {
  const { schema } = slot.option;
  const isFirst = slot.part === slot.parts[0];
  const name = slot.part.hasEquals ? slot.part.key.text : isFirst ? schema.defaultKey : undefined;
  if (name !== undefined) return storedSub(schema, name)?.name;
  return nextMissing(slot);
}

/** In an empty part what people write next, in one begun what it may become. */
function nextMissing(slot: PartSlot): string | undefined {
  const { schema } = slot.option;
  const given = new Set(
    slot.parts
      .map(part => (part.hasEquals ? part.key.text : part.whole.text === '' ? undefined : schema.defaultKey))
      .map(name => (name === undefined ? undefined : storedSub(schema, name)?.name)),
  );
  const missing = sorted(slot).flatMap(([name]) => (given.has(name) ? [] : [name]));
  return missing.find(name => name.startsWith(slot.part.whole.text)) ?? missing[0];
}

function shownNames(slot: PartSlot, active: string | undefined): readonly (readonly [string, SubSchema])[] {
  const all = sorted(slot);
  const first = all.slice(0, most);
  const marked = all.find(([name]) => name === active);
  return marked && !first.includes(marked) ? [...first, marked] : first;
}

const sorted = ({ option }: PartSlot): readonly (readonly [string, SubSchema])[] =>
  Object.entries(option.schema.properties ?? {})
    .filter(([, sub]) => sub.alias === undefined)
    .sort(([a], [b]) => propertyRank(option.name, a) - propertyRank(option.name, b) || (a < b ? -1 : 1));
