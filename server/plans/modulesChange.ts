import { canonicalName } from '../languages/modprobe/tree.ts';
import { modules } from '../languages/modules/modules.ts';
import { listed as listedModules } from '../languages/modules/tree.ts';
import { listed } from '../rules/deviceRule.ts';
import { insertLine } from '../text/edit.ts';
import { filesOf } from '../workspace/world.ts';
import { changeIn, endOf } from './change.ts';
import { fileAt, type Ground } from './ground.ts';
import type { Change } from './plan.ts';
import type { EarlyBinding } from './vfioChange.ts';

/** What vfio-pci needs at boot. `vfio_virqfd` is a part of vfio since Linux 6.2 and is pulled in before that. */
const wanted = ['vfio', 'vfio_iommu_type1', 'vfio_pci'];

/**
 * The modules of vfio in a list of modules, where no list has vfio_pci. They stand above the drivers that could take the
 * devices: a list is loaded in its order. A host whose /etc/modules is not known gets a list of its own.
 */
export function modulesChange(
  ground: Ground,
  drivers: readonly string[],
  need: EarlyBinding['modules'],
): Change | undefined {
  const lists = filesOf(ground.world, modules);
  const names = new Set(
    lists.flatMap(({ tree }) => listedModules(tree).map(({ node }) => canonicalName(node.name.text))),
  );
  if (need === 'unneeded' || names.has('vfio_pci')) return undefined;
  const known = lists.find(({ place }) => place.path === '/etc/modules');
  const file = known ?? fileAt(ground, modules, '/etc/modules-load.d/vfio.conf');
  const missing = wanted.filter(name => !names.has(name));
  const rival = listedModules(file.tree).find(({ node }) => drivers.includes(canonicalName(node.name.text)));
  return changeIn(file, {
    label: `Load ${listed(missing)} at boot`,
    why: 'vfio-pci takes the reserved ids when it is loaded, so that has to be early.',
    edits: [insertLine(file.lines, rival?.line ?? endOf(file.lines), missing.join('\n'))],
    ...(need === 'optional' ? { isOptional: true } : {}),
  });
}
