import { functionAt, type Inventory, type PciFunction } from '../../host/inventory.ts';
import type { PciAddress } from '../../host/pciAddress.ts';
import { bootArguments } from '../facts/bootArguments.ts';
import { virtualFunctionRequests } from '../facts/virtualFunctionRequests.ts';
import { named } from '../rules/deviceRule.ts';
import { isVfioDriver } from './driver.ts';
import { fact, lineOf, parameterOf, shortPath } from './evidence.ts';
import { moduleOptions } from './moduleOptions.ts';
import type { Evidence } from './readiness.ts';
import type { Scene, Unit } from './scene.ts';
import { type Draft, failed, notAsked, passed, skipped, unknown, warning } from './step.ts';

/** The PFs of a unit's virtual functions. */
const parentsOf = ({ functions }: Unit): readonly PciAddress[] => [
  ...new Set(functions.map(fn => fn.physicalFunction).filter(parent => parent !== undefined)),
];

export function virtualFunctions({ inventory }: Scene, unit: Unit): Draft {
  if (!inventory) return notAsked();
  const parents = parentsOf(unit);
  if (parents.length === 0) {
    const pf = unit.functions.find(fn => fn.vfTotal);
    if (!pf) return skipped('It is no virtual function, and offers none.');
    return pf.vfCount
      ? warning(
          `${named(pf)} has ${pf.vfCount} virtual functions, which go when it is handed over whole.`,
          'Pass its virtual functions instead.',
        )
      : skipped(`It offers ${pf.vfTotal} virtual functions, and is passed whole.`);
  }
  const evidence = parents.map(parent => fact(parentText(inventory, parent)));
  const orphan = parents
    .map(parent => functionAt(inventory, parent))
    .find(pf => pf && (pf.driver === null || (pf.driver && isVfioDriver(pf.driver))));
  return orphan
    ? failed(evidence, `Bind ${orphan.address} to its own driver: that one makes the virtual functions.`)
    : passed(...evidence);
}

function parentText(inventory: Inventory, parent: PciAddress): string {
  const pf = functionAt(inventory, parent);
  if (!pf) return `It is a virtual function of ${parent}.`;
  const count = pf.vfTotal === undefined ? '' : `, ${pf.vfCount ?? '?'} of ${pf.vfTotal} exist`;
  return `It is a virtual function of ${named(pf)}, driver ${pf.driver === undefined ? 'not known' : (pf.driver ?? 'none')}${count}.`;
}

/** Virtual functions are gone after a boot unless something makes them again. */
export function virtualFunctionsAtBoot(scene: Scene, unit: Unit): Draft {
  const { inventory, world, anchor } = scene;
  const parents = parentsOf(unit);
  if (parents.length === 0) return skipped('It is no virtual function.');
  if (!inventory) return notAsked();
  const requests = virtualFunctionRequests(world, anchor).filter(({ address }) =>
    parents.includes(address as PciAddress),
  );
  const last = requests.at(-1);
  const pf = last && functionAt(inventory, last.address as PciAddress);
  if (last) {
    const evidence = lineOf(last.file, last.line.line);
    return pf?.vfCount !== undefined && last.count < pf.vfCount
      ? warning(
          [evidence, fact(`There are ${pf.vfCount} now, and fewer after the next boot.`)],
          'Ask for as many as there are.',
        )
      : passed(evidence);
  }
  const makers = [...otherMakers(inventory, parents), ...byDriver(scene, parents)];
  if (makers.length > 0) return passed(...makers);
  return unknown(
    'No file that is known makes them at boot.',
    `Unless a service of your own does: install sysfsutils and write "bus/pci/devices/${parents[0]}/sriov_numvfs = ${functionAt(inventory, parents[0] as PciAddress)?.vfCount ?? 'N'}" into /etc/sysfs.d/sriov.conf.`,
  );
}

/** udev rules, tmpfiles and lines of /etc/network/interfaces that write sriov_numvfs. */
function otherMakers({ files, functions }: Inventory, parents: readonly PciAddress[]): readonly Evidence[] {
  const names = functions
    .filter(fn => parents.includes(fn.address))
    .flatMap((fn: PciFunction) => [fn.address as string, ...(fn.interfaces ?? []), `0x${fn.deviceId}`]);
  return [...files]
    .filter(([path]) => /^\/etc\/(?:udev\/rules\.d|tmpfiles\.d|network)\//.test(path))
    .flatMap(([path, { text }]) =>
      text
        .split('\n')
        .filter(line => !/^\s*#/.test(line) && line.includes('sriov_numvfs') && names.some(name => line.includes(name)))
        .map(line => fact(`${shortPath(path)}: ${line.trim()}`)),
    );
}

/** Some drivers make them by an option: `max_vfs` of older Intel drivers, and of i915 and xe. */
function byDriver(scene: Scene, parents: readonly PciAddress[]): readonly Evidence[] {
  const { inventory, world, anchor } = scene;
  const modules = new Set(
    parents.flatMap(parent => {
      const pf = inventory && functionAt(inventory, parent);
      return [...(pf?.modules ?? []), ...(pf?.driver ? [pf.driver] : [])].map(name => name.replaceAll('-', '_'));
    }),
  );
  const options = moduleOptions(scene).filter(one => one.name === 'max_vfs' && modules.has(one.module));
  const parameters = (bootArguments(world, anchor).configured ?? []).filter(({ parameter }) =>
    [...modules].some(module => parameter.id === `${module}.max_vfs`),
  );
  return [...options.map(one => one.evidence), ...parameters.map(one => parameterOf(world, one))];
}
