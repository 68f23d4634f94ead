import { numberOf } from '../../languages/vmConf/config.ts';
import { setValue } from '../../languages/vmConf/edits.ts';
import { memoryOf } from '../../languages/vmConf/memory.ts';
import { fixIn } from '../edits.ts';
import { atKey, atValue, startRule } from '../startRule.ts';

export const balloonWithVfio = startRule({
  id: 'memory/balloon-with-vfio',
  severity: 'warning',
  docs: {
    what: 'A VM with a passed-through PCI device has a `balloon` below its `memory`.',
    why: "A device may write to any page, so QEMU pins the guest's whole memory and holds the balloon still. The host never gets anything back: plan with the full memory.",
    source: 'qemu c65ee433153b and 238e91728503: vfio inhibits ballooning',
  },
  examples: [
    {
      bad: 'balloon: «2048»\nhostpci0: 01:00\nmemory: 8192\n',
      fixed: 'balloon: 0\nhostpci0: 01:00\nmemory: 8192\n',
      good: 'balloon: 0\nhostpci0: 01:00\nmemory: 8192\n',
    },
  ],
  needs: ['hostpciN'],
  *find({ settings, file }) {
    const entry = settings.entry('balloon');
    const [device] = settings.family('hostpci');
    const target = numberOf(settings, 'balloon', 0);
    if (!entry || !device || target === 0 || target >= memoryOf(settings)) return;
    yield {
      span: atValue(entry),
      message: `${device.key} pins all memory of the VM, so ballooning does nothing: it takes ${memoryOf(settings)} MiB from its start on.`,
      fixes: [fixIn(file, 'Switch ballooning off', setValue(entry, '0'))],
      related: [{ uri: file.uri, span: atKey(device), message: 'the device that pins the memory' }],
    };
  },
});
