import { removePart } from '../../languages/vmConf/edits.ts';
import { optionOf, type SubSchemas } from '../../languages/vmConf/schema.ts';
import { partsOf } from '../../languages/vmConf/tree.ts';
import { nearest } from '../../text/nearest.ts';
import { tokenSpan } from '../../text/span.ts';
import { fixIn } from '../edits.ts';
import { lost, parserRule, schemaSource, whyLost } from '../parserRule.ts';

export const unknownSubKey = parserRule({
  id: 'vmconf/unknown-sub-key',
  code: 'sub-unknown',
  grows: true,
  docs: {
    what: 'A property string has a sub-key that this option does not know. Sub-keys are case-sensitive, and a blank belongs to what it touches.',
    why: whyLost,
    source: schemaSource,
  },
  examples: [
    { bad: 'hostpci0: 01:00,«pci-e»=1\n', fixed: 'hostpci0: 01:00,pcie=1\n', good: 'hostpci0: 01:00,pcie=1\n' },
    { bad: 'hostpci0: 01:00,« pcie»=1\n', fixed: 'hostpci0: 01:00,pcie=1\n', good: 'hostpci0: 01:00,pcie=1\n' },
    {
      bad: 'virtio0: local-lvm:vm-100-disk-0,«ssd»=1\n',
      fixed: 'virtio0: local-lvm:vm-100-disk-0\n',
      good: 'scsi0: local-lvm:vm-100-disk-0,ssd=1\n',
    },
  ],
  tell: ({ node, reason, line }, file) => {
    const { token } = reason;
    const known = optionOf(node.key.text)?.schema.properties ?? {};
    const meant = meantSubKey(token.text, known, new Set(partsOf(node).map(part => part.key.text)));
    const part = partsOf(node).find(one => one.key.start === token.start);
    const removal = part && fixIn(file, `Remove ${part.whole.text.trim()}`, removePart(file.tree, line, part));
    const change =
      meant !== undefined && fixIn(file, `Change to ${meant}`, { span: tokenSpan(line, token), text: meant });
    return {
      message: `${faultOf(token.text, node.key.text, meant)} The whole line is refused for it. ${lost}`,
      fixes: [change, removal].filter(fix => fix !== false && fix !== undefined),
    };
  },
});

function faultOf(text: string, key: string, meant: string | undefined): string {
  if (meant !== undefined && text.trim() === meant) return `There must be no blank around "${meant}".`;
  return `${key} has no sub-key "${text}".${meant === undefined ? '' : ` Was ${meant} meant?`}`;
}

/** The sub-key that was meant, unless it is there already. */
function meantSubKey(text: string, known: SubSchemas, taken: ReadonlySet<string>): string | undefined {
  const plain = text.trim().toLowerCase().replaceAll('_', '-');
  const same = Object.keys(known).find(name => name.replaceAll('_', '-') === plain);
  const meant = same ?? nearest(text.trim(), Object.keys(known), text.trim().length > 5 ? 2 : 1);
  return meant !== undefined && taken.has(meant) ? undefined : meant;
}
