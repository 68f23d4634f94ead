import { deviceLabel, isPassiveMember, type PciFunction, slotMembers } from '../../../host/inventory.ts';
import { slotOf } from '../../../host/pciAddress.ts';
import { idsInForce, moduleConfig } from '../../facts/moduleLoading.ts';
import { softdepOf } from '../../languages/modprobe/arguments.ts';
import { isNamed } from '../../languages/modprobe/firstFor.ts';
import { canonicalName } from '../../languages/modprobe/tree.ts';
import { functionsWithId } from '../../languages/modprobe/vfioIds.ts';
import { matchesWildcard } from '../../languages/modprobe/wildcard.ts';
import { spanIn } from '../../syntax/wordLines.ts';
import { insertLine } from '../../text/edit.ts';
import { inventoryOf } from '../../workspace/world.ts';
import { fixIn } from '../edits.ts';
import { modprobeRule } from '../modprobeRule.ts';

const host = `hostpci snapshot 1
== pci functions: ok
0000:01:00.0
  class: 0300
  vendor: 10de
  device: 2584
  driver: nouveau
0000:01:00.1
  class: 0403
  vendor: 10de
  device: 2291
  driver: snd_hda_intel
== end
`;
const options = 'options vfio-pci ids=10de:2584,10de:2291\n';

export const softdepIncomplete = modprobeRule({
  id: 'modprobe/softdep-incomplete',
  severity: 'info',
  docs: {
    what: 'vfio-pci is to be loaded before the driver of one function of a card, but not before the driver that another function of the same card has.',
    why: 'That driver may be loaded first and take its function, although its id is in the list for vfio-pci.',
    source: 'Proxmox VE documentation, PCI(e) passthrough; the drivers that the host reports',
  },
  examples: [
    {
      bad: `${options}softdep «nouveau» pre: vfio-pci\n`,
      fixed: `${options}softdep nouveau pre: vfio-pci\nsoftdep snd_hda_intel pre: vfio-pci\n`,
      good: `${options}softdep nouveau pre: vfio-pci\nblacklist snd_hda_intel\n`,
      host,
    },
  ],
  concerns: node => loadsVfio(softdepOf(node).pre.map(word => word.text)),
  *find(node, file, world) {
    const inventory = inventoryOf(world, file);
    if (!inventory) return;
    const config = moduleConfig(world, file);
    const ids = idsInForce(world, file)?.entries ?? [];
    const taken = ids
      .flatMap(({ id }) => (id ? functionsWithId(inventory, id) : []))
      .filter(fn => !isPassiveMember(fn));
    const isSafe = (fn: PciFunction): boolean => {
      const driver = moduleFor(fn);
      if (driver === undefined || isNamed(config.blacklist, driver)) return true;
      return config.softdeps.some(entry => matchesWildcard(entry.name, driver) && loadsVfio(entry.pre));
    };
    const own = taken.find(fn => moduleFor(fn) === node.module);
    const left = own && slotMembers(inventory, slotOf(own.address)).find(fn => taken.includes(fn) && !isSafe(fn));
    const driver = left && moduleFor(left);
    if (!left || driver === undefined) return;
    yield {
      span: spanIn(node.line, node.name),
      message: `${left.address} (${deviceLabel(left)}) is in the list for vfio-pci too, and is driven by ${driver}, for which there is no softdep.`,
      fixes: [
        fixIn(
          file,
          `Add a softdep for ${driver}`,
          insertLine(file.lines, node.line.to + 1, `softdep ${driver} pre: vfio-pci`),
        ),
      ],
    };
  },
});

/** The module of the driver that a function has now; `undefined` for vfio-pci, none, and where it is not known. */
function moduleFor(fn: PciFunction): string | undefined {
  const driver = fn.driver && canonicalName(fn.driver);
  const modules = (fn.modules ?? []).map(canonicalName);
  if (!driver || driver === 'vfio_pci') return undefined;
  if (fn.modules === undefined || modules.includes(driver)) return driver;
  return modules.length === 1 ? modules[0] : undefined;
}

const loadsVfio = (modules: readonly string[]): boolean => modules.some(name => canonicalName(name) === 'vfio_pci');
