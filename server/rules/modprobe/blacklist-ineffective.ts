import { type LoadedFile, moduleConfig } from '../../facts/moduleLoading.ts';
import type { SoftdepEntry } from '../../languages/modprobe/config.ts';
import { isNamed } from '../../languages/modprobe/firstFor.ts';
import { canonicalName } from '../../languages/modprobe/tree.ts';
import { spanIn } from '../../syntax/wordLines.ts';
import { inventoryOf, type World } from '../../workspace/world.ts';
import { type ModprobeFile, modprobeRule } from '../modprobeRule.ts';

const host = 'hostpci snapshot 1\n== loaded modules: ok\nnvidia\n== builtin modules: ok\nsimpledrm\n== end\n';

export const blacklistIneffective = modprobeRule({
  id: 'modprobe/blacklist-ineffective',
  severity: 'warning',
  docs: {
    what: 'A `blacklist` line for something that comes all the same: a driver that is part of the kernel, or a module that a softdep of another one loads.',
    why: 'A blacklist only keeps a module from being loaded for a device or by its name at boot. What is built in is there already, and softdeps do not ask.',
    source: 'kmod 30, kmod_module_probe_insert_module, observed; the list of built-in modules that the host reports',
  },
  examples: [
    { bad: 'blacklist «simpledrm»\n', good: 'blacklist nouveau\n', host },
    {
      bad: 'blacklist «nvidia_uvm»\nsoftdep nvidia post: nvidia-uvm\n',
      good: 'blacklist nvidia_uvm\nblacklist nvidia\nsoftdep nvidia post: nvidia-uvm\n',
      host,
    },
  ],
  concerns: ({ kind }) => kind === 'blacklist',
  among(file, world) {
    const inventory = inventoryOf(world, file);
    if (!inventory) return undefined;
    const pulled = new Set(pullers(world, file).flatMap(pulledBy));
    return { has: module => inventory.builtinModules?.has(module) === true || pulled.has(module) };
  },
  *find(node, file, world) {
    const { module } = node;
    const span = spanIn(node.line, node.name);
    const inventory = inventoryOf(world, file);
    if (inventory?.builtinModules?.has(module)) {
      const message = `${module} is part of this host's kernel: there is nothing to keep from loading. For built-in drivers there is initcall_blacklist= on the kernel command line.`;
      yield { span, message };
      return;
    }
    const puller = pullers(world, file).find(softdep => softdep.name !== module && pulledBy(softdep).includes(module));
    if (!puller) return;
    yield {
      span,
      message: `A softdep loads ${module} together with ${puller.name}, whatever is blacklisted.`,
      related: [{ uri: puller.file.uri, span: spanIn(puller.node.line, puller.node.name), message: 'This softdep.' }],
    };
  },
});

/** Softdeps that take effect at every start: their module is loaded, and nothing keeps it from that. */
function pullers(world: World, file: ModprobeFile): readonly SoftdepEntry<LoadedFile>[] {
  const config = moduleConfig(world, file);
  const loaded = inventoryOf(world, file)?.loadedModules;
  return config.softdeps.filter(({ name }) => loaded?.has(name) && !isNamed(config.blacklist, name));
}

const pulledBy = ({ pre, post }: SoftdepEntry<LoadedFile>): readonly string[] => [...pre, ...post].map(canonicalName);
