import type { Problem } from '../../languages/vmConf/problems.ts';
import { optionOf } from '../../languages/vmConf/schema.ts';
import { lost, parserRule, schemaSource, whyLost } from '../parserRule.ts';

export const missingSubKey = parserRule({
  id: 'vmconf/missing-sub-key',
  code: 'sub-missing',
  docs: {
    what: 'A property string lacks a sub-key that the option cannot be without, or that another sub-key needs.',
    why: whyLost,
    source: schemaSource,
  },
  examples: [
    { bad: 'numa0: «memory=4096»\n', good: 'numa0: cpus=0-3,memory=4096\n' },
    { bad: 'ipconfig0: «gw»=10.0.0.1\n', good: 'ipconfig0: ip=10.0.0.2/24,gw=10.0.0.1\n' },
    { bad: 'intel-tdx: «tdx»\n', good: 'intel-tdx: tdx,attestation=0\n' },
  ],
  tell: problem => ({ message: `${faultOf(problem)} ${lost}` }),
});

function faultOf({ node, reason }: Problem): string {
  const sub = reason.sub ?? '';
  const schema = optionOf(node.key.text)?.schema;
  if (!schema?.properties?.[sub]?.required) return `${reason.token.text} needs ${sub} in the same line.`;
  if (schema.defaultKey === sub) return `${node.key.text} needs its first value, ${sub}.`;
  return `${node.key.text} needs ${sub}=….`;
}
