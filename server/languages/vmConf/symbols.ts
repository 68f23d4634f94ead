import { visibleLength } from '../../text/lines.ts';
import { span, tokenSpan } from '../../text/span.ts';
import type { SourceFile, SymbolKind, SymbolNode } from '../language.ts';
import { optionOf } from './schema.ts';
import type { Section, VmConf, VmLine } from './tree.ts';

/** The main section's lines by themselves, each other section as a node with its lines in it. */
export function vmConfSymbols({ tree }: SourceFile<VmConf>): readonly SymbolNode[] {
  return tree.sections.flatMap(section =>
    section.header < 0 ? lineSymbols(tree, section) : [sectionSymbol(tree, section)],
  );
}

function sectionSymbol(tree: VmConf, section: Section): SymbolNode {
  const header = tree.nodes[section.header] as VmLine;
  const last = Math.max(section.header, section.to - 1);
  return {
    name: header.key.text,
    detail: details[section.kind] ?? '',
    kind: 'section',
    span: { line: section.header, start: 0, endLine: last, end: visibleLength(tree.lines[last] ?? '') },
    nameSpan: tokenSpan(section.header, header.key),
    children: section.kind === 'unknown' ? [] : lineSymbols(tree, section),
  };
}

const details: Readonly<Record<string, string>> = {
  pending: 'waits for the next cold start',
  snapshot: 'snapshot',
  unknown: 'ignored',
};

function lineSymbols(tree: VmConf, section: Section): readonly SymbolNode[] {
  return section.body.flatMap((node, offset) => {
    if (node.key.end === 0 || node.kind === 'comment') return [];
    const line = section.from + offset;
    return [
      {
        name: node.key.text,
        detail: shortened(node.value.text.trim()),
        kind: kindOf(node),
        span: span(line, 0, visibleLength(tree.lines[line] ?? '')),
        nameSpan: tokenSpan(line, node.key),
      },
    ];
  });
}

/** Hardware has an index; the numbered NUMA nodes and cloud-init addresses do too, but are no devices. */
function kindOf(node: VmLine): SymbolKind {
  const option = optionOf(node.key.text);
  const isDevice = option?.index !== undefined && option.name !== 'ipconfig' && option.name !== 'numa';
  return isDevice ? 'device' : 'key';
}

const shortened = (text: string): string => (text.length > 80 ? `${text.slice(0, 79)}…` : text);
