import { listedWords, softdepOf } from './arguments.ts';
import { linesRead, type Modules } from './linesRead.ts';
import {
  type Command,
  canonicalName,
  commands,
  isAccepted,
  type ModprobeLine,
  type ModprobeTree,
  type ReadLine,
} from './tree.ts';

/** A file of modprobe.d: its absolute path on the host and what is in it. */
export interface ConfigFile {
  readonly path: string;
  readonly tree: ModprobeTree;
}

/** Where a setting stands. */
export interface Origin<F extends ConfigFile> {
  readonly file: F;
  readonly node: ModprobeLine;
}

export interface AliasEntry<F extends ConfigFile> extends Origin<F> {
  /** May have wildcards. */
  readonly name: string;
  readonly target: string;
}
export interface NameEntry<F extends ConfigFile> extends Origin<F> {
  readonly name: string;
}
/** `options`, `install` and `remove`: a name and text. */
export interface TextEntry<F extends ConfigFile> extends NameEntry<F> {
  readonly text: string;
}
export interface SoftdepEntry<F extends ConfigFile> extends NameEntry<F> {
  readonly pre: readonly string[];
  readonly post: readonly string[];
}
export interface WeakdepEntry<F extends ConfigFile> extends NameEntry<F> {
  readonly weak: readonly string[];
}

/** What kmod makes of all files together. Names are canonical; every list is in the order in which kmod read it. */
export interface ModprobeConfig<F extends ConfigFile = ConfigFile> {
  readonly aliases: readonly AliasEntry<F>[];
  readonly blacklist: readonly NameEntry<F>[];
  readonly options: readonly TextEntry<F>[];
  readonly installs: readonly TextEntry<F>[];
  readonly removes: readonly TextEntry<F>[];
  readonly softdeps: readonly SoftdepEntry<F>[];
  readonly weakdeps: readonly WeakdepEntry<F>[];
}

/** Directories that kmod reads, the most important first. Before 34 `/usr/lib` is only read where `/lib` is the same. */
const configDirectories = ['/etc', '/run', '/usr/local/lib', '/usr/lib', '/lib'].map(top => `${top}/modprobe.d`);

/** True for a name that kmod reads in such a directory. Source: kmod, conf_files_filter_out, observed with 30 and 34.2. */
export const isReadName = (name: string): boolean => name.length > 5 && name.endsWith('.conf') && !name.startsWith('.');

/** The same of a path. */
export const isReadFile = (path: string): boolean => isReadName(path.slice(path.lastIndexOf('/') + 1));

/**
 * The files that kmod reads, in its order: of one name only that in the most important directory, sorted by name as
 * bytes. Files of other directories are left out.
 */
export function filesInOrder<F extends { readonly path: string }>(files: readonly F[]): readonly F[] {
  const chosen = new Map<string, { file: F; rank: number }>();
  for (const file of files) {
    const slash = file.path.lastIndexOf('/');
    const name = file.path.slice(slash + 1);
    const rank = configDirectories.indexOf(file.path.slice(0, slash));
    if (rank === -1 || !isReadName(name)) continue;
    const known = chosen.get(name);
    if (!known || rank < known.rank) chosen.set(name, { file, rank });
  }
  return [...chosen].sort(([a], [b]) => compareBytes(a, b)).map(([, { file }]) => file);
}

/**
 * Reads files that are in kmod's order already; each list when it is first asked for. With `modules` only the lines whose
 * first name is among them.
 */
export function readConfig<F extends ConfigFile>(
  files: readonly F[],
  kmod: number,
  modules?: Modules,
): ModprobeConfig<F> {
  const all = <T>(kind: Command, read: (entry: NameEntry<F>) => T): (() => readonly T[]) => {
    let list: readonly T[] | undefined;
    return () => (list ??= files.flatMap(file => entriesOf(file, kmod, kind, modules)).map(read));
  };
  const text = (entry: NameEntry<F>): TextEntry<F> => ({ ...entry, text: entry.node.rest.text });
  const aliases = all('alias', entry => ({ ...entry, target: canonicalName(entry.node.rest.text) }));
  const blacklist = all('blacklist', entry => entry);
  const options = all('options', entry => ({ ...entry, text: entry.node.rest.text.replaceAll('\t', ' ') }));
  const installs = all('install', text);
  const removes = all('remove', text);
  const softdeps = all('softdep', entry => {
    const { pre, post } = softdepOf(entry.node);
    return { ...entry, pre: pre.map(word => word.text), post: post.map(word => word.text) };
  });
  const weakdeps = all('weakdep', entry => ({ ...entry, weak: listedWords(entry.node).map(word => word.text) }));
  return lazy({ aliases, blacklist, options, installs, removes, softdeps, weakdeps });
}

/** An object whose properties are worked out when they are asked for. */
const lazy = <T extends object>(makers: { readonly [K in keyof T]: () => T[K] }): T =>
  Object.defineProperties(
    {},
    Object.fromEntries(Object.entries<() => unknown>(makers).map(([name, get]) => [name, { get, enumerable: true }])),
  ) as T;

const ofKind = Object.fromEntries(
  commands.map(kind => [kind, (line: ReadLine): boolean => line.kind === kind && isAccepted(line)]),
) as unknown as Readonly<Record<Command, (line: ReadLine) => boolean>>;

function entriesOf<F extends ConfigFile>(file: F, kmod: number, kind: Command, modules?: Modules): NameEntry<F>[] {
  return [...linesRead(file.tree, kmod, ofKind[kind], modules)].map(node => ({ file, node, name: node.module }));
}

/** Order of the bytes in UTF-8, which is the order of code points. */
export function compareBytes(a: string, b: string): number {
  for (let at = 0; at < a.length && at < b.length; ) {
    const left = a.codePointAt(at) as number;
    const right = b.codePointAt(at) as number;
    if (left !== right) return left - right;
    at += left > 0xffff ? 2 : 1;
  }
  return a.length - b.length;
}
