import { functionAt, slotMembers } from '../../../host/inventory.ts';
import { parseSlotOrFunction } from '../../../host/pciAddress.ts';
import type { Part } from '../../syntax/propertyString.ts';
import { type ConfigSection, type SectionConfig, sectionAt } from '../../syntax/sectionConfig.ts';
import { escapeMarkdown, inlineCode, paragraphs } from '../../text/markdown.ts';
import { type Position, type Span, span, type Token, tokenSpan, tokenTouches } from '../../text/span.ts';
import { deviceCard, slotCard } from '../../values/deviceCard.ts';
import type { Description, SourceFile, Surroundings } from '../language.ts';
import { kindOf, type MapEntry, type MappingKind, mapEntries, partOf, pathItems, readMapEntry } from './config.ts';
import { docOf, kindDocs } from './docs.ts';
import { inventoryFor } from './hosts.ts';
import { functionsLike } from './identity.ts';

/** What stands at a place: a mapping, a key, a sub-property or a device. */
export function hoverMapping(
  file: SourceFile<SectionConfig>,
  at: Position,
  around: Surroundings,
): Description | undefined {
  const { tree } = file;
  const node = tree.nodes[at.line];
  const section = sectionAt(tree, at.line);
  const kind = kindOf(file);
  if (!node || !section) return undefined;
  if (section.header === at.line)
    return tokenTouches(section.id, at.column) ? aboutMapping(tree, section, kind) : undefined;
  if (node.shape !== 'property') return undefined;
  if (tokenTouches(node.key, at.column)) {
    return described(tokenSpan(at.line, node.key), node.key.text, docOf(kind, node.key.text, false));
  }
  if (node.key.text !== 'map' || !tokenTouches(node.value, at.column)) return undefined;
  return aboutPart(readMapEntry({ line: at.line, key: node.key, value: node.value }), at, kind, around);
}

function aboutMapping(tree: SectionConfig, section: ConfigSection, kind: MappingKind): Description {
  const places = [...mapEntries(tree, section)].map(entry => {
    const path = partOf(entry, 'path') ?? partOf(entry, 'id');
    const node = partOf(entry, 'node')?.value.text ?? '?';
    return `- ${escapeMarkdown(node)}: ${inlineCode(path?.value.text ?? '?')}`;
  });
  return { span: tokenSpan(section.header, section.id), markdown: paragraphs(kindDocs[kind], places.join('\n')) };
}

function aboutPart(entry: MapEntry, at: Position, kind: MappingKind, around: Surroundings): Description | undefined {
  const part = entry.parts.find(({ whole }) => tokenTouches(whole, at.column));
  if (!part?.hasEquals) return undefined;
  const key = part.key.text;
  const doc = docOf(kind, key, true);
  if (at.column <= part.key.end) return described(tokenSpan(entry.line, part.key), key, doc);
  const device = kind === 'pci' ? aboutDevice(entry, part, at, around) : undefined;
  return device ?? described(tokenSpan(entry.line, part.value), key, doc);
}

function aboutDevice(entry: MapEntry, part: Part, at: Position, around: Surroundings): Description | undefined {
  const node = partOf(entry, 'node')?.value.text;
  const inventory = inventoryFor(around, node);
  if (!inventory) return undefined;
  if (part.key.text === 'path') {
    const item = pathItems(part.value).find(one => tokenTouches(one, at.column));
    const markdown = item && cardOf(item, around, node);
    return item && markdown ? { span: tokenSpan(entry.line, item), markdown } : undefined;
  }
  if (part.key.text !== 'id') return undefined;
  const [fn] = functionsLike(inventory, { ...entry, parts: [part] });
  return fn && { span: tokenSpan(entry.line, part.value), markdown: deviceCard(fn, inventory) };
}

/** The card of an item of `path=`; of all functions where it names a whole device. */
function cardOf(item: Token, around: Surroundings, node: string | undefined): string | undefined {
  const found = parseSlotOrFunction(item.text);
  const inventory = inventoryFor(around, node);
  if (!found || !inventory) return undefined;
  const fn = found.function && functionAt(inventory, found.function);
  if (fn) return deviceCard(fn, inventory, claimsOn(around, fn.address));
  const members = found.function ? [] : slotMembers(inventory, found.slot);
  if (members.length > 0) {
    return slotCard(
      members,
      inventory,
      members.flatMap(member => claimsOn(around, member.address)),
    );
  }
  if (!inventory.complete) return undefined;
  return `${inlineCode(item.text)}: no such device on ${escapeMarkdown(node ?? 'this host')}.`;
}

const claimsOn = (around: Surroundings, address: string): readonly string[] =>
  around.claims(address).map(({ label }) => label);

const described = (where: Span, key: string, doc: string | undefined): Description | undefined =>
  doc === undefined
    ? undefined
    : { span: span(where.line, where.start, where.end), markdown: paragraphs(`**${escapeMarkdown(key)}**`, doc) };
