import { optionOf } from '../../languages/vmConf/schema.ts';
import { nearest } from '../../text/nearest.ts';
import { tokenSpan } from '../../text/span.ts';
import { fixIn } from '../edits.ts';
import { lost, parserRule, schemaSource, whyLost } from '../parserRule.ts';

export const subValueNotInList = parserRule({
  id: 'vmconf/sub-value-not-in-list',
  code: 'sub-enum',
  grows: true,
  docs: {
    what: 'The value of a sub-key is none of the words that it knows. They are case-sensitive.',
    why: whyLost,
    source: schemaSource,
  },
  examples: [
    { bad: 'vga: «VirtIO»\n', fixed: 'vga: virtio\n', good: 'vga: virtio\n' },
    { bad: 'hostpci0: 01:00,driver=«vfio-pci»\n', good: 'hostpci0: 01:00,driver=vfio\n' },
    {
      bad: 'scsi0: local-lvm:vm-100-disk-0,cache=«writebak»\n',
      fixed: 'scsi0: local-lvm:vm-100-disk-0,cache=writeback\n',
      good: 'scsi0: local-lvm:vm-100-disk-0,cache=writeback\n',
    },
  ],
  tell: ({ node, reason, line }, file) => {
    const { token, sub, fault } = reason;
    const words = optionOf(node.key.text)?.schema.properties?.[sub ?? '']?.enum ?? [];
    const lower = token.text.trim().toLowerCase();
    const meant = words.find(word => word.toLowerCase() === lower) ?? nearest(lower, words, lower.length > 5 ? 2 : 1);
    return {
      message: `${sub}: "${token.text}" ${fault}. ${lost}`,
      fixes:
        meant === undefined ? [] : [fixIn(file, `Change to ${meant}`, { span: tokenSpan(line, token), text: meant })],
    };
  },
});
