import { inlineCode, paragraphs } from '../../text/markdown.ts';
import { listDevices } from '../../values/deviceCard.ts';
import type { SourceFile, Surroundings } from '../language.ts';
import { filesInOrder, type ModprobeConfig, readConfig } from './config.ts';
import { installFor, softdepFor } from './effective.ts';
import { claimedBy, drivenBy } from './hostModules.ts';
import { type KernelModules, kernelModules } from './kernelModules.ts';
import { kmodMajor, type ModprobeTree } from './tree.ts';
import { hasWildcard } from './wildcard.ts';

/** The files around, for what they say together; handed in, because the language itself is what they are found by. */
export type Siblings = readonly SourceFile<ModprobeTree>[];

/** What a module drives on this host, and what the files say of it. */
export function describeModule(
  module: string,
  { inventory, library, versions }: Surroundings,
  siblings: Siblings,
): string {
  const row = kernelModules(library)?.modules.get(module);
  const isBuiltin = inventory?.builtinModules?.has(module) ?? row?.b === 1;
  const isLoaded = inventory?.loadedModules?.has(module);
  const state = isBuiltin
    ? ' · part of the kernel'
    : isLoaded
      ? ' · loaded'
      : isLoaded === false
        ? ' · not loaded'
        : '';
  const driven = inventory ? drivenBy(inventory, module) : [];
  const claimed = inventory ? claimedBy(inventory, module).filter(fn => !driven.includes(fn)) : [];
  return paragraphs(
    `**${inlineCode(module)}**${state}`,
    driven.length > 0 && listDevices('Drives on this host:', driven),
    claimed.length > 0 && listDevices('Could also drive:', claimed),
    ...configuredFor(module, configOf(module, siblings, kmodMajor(versions.kmod)), kernelModules(library)),
  );
}

/** All that can be about one module. */
const configOf = (module: string, siblings: Siblings, kmod: number): ModprobeConfig =>
  readConfig(filesInOrder(siblings.map(({ place, tree }) => ({ path: place.path, tree }))), kmod, {
    has: name => name === module || hasWildcard(name),
  });

/** What the files together say of a module. */
function* configuredFor(module: string, config: ModprobeConfig, modules: KernelModules | undefined): Generator<string> {
  const options = config.options.filter(entry => entry.name === module);
  if (options.length > 0) {
    const text = options.map(entry => entry.text.trim()).join(' ');
    yield `Gets ${inlineCode(text)} (${namesOf(options)})`;
  }
  const blacklisted = config.blacklist.filter(entry => entry.name === module);
  if (blacklisted.length > 0) yield `Blacklisted in ${namesOf(blacklisted)}`;
  const softdep = modules ? softdepFor(module, config, modules) : config.softdeps.find(entry => entry.name === module);
  const install = installFor(module, config);
  if (softdep && softdep !== 'kernel' && softdep.pre.length + softdep.post.length > 0) {
    const lists = [listed(softdep.pre, 'before it'), listed(softdep.post, 'after it')].filter(Boolean).join(', ');
    yield `Loads ${lists} (${namesOf([softdep])})`;
  } else if (install) yield `Loading it runs ${inlineCode(install.text)} instead (${namesOf([install])})`;
}

const listed = (names: readonly string[], when: string): string =>
  names.length > 0 ? `${names.map(inlineCode).join(', ')} ${when}` : '';

const namesOf = (entries: readonly { readonly file: { readonly path: string } }[]): string =>
  [...new Set(entries.map(({ file }) => inlineCode(file.path.slice(file.path.lastIndexOf('/') + 1))))].join(', ');
