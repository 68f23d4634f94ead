import { nodeMappings } from '../../facts/passedDevices.ts';
import { partsOf } from '../../languages/vmConf/tree.ts';
import { tokenSpan } from '../../text/span.ts';
import { fixIn } from '../edits.ts';
import { lost, parserRule, schemaSource, whyLost } from '../parserRule.ts';

export const badSubValue = parserRule({
  id: 'vmconf/bad-sub-value',
  code: 'sub-value',
  docs: {
    what: 'The value of a sub-key has the wrong form: a boolean, number, address or name that is none.',
    why: whyLost,
    source: schemaSource,
  },
  examples: [
    { bad: 'hostpci0: «0A:00.0»,pcie=1\n', fixed: 'hostpci0: 0a:00.0,pcie=1\n', good: 'hostpci0: 0a:00.0,pcie=1\n' },
    { bad: 'hostpci0: 01:00,pcie=«onn»\n', fixed: 'hostpci0: 01:00,pcie=1\n', good: 'hostpci0: 01:00,pcie=on\n' },
    {
      bad: 'hostpci0: 01:00,vendor-id=«10de»\n',
      fixed: 'hostpci0: 01:00,vendor-id=0x10de\n',
      good: 'hostpci0: 01:00,vendor-id=0x10de\n',
    },
    {
      bad: 'net0: virtio=«BC-24-11-00-00-01»\n',
      fixed: 'net0: virtio=BC:24:11:00:00:01\n',
      good: 'net0: virtio=BC:24:11:00:00:01\n',
    },
    {
      bad: '--- etc/pve/mapping/pci.cfg\ngpu\n\tmap id=10de:1b80,node=pve1,path=0000:01:00.0\n--- etc/pve/nodes/pve1/qemu-server/100.conf\nhostpci0: «gpu»,pcie=1\n',
      fixed:
        '--- etc/pve/mapping/pci.cfg\ngpu\n\tmap id=10de:1b80,node=pve1,path=0000:01:00.0\n--- etc/pve/nodes/pve1/qemu-server/100.conf\nhostpci0: mapping=gpu,pcie=1\n',
      good: 'hostpci0: mapping=gpu,pcie=1\n',
    },
  ],
  tell: ({ node, reason, line }, file, world) => {
    const { token, fault, mended, sub } = reason;
    const span = tokenSpan(line, token);
    const isMapping = sub === 'host' && (nodeMappings(world, file, kindOf(node.key.text))?.has(token.text) ?? false);
    const named = partsOf(node).find(part => part.value.start === token.start);
    const meant =
      isMapping && named ? { span: tokenSpan(line, named.whole), text: `mapping=${token.text}` } : undefined;
    const edit = meant ?? (mended === undefined ? undefined : { span, text: mended });
    const hint = isMapping ? ` There is a mapping of that name: write mapping=${token.text}.` : '';
    return {
      message: `${sub}: "${token.text}" ${fault}.${hint} ${lost}`,
      fixes: edit ? [fixIn(file, `Change to ${edit.text}`, edit)] : [],
    };
  },
});

const kindOf = (key: string): 'pci' | 'usb' => (key.startsWith('usb') ? 'usb' : 'pci');
