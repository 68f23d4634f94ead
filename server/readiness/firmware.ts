import type { CpuFacts, Inventory } from '../../host/inventory.ts';
import { interruptRemapping } from '../facts/interruptRemapping.ts';
import { iommuState } from '../facts/iommu.ts';
import { fact } from './evidence.ts';
import { moduleOptions } from './moduleOptions.ts';
import type { Stage } from './readiness.ts';
import type { Scene } from './scene.ts';
import { type Draft, failed, notAsked, passed, skipped, stage, step, unknown, warning } from './step.ts';

/** What the CPU and the firmware must offer. */
export const firmwareStage = (scene: Scene): Stage =>
  stage('firmware', 'Firmware and CPU', [
    step(scene, 'cpu-virtualization', 'The CPU offers virtualization', virtualization(scene)),
    step(scene, 'iommu-hardware', 'The firmware offers an IOMMU', iommuHardware(scene)),
    step(scene, 'interrupt-remapping', 'Interrupts of devices are remapped', remapping(scene)),
    step(scene, 'unsafe-interrupts', 'vfio insists on interrupt remapping', unsafeInterrupts(scene)),
  ]);

function virtualization({ inventory }: Scene): Draft {
  const cpu = inventory?.cpu;
  if (!inventory) return notAsked();
  if (cpu?.virtualization === undefined)
    return unknown(
      'The flags of the CPU are not known.',
      'Look for vmx or svm: "grep -E -o -m1 \'vmx|svm\' /proc/cpuinfo".',
    );
  const name = cpu.model ?? cpu.vendor ?? 'The CPU';
  if (cpu.virtualization) return passed(`${name} has ${flagOf(cpu)}.`);
  return failed(
    `${name} has neither vmx nor svm among its flags.`,
    cpu.hypervisor
      ? 'The host is a virtual machine itself: give it nested virtualization.'
      : `Switch on ${cpu.vendor === 'AuthenticAMD' ? 'SVM' : 'VT-x'} in the firmware setup.`,
  );
}

const flagOf = ({ vendor }: CpuFacts): string =>
  vendor === 'AuthenticAMD' ? 'AMD-V (svm)' : vendor === 'GenuineIntel' ? 'VT-x (vmx)' : 'vmx or svm';

function iommuHardware({ world, anchor, inventory }: Scene): Draft {
  if (!inventory) return notAsked();
  const { on, by } = iommuState(world, anchor);
  if (on) return passed('The kernel uses it.');
  const table = inventory.kernelMessages?.find(text => /ACPI: (?:DMAR|IVRS) /.test(text));
  if (table !== undefined) return passed(fact(`Kernel: ${table}`));
  if (on === false && by?.kind === 'firmware')
    return failed(
      'The kernel looked for an IOMMU and found none.',
      inventory.cpu?.hypervisor
        ? 'The host is a virtual machine itself: give it a virtual IOMMU.'
        : `Switch on ${iommuName(inventory)} in the firmware setup.`,
    );
  return unknown(
    on === false
      ? 'The kernel does not use an IOMMU, so it does not say whether there is one.'
      : 'It is not known whether there is one.',
    'Look for its table: "dmesg | grep -e DMAR -e IVRS".',
  );
}

export const iommuName = ({ cpu }: Inventory): string =>
  cpu?.vendor === 'AuthenticAMD' ? 'AMD-Vi (IOMMU)' : cpu?.vendor === 'GenuineIntel' ? 'VT-d' : 'VT-d or AMD-Vi';

function remapping({ world, anchor, inventory }: Scene): Draft {
  if (!inventory) return notAsked();
  if (iommuState(world, anchor).on === false) return skipped('There is no IOMMU at work that could remap them.');
  const { works, message } = interruptRemapping(inventory);
  if (works) return passed(`Kernel: ${message}`);
  if (works === false) {
    const isAllowed = inventory.moduleParameters.get('vfio_iommu_type1')?.get('allow_unsafe_interrupts') === 'Y';
    const evidence = [fact(`Kernel: ${message}`)];
    return isAllowed
      ? warning(
          [...evidence, fact('vfio_iommu_type1 goes on without (allow_unsafe_interrupts).')],
          'Look for a firmware update: a guest can send interrupts to the host.',
        )
      : failed(
          evidence,
          'Look for a firmware update; only as a last resort set "options vfio_iommu_type1 allow_unsafe_interrupts=1".',
        );
  }
  return unknown(
    inventory.kernelMessages
      ? 'The kernel messages that are left do not speak of it.'
      : 'The kernel messages are not known.',
    'Look for "remapping": "journalctl -k -b | grep -i remapping".',
  );
}

function unsafeInterrupts(scene: Scene): Draft {
  const { inventory } = scene;
  const now = inventory?.moduleParameters.get('vfio_iommu_type1')?.get('allow_unsafe_interrupts');
  const set = moduleOptions(scene).find(
    one => one.module === 'vfio_iommu_type1' && one.name === 'allow_unsafe_interrupts' && one.isOn,
  );
  const works = inventory && interruptRemapping(inventory).works;
  if (set) {
    const evidence = [set.evidence];
    if (works === false) return passed(set.evidence, 'It is needed here: interrupts cannot be remapped.');
    return warning(
      evidence,
      'Leave allow_unsafe_interrupts out where interrupt remapping works; it can make the host unstable.',
    );
  }
  if (now === 'Y')
    return warning(
      'vfio_iommu_type1.allow_unsafe_interrupts is Y in the running kernel.',
      'Leave it out where interrupt remapping works.',
    );
  if (now !== undefined) return passed(`vfio_iommu_type1.allow_unsafe_interrupts is ${now} in the running kernel.`);
  return inventory?.loadedModules && !inventory.loadedModules.has('vfio_iommu_type1')
    ? passed('vfio_iommu_type1 is not loaded yet, and no file that is known sets allow_unsafe_interrupts.')
    : unknown(
        'The parameters of vfio_iommu_type1 are not known.',
        'See "cat /sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts".',
      );
}
