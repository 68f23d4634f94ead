import { lost, parserRule, schemaSource, whyLost } from '../parserRule.ts';

export const subValueOutOfRange = parserRule({
  id: 'vmconf/sub-value-out-of-range',
  code: 'sub-range',
  docs: {
    what: 'A number in a property string is below the least or above the greatest that its sub-key takes.',
    why: whyLost,
    source: schemaSource,
  },
  examples: [
    { bad: 'net0: virtio,bridge=vmbr0,tag=«4095»\n', good: 'net0: virtio,bridge=vmbr0,tag=4094\n' },
    { bad: 'memory: «8»\n', good: 'memory: 16\n' },
  ],
  tell: ({ reason }) => ({ message: `${reason.sub}: ${reason.token.text} ${reason.fault}. ${lost}` }),
});
