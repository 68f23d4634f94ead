import { softdepOf } from './arguments.ts';
import { type ConfigFile, compareBytes, type ModprobeConfig, type SoftdepEntry, type TextEntry } from './config.ts';
import { firstFor, isNamed } from './firstFor.ts';
import type { KernelModules, ModuleRow } from './kernelModules.ts';
import { countMatches, parsePciAlias } from './pciAlias.ts';
import { canonicalName, parseModprobe, type ReadLine } from './tree.ts';
import { matchesWildcard } from './wildcard.ts';

/** One step of loading, in order: a module with its options, or a command that runs in its place. */
export interface Load {
  readonly action: 'insmod' | 'install';
  readonly module: string;
  /** The command of an `install` line; empty for `insmod`. */
  readonly command: string;
  readonly options: string;
}

export interface Request {
  /** A module, an alias, or the modalias of a device (`pci:v0000…`). */
  readonly name: string;
  /** Also refuse a blacklisted module that is named itself: `modprobe -b`, udev, systemd-modules-load. */
  readonly applyBlacklist: boolean;
}

/** A module as it was looked up: with an alias it is another object to kmod, and options of the alias count too. */
interface Wanted {
  readonly name: string;
  readonly alias: string | undefined;
}

/**
 * What `modprobe -D` prints: everything that would be loaded or run, modules that are loaded already included.
 * Dependencies, aliases and softdeps of modules are those of the older kernel of the data.
 * Source: kmod 30 and 34.2, libkmod-module.c, kmod_module_probe_insert_module; observed.
 */
export function loadsOf(request: Request, config: ModprobeConfig, modules: KernelModules): readonly Load[] {
  return lookUp(request.name, config, modules).flatMap(wanted => {
    const isChecked = request.applyBlacklist || wanted.alias !== undefined;
    return isChecked && isBlacklisted(wanted.name, config) ? [] : new Probe(config, modules).load(wanted);
  });
}

export const isBlacklisted = (module: string, config: ModprobeConfig): boolean => isNamed(config.blacklist, module);

/** All `options` for a module, joined in order. */
const optionsOf = ({ name, alias }: Wanted, config: ModprobeConfig): string =>
  config.options
    .filter(entry => entry.name === name || entry.name === alias)
    .map(entry => entry.text)
    .join(' ');

/** The `softdep` line that counts for a module: the first in the order of files, of which the kernel's list is one. */
export function softdepFor<F extends ConfigFile>(
  module: string,
  config: ModprobeConfig<F>,
  modules: KernelModules,
): SoftdepEntry<F> | 'kernel' | undefined {
  const own = firstFor(config.softdeps, module);
  if (!rowOf(modules, module)?.s) return own;
  return own && compareBytes(own.file.path.slice(own.file.path.lastIndexOf('/') + 1), 'modules.softdep') < 0
    ? own
    : 'kernel';
}

/** The `install` line that counts for a module, if it has no softdeps: the first. */
export const installFor = <F extends ConfigFile>(module: string, config: ModprobeConfig<F>): TextEntry<F> | undefined =>
  firstFor(config.installs, module);

/** Modules behind a name, in kmod's order of asking: own aliases, modules, commands, the kernel's aliases. */
function lookUp(text: string, config: ModprobeConfig, modules: KernelModules): readonly Wanted[] {
  const name = canonicalName(text);
  const aliased = config.aliases.filter(entry => matchesWildcard(entry.name, name));
  if (aliased.length > 0) return aliased.map(entry => ({ name: entry.target, alias: entry.name }));
  if (rowOf(modules, name)) return [{ name, alias: undefined }];
  if ([...config.installs, ...config.removes].some(entry => entry.name === name)) return [{ name, alias: undefined }];
  const found = name.startsWith('pci:') ? modulesForPci(name, modules) : modules.alias(name);
  return found.filter(module => rowOf(modules, module)).map(module => ({ name: module, alias: name }));
}

/** A module is there once for every id of its that the device has. */
function modulesForPci(modalias: string, modules: KernelModules): readonly string[] {
  const device = parsePciAlias(modalias);
  if (!device) return [];
  const found: string[] = [];
  for (const row of modules.modules.values()) {
    for (let left = row.i === undefined ? 0 : countMatches(row.i, device); left > 0; left--) found.push(row.n);
  }
  return found;
}

/** What the older kernel knows of a module that is a file. */
function rowOf(modules: KernelModules, name: string): ModuleRow | undefined {
  const row = modules.modules.get(name);
  return row && !row.b && row.k !== 2 ? row : undefined;
}

/** One walk through dependencies and softdeps. */
class Probe {
  private readonly visited = new Set<string>();
  private readonly list: { wanted: Wanted; ignoresCommand: boolean }[] = [];

  constructor(
    private readonly config: ModprobeConfig,
    private readonly modules: KernelModules,
  ) {}

  load(wanted: Wanted): readonly Load[] {
    this.visit(wanted);
    return this.list.flatMap(({ wanted: one, ignoresCommand }) => this.stepOf(one, ignoresCommand));
  }

  private visit(wanted: Wanted): void {
    const key = `${wanted.name}\\${wanted.alias ?? ''}`;
    if (this.visited.has(key)) return;
    this.visited.add(key);
    for (const name of this.dependenciesOf(wanted.name)) this.add({ name, alias: undefined });
    this.add(wanted);
  }

  /** The module between its softdeps. */
  private add(wanted: Wanted): void {
    const { pre, post } = this.softdepsOf(wanted.name);
    const before = pre.flatMap(name => lookUp(name, this.config, this.modules));
    const after = post.flatMap(name => lookUp(name, this.config, this.modules));
    for (const one of before) this.visit(one);
    this.list.push({ wanted, ignoresCommand: before.length + after.length > 0 });
    for (const one of after) this.visit(one);
  }

  private softdepsOf(module: string): { readonly pre: readonly string[]; readonly post: readonly string[] } {
    const found = softdepFor(module, this.config, this.modules);
    return found === 'kernel'
      ? kernelSoftdep(rowOf(this.modules, module)?.s?.[0] ?? '')
      : (found ?? { pre: [], post: [] });
  }

  /** All of them, not only the direct ones, in the order of `modules.dep` read backwards: the deepest first. */
  private dependenciesOf(module: string): readonly string[] {
    const all = new Set<string>();
    const visit = (name: string): void => {
      for (const one of rowOf(this.modules, name)?.d?.split(' ') ?? []) {
        if (all.has(one) || !rowOf(this.modules, one)) continue;
        all.add(one);
        visit(one);
      }
    };
    visit(module);
    all.delete(module);
    return [...all].sort((a, b) => this.modules.dependencyRank(b) - this.modules.dependencyRank(a));
  }

  private stepOf(wanted: Wanted, ignoresCommand: boolean): readonly Load[] {
    const module = wanted.name;
    const options = optionsOf(wanted, this.config);
    const install = ignoresCommand ? undefined : this.commandFor(wanted);
    if (install) return [{ action: 'install', module, command: install.text, options }];
    return rowOf(this.modules, module) ? [{ action: 'insmod', module, command: '', options }] : [];
  }

  /** A name that is there only as that of an `install` line gets that line, whatever stands before it. */
  private commandFor({ name, alias }: Wanted): TextEntry<ConfigFile> | undefined {
    const isName = alias === undefined && !rowOf(this.modules, name);
    const own = isName ? this.config.installs.find(entry => entry.name === name) : undefined;
    return own ?? installFor(name, this.config);
  }
}

/** Reads what modinfo prints, `pre: realtek`, as kmod reads the line made of it. */
function kernelSoftdep(text: string): { readonly pre: readonly string[]; readonly post: readonly string[] } {
  const [node] = parseModprobe([`softdep x ${text}`]).nodes as [ReadLine];
  const { pre, post } = softdepOf(node);
  return { pre: pre.map(word => word.text), post: post.map(word => word.text) };
}
