import { rawEntriesOf } from '../../languages/ctConf/config.ts';
import { ctConf } from '../../languages/ctConf/ctConf.ts';
import { mountEntryOf } from '../../languages/ctConf/devices.ts';
import type { CtConf } from '../../languages/ctConf/tree.ts';
import { tokenSpan } from '../../text/span.ts';
import { fixIn } from '../edits.ts';
import type { Rule } from '../rule.ts';

export const mountWithoutCreate: Rule<CtConf> = {
  id: 'lxc/mount-without-create',
  severity: 'warning',
  language: ctConf,
  docs: {
    what: 'An `lxc.mount.entry` puts a graphics node below `dev/` of the container without `create=file` (for `/dev/dri` as a whole `create=dir`), or with the other one of the two.',
    why: "A container's /dev is made anew at every start, so there is nothing to mount on. The container does not start; with `optional` it starts without the device and says nothing.",
    source: 'LXC, src/lxc/conf.c mount_entry_create_dir_file',
  },
  examples: [
    {
      bad: 'lxc.mount.entry: /dev/dri/renderD128 dev/dri/renderD128 none «bind,optional» 0 0\n',
      fixed: 'lxc.mount.entry: /dev/dri/renderD128 dev/dri/renderD128 none bind,optional,create=file 0 0\n',
      good: 'lxc.mount.entry: /dev/dri/renderD128 dev/dri/renderD128 none bind,optional,create=file 0 0\n',
    },
    {
      bad: 'lxc.mount.entry: /dev/dri dev/dri none «bind,optional,create=file» 0 0\n',
      fixed: 'lxc.mount.entry: /dev/dri dev/dri none bind,optional,create=dir 0 0\n',
      good: 'lxc.mount.entry: /dev/dri dev/dri none bind,optional,create=dir 0 0\n',
    },
  ],
  *check(file) {
    for (const section of file.tree.sections) {
      for (const entry of rawEntriesOf(file.tree, section)) {
        const mount = mountEntryOf(entry);
        if (!mount || mount.options.text === '' || !/^\/?dev\/(?:dri|nvidia|kfd)/.test(mount.target.text)) continue;
        const wanted = kindOfSource(mount.source.text);
        const options = mount.options.text.split(',');
        if (wanted === undefined || options.includes(`create=${wanted}`)) continue;
        const text = [...options.filter(option => !option.startsWith('create=')), `create=${wanted}`].join(',');
        const span = tokenSpan(entry.line, mount.options);
        yield {
          span,
          message: `There is no ${mount.target.text} in the container to mount ${mount.source.text} on: it needs create=${wanted}.`,
          fixes: [fixIn(file, `Add create=${wanted}`, { span, text })],
        };
      }
    }
  },
};

/** What stands at a path on the host; `undefined` where the path does not tell. */
function kindOfSource(path: string): 'file' | 'dir' | undefined {
  if (/^\/dev\/(?:dri|nvidia-caps|dri\/by-path)\/?$/.test(path)) return 'dir';
  return /^\/dev\/(?:dri\/(?:card|renderD)[0-9]+|nvidia(?:[0-9]+|ctl|-modeset|-uvm(?:-tools)?)|kfd)$/.test(path)
    ? 'file'
    : undefined;
}
