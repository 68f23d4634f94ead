import { removeProperty } from '../../languages/vmConf/edits.ts';
import { drivesOf } from '../../languages/vmConf/start.ts';
import { fixIn } from '../edits.ts';
import { atPart, observed, ofDisks, startRule } from '../startRule.ts';

/** Each burst setting with the one that it builds on. */
const bases = ['mbps', 'mbps_rd', 'mbps_wr', 'iops', 'iops_rd', 'iops_wr'].flatMap(name => [
  [`${name}_max`, name] as const,
  [`${name.replace('mbps', 'bps')}_max_length`, `${name}_max`] as const,
]);

export const burstWithoutLimit = startRule({
  id: 'drive/burst-without-limit',
  severity: 'warning',
  docs: {
    what: 'A drive has a burst limit (`…_max`) without the limit that it exceeds, or the length of a burst (`…_max_length`) without the burst.',
    why: 'The VM starts with a warning and without this drive.',
    source: observed('QemuServer/Drive.pm'),
  },
  examples: [
    {
      bad: 'scsi0: local-lvm:vm-100-disk-0,«mbps_max=200»\n',
      fixed: 'scsi0: local-lvm:vm-100-disk-0\n',
      good: 'scsi0: local-lvm:vm-100-disk-0,mbps=100,mbps_max=200\n',
    },
  ],
  needs: ofDisks(...bases.map(([name]) => name)),
  *find({ settings, file }) {
    for (const entry of drivesOf(settings)) {
      for (const [name, base] of bases) {
        if (!entry.properties.has(name) || entry.properties.has(base)) continue;
        const edit = removeProperty(file.tree, entry, name);
        if (!edit) continue;
        yield {
          span: atPart(entry, name),
          message: `${name} needs ${base}: the VM starts without this drive.`,
          fixes: [fixIn(file, `Leave out ${name}`, edit)],
        };
      }
    }
  },
});
