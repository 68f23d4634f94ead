import { commonEnds, type Lines, visibleLength } from '../text/lines.ts';
import { type Token, token } from '../text/span.ts';

/**
 * The shape of one line of a Proxmox section config. A pure function of the line's text: whether a header opens a section
 * depends on the lines before it and is the sections' business.
 */
export interface ConfigLine {
  readonly shape: 'empty' | 'blank' | 'comment' | 'header' | 'property' | 'other';
  /** Of a header: the word before its colon; zero-width where headers have no type. */
  readonly type: Token;
  /** A header's id or a property's key; zero-width at the line's end where there is neither. */
  readonly key: Token;
  /** Without the blanks around it; zero-width at the line's visible end where there is none. */
  readonly value: Token;
}

/** A header with the lines that belong to it. Other headers before the empty line are lines of this section. */
export interface ConfigSection {
  /** The header's line. */
  readonly header: number;
  readonly type: Token;
  readonly id: Token;
  /** First line after the header, and the line behind its last one: the empty one, or the text's end. */
  readonly from: number;
  readonly to: number;
}

/** Every line is exactly one node. Lines in no section are empty, comments or outside of everything. */
export interface SectionConfig {
  readonly lines: Lines;
  readonly nodes: readonly ConfigLine[];
  readonly sections: readonly ConfigSection[];
}

/** How a file's headers look: `gpu` in mappings, `lvmthin: local-lvm` in storage.cfg. */
export type HeaderStyle = 'id' | 'type: id';

/**
 * Reads a section config as PVE::SectionConfig does: a header, then indented `key value` lines up to an empty line.
 * A line that holds only blanks is not empty, and neither is a lone carriage return. Parsing cannot fail.
 * Source: pve-common 9.2.1, PVE/SectionConfig.pm parse_config.
 */
export function parseSectionConfig(lines: Lines, style: HeaderStyle, previous?: SectionConfig): SectionConfig {
  const nodes = readLines(lines, style, previous);
  return { lines, nodes, sections: findSections(nodes, lines) };
}

/** The section that a line belongs to, its header included. */
export const sectionAt = (config: SectionConfig, line: number): ConfigSection | undefined =>
  config.sections.find(section => section.header <= line && line < section.to);

/** The last line of a section that has text; its header where nothing follows. */
export function lastLineOf(config: SectionConfig, section: ConfigSection): number {
  let last = section.to - 1;
  while (last > section.header && config.nodes[last]?.shape === 'blank') last--;
  return last;
}

function readLines(lines: Lines, style: HeaderStyle, previous: SectionConfig | undefined): readonly ConfigLine[] {
  const read = (line: string): ConfigLine => readLine(line, style);
  if (!previous) return lines.map(read);
  const { head, tail } = commonEnds(previous.lines, lines);
  const fresh = lines.slice(head, lines.length - tail).map(read);
  return [...previous.nodes.slice(0, head), ...fresh, ...previous.nodes.slice(previous.nodes.length - tail)];
}

// The reader matches bytes with Perl's ASCII white space; JavaScript's wider \s would accept more.
const comment = /^[ \t\r\f\v]*#/;
const onlyBlanks = /^[ \t\r\f\v]+$/;
/** One word, or two: how both kinds of header look. */
const words = /^([^ \t\r\f\v]+)(?:[ \t\r\f\v]+([^ \t\r\f\v]+))?[ \t\r\f\v]*$/;
const property = /^[ \t\r\f\v]+([^ \t\r\f\v]+)/;

function readLine(line: string, style: HeaderStyle): ConfigLine {
  if (line === '') return bare('empty', line);
  if (comment.test(line)) return bare('comment', line);
  if (onlyBlanks.test(line)) return bare('blank', line);
  return readProperty(line) ?? readHeader(line, style) ?? bare('other', line);
}

function bare(shape: ConfigLine['shape'], line: string): ConfigLine {
  const end = token(line, visibleLength(line), visibleLength(line));
  return { shape, type: end, key: end, value: end };
}

function readProperty(line: string): ConfigLine | undefined {
  const found = property.exec(line);
  if (!found) return undefined;
  const keyEnd = found[0].length;
  const key = token(line, keyEnd - (found[1] as string).length, keyEnd);
  let start = keyEnd;
  let end = line.length;
  while (end > keyEnd && isBlank(line.charCodeAt(end - 1))) end--;
  while (start < end && isBlank(line.charCodeAt(start))) start++;
  const value = start === end ? bare('property', line).value : token(line, start, end);
  return { shape: 'property', type: token(line, key.start, key.start), key, value };
}

function readHeader(line: string, style: HeaderStyle): ConfigLine | undefined {
  const found = words.exec(line);
  if (!found) return undefined;
  const first = token(line, 0, (found[1] as string).length);
  const second = found[2] === undefined ? undefined : wordAt(line, found[2], first.end);
  const value = bare('header', line).value;
  if (style === 'id') return second ? undefined : { shape: 'header', type: token(line, 0, 0), key: first, value };
  const colon = second ? first.end - 1 : line.lastIndexOf(':', first.end - 2);
  if (colon < 1 || line[colon] !== ':') return undefined;
  return { shape: 'header', type: token(line, 0, colon), key: second ?? token(line, colon + 1, first.end), value };
}

function wordAt(line: string, word: string, from: number): Token {
  const start = line.indexOf(word, from);
  return token(line, start, start + word.length);
}

function isBlank(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d && code !== 0x0a);
}

/** The reader stops a section at a line that Perl takes for false: an empty one, or a lone `0`. */
const endsSection = (line: string | undefined): boolean => line === '' || line === '0' || line === undefined;

function findSections(nodes: readonly ConfigLine[], lines: Lines): readonly ConfigSection[] {
  const sections: ConfigSection[] = [];
  for (let line = 0; line < nodes.length; line++) {
    const node = nodes[line] as ConfigLine;
    if (node.shape !== 'header' || lines[line] === '0') continue;
    let to = line + 1;
    while (!endsSection(lines[to])) to++;
    sections.push({ header: line, type: node.type, id: node.key, from: line + 1, to });
    line = to;
  }
  return sections;
}
