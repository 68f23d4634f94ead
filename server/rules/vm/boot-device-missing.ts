import { property } from '../../languages/vmConf/config.ts';
import { setProperty } from '../../languages/vmConf/edits.ts';
import { tokenSpan } from '../../text/span.ts';
import { splitList } from '../../values/kind.ts';
import { fixIn } from '../edits.ts';
import { observed, startRule } from '../startRule.ts';

export const bootDeviceMissing = startRule({
  id: 'vm/boot-device-missing',
  severity: 'warning',
  since: '6.2-16',
  docs: {
    what: '`boot: order=` names a device that the VM does not have.',
    why: 'The start passes over it without a word; if it was meant to be the first, the guest boots from another device or not at all. The API refuses such an order.',
    source: observed('QemuServer.pm'),
  },
  examples: [
    {
      bad: 'boot: order=«scsi1»;net0\nnet0: virtio=BC:24:11:00:00:01\nscsi0: local-lvm:vm-100-disk-0\n',
      fixed: 'boot: order=net0\nnet0: virtio=BC:24:11:00:00:01\nscsi0: local-lvm:vm-100-disk-0\n',
      good: 'boot: order=scsi0;net0\nnet0: virtio=BC:24:11:00:00:01\nscsi0: local-lvm:vm-100-disk-0\n',
    },
  ],
  needs: ['boot.order'],
  *find({ settings, file }) {
    const entry = settings.entry('boot');
    const order = property(entry, 'order')?.value;
    if (!entry || !order) return;
    const names = splitList(order.text);
    const rest = names.filter(name => settings.entry(name));
    let from = 0;
    for (const name of names) {
      const start = order.start + order.text.indexOf(name, from);
      from = start - order.start + name.length;
      if (settings.entry(name)) continue;
      yield {
        span: tokenSpan(entry.line, { text: name, start, end: start + name.length }),
        message: `The VM has no ${name}: the boot order passes over it.`,
        fixes: rest.length > 0 ? [fixIn(file, `Take ${name} out`, setProperty(entry, 'order', rest.join(';')))] : [],
      };
    }
  },
});
