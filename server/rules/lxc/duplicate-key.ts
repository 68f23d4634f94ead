import { type CtEntry, entriesOf } from '../../languages/ctConf/config.ts';
import { ctConf } from '../../languages/ctConf/ctConf.ts';
import type { CtConf } from '../../languages/ctConf/tree.ts';
import { deleteLine } from '../../text/edit.ts';
import { tokenSpan } from '../../text/span.ts';
import { fixIn, safeFixIn } from '../edits.ts';
import type { Rule } from '../rule.ts';
import { readerSource } from './readerRule.ts';

export const duplicateKey: Rule<CtConf> = {
  id: 'lxc/duplicate-key',
  severity: 'warning',
  language: ctConf,
  docs: {
    what: 'A key stands twice in one section. Keys that start with `lxc.` may.',
    why: 'The last line counts, the others have no effect and are gone when Proxmox next writes the file.',
    source: readerSource,
  },
  examples: [
    {
      bad: '«dev0»: /dev/kfd\ndev0: /dev/dri/card0\n',
      fixed: 'dev0: /dev/dri/card0\n',
      good: 'dev0: /dev/kfd\ndev1: /dev/dri/card0\n',
    },
    {
      bad: '«onboot»: 1\ncores: 2\nonboot: 1\n',
      fixed: 'cores: 2\nonboot: 1\n',
      good: 'onboot: 1\ncores: 2\n',
    },
    {
      bad: 'cores: 2\n[before]\n«cores»: 2\ncores: 4\n',
      good: 'lxc.mount.entry: /a a none bind 0 0\nlxc.mount.entry: /b b none bind 0 0\n',
    },
  ],
  *check(file) {
    for (const section of file.tree.sections) {
      const entries = [...entriesOf(file.tree, section)];
      const last = new Map<string, CtEntry>(entries.map(entry => [entry.key.text, entry]));
      for (const { key, value, line } of entries) {
        const later = last.get(key.text);
        if (!later || later.line === line) continue;
        // Another value may be a line that was copied and not renumbered: that wants a look.
        const fix = value.text === later.value.text ? safeFixIn : fixIn;
        yield {
          span: tokenSpan(line, key),
          message: `${key.text} is set again in line ${later.line + 1}, and the last one counts.`,
          tag: 'unnecessary',
          related: [{ uri: file.uri, span: tokenSpan(later.line, later.key), message: 'This one counts.' }],
          fixes: [fix(file, 'Remove this line', deleteLine(file.lines, line))],
        };
      }
    }
  },
};
