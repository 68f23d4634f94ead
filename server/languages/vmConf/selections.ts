import { visibleLength } from '../../text/lines.ts';
import { type Position, type Span, span, type Token, tokenSpan, tokenTouches } from '../../text/span.ts';
import type { SourceFile } from '../language.ts';
import { optionOf } from './schema.ts';
import { itemAt } from './slot.ts';
import { partsOf, sectionAt, type VmConf, type VmLine } from './tree.ts';

/** Item of a list, value, part, whole value, line, section: ever larger, the smallest first. */
export function vmConfSelections({ tree }: SourceFile<VmConf>, at: Position): readonly Span[] {
  const node = tree.nodes[at.line];
  if (!node) return [];
  const tokens = tokensAt(node, at.column).map(token => tokenSpan(at.line, token));
  const line = span(at.line, 0, visibleLength(tree.lines[at.line] ?? ''));
  return withoutRepeats([...tokens, line, sectionSpan(tree, at.line)]);
}

function tokensAt(node: VmLine, column: number): readonly Token[] {
  if (node.key.end > 0 && tokenTouches(node.key, column)) return [node.key];
  if (!tokenTouches(node.value, column) || node.value.end === node.value.start) return [];
  if (!optionOf(node.key.text)?.schema.properties) return [itemAt(node.value, column, /[,; \t]/), node.value];
  const part = partsOf(node).find(one => tokenTouches(one.whole, column));
  if (!part) return [node.value];
  if (part.hasEquals && column <= part.key.end) return [part.key, part.whole, node.value];
  return [itemAt(part.value, column, /;/), part.value, part.whole, node.value];
}

function sectionSpan(tree: VmConf, line: number): Span {
  const section = sectionAt(tree, line);
  const last = Math.max(section.to - 1, 0);
  return {
    line: Math.max(section.header, 0),
    start: 0,
    endLine: last,
    end: visibleLength(tree.lines[last] ?? ''),
  };
}

/** Leaves out what is empty or no larger than the one before. */
function withoutRepeats(spans: readonly Span[]): readonly Span[] {
  const kept: Span[] = [];
  for (const one of spans) {
    const isEmpty = one.line === one.endLine && one.start === one.end;
    const before = kept[kept.length - 1];
    if (!isEmpty && (!before || !isSame(before, one))) kept.push(one);
  }
  return kept;
}

const isSame = (a: Span, b: Span): boolean =>
  a.line === b.line && a.start === b.start && a.endLine === b.endLine && a.end === b.end;
