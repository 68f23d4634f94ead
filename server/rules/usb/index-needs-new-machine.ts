import { stored } from '../../languages/vmConf/config.ts';
import { isMachineOlder, machineVersionAtStart, windowsVersionOf } from '../../languages/vmConf/machine.ts';
import { atKey, noStart, observed, startRule } from '../startRule.ts';

export const indexNeedsNewMachine = startRule({
  id: 'usb/index-needs-new-machine',
  severity: 'error',
  since: '7.2-7',
  docs: {
    what: 'There is `usb5` or above, and the machine is older than 7.1 or the guest is neither Linux (`l26`) nor Windows 8 or newer.',
    why: 'Only the newer USB controller has more than five ports. The VM does not start.',
    source: observed('QemuServer/USB.pm'),
  },
  examples: [
    {
      bad: 'machine: pc-q35-6.2\nostype: l26\n«usb5»: host=046d:c52b\n',
      good: 'machine: pc-q35-9.2\nostype: l26\nusb5: host=046d:c52b\n',
    },
    { bad: 'ostype: win7\n«usb5»: host=046d:c52b\n', good: 'ostype: win7\nusb4: host=046d:c52b\n' },
  ],
  *find({ settings, versions }) {
    const isOld = isMachineOlder(machineVersionAtStart(settings, versions.qemu), 7, 1);
    const isFit = stored(settings, 'ostype') === 'l26' || (windowsVersionOf(settings) ?? 0) >= 8;
    if (!isOld && isFit) return;
    const why = isOld ? 'a machine of version 7.1 or newer' : 'ostype l26 or Windows 8 or newer';
    for (const entry of settings.family('usb')) {
      if ((entry.index ?? 0) < 5) continue;
      yield { span: atKey(entry), message: `${entry.key} needs ${why}. ${noStart} Use an index below 5.` };
    }
  },
});
