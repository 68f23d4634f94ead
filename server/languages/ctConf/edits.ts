import { type Part, parsePropertyString } from '../../syntax/propertyString.ts';
import { deleteLine, type Edit, insertLine } from '../../text/edit.ts';
import { span } from '../../text/span.ts';
import type { CtConf, CtLine, CtSection } from './tree.ts';

/** The part of a line's property string that starts at a column. */
export const partStartingAt = (node: CtLine, column: number): Part | undefined =>
  parsePropertyString(node.value).find(({ whole }) => whole.start === column);

/** Takes one part out of a property string, with a comma beside it. A lone part takes its line with it. */
export function removePart(tree: CtConf, line: number, part: Part): Edit {
  const value = tree.nodes[line]?.value;
  const { start, end } = part.whole;
  if (!value || (start === value.start && end === value.end)) return deleteLine(tree.lines, line);
  return { span: start > value.start ? span(line, start - 1, end) : span(line, start, end + 1), text: '' };
}

/** Adds a line behind the last one of a section that is not blank. */
export function addLine(tree: CtConf, section: CtSection, text: string): Edit {
  let line = section.to;
  while (line > section.from && tree.nodes[line - 1]?.kind === 'blank') line--;
  return insertLine(tree.lines, line, text);
}
