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
  ],
  tell: ({ reason, line }, file) => {
    const { token, fault, mended, sub } = reason;
    return {
      message: `${sub}: "${token.text}" ${fault}. ${lost}`,
      fixes:
        mended === undefined
          ? []
          : [fixIn(file, `Change to ${mended}`, { span: tokenSpan(line, token), text: mended })],
    };
  },
});
