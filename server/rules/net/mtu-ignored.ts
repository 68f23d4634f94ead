import { property, textOfProperty } from '../../languages/vmConf/config.ts';
import { removeProperty } from '../../languages/vmConf/edits.ts';
import { fixIn } from '../edits.ts';
import { atPart, observed, startRule } from '../startRule.ts';

export const mtuIgnored = startRule({
  id: 'net/mtu-ignored',
  severity: 'warning',
  since: '6.2-3',
  docs: {
    what: 'A network card has an `mtu` and is not virtio, or is on no bridge.',
    why: 'Only a virtio card on a bridge can tell the guest an MTU: the VM starts with a warning and without it.',
    source: observed('QemuServer.pm'),
  },
  examples: [
    {
      bad: 'net0: e1000=BC:24:11:00:00:01,bridge=vmbr0,«mtu=1400»\n',
      fixed: 'net0: e1000=BC:24:11:00:00:01,bridge=vmbr0\n',
      good: 'net0: virtio=BC:24:11:00:00:01,bridge=vmbr0,mtu=1400\n',
    },
  ],
  needs: ['netN.mtu'],
  *find({ settings, file }) {
    for (const entry of settings.family('net')) {
      const edit = removeProperty(file.tree, entry, 'mtu');
      const isVirtio = textOfProperty(entry, 'model') === 'virtio';
      if (!edit || (isVirtio && property(entry, 'bridge'))) continue;
      yield {
        span: atPart(entry, 'mtu'),
        message: `mtu has no effect on ${isVirtio ? 'a card without a bridge' : `a card of model ${textOfProperty(entry, 'model')}`}.`,
        fixes: [fixIn(file, 'Leave out mtu', edit)],
      };
    }
  },
});
