import { atValue, observed, startRule } from '../startRule.ts';

/** More CPUs than Linux can have. */
const most = 8192;

export const affinityTooWide = startRule({
  id: 'cpu/affinity-too-wide',
  severity: 'warning',
  since: '7.2-7',
  docs: {
    what: `\`affinity\` has a range with a CPU number beyond ${most}.`,
    why: 'Proxmox writes such a range out number by number while it reads the file: its daemons run out of time and memory.',
    source: observed('CpuSet.pm of pve-common'),
  },
  examples: [{ bad: 'affinity: «0-99999999999»\n', good: 'affinity: 0-15\n' }],
  needs: ['affinity'],
  *find({ settings }) {
    const entry = settings.entry('affinity');
    if (!entry?.stored.split(/[,-]/).some(number => Number(number) >= most)) return;
    yield {
      span: atValue(entry),
      message: `No host has CPU numbers beyond ${most}, and Proxmox writes the range out number by number each time it reads the file.`,
    };
  },
});
