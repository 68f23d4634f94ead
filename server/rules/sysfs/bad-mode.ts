import { debianRelease, readingOf } from '../../languages/sysfs/release.ts';
import { sysfs } from '../../languages/sysfs/sysfs.ts';
import type { SysfsTree } from '../../languages/sysfs/tree.ts';
import { tokenSpan } from '../../text/span.ts';
import { versionsOf } from '../../workspace/world.ts';
import type { Rule } from '../rule.ts';

export const badMode: Rule<SysfsTree> = {
  id: 'sysfs/bad-mode',
  severity: 'error',
  language: sysfs,
  docs: {
    what: 'A `mode` line gives permissions that chmod does not take.',
    why: 'On Debian 12 sysfsutils stops there and applies nothing of what follows; Debian 13 warns and leaves the permissions as they are.',
    source: 'sysfsutils 2.1.1-4, init script, measured; update-sysfs of Debian 13, observed',
  },
  examples: [
    { bad: 'mode power/state = «0888»\n', good: 'mode power/state = 0660\n' },
    { bad: 'mode power/state = «rw»\n', good: 'mode power/state = u+rw,g-w\n' },
  ],
  *check(file, world) {
    const release = debianRelease(versionsOf(world, file));
    for (const line of file.tree.lines) {
      const reading = readingOf(line, release);
      if (reading.does !== 'mode' || isMode(reading.value.text)) continue;
      yield {
        span: tokenSpan(line.line, line.value),
        message: `"${line.value.text}" is no mode that chmod takes; Debian 12 stops here. Write digits such as 0644.`,
      };
    }
  },
};

const isMode = (text: string): boolean =>
  /^[0-7]{1,5}$/.test(text) || text.split(',').every(part => /^[ugoa]*(?:[-+=][rwxXstugo]*)+$/.test(part));
