import { editOf } from '../../languages/modprobe/repair.ts';
import { modulesOf } from '../../languages/modprobe/slot.ts';
import { spanIn } from '../../syntax/wordLines.ts';
import { fixIn } from '../edits.ts';
import { modprobeRule } from '../modprobeRule.ts';

export const oddName = modprobeRule({
  id: 'modprobe/odd-name',
  severity: 'warning',
  docs: {
    what: 'A name that no module can have: the file name of one, a path, or with quotes or a colon.',
    why: 'kmod accepts any word and looks for a module of exactly that name. There is none, so the line does nothing.',
    source: 'kmod 30 and 34.2: names are compared as they are; observed',
  },
  examples: [
    { bad: 'blacklist «nouveau.ko»\n', fixed: 'blacklist nouveau\n', good: 'blacklist nouveau\n' },
    {
      bad: 'softdep «nvidia:» pre: vfio-pci\n',
      fixed: 'softdep nvidia pre: vfio-pci\n',
      good: 'softdep nvidia pre: vfio-pci\n',
    },
    {
      bad: 'options «"vfio-pci"» ids=10de:1b80\n',
      fixed: 'options vfio-pci ids=10de:1b80\n',
      good: 'alias char-major-10-* off\n',
    },
  ],
  concerns: node => modulesOf(node).some(name => bareName(name.text) !== undefined),
  *find(node, file) {
    for (const name of modulesOf(node)) {
      const bare = bareName(name.text);
      if (bare === undefined) continue;
      yield {
        span: spanIn(node.line, name),
        message: `No module is called ${name.text.trim()}. Write ${bare}.`,
        fixes: [fixIn(file, `Change to ${bare}`, editOf(node, name, bare))],
      };
    }
  },
});

/** Commas between names, wildcards and bus aliases such as platform:leds-gpio are other matters. */
function bareName(written: string): string | undefined {
  const text = written.trim();
  const bare = text
    .replace(/^['"]|['"]$/g, '')
    .replace(/^\/.*\//, '')
    .replace(/\.ko(?:\.[a-z]+)?$/, '')
    .replace(/[:,;]$/, '');
  return bare === text || !/^[\w-]+$/.test(bare) ? undefined : bare;
}
