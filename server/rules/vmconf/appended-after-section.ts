import { configOf } from '../../languages/vmConf/config.ts';
import { addEntry } from '../../languages/vmConf/edits.ts';
import { optionOf } from '../../languages/vmConf/schema.ts';
import type { Section, VmConf, VmLine } from '../../languages/vmConf/tree.ts';
import { vmConf } from '../../languages/vmConf/vmConf.ts';
import { deleteLine } from '../../text/edit.ts';
import { tokenSpan } from '../../text/span.ts';
import { fixIn } from '../edits.ts';
import { parserSource } from '../parserRule.ts';
import type { Rule } from '../rule.ts';

export const appendedAfterSection: Rule<VmConf> = {
  id: 'vmconf/appended-after-section',
  severity: 'warning',
  language: vmConf,
  docs: {
    what: 'The last lines of a snapshot are not sorted as Proxmox sorts them, and set options that the VM itself does not have.',
    why: 'Something like `echo … >> VMID.conf` put them below the last header of the file, where they belong to the snapshot: the VM does not have them.',
    source: parserSource,
  },
  examples: [
    {
      bad: 'cores: 4\n\n[before]\ncores: 4\nsnaptime: 1700000000\n«hostpci0»: 01:00\n',
      fixed: 'cores: 4\nhostpci0: 01:00\n\n[before]\ncores: 4\nsnaptime: 1700000000\n',
      good: 'cores: 4\nhostpci0: 01:00\n\n[before]\nparent: first\ncores: 4\nhostpci0: 01:00\nsnaptime: 1700000000\n',
    },
  ],
  *check(file) {
    const section = file.tree.sections.at(-1);
    if (section?.kind !== 'snapshot') return;
    const { main } = configOf(file);
    for (const { line, node } of unsortedEnd(section)) {
      const key = node.key.text;
      if (!optionOf(key) || ofSnapshots.has(key) || main.entry(key)) continue;
      const add = addEntry(file.tree, main.section, key, node.value.text);
      yield {
        span: tokenSpan(line, node.key),
        message: `This belongs to the snapshot ${section.name}, not to the VM. Lines for the VM stand above the first [section].`,
        fixes: [fixIn(file, 'Move it to the VM', add, deleteLine(file.lines, line))],
      };
    }
  },
};

/** What Proxmox writes into snapshots alone: the VM never has it, however the section is sorted. */
const ofSnapshots: ReadonlySet<string> = new Set([
  'running-nets-host-mtu',
  'runningcpu',
  'runningmachine',
  'snapstate',
  'snaptime',
  'vmstate',
]);

/** The entries at the end of a section that follow a key which sorts behind them. */
function unsortedEnd(section: Section): readonly { readonly line: number; readonly node: VmLine }[] {
  const entries = section.body
    .map((node, offset) => ({ line: section.from + offset, node }))
    .filter(({ node }) => node.kind === 'entry' || node.kind === 'args');
  let highest = '';
  for (const [at, { node }] of entries.entries()) {
    if (node.key.text < highest) return entries.slice(at);
    highest = node.key.text;
  }
  return [];
}
