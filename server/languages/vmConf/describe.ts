import { inlineCode, paragraphs } from '../../text/markdown.ts';
import {
  aliasedDocs,
  docsUrl,
  effects,
  type KeyDocs,
  keyDocs,
  type ValueDocs,
  type VmDocs,
  valueText,
} from './docs.ts';
import { formats } from './formats.ts';
import { propertyRank } from './order.ts';
import type { FoundOption, OptionSchema, SubSchema, ValueSchema } from './schema.ts';
import { sinceOf, tooNewFor } from './since.ts';
import { storedSub } from './slot.ts';
import { defaultText, rangeText, shapeText } from './typeText.ts';

/** What descriptions are made from. */
export interface DescribeWith {
  readonly docs: VmDocs;
  /** The host's qemu-server. */
  readonly version: string | undefined;
}

/** A key or a family member as Markdown; never empty. */
export function describeKey(key: string, option: FoundOption, { docs, version }: DescribeWith): string {
  const about = keyDocs(docs, option);
  return paragraphs(
    headLine(key, option.schema, { since: sinceOf(option), host: version }),
    about?.text,
    propertyList(option),
    tail(about, undefined, key),
  );
}

/** A sub-property by the name as written; never empty. */
export function describeProperty(
  name: string,
  option: FoundOption,
  { docs, version }: DescribeWith,
): string | undefined {
  const stored = storedSub(option.schema, name);
  const sub = option.schema.properties?.[name];
  if (!stored || !sub) return undefined;
  const key = keyDocs(docs, option);
  const about = aliasedDocs(docs, key, name, sub);
  const since = sinceOf({ ...option, sub: sub.alias === undefined || about !== undefined ? name : stored.name });
  return paragraphs(
    headLine(name, stored.schema, { since, host: version, sub }),
    about?.text,
    aliasNote(name, stored.name, sub),
    valueList(docs, about, name, stored.schema),
    tail(about, key, option.name),
  );
}

/** One value of an option or sub-property, then what the whole is about. */
export function describeValue(
  value: string,
  name: string | undefined,
  option: FoundOption,
  { docs, version }: DescribeWith,
): string | undefined {
  const stored = name === undefined ? undefined : storedSub(option.schema, name);
  const schema: ValueSchema = stored?.schema ?? option.schema;
  const key = keyDocs(docs, option);
  const about =
    name === undefined ? key : aliasedDocs(docs, key, stored?.name ?? name, option.schema.properties?.[name]);
  const subName = stored?.name ?? '';
  const text = valueText(docs, about, subName, value) ?? booleanText(schema, value);
  if (text === undefined) return undefined;
  const since = tellSince(sinceOf({ ...option, sub: stored?.name, value }), version);
  const isDefault = defaultText(schema) === value ? 'the default' : undefined;
  return paragraphs(
    [`**${inlineCode(value)}**`, isDefault, since].filter(Boolean).join(' · '),
    text,
    about && `*${name ?? option.name}:* ${about.text}`,
    tail(about, key, option.name),
  );
}

interface Head {
  readonly since: string | undefined;
  readonly host: string | undefined;
  readonly sub?: SubSchema;
}

/** `**pcie** · boolean · default 0 · since qemu-server 8.0.4`. */
function headLine(name: string, schema: ValueSchema | OptionSchema, { since, host, sub }: Head): string {
  const byDefault = defaultText(schema);
  return [
    `**${inlineCode(name)}**`,
    typeWords(schema),
    byDefault === undefined
      ? undefined
      : /\s/.test(byDefault)
        ? `default ${byDefault}`
        : `default ${inlineCode(byDefault)}`,
    rangeText(schema),
    sub?.required ? 'required' : undefined,
    sub?.requires === undefined ? undefined : `needs ${inlineCode(sub.requires)}`,
    tellSince(since, host),
  ]
    .filter(part => part !== undefined && part !== '')
    .join(' · ');
}

function typeWords(schema: ValueSchema | OptionSchema): string {
  if ('properties' in schema && schema.properties) return 'property string';
  if (schema.enum) return 'one of a list';
  if (schema.format) return formats[schema.format].describe;
  const type = schema.type ?? 'string';
  const shape = shapeText(schema);
  return shape === undefined || shape === type ? type : `${type} ${inlineCode(shape)}`;
}

const tellSince = (since: string | undefined, host: string | undefined): string | undefined =>
  tooNewFor(host, since) ?? (since === undefined ? undefined : `since qemu-server ${since}`);

/** The sub-properties in the order people write them, so that one hover shows what there is. */
function propertyList({ name, schema }: FoundOption): string | undefined {
  const names = Object.entries(schema.properties ?? {})
    .filter(([, sub]) => sub.alias === undefined)
    .map(([sub]) => sub)
    .sort((a, b) => propertyRank(name, a) - propertyRank(name, b));
  return names.length > 0 ? `Sub-properties: ${names.map(inlineCode).join(', ')}` : undefined;
}

/** The values with their meanings; of long lists only their number. */
function valueList(docs: VmDocs, about: ValueDocs | undefined, name: string, schema: ValueSchema): string | undefined {
  const values = schema.enum ?? [];
  if (values.length === 0) return undefined;
  if (values.length > 16) return `One of ${values.length} values.`;
  return values
    .map(value => {
      const text = valueText(docs, about, name, value);
      return `- ${inlineCode(value)}${text === undefined ? '' : ` ${text}`}`;
    })
    .join('\n');
}

function aliasNote(name: string, stored: string, sub: SubSchema): string | undefined {
  if (sub.keyAlias !== undefined)
    return `${inlineCode(`${name}=…`)} sets ${inlineCode(sub.keyAlias)} and ${inlineCode(stored)}.`;
  return sub.alias === undefined ? undefined : `Stored as ${inlineCode(stored)}.`;
}

/** Effect, example and link; a sub-property has those of its key where it has none of its own. */
function tail(about: ValueDocs | undefined, key: KeyDocs | undefined, name: string): string {
  const applies = about?.applies ?? key?.applies;
  const effect = applies === undefined ? undefined : (effects[applies] ?? applies);
  const example = about?.example ?? key?.example;
  const link = about?.link ?? key?.link ?? 'conf';
  return paragraphs(
    effect && `*Effect:* ${effect}`,
    example && `\`\`\`pve-vm-conf\n${example}\n\`\`\``,
    `[Proxmox VE documentation: ${name.replace(/[0-9]+$/, '')}](${docsUrl(link)})`,
  );
}

function booleanText(schema: ValueSchema, value: string): string | undefined {
  if (schema.type !== 'boolean') return undefined;
  if (/^(?:1|on|yes|true)$/i.test(value)) return 'On.';
  return /^(?:0|off|no|false)$/i.test(value) ? 'Off.' : undefined;
}
