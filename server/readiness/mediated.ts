import type { Inventory, PciFunction } from '../../host/inventory.ts';
import { bootArguments } from '../facts/bootArguments.ts';
import { isIceLakeOrNewer, isIntelGraphics } from '../facts/intelGraphics.ts';
import { hidesTypes } from '../facts/mediated.ts';
import { textOfProperty } from '../languages/vmConf/config.ts';
import { named } from '../rules/deviceRule.ts';
import { fact, lineOf, parameterOf } from './evidence.ts';
import { listsModule, moduleOptions } from './moduleOptions.ts';
import type { Scene, Unit } from './scene.ts';
import { type Draft, failed, notAsked, passed, skipped, unknown } from './step.ts';

export function mediatedType(unit: Unit): Draft {
  if (unit.kind !== 'mediated') return skipped('No mediated device is asked for.');
  const wanted = textOfProperty(unit.entry, 'mdev') ?? '';
  const parent = unit.functions[0];
  const types = parent?.mdevTypes;
  if (!parent || types === undefined)
    return unknown(
      'The types are not known.',
      `See "ls /sys/bus/pci/devices/${parent?.address ?? 'ADDRESS'}/mdev_supported_types".`,
    );
  const type = types.find(({ id }) => id === wanted);
  if (type) {
    const left = type.available === undefined ? '' : `, ${type.available} left`;
    return passed(
      `${type.id}${type.name ? ` (${type.name})` : ''}${left}${type.description ? `: ${type.description}` : ''}`,
    );
  }
  const offered = types.map(({ id }) => id).join(', ');
  if (types.length === 0)
    return hidesTypes(parent) && !parent.vfTotal
      ? unknown(
          `${named(parent)} offers no type now; NVIDIA hides types while a vGPU of another size is on the card.`,
          'Stop its VMs and look again.',
        )
      : failed(
          `${named(parent)} offers no types.`,
          parent.vendorId === '10de' && parent.vfTotal
            ? 'Its virtual functions make vGPUs: name one of them.'
            : 'The driver of the host must support mediated devices and be told to.',
        );
  return hidesTypes(parent)
    ? unknown(
        `${named(parent)} offers ${offered}; NVIDIA hides types while a vGPU of another size is on the card.`,
        'Stop its VMs and look again.',
      )
    : failed(`${named(parent)} has no type ${wanted}. It offers ${offered}.`, 'Write one of these behind mdev=.');
}

/** GVT-g needs a module and an option; NVIDIA's driver comes from NVIDIA. */
export function mediatedDriver(scene: Scene, unit: Unit): Draft {
  if (unit.kind !== 'mediated') return skipped('No mediated device is asked for.');
  const { inventory } = scene;
  const parent = unit.functions[0];
  if (!inventory || !parent) return notAsked();
  if (isIntelGraphics(parent)) return gvt(scene, inventory, parent);
  if ((parent.mdevTypes?.length ?? 0) > 0)
    return passed(
      `${named(parent)} offers ${parent.mdevTypes?.length} types with driver ${parent.driver ?? 'unknown'}.`,
    );
  if (parent.driver === undefined) return unknown('The driver is not known.', `See "lspci -k -s ${parent.address}".`);
  return unknown(
    `${named(parent)} has driver ${parent.driver ?? 'none'} and offers no types.`,
    parent.vendorId === '10de'
      ? 'Install NVIDIA\'s vGPU driver for the host; from kernel 6.8 on newer cards make vGPUs on their virtual functions ("systemctl enable --now pve-nvidia-sriov@ALL.service").'
      : 'See what the maker says about its driver.',
  );
}

function gvt(scene: Scene, inventory: Inventory, parent: PciFunction): Draft {
  if (isIceLakeOrNewer(parent))
    return failed(
      `${named(parent)} is too new for GVT-g.`,
      'Pass it whole, or as virtual functions with a driver that makes them.',
    );
  const enabled = inventory.moduleParameters.get('i915')?.get('enable_gvt');
  const parameters = (bootArguments(scene.world, scene.anchor).configured ?? []).filter(
    ({ parameter }) => parameter.id === 'i915.enable_gvt',
  );
  const options = moduleOptions(scene).filter(one => one.module === 'i915' && one.name === 'enable_gvt');
  const evidence = [
    ...(enabled === undefined ? [] : [fact(`i915.enable_gvt is ${enabled} in the running kernel.`)]),
    ...parameters.map(one => parameterOf(scene.world, one)),
    ...options.map(one => one.evidence),
    ...listsModule(scene, 'kvmgt').map(({ file, line }) => lineOf(file, line)),
    ...(inventory.loadedModules
      ? [fact(inventory.loadedModules.has('kvmgt') ? 'kvmgt is loaded.' : 'kvmgt is not loaded.')]
      : []),
  ];
  const how =
    'Add i915.enable_gvt=1 to the kernel parameters and kvmgt to /etc/modules, run "update-initramfs -u -k all" and reboot.';
  if (enabled === undefined) return unknown([...evidence, fact('The parameters of i915 are not known.')], how);
  return /^[1Y]/.test(enabled) && inventory.loadedModules?.has('kvmgt') !== false
    ? passed(...evidence)
    : failed(evidence, how);
}
