import { isReadFile } from '../../languages/modprobe/config.ts';
import { modprobe } from '../../languages/modprobe/modprobe.ts';
import { isAccepted, lineAt, type ModprobeTree } from '../../languages/modprobe/tree.ts';
import { wholeOf } from '../../syntax/wordLines.ts';
import type { Rule } from '../rule.ts';

export const notConf: Rule<ModprobeTree> = {
  id: 'modprobe/not-conf',
  severity: 'warning',
  language: modprobe,
  docs: {
    what: 'A file with settings for modules whose name does not end in `.conf`, in lower case, or starts with a dot.',
    why: 'kmod passes over such files without a word: nothing in them takes effect.',
    source: 'kmod 30 and 34.2, libkmod-config.c, conf_files_filter_out; observed',
  },
  examples: [
    {
      bad: '«options vfio-pci ids=10de:1b80»\nblacklist nouveau\n',
      good: '# options vfio-pci ids=10de:1b80\n',
      path: 'etc/modprobe.d/vfio.cfg',
    },
  ],
  *check({ uri, place, tree, lines }) {
    // A text that is in no such directory, or not saved yet, has no name that kmod could mind.
    if (isReadFile(place.path) || !/[\\/]modprobe\.d[\\/][^\\/]*$/.test(uri)) return;
    const [first] = tree.picks.of(isAccepted);
    if (first === undefined) return;
    const name = place.path.slice(place.path.lastIndexOf('/') + 1);
    const stem = name.replace(/\.[^.]*$/, '').replace(/^\.+/, '') || 'local';
    yield {
      span: wholeOf(lines, lineAt(tree, first).line),
      message: `kmod does not read a file called "${name}". Rename it to ${stem}.conf.`,
    };
  },
};
