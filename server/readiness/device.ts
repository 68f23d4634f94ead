import { deviceLabel, type PciFunction } from '../../host/inventory.ts';
import { driftOf } from '../facts/drift.ts';
import { isVital, lossesOf } from '../facts/groupFaults.ts';
import { cardOfMissing } from '../facts/missingVirtualFunctions.ts';
import { named } from '../rules/deviceRule.ts';
import { readableBytes } from '../text/markdown.ts';
import { needLabel } from '../values/deviceCard.ts';
import { driverAfterBoot, driverNow } from './driver.ts';
import { fact } from './evidence.ts';
import { acsOverride, groupIsolation, iommuGroup, reservedMemory } from './group.ts';
import { mediatedDriver, mediatedType } from './mediated.ts';
import type { Evidence, Stage } from './readiness.ts';
import type { Scene, Unit } from './scene.ts';
import { concluding, type Draft, failed, notAsked, passed, skipped, stage, step, unknown, warning } from './step.ts';
import { hasDisplay, isDisplay } from './units.ts';
import { virtualFunctions, virtualFunctionsAtBoot } from './virtualFunctions.ts';

/** One device on its way from the host to the guest. */
export function deviceStage(scene: Scene, unit: Unit): Stage {
  const make = (id: Parameters<typeof step>[1], title: string, facts: Draft) => step(scene, id, title, facts, unit);
  const { functions } = unit;
  const [first] = functions;
  const name = first ? ` ${deviceLabel(functions.find(isDisplay) ?? first)}` : '';
  const present = make('device-present', 'The host has the device', devicePresent(scene, unit));
  const title = `${scene.guest ? `${unit.label} ·` : unit.label.replace(/^hostpci0: /, '')}${name}`;
  const before = scene.units.filter(one => one.address === unit.address).indexOf(unit);
  const id = `device ${unit.address}${before > 0 ? ` ${before + 1}` : ''}`;
  if (functions.length === 0) return stage(id, title.replace(/ ·$/, ''), [present]);
  return stage(id, title, [
    present,
    make('device-identity', 'It is the device that was there before', deviceIdentity(scene, unit)),
    make('device-kind', 'It is an endpoint, and no bridge', deviceKind(unit)),
    make('iommu-group', 'It is in an IOMMU group', iommuGroup(unit)),
    make('group-isolation', 'It shares its IOMMU group with nothing else', groupIsolation(scene, unit)),
    make('acs-override', 'The groups are what the hardware isolates', acsOverride(scene)),
    make('reserved-memory', 'The firmware keeps no memory for it', reservedMemory(scene, unit)),
    make('host-needs', 'The host does without it', hostNeeds(scene, unit)),
    make('driver-now', 'Its driver lets go of it', driverNow(scene, unit)),
    make('driver-after-boot', 'After the next boot it is free for the guest', driverAfterBoot(scene, unit)),
    make('kernel-faults', 'The running kernel has no known fault with it', kernelFaults(scene)),
    make('reset', 'It can be reset between two guests', reset(unit)),
    make('power', 'It wakes up again', power(scene, unit)),
    make('memory-windows', 'Its memory has a place', memoryWindows(scene, unit)),
    make('virtual-functions', 'Its virtual functions are there', virtualFunctions(scene, unit)),
    make('virtual-functions-at-boot', 'They are there again after a boot', virtualFunctionsAtBoot(scene, unit)),
    make('mediated-type', 'The type of mediated device is on offer', mediatedType(unit)),
    make('mediated-driver', 'The driver of the host makes mediated devices', mediatedDriver(scene, unit)),
  ]);
}

function devicePresent({ world, anchor, inventory }: Scene, unit: Unit): Draft {
  if (!inventory) return notAsked();
  if (unit.functions.length > 0) return passed(...unit.functions.map(fn => fact(identity(fn))));
  if (unit.entry.properties.has('mapping'))
    return unknown('It is not known which device the mapping means here.', 'See the mapping, below.');
  if (inventory.complete) {
    const card = cardOfMissing(world, anchor, inventory, unit.address);
    return failed(
      `The host has no device ${unit.address}.`,
      card === undefined
        ? 'See "lspci -D": the address may have moved with another card.'
        : `It may be a virtual function of ${card} that is not there: see "cat /sys/bus/pci/devices/${card}/sriov_numvfs", and what makes them at boot.`,
    );
  }
  return unknown(
    `The snapshot does not show ${unit.address}, and not every device of the host.`,
    `See "lspci -s ${unit.address}".`,
  );
}

/** `0000:01:00.0 (GeForce RTX 3050), 10de:2584, class 0300, group 2, driver nouveau`. */
export const identity = (fn: PciFunction): string =>
  [
    named(fn),
    fn.vendorId && fn.deviceId ? `${fn.vendorId}:${fn.deviceId}` : '',
    fn.classId ? `class ${fn.classId}` : '',
    typeof fn.iommuGroup === 'number' ? `group ${fn.iommuGroup}` : '',
    fn.driver === undefined ? '' : `driver ${fn.driver ?? 'none'}`,
  ]
    .filter(text => text !== '')
    .join(', ');

function deviceIdentity({ world, anchor, inventory }: Scene, unit: Unit): Draft {
  const drift = driftOf(world, anchor);
  if (!inventory || !drift) return skipped('There is no earlier snapshot to compare with.');
  const changes = unit.functions.flatMap(fn => drift.at(fn.address)).filter(({ kind }) => kind === 'other-device');
  if (changes.length > 0)
    return warning(
      changes.map(({ text }) => fact(text)),
      'Make sure that this is the device you mean; mappings refuse to start with another one.',
    );
  return passed(`Since ${drift.since ?? 'the snapshot before'} the address has the same device.`);
}

function deviceKind({ functions }: Unit): Draft {
  const bridge = functions.find(fn => fn.classId?.startsWith('06') === true || fn.isBridge === true);
  if (bridge) return failed(identity(bridge), 'Pass the device behind it.');
  const unclear = functions.find(fn => fn.classId === undefined);
  if (unclear) return unknown(`The class of ${unclear.address} is not known.`, `See "lspci -n -s ${unclear.address}".`);
  return passed(
    functions.map(fn => `${fn.address} class ${fn.classId}${fn.className ? ` (${fn.className})` : ''}`).join(', '),
  );
}

function hostNeeds({ inventory }: Scene, unit: Unit): Draft {
  if (!inventory) return notAsked();
  if (unit.kind === 'mediated') return skipped('The device stays with the host.');
  const losses = lossesOf(inventory, unit.functions);
  if (losses.length > 0) {
    const evidence = losses.map(({ fn, need }) => fact(`${named(fn)}: ${needLabel(need)}.`));
    return losses.some(isVital)
      ? failed(evidence, 'Pass another device.')
      : warning(evidence, 'Have another way to the host, such as ssh, before the VM starts.');
  }
  const gap = inventory.gaps.find(text => text.startsWith('host needs'));
  if (inventory.hostNeeds.length === 0 || gap !== undefined)
    return unknown(
      gap ?? 'What the host stands on is not known.',
      'Ask the host as root: which disks, bridges and consoles it uses.',
    );
  return concluding(passed(), 'Neither a disk, a bridge, a console nor a keyboard of the host hangs on it.');
}

/** Rules know these faults; what they need is the kernel's release. */
function kernelFaults({ inventory }: Scene): Draft {
  const release = inventory?.kernel.release;
  if (release === undefined) return unknown('The running kernel is not known.', 'See "uname -r".');
  return concluding(passed(), `${release}: none of the faults that are known here.`);
}

function reset(unit: Unit): Draft {
  if (unit.kind === 'mediated') return skipped('A mediated device is made anew for each start.');
  const main = unit.functions.find(isDisplay) ?? unit.functions[0];
  if (!main) return skipped();
  const methods = main.resetMethods?.join(', ');
  if (main.resettable || (methods !== undefined && methods !== ''))
    return passed(`${main.address}: ${methods ? `reset by ${methods}` : 'the kernel offers a reset'}.`);
  if (main.resettable === undefined && main.resetMethods === undefined)
    return unknown(
      `It is not known whether ${main.address} can be reset.`,
      `See "cat /sys/bus/pci/devices/${main.address}/reset_method".`,
    );
  const none = `The kernel offers no reset for ${main.address}.`;
  return hasDisplay(unit)
    ? warning(
        none,
        'Shut the guest down instead of stopping it hard. A warning about a failed reset in the log of a start is harmless as long as the guest works.',
      )
    : skipped(`${none} Most devices of this kind do without.`);
}

function power({ inventory }: Scene, unit: Unit): Draft {
  if (unit.kind === 'mediated') return skipped('The device stays with the host.');
  if (!inventory?.kernelMessages)
    return { ...unknown('The kernel messages are not known.', 'See "dmesg | grep D3".'), isAdvice: true };
  const stuck = inventory.kernelMessages.find(
    text =>
      /unable to change power state|stuck in D3/i.test(text) && unit.functions.some(fn => text.includes(fn.address)),
  );
  return stuck === undefined
    ? concluding(passed(), 'The kernel messages that are left speak of no trouble with its power states.')
    : warning(
        `Kernel: ${stuck}`,
        'Try "options vfio-pci disable_idle_d3=1" in modprobe.d, then "update-initramfs -u -k all" and a reboot.',
      );
}

function memoryWindows({ inventory }: Scene, unit: Unit): Draft {
  if (!inventory) return notAsked();
  const sizes: readonly Evidence[] = unit.functions.flatMap(fn =>
    fn.bars && fn.bars.length > 0
      ? [fact(`${fn.address}: ${fn.bars.map(({ size }) => readableBytes(size)).join(', ')}`)]
      : [],
  );
  const large = unit.functions.some(fn => fn.bars?.some(({ size }) => size >= 4 * 1024 ** 3));
  const hint = large
    ? [fact('A region of 4 GiB and more needs "Above 4G decoding" in the firmware; it has its place here.')]
    : [];
  if (!inventory.kernelMessages)
    return {
      ...unknown([...sizes, fact('The kernel messages are not known.')], 'See "dmesg | grep BAR".'),
      isAdvice: true,
    };
  return concluding(passed(...sizes, ...hint), 'The kernel messages that are left complain about none of its regions.');
}
