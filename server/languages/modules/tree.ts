import { isSpaceOrTab, wordsOf } from '../../syntax/wordLines.ts';
import { commonEnds, type Lines } from '../../text/lines.ts';
import { type Token, token } from '../../text/span.ts';
import type { SourceFile } from '../language.ts';

/**
 * One line of a list of modules. A pure function of the line's text: it has no line number. Tokens are zero-width where
 * there is nothing.
 */
export interface ModuleLine {
  readonly kind: 'blank' | 'comment' | 'module';
  /** The first word. */
  readonly name: Token;
  /** The other words: parameters for the initramfs, and a mistake everywhere else. */
  readonly rest: readonly Token[];
}

/** A list of modules: every line of the file is one node. */
export interface ModuleList {
  readonly lines: Lines;
  readonly nodes: readonly ModuleLine[];
}

/** Parsing cannot fail. Source: systemd, modules-load.c, observed with 252; initramfs-tools, hook-functions. */
export function parseModules(lines: Lines, previous?: ModuleList): ModuleList {
  if (!previous) return { lines, nodes: lines.map(readLine) };
  const { head, tail } = commonEnds(previous.lines, lines);
  const fresh = lines.slice(head, lines.length - tail).map(readLine);
  const { nodes } = previous;
  return { lines, nodes: [...nodes.slice(0, head), ...fresh, ...nodes.slice(nodes.length - tail)] };
}

/** The lines that name a module, with their numbers. */
export const listed = (tree: ModuleList): readonly { readonly node: ModuleLine; readonly line: number }[] =>
  tree.nodes.map((node, line) => ({ node, line })).filter(({ node }) => node.kind === 'module');

/** True for the list of the initramfs, whose lines may have parameters. */
export const isForInitramfs = (file: SourceFile): boolean => /(?:^|\/)initramfs-tools\/modules$/.test(pathOf(file));

/** A copy outside of an `etc/` has no path of the host; its URI then has to do. */
const pathOf = ({ place, uri }: SourceFile): string => (place.path.startsWith('/') ? place.path : uri);

/** Blanks in C's sense, which also swallow a carriage return at the end of the line. */
const isBlank = (code: number): boolean => isSpaceOrTab(code) || (code >= 0x0a && code <= 0x0d);

function readLine(line: string): ModuleLine {
  const [name = token(line, line.length, line.length), ...rest] = wordsOf(line, isBlank);
  if (name.text === '') return { kind: 'blank', name, rest };
  return /^[#;]/.test(name.text) ? { kind: 'comment', name, rest: [] } : { kind: 'module', name, rest };
}
