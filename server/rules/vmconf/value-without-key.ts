import { optionOf } from '../../languages/vmConf/schema.ts';
import { lost, parserRule, schemaSource, whyLost } from '../parserRule.ts';

export const valueWithoutKey = parserRule({
  id: 'vmconf/value-without-key',
  code: 'sub-no-default-key',
  docs: {
    what: 'A part of a property string has no sub-key, and the option has none that it could be for.',
    why: whyLost,
    source: schemaSource,
  },
  examples: [
    { bad: 'numa0: «0-3»,memory=4096\n', good: 'numa0: cpus=0-3,memory=4096\n' },
    { bad: 'numa0: cpus=0,«2»\n', good: 'numa0: cpus=0;2\n' },
  ],
  tell: ({ node, reason }) => {
    const subs = Object.keys(optionOf(node.key.text)?.schema.properties ?? {});
    return {
      message: `"${reason.token.text}" needs a sub-key before it (${subs.join(', ')}); inside a value, items have semicolons between them. ${lost}`,
    };
  },
});
