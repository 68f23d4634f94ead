import type { Inventory } from '../../host/inventory.ts';
import { isOn } from '../languages/vmConf/config.ts';
import { encryptionWithoutEfiVariables } from '../languages/vmConf/machine.ts';
import { settingsAtStart } from '../languages/vmConf/start.ts';
import type { Stage } from './readiness.ts';
import type { Scene } from './scene.ts';
import { type Draft, failed, notAsked, passed, skipped, stage, step, unknown, warning } from './step.ts';

/** What QEMU needs of the kernel, as `virt-host-validate` asks for it. */
export const virtualizationStage = (scene: Scene): Stage =>
  stage('virtualization', 'KVM and what QEMU needs', [
    step(scene, 'kvm-device', '/dev/kvm is there and can be opened', kvm(scene)),
    step(scene, 'vhost-net', 'Virtual network cards are served by the kernel (vhost-net)', vhostNet(scene)),
    step(scene, 'tun', 'Virtual network cards can be made (tun)', tun(scene)),
    step(scene, 'cgroup-controllers', 'Guests can be held to their share (control groups)', cgroups(scene)),
    step(scene, 'secure-guest', 'The memory of guests can be encrypted', secureGuest(scene)),
  ]);

function kvm({ inventory, guest }: Scene): Draft {
  if (!inventory) return notAsked();
  const { kvm: exists, kvmAccess } = inventory.virtualization ?? {};
  if (exists && kvmAccess === false)
    return failed('/dev/kvm is there, but whoever asked may not open it.', 'Ask as root.');
  if (exists) return passed('/dev/kvm is there.');
  if (exists === false)
    return guest && !isOn(settingsAtStart(guest), 'kvm', true)
      ? warning('There is no /dev/kvm, and the VM does without KVM.')
      : failed('There is no /dev/kvm.', 'Switch on VT-x or SVM in the firmware setup, and see "dmesg | grep kvm".');
  const module = loaded(inventory, 'kvm_intel') ?? loaded(inventory, 'kvm_amd');
  if (module) return passed(`The module ${module} is loaded, which makes it.`);
  return inventory.loadedModules
    ? unknown('Neither kvm_intel nor kvm_amd is among the loaded modules.', 'See "ls -l /dev/kvm".')
    : unknown('The snapshot does not tell.', 'See "ls -l /dev/kvm".');
}

function vhostNet({ inventory }: Scene): Draft {
  if (!inventory) return notAsked();
  const exists = inventory.virtualization?.vhostNet;
  if (exists || loaded(inventory, 'vhost_net'))
    return passed(exists ? '/dev/vhost-net is there.' : 'The module vhost_net is loaded.');
  return skipped(
    'Not seen. The module vhost_net is loaded when a guest first asks for it, and is no part of passing devices on.',
  );
}

function tun({ inventory }: Scene): Draft {
  if (!inventory) return notAsked();
  const { virtualization: found } = inventory;
  if (found?.tun || loaded(inventory, 'tun') || inventory.builtinModules?.has('tun'))
    return passed(found?.tun ? '/dev/net/tun is there.' : 'The module tun is loaded.');
  return skipped(
    'Not seen. The module tun is loaded when a guest first asks for it, and is no part of passing devices on.',
  );
}

/** Those that virt-host-validate asks about, by their names in both generations. */
const wanted = ['cpu', 'cpuacct', 'cpuset', 'memory', 'devices', 'blkio'];
const inVersion2: Readonly<Record<string, string>> = { cpuacct: 'cpu', blkio: 'io' };

function cgroups({ inventory }: Scene): Draft {
  if (!inventory) return notAsked();
  const { cgroupVersion, cgroupControllers } = inventory.virtualization ?? {};
  if (cgroupVersion === undefined || !cgroupControllers)
    return {
      ...unknown('The snapshot does not tell.', 'See "cat /sys/fs/cgroup/cgroup.controllers".'),
      isAdvice: true,
    };
  const has = (name: string): boolean =>
    cgroupVersion === 2
      ? name === 'devices' || cgroupControllers.includes(inVersion2[name] ?? name)
      : cgroupControllers.includes(name);
  const missing = wanted.filter(name => !has(name));
  const found = `cgroup v${cgroupVersion}: ${cgroupControllers.join(' ')}`;
  if (missing.length === 0)
    return passed(found, ...(cgroupVersion === 2 ? ['Devices are governed by BPF programs there.'] : []));
  return warning(
    [{ text: found }, { text: `Missing: ${missing.join(', ')}` }],
    'Limits of guests do not work; nothing about devices needs them.',
  );
}

function secureGuest({ guest, inventory }: Scene): Draft {
  const settings = guest && settingsAtStart(guest);
  const entry = settings?.entry('amd-sev') ?? settings?.entry('intel-tdx');
  if (!settings || !entry) return skipped('No guest here asks for AMD SEV or Intel TDX.');
  if (!inventory) return notAsked();
  const [module, parameter] = entry.key === 'amd-sev' ? ['kvm_amd', 'sev'] : ['kvm_intel', 'tdx'];
  const value = inventory.moduleParameters.get(module)?.get(parameter);
  const kind = encryptionWithoutEfiVariables(settings) ?? (entry.key === 'amd-sev' ? 'AMD SEV' : 'Intel TDX');
  if (value === undefined)
    return unknown(
      `The VM asks for ${kind}; the host does not say whether it can.`,
      `See "cat /sys/module/${module}/parameters/${parameter}".`,
    );
  return /^[1Y]/i.test(value)
    ? passed(`${module}.${parameter} is ${value}.`)
    : failed(`The VM asks for ${kind}, and ${module}.${parameter} is ${value}.`, 'Switch it on in the firmware setup.');
}

const loaded = ({ loadedModules }: Inventory, name: string): string | undefined =>
  loadedModules?.has(name) ? name : undefined;
