import { isOn } from '../../languages/vmConf/config.ts';
import { inventoryOf } from '../../workspace/world.ts';
import { atKey, noStart, readIn, startRule } from '../startRule.ts';

const host = (flags: string): string => `hostpci snapshot 1\n== cpu: ok\nvendor: AuthenticAMD\n${flags}\n== end\n`;

export const vtDisabled = startRule({
  id: 'firmware/vt-disabled',
  severity: 'error',
  docs: {
    what: "A VM with a PCI device is to run with KVM, and the host's CPU offers no virtualization. Hosts that are virtual machines themselves are not judged.",
    why: 'SVM or VT-x is switched off in the firmware setup. No VM starts with KVM then.',
    source: `${readIn('QemuServer.pm')}; flags svm and vmx of /proc/cpuinfo`,
  },
  examples: [{ bad: '«hostpci0»: 01:00.0\n', good: 'cores: 4\n', host: host('virtualization: no\nhypervisor: no') }],
  needs: ['hostpciN'],
  *find({ settings, file, world }) {
    const cpu = inventoryOf(world, file)?.cpu;
    const [first] = settings.family('hostpci');
    if (!first || cpu?.virtualization !== false || cpu.hypervisor !== false || !isOn(settings, 'kvm', true)) return;
    const name = cpu.vendor === 'AuthenticAMD' ? 'SVM' : cpu.vendor === 'GenuineIntel' ? 'VT-x' : 'virtualization';
    yield {
      span: atKey(first),
      message: `The host's CPU offers no virtualization. ${noStart} Switch on ${name} in the firmware setup.`,
    };
  },
});
