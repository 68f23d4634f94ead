import { entriesOf, propertiesIn } from '../../languages/ctConf/config.ts';
import { ctConf } from '../../languages/ctConf/ctConf.ts';
import { readLine } from '../../languages/ctConf/read.ts';
import type { CtConf, CtLine } from '../../languages/ctConf/tree.ts';
import { tokenSpan } from '../../text/span.ts';
import type { Rule } from '../rule.ts';

export const deviceWithoutPath: Rule<CtConf> = {
  id: 'lxc/device-without-path',
  severity: 'error',
  language: ctConf,
  docs: {
    what: 'A `devN` line does not say which device node it is about.',
    why: 'The file is read without a warning, because the path is not required there; the container does not start.',
    source: 'pve-container 6.1.10, PVE/LXC/Config.pm parse_device, PVE/LXC.pm',
  },
  examples: [{ bad: 'dev0: «gid=104,mode=0660»\n', good: 'dev0: /dev/dri/renderD128,gid=104,mode=0660\n' }],
  *check(file) {
    for (const section of file.tree.sections) {
      for (const entry of entriesOf(file.tree, section)) {
        if (!/^dev[0-9]+$/.test(entry.key.text) || propertiesIn(entry).has('path')) continue;
        if (readLine(file.tree.nodes[entry.line] as CtLine, section).length > 0) continue;
        yield {
          span: tokenSpan(entry.line, entry.value),
          message: `${entry.key.text} names no device node: the container does not start. Put the path first, such as /dev/dri/renderD128.`,
        };
      }
    }
  },
};
