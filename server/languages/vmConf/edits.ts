import type { Part } from '../../syntax/propertyString.ts';
import { deleteLine, type Edit, insertLine } from '../../text/edit.ts';
import { span, tokenSpan } from '../../text/span.ts';
import type { Entry } from './config.ts';
import type { Section, VmConf, VmLine } from './tree.ts';

/** Takes one part out of a property string, with the comma that it leaves over. A lone part takes its line with it. */
export function removePart(tree: VmConf, line: number, part: Part): Edit {
  const node = tree.nodes[line] as VmLine;
  const { start, end } = part.whole;
  if (start === node.value.start && end === node.value.end) return deleteLine(tree.lines, line);
  if (start > node.value.start) return { span: span(line, start - 1, end), text: '' };
  return { span: span(line, start, end + 1), text: '' };
}

/** Gives a sub-property a value: where it stands, or at the end of the line. */
export function setProperty(entry: Entry, name: string, value: string): Edit {
  const known = entry.properties.get(name);
  if (known) return { span: tokenSpan(entry.line, known.value), text: value };
  const { end } = entry.value;
  return { span: span(entry.line, end, end), text: `,${name}=${value}` };
}

/** Takes a sub-property out; `undefined` where the entry has none of that name. */
export function removeProperty(tree: VmConf, entry: Entry, name: string): Edit | undefined {
  const known = entry.properties.get(name);
  return known && removePart(tree, entry.line, known.part);
}

/** Replaces the value of an entry. */
export const setValue = (entry: Entry, value: string): Edit => ({
  span: tokenSpan(entry.line, entry.value),
  text: value,
});

/** Takes a line out. */
export const removeEntry = (tree: VmConf, entry: Pick<Entry, 'line'>): Edit => deleteLine(tree.lines, entry.line);

/**
 * Adds a line to a section where Proxmox would write it: before the first key that sorts after it, else behind the last
 * line that is not blank.
 */
export function addEntry(tree: VmConf, section: Section, key: string, value: string): Edit {
  const line = placeFor(section, key);
  const ending = (tree.lines[Math.max(0, line - 1)] ?? '').endsWith('\r') ? '\r' : '';
  return insertLine(tree.lines, line, `${key}: ${value}${ending}`);
}

function placeFor(section: Section, key: string): number {
  let behind = section.from;
  for (let offset = 0; offset < section.body.length; offset++) {
    const node = section.body[offset] as VmLine;
    if (isKeyed(node) && node.key.text > key) return section.from + offset;
    if (node.kind !== 'blank') behind = section.from + offset + 1;
  }
  return behind;
}

const isKeyed = (node: VmLine): boolean => node.kind === 'entry' || node.kind === 'args' || node.kind === 'delete';
