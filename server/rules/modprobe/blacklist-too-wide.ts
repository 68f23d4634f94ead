import { deviceLabel, type Inventory, type PciFunction } from '../../../host/inventory.ts';
import { claimsOn } from '../../facts/deviceUse.ts';
import { isVital } from '../../facts/groupFaults.ts';
import { canonicalName } from '../../languages/modprobe/tree.ts';
import { spanIn } from '../../syntax/wordLines.ts';
import { needLabel, needsOf } from '../../values/deviceCard.ts';
import { inventoryOf } from '../../workspace/world.ts';
import { modprobeRule } from '../modprobeRule.ts';

const host = `hostpci snapshot 1
== pci functions: ok
0000:00:17.0
  class: 0106
  vendor: 8086
  device: a282
  driver: ahci
  modules: ahci
== host needs: ok
0000:00:17.0
  kind: root-disk
  detail: rpool
== end
`;

export const blacklistTooWide = modprobeRule({
  id: 'modprobe/blacklist-too-wide',
  severity: 'error',
  docs: {
    what: 'A blacklisted driver is what the host itself needs for its disks, its network, its console or its keyboard.',
    why: 'A blacklist is for every device of the driver. After the next boot the host is without the one it needs.',
    source: 'kmod, udev: a blacklisted module is not loaded for any device; the drivers and uses that the host reports',
  },
  examples: [{ bad: 'blacklist «ahci»\n', good: 'options vfio-pci ids=8086:a282\n', host }],
  concerns: ({ kind }) => kind === 'blacklist',
  among(file, world) {
    const inventory = inventoryOf(world, file);
    return inventory && neededModules(inventory);
  },
  *find(node, file, world) {
    const { module } = node;
    const inventory = inventoryOf(world, file);
    if (!inventory) return;
    const uses = inventory.functions
      .filter(fn => driverModules(fn).includes(module))
      .flatMap(fn => needsOf(inventory, fn.address).map(need => ({ fn, need })));
    const found = uses.find(isVital) ?? uses.find(({ fn }) => claimsOn(world, file, fn.address).length === 0);
    if (!found) return;
    yield {
      span: spanIn(node.line, node.name),
      severity: isVital(found) ? 'error' : 'warning',
      message: `${module} also drives ${found.fn.address} (${deviceLabel(found.fn)}) for the host: ${needLabel(found.need)}. Name the device for the guest by its id, with options vfio-pci ids= and a softdep.`,
    };
  },
});

const known = new WeakMap<Inventory, ReadonlySet<string>>();

/** What drives the devices that the host needs. */
function neededModules(inventory: Inventory): ReadonlySet<string> {
  let modules = known.get(inventory);
  if (!modules) {
    const needed = inventory.functions.filter(fn => needsOf(inventory, fn.address).length > 0);
    modules = new Set(needed.flatMap(driverModules));
    known.set(inventory, modules);
  }
  return modules;
}

/** The name of the driver, and where that is called otherwise (xhci_hcd of xhci_pci) the one module for the id. */
function driverModules(fn: PciFunction): readonly string[] {
  if (!fn.driver || fn.driver === 'vfio-pci') return [];
  const modules = (fn.modules ?? []).map(canonicalName);
  return [canonicalName(fn.driver), ...(modules.length === 1 ? modules : [])];
}
