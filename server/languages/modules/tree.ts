import { isSpaceOrTab, wordsOf } from '../../syntax/wordLines.ts';
import { commonEnds, type Lines } from '../../text/lines.ts';
import { Picks } from '../../text/picks.ts';
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
  readonly picks: Picks<ModuleLine>;
}

/** Parsing cannot fail. Source: systemd, modules-load.c, observed with 252; initramfs-tools, hook-functions. */
export function parseModules(lines: Lines, previous?: ModuleList): ModuleList {
  if (!previous) {
    const nodes = lines.map(readLine);
    return { lines, nodes, picks: new Picks(nodes) };
  }
  const { head, tail } = commonEnds(previous.lines, lines);
  const to = previous.nodes.length - tail;
  const fresh = lines.slice(head, lines.length - tail).map(readLine);
  const nodes = previous.nodes.slice(0, head).concat(fresh, previous.nodes.slice(to));
  return { lines, nodes, picks: previous.picks.spliced(nodes, head, to, fresh) };
}

/** A line that names a module, with its number. */
export interface Listed {
  readonly node: ModuleLine;
  readonly line: number;
}

const kept = new WeakMap<ModuleList, readonly Listed[]>();

/** The lines that name a module. All rules go through the same list. */
export function listed(tree: ModuleList): readonly Listed[] {
  let list = kept.get(tree);
  if (!list) {
    list = tree.picks.of(namesModule).map(line => ({ node: tree.nodes[line] as ModuleLine, line }));
    kept.set(tree, list);
  }
  return list;
}

const namesModule = ({ kind }: ModuleLine): boolean => kind === 'module';

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
