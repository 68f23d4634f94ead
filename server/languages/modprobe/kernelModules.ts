import type { Library } from '../language.ts';
import { canonicalName } from './tree.ts';

/** `kernel-modules.json`: facts about the modules of two Debian kernels, packed. Names have underscores. */
export interface KernelModulesData {
  readonly source: string;
  /** Releases, the older first. */
  readonly kernels: readonly [string, string];
  /** In the order of the older kernel's `modules.order`, then the others. */
  readonly modules: readonly ModuleRow[];
  /** Aliases that are plain names: alias → modules, the first match first. */
  readonly aliases: Readonly<Record<string, string>>;
  /** Modules that others depend on, in depmod's order: the lists of `modules.dep` are sorted by it. */
  readonly dependencyOrder: string;
}

export interface ModuleRow {
  /** Name. */
  readonly n: string;
  /** Only in the older (1) or the newer (2) kernel. */
  readonly k?: 1 | 2;
  /** Compiled into the kernel. */
  readonly b?: 1;
  /** Parameters: `name:type name:type`; a type may be empty or end in `[]`. */
  readonly p?: string;
  /** What it depends on directly. */
  readonly d?: string;
  /** Softdeps as modinfo prints them: `pre: realtek`. */
  readonly s?: readonly string[];
  /** PCI ids: `8086:1521,1533;144d:a808.144d.a801/01.08.02*`. */
  readonly i?: string;
  /** PCI ids that only the newer kernel has. */
  readonly j?: string;
}

/** The same facts, ready to be asked. */
export interface KernelModules {
  /** By canonical name. */
  readonly modules: ReadonlyMap<string, ModuleRow>;
  readonly names: readonly string[];
  /** Modules behind a plain alias, by canonical alias. */
  alias(name: string): readonly string[];
  /** Type of each parameter; `undefined` where the module is not known. */
  parameters(module: string): ReadonlyMap<string, string> | undefined;
  /** Place of a module in the order of `modules.order`. */
  rank(module: string): number;
  /** Place of a module in the order in which dependencies are listed. */
  dependencyRank(module: string): number;
}

const opened = new WeakMap<KernelModulesData, KernelModules>();

/** `undefined` where this build has no such data. */
export function kernelModules(library: Library): KernelModules | undefined {
  const data = library.read<KernelModulesData>('kernel-modules');
  return data && openKernelModules(data);
}

function openKernelModules(data: KernelModulesData): KernelModules {
  let modules = opened.get(data);
  if (!modules) {
    modules = index(data);
    opened.set(data, modules);
  }
  return modules;
}

function index(data: KernelModulesData): KernelModules {
  const modules = new Map(data.modules.map(row => [row.n, row]));
  const ranks = new Map(data.modules.map((row, rank) => [row.n, rank]));
  const dependencyRanks = new Map(data.dependencyOrder.split(' ').map((name, rank) => [name, rank]));
  const aliases = new Map(Object.entries(data.aliases));
  return {
    modules,
    names: [...modules.keys()],
    alias: name => aliases.get(canonicalName(name))?.split(' ') ?? [],
    parameters: module => parametersOf(modules.get(canonicalName(module))),
    rank: module => ranks.get(module) ?? ranks.size,
    dependencyRank: module => dependencyRanks.get(module) ?? dependencyRanks.size,
  };
}

function parametersOf(row: ModuleRow | undefined): ReadonlyMap<string, string> | undefined {
  if (!row) return undefined;
  const pairs = (row.p ?? '').split(' ').filter(Boolean);
  return new Map(pairs.map(pair => [pair.slice(0, pair.indexOf(':')), pair.slice(pair.indexOf(':') + 1)]));
}
