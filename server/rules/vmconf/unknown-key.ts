import type { Problem } from '../../languages/vmConf/problems.ts';
import { familyOf, optionOf } from '../../languages/vmConf/schema.ts';
import { schemaTable } from '../../languages/vmConf/schemaTable.generated.ts';
import { nearest } from '../../text/nearest.ts';
import { tokenSpan } from '../../text/span.ts';
import { fixIn } from '../edits.ts';
import { lost, parserRule, schemaSource, whyLost } from '../parserRule.ts';

export const unknownKey = parserRule({
  id: 'vmconf/unknown-key',
  code: 'unknown-key',
  grows: true,
  docs: {
    what: 'A line has a key that Proxmox does not know: misspelt, without its index, or with an index that is too high.',
    why: whyLost,
    source: schemaSource,
  },
  examples: [
    { bad: '«hostpcie0»: 01:00\n', fixed: 'hostpci0: 01:00\n', good: 'hostpci0: 01:00\n' },
    { bad: '«hostpci»: 01:00\n', fixed: 'hostpci0: 01:00\n', good: 'hostpci0: 01:00\n' },
    {
      bad: 'hostpci0: 01:00\n«hostpci16»: 02:00\n',
      fixed: 'hostpci0: 01:00\nhostpci1: 02:00\n',
      good: 'hostpci15: 02:00\n',
    },
    {
      bad: '[special:fleecing]\n«cores»: 4\n',
      good: '[special:fleecing]\nfleecing-images: local-lvm:vm-100-fleece-0\n',
    },
  ],
  tell: (problem, file) => {
    const { text } = problem.reason.token;
    const key = meantKey(problem);
    const span = tokenSpan(problem.line, problem.reason.token);
    return {
      message: `${faultOf(problem, key)} ${lost}`,
      fixes: key === undefined ? [] : [fixIn(file, `Change ${text} to ${key}`, { span, text: key })],
    };
  },
});

function faultOf({ reason, section }: Problem, meant: string | undefined): string {
  const { text } = reason.token;
  if (section.kind === 'special') return 'The section [special:fleecing] holds nothing but fleecing-images.';
  const family = familyOf(text);
  if (family && text === family.name) return `${text} needs an index: ${text}0 to ${text}${family.schema.last}.`;
  if (family) return `There is no ${text}: ${family.name} goes from 0 to ${family.schema.last}, without leading zeros.`;
  return `There is no option ${text}.${meant === undefined ? '' : ` Was ${meant} meant?`}`;
}

function meantKey({ reason, section }: Problem): string | undefined {
  if (section.kind === 'special') return undefined;
  const { text } = reason.token;
  const family = familyOf(text);
  if (family)
    return freeMember(
      family.name,
      family.schema.last,
      text,
      section.body.map(node => node.key.text),
    );
  return nearest(text, names(text), text.length > 5 ? 2 : 1);
}

/** `hostpci07` means `hostpci7`; what has no index or too high a one gets the first free one. */
function freeMember(name: string, last: number, text: string, taken: readonly string[]): string | undefined {
  const plain = text.replace(/0+(?=[0-9]+$)/, '');
  if (plain !== text && optionOf(plain) && !taken.includes(plain)) return plain;
  for (let index = 0; index <= last; index++) {
    if (!taken.includes(`${name}${index}`)) return `${name}${index}`;
  }
  return undefined;
}

/** Options, and families with the index that the word has. */
function names(text: string): readonly string[] {
  const index = /[0-9]*$/.exec(text)?.[0] ?? '';
  const members = Object.entries(schemaTable.families)
    .filter(([, family]) => index !== '' && Number(index) <= family.last)
    .map(([name]) => `${name}${Number(index)}`);
  return [...Object.keys(schemaTable.options), ...members];
}
