import { property } from '../../languages/vmConf/config.ts';
import { removePart } from '../../languages/vmConf/edits.ts';
import { fixIn } from '../edits.ts';
import { atKey, atPart, noStart, observed, startRule } from '../startRule.ts';

export const hostAndMapping = startRule({
  id: 'usb/host-and-mapping',
  severity: 'error',
  since: '8.0.4',
  docs: {
    what: 'A `usb` entry has both a device (`host`) and a `mapping`, or neither.',
    why: 'The reader lets both pass, but the VM does not start: an entry needs exactly one of the two.',
    source: observed('QemuServer/USB.pm'),
  },
  examples: [
    { bad: 'usb0: 046d:c52b,«mapping=stick»\n', fixed: 'usb0: 046d:c52b\n', good: 'usb0: mapping=stick\n' },
    { bad: '«usb0»: usb3=1\n', good: 'usb0: 046d:c52b,usb3=1\n' },
  ],
  needs: ['usbN'],
  *find({ settings, file }) {
    for (const entry of settings.family('usb')) {
      const host = property(entry, 'host');
      const mapping = property(entry, 'mapping');
      if (host && mapping) {
        yield {
          span: atPart(entry, 'mapping'),
          message: `${entry.key} has both a device and a mapping. ${noStart} Keep one of them.`,
          fixes: [
            fixIn(file, `Keep ${host.value.text}`, removePart(file.tree, entry.line, mapping.part)),
            fixIn(file, `Keep the mapping ${mapping.value.text}`, removePart(file.tree, entry.line, host.part)),
          ],
        };
      } else if (!host && !mapping) {
        yield { span: atKey(entry), message: `${entry.key} names no device: neither host nor mapping. ${noStart}` };
      }
    }
  },
});
