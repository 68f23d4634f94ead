import { ctConf } from '../../languages/ctConf/ctConf.ts';
import type { CtConf, CtSection } from '../../languages/ctConf/tree.ts';
import { tokenSpan } from '../../text/span.ts';
import type { Rule } from '../rule.ts';
import { readerSource } from './readerRule.ts';

export const duplicateSection: Rule<CtConf> = {
  id: 'lxc/duplicate-section',
  severity: 'warning',
  language: ctConf,
  docs: {
    what: 'A section is there twice: two snapshots with one name, or `[pve:pending]` twice.',
    why: 'The later one replaces the earlier one without a word; its lines are gone when Proxmox next writes the file.',
    source: readerSource,
  },
  examples: [
    {
      bad: 'cores: 2\n[«before»]\ncores: 1\n[before]\ncores: 2\n',
      good: 'cores: 2\n[before]\ncores: 1\n[Before]\ncores: 2\n',
    },
    { bad: '[«pve:pending»]\ncores: 1\n[PVE:pending]\ncores: 2\n', good: '[pve:pending]\ncores: 1\n' },
  ],
  *check(file) {
    const last = new Map<string, CtSection>(file.tree.sections.map(section => [identityOf(section), section]));
    for (const section of file.tree.sections) {
      const later = last.get(identityOf(section));
      const [header, laterHeader] = [file.tree.nodes[section.header], file.tree.nodes[later?.header ?? -1]];
      if (!header || !later || !laterHeader || later === section) continue;
      yield {
        span: tokenSpan(section.header, header.key),
        message: `Another [${later.name}] in line ${later.header + 1} replaces this one.`,
        related: [{ uri: file.uri, span: tokenSpan(later.header, laterHeader.key), message: 'This one counts.' }],
      };
    }
  },
};

/** Names of snapshots are compared with their case, `[pve:pending]` is not. */
const identityOf = ({ kind, name }: CtSection): string => (kind === 'snapshot' ? `snapshot ${name}` : kind);
