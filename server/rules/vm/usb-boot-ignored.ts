import { property } from '../../languages/vmConf/config.ts';
import { tokenSpan } from '../../text/span.ts';
import { splitList } from '../../values/kind.ts';
import { observed, startRule } from '../startRule.ts';

export const usbBootIgnored = startRule({
  id: 'vm/usb-boot-ignored',
  severity: 'warning',
  since: '6.2-16',
  docs: {
    what: '`boot: order=` names a USB port that is a SPICE redirection.',
    why: 'Nothing can be booted from it: the VM starts with a warning and goes on to the next device.',
    source: observed('QemuServer/USB.pm'),
  },
  examples: [{ bad: 'boot: order=«usb0»\nusb0: spice\n', good: 'boot: order=usb0\nusb0: host=1-2\n' }],
  needs: ['usbN'],
  *find({ settings }) {
    const entry = settings.entry('boot');
    const order = property(entry, 'order')?.value;
    if (!entry || !order) return;
    for (const name of splitList(order.text)) {
      const host = name.startsWith('usb') ? property(settings.entry(name), 'host')?.value.text : undefined;
      if (host?.toLowerCase() !== 'spice') continue;
      const start = order.start + order.text.indexOf(name);
      yield {
        span: tokenSpan(entry.line, { text: name, start, end: start + name.length }),
        message: `${name} is a SPICE redirection, and nothing boots from that: the order passes over it.`,
      };
    }
  },
});
