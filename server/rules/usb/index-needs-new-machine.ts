import { stored } from '../../languages/vmConf/config.ts';
import { isMachineOlder, machineVersionAtStart, windowsVersionOf } from '../../languages/vmConf/machine.ts';
import { fixIn } from '../edits.ts';
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
      fixed: 'machine: pc-q35-6.2\nostype: l26\nusb0: host=046d:c52b\n',
      good: 'machine: pc-q35-9.2\nostype: l26\nusb5: host=046d:c52b\n',
    },
    {
      bad: 'ostype: win7\nusb0: spice\n«usb5»: host=046d:c52b\n',
      fixed: 'ostype: win7\nusb0: spice\nusb1: host=046d:c52b\n',
      good: 'ostype: win7\nusb4: host=046d:c52b\n',
    },
  ],
  needs: ['usbN'],
  *find({ settings, versions, file }) {
    const isOld = isMachineOlder(machineVersionAtStart(settings, versions.qemu), 7, 1);
    const isFit = stored(settings, 'ostype') === 'l26' || (windowsVersionOf(settings) ?? 0) >= 8;
    if (!isOld && isFit) return;
    const why = isOld ? 'a machine of version 7.1 or newer' : 'ostype l26 or Windows 8 or newer';
    const free = [0, 1, 2, 3, 4].filter(index => !settings.entry(`usb${index}`));
    for (const entry of settings.family('usb')) {
      if ((entry.index ?? 0) < 5) continue;
      const index = free.shift();
      const renumbered =
        index === undefined ? [] : [fixIn(file, `Make it usb${index}`, { span: atKey(entry), text: `usb${index}` })];
      yield {
        fixes: renumbered,
        span: atKey(entry),
        message: `${entry.key} needs ${why}. ${noStart} Use an index below 5.`,
      };
    }
  },
});
