import { rawEntriesOf } from '../../languages/ctConf/config.ts';
import { ctConf } from '../../languages/ctConf/ctConf.ts';
import { mountEntryOf } from '../../languages/ctConf/devices.ts';
import type { CtConf } from '../../languages/ctConf/tree.ts';
import { tokenSpan } from '../../text/span.ts';
import { fixIn } from '../edits.ts';
import type { Rule } from '../rule.ts';

export const mountTargetAbsolute: Rule<CtConf> = {
  id: 'lxc/mount-target-absolute',
  severity: 'error',
  language: ctConf,
  docs: {
    what: 'The target of an `lxc.mount.entry` starts with a slash.',
    why: "LXC takes a path without a slash for one in the container. One with a slash must lead through the container's file system on the host; any other is skipped, and nothing is mounted.",
    source: 'LXC, src/lxc/conf.c mount_entry_on_absolute_rootfs',
  },
  examples: [
    {
      bad: 'lxc.mount.entry: /dev/dri «/dev/dri» none bind,optional,create=dir 0 0\n',
      fixed: 'lxc.mount.entry: /dev/dri dev/dri none bind,optional,create=dir 0 0\n',
      good: 'lxc.mount.entry: /dev/dri dev/dri none bind,optional,create=dir 0 0\n',
    },
  ],
  *check(file) {
    for (const section of file.tree.sections) {
      for (const entry of rawEntriesOf(file.tree, section)) {
        const target = mountEntryOf(entry)?.target;
        if (!target?.text.startsWith('/') || target.text.includes('/rootfs')) continue;
        const text = target.text.replace(/^\/+/, '');
        const span = tokenSpan(entry.line, target);
        yield {
          span,
          message: `LXC skips this mount: the target must be written without the slash at its start, ${text === '' ? 'and not be empty' : text}.`,
          fixes: text === '' ? [] : [fixIn(file, `Change to ${text}`, { span, text })],
        };
      }
    }
  },
};
