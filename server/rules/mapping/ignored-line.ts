import type { SourceFile } from '../../languages/language.ts';
import { kindOf } from '../../languages/pciMapping/config.ts';
import { pciMapping } from '../../languages/pciMapping/pciMapping.ts';
import { type Problem, problemsWith } from '../../languages/pciMapping/read.ts';
import { propertySchema } from '../../languages/pciMapping/schema.ts';
import type { ConfigSection, SectionConfig } from '../../syntax/sectionConfig.ts';
import { deleteLine } from '../../text/edit.ts';
import { span, tokenSpan } from '../../text/span.ts';
import { configId } from '../../values/names.ts';
import { fixIn } from '../edits.ts';
import type { Fix, Rule } from '../rule.ts';

export const ignoredLine: Rule<SectionConfig> = {
  id: 'mapping/ignored-line',
  severity: 'error',
  language: pciMapping,
  docs: {
    what: 'A line is neither the name of a mapping in its place nor an indented property of one.',
    why: 'Proxmox warns in its log, ignores the line, and leaves it out when it next writes the file.',
    source: 'pve-common 9.2.1, PVE/SectionConfig.pm parse_config',
  },
  examples: [
    {
      bad: 'gpu\n«map node=pve1,path=0000:01:00.0,id=10de:2584»\n\tmap node=pve2,path=0000:01:00.0,id=10de:2584\n',
      fixed: 'gpu\n\tmap node=pve1,path=0000:01:00.0,id=10de:2584\n\tmap node=pve2,path=0000:01:00.0,id=10de:2584\n',
      good: 'gpu\n\tmap node=pve1,path=0000:01:00.0,id=10de:2584\n',
    },
    {
      bad: 'gpu\n\tmap node=pve1,path=0000:01:00.0,id=10de:2584\n\n\t«mdev 1»\n',
      fixed: 'gpu\n\tmap node=pve1,path=0000:01:00.0,id=10de:2584\n\tmdev 1\n',
      good: '# the graphics card\ngpu\n\tmdev 1\n\t# first slot\n\tmap node=pve1,path=0000:01:00.0,id=10de:2584\n\n',
    },
    { bad: '«pci: gpu»\n', fixed: 'gpu\n', good: 'gpu\n' },
    { bad: '«gpu nic»\n\t«mdev»\n', good: 'gpu\n\tmdev 1\n' },
  ],
  *check(file) {
    for (const problem of problemsWith(file.tree, kindOf(file), 'ignored-line')) {
      const above = problem.section ? undefined : sectionAbove(file.tree, problem.line);
      yield {
        span: tokenSpan(problem.line, problem.token),
        message: messageOf(problem, above),
        fixes: fixesOf(file, problem, above),
      };
    }
  },
};

function messageOf({ section }: Problem, above: ConfigSection | undefined): string {
  if (section) return 'Proxmox ignores this line: a property of a mapping must be indented.';
  if (above) {
    return `Proxmox ignores this line: the empty line above has ended "${above.id.text}", and a new mapping starts with its name at the start of a line.`;
  }
  return 'Proxmox ignores this line: a mapping starts with its name alone, at the start of a line.';
}

/** The section that an indented line would belong to, were it not for empty lines between them. */
function sectionAbove(tree: SectionConfig, line: number): ConfigSection | undefined {
  if (tree.nodes[line]?.shape !== 'property') return undefined;
  const above = tree.sections.findLast(section => section.to <= line);
  const between = above ? tree.nodes.slice(above.to, line) : [];
  return between.every(({ shape }) => shape === 'empty' || shape === 'comment' || shape === 'property')
    ? above
    : undefined;
}

function fixesOf(file: SourceFile<SectionConfig>, problem: Problem, above: ConfigSection | undefined): readonly Fix[] {
  const { line, token, section } = problem;
  const start = span(line, 0, token.start);
  const [first = '', second = ''] = token.text.split(/[ \t]+/);
  const isProperty = propertySchema(kindOf(file), first) !== undefined;
  if (section) return isProperty ? [fixIn(file, 'Indent the line', { span: start, text: '\t' })] : [];
  if (above && isProperty) {
    const empty = file.tree.nodes.flatMap(({ shape }, at) =>
      shape === 'empty' && at >= above.to && at < line ? [at] : [],
    );
    return [fixIn(file, `Move it to "${above.id.text}"`, ...empty.map(at => deleteLine(file.lines, at)))];
  }
  if (isProperty) return [];
  const name = first.endsWith(':') ? second : first;
  if (configId.check(name) !== undefined || (second !== '' && name === first)) return [];
  return [fixIn(file, `Start the mapping "${name}"`, { span: span(line, 0, token.end), text: name })];
}
