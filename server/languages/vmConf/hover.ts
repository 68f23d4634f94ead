import { paragraphs } from '../../text/markdown.ts';
import { type Position, span, type Token, tokenSpan } from '../../text/span.ts';
import type { Description, SourceFile, Surroundings } from '../language.ts';
import { type DescribeWith, describeKey, describeProperty, describeValue } from './describe.ts';
import { docsOf, docsUrl, effects, valueText } from './docs.ts';
import { hoverSpecial } from './hoverValue.ts';
import { optionOf } from './schema.ts';
import { itemAt, type PartSlot, type ScalarSlot, slotAt } from './slot.ts';
import { type Section, sectionAt, type VmConf } from './tree.ts';
import { listSeparators } from './valueSources.ts';

/** What stands at a place of a VM's configuration: a section, a key, a sub-property or a value. */
export function hoverVmConf(file: SourceFile<VmConf>, at: Position, around: Surroundings): Description | undefined {
  const slot = slotAt(file.tree, at);
  const describing: DescribeWith = { docs: docsOf(around.library), version: around.versions.qemuServer };
  switch (slot?.kind) {
    case 'header':
      return hoverHeader(file.tree, at.line, describing);
    case 'key':
      return slot.hasValue ? hoverKey(at.line, slot.token, describing) : undefined;
    case 'scalar':
      return hoverScalar(file, slot, at.column, around, describing);
    case 'part':
      return hoverPart(file, slot, at.column, around, describing);
    default:
      return undefined;
  }
}

function hoverHeader(tree: VmConf, line: number, { docs }: DescribeWith): Description | undefined {
  const section = sectionAt(tree, line);
  if (section.header !== line) return undefined;
  const text = docs.sections[sectionKey(section)];
  const end = (tree.lines[line] ?? '').indexOf(']') + 1;
  return text === undefined ? undefined : { span: span(line, 0, end), markdown: text };
}

const sectionKey = ({ kind, name }: Section): string => (kind === 'special' ? `special:${name}` : kind);

function hoverKey(line: number, token: Token, describing: DescribeWith): Description | undefined {
  const option = optionOf(token.text);
  const markdown = option ? describeKey(token.text, option, describing) : describeExtra(token.text, describing);
  return markdown === undefined ? undefined : { span: tokenSpan(line, token), markdown };
}

/** `delete`, `snapstate` and `fleecing-images`, which no schema has. */
function describeExtra(key: string, { docs }: DescribeWith, value = ''): string | undefined {
  const about = Object.hasOwn(docs.extra, key) ? docs.extra[key] : undefined;
  if (!about) return undefined;
  return paragraphs(
    `**\`${key}\`**`,
    valueText(docs, about, '', value),
    about.text,
    about.applies && `*Effect:* ${effects[about.applies] ?? about.applies}`,
    about.link && `[Proxmox VE documentation](${docsUrl(about.link)})`,
  );
}

function hoverScalar(
  file: SourceFile<VmConf>,
  slot: ScalarSlot,
  column: number,
  around: Surroundings,
  describing: DescribeWith,
): Description | undefined {
  const { option, token: value } = slot;
  if (value.text.trim() === '') return undefined;
  if (!option) {
    const markdown = describeExtra(slot.key, describing, value.text);
    return markdown === undefined ? undefined : { span: tokenSpan(slot.line, value), markdown };
  }
  const item = itemIn(value, option.name, column);
  const special = hoverSpecial({ path: option.name, item, slot, file, around });
  const markdown =
    special ?? describeValue(item.text, undefined, option, describing) ?? describeKey(slot.key, option, describing);
  return { span: tokenSpan(slot.line, item), markdown };
}

function hoverPart(
  file: SourceFile<VmConf>,
  slot: PartSlot,
  column: number,
  around: Surroundings,
  describing: DescribeWith,
): Description | undefined {
  const { option, part } = slot;
  if (part.whole.text.trim() === '') return undefined;
  const name = part.hasEquals ? part.key.text : option.schema.defaultKey;
  if (name === undefined) return undefined;
  const property = describeProperty(name, option, describing);
  if (slot.on === 'key')
    return property === undefined ? undefined : { span: tokenSpan(slot.line, part.key), markdown: property };
  const stored = option.schema.properties?.[name]?.alias ?? name;
  const item = itemIn(part.value, `${option.name}.${stored}`, column);
  const special = hoverSpecial({ path: `${option.name}.${stored}`, item, slot, file, around });
  const markdown = special ?? describeValue(item.text, name, option, describing) ?? property;
  return markdown === undefined ? undefined : { span: tokenSpan(slot.line, item), markdown };
}

function itemIn(value: Token, path: string, column: number): Token {
  const separators = listSeparators[path];
  return separators ? itemAt(value, column, separators) : value;
}
