import { span, tokenSpan } from '../../text/span.ts';
import type { Fold, NameUse, SourceFile, SymbolNode } from '../language.ts';
import { canonicalName } from '../modprobe/tree.ts';
import { listed, type ModuleList } from './tree.ts';

type File = SourceFile<ModuleList>;

export const moduleSymbols = ({ tree, lines }: File): readonly SymbolNode[] =>
  listed(tree).map(({ node, line }) => ({
    name: node.name.text,
    kind: 'module',
    span: span(line, 0, lines[line]?.length ?? 0),
    nameSpan: tokenSpan(line, node.name),
    ...(node.rest.length > 0 ? { detail: node.rest.map(word => word.text).join(' ') } : {}),
  }));

export function moduleFolds({ tree }: File): readonly Fold[] {
  const found: Fold[] = [];
  for (let from = 0; from < tree.nodes.length; from++) {
    let to = from;
    while (tree.nodes[from]?.kind === 'comment' && tree.nodes[to + 1]?.kind === 'comment') to++;
    if (to > from) found.push({ from, to, kind: 'comment' });
    from = to;
  }
  return found;
}

export const moduleNames = ({ tree }: File): readonly NameUse[] =>
  listed(tree).map(({ node, line }) => ({
    kind: 'module',
    name: canonicalName(node.name.text),
    role: 'use',
    span: tokenSpan(line, node.name),
    scope: 'node',
    renamable: false,
  }));
