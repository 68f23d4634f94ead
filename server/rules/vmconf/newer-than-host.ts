import { newcomersIn } from '../../languages/vmConf/newcomers.ts';
import { tooNewFor } from '../../languages/vmConf/since.ts';
import type { VmConf, VmLine } from '../../languages/vmConf/tree.ts';
import { vmConf } from '../../languages/vmConf/vmConf.ts';
import { tokenSpan } from '../../text/span.ts';
import { versionsOf } from '../../workspace/world.ts';
import type { Rule } from '../rule.ts';

const host = 'hostpci snapshot 1\n== versions: ok\nqemu-server: 8.4.1\n== end\n';

export const newerThanHost: Rule<VmConf> = {
  id: 'vmconf/newer-than-host',
  severity: 'error',
  language: vmConf,
  docs: {
    what: 'A key, sub-key or value came with a newer qemu-server than the host has. Silent where the version of the host is not known.',
    why: 'The reader of the older host refuses the line, goes on without it and drops it at the next rewrite.',
    source: 'history of qemu-server: the first package version that has it',
  },
  examples: [
    { bad: 'hostpci0: 01:00,«driver»=keep\n', good: 'hostpci0: 01:00,pcie=1\nmachine: q35\n', host },
    { bad: '«intel-tdx»: tdx\n', good: 'amd-sev: std\nbios: ovmf\n', host },
  ],
  *check(file, world) {
    const version = versionsOf(world, file).qemuServer;
    if (version === undefined) return;
    for (const section of file.tree.sections) {
      if (section.kind === 'unknown' || section.kind === 'special') continue;
      for (let offset = 0; offset < section.body.length; offset++) {
        for (const { token, since } of newcomersIn(section.body[offset] as VmLine)) {
          const words = tooNewFor(version, since);
          if (words === undefined) continue;
          yield {
            span: tokenSpan(section.from + offset, token),
            message: `${token.text}: ${words}. It ignores this line and drops it when it next writes the file.`,
          };
        }
      }
    }
  },
};
