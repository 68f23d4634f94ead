import { rawEntriesOf } from '../../languages/ctConf/config.ts';
import { ctConf } from '../../languages/ctConf/ctConf.ts';
import { parseDeviceRule } from '../../languages/ctConf/devices.ts';
import type { CtConf } from '../../languages/ctConf/tree.ts';
import { tokenSpan } from '../../text/span.ts';
import { fixIn } from '../edits.ts';
import type { Rule } from '../rule.ts';

export const badDeviceRule: Rule<CtConf> = {
  id: 'lxc/bad-device-rule',
  severity: 'error',
  language: ctConf,
  docs: {
    what: 'The value of `lxc.cgroup2.devices.allow` or `.deny` is no device rule: a type (a, b or c), one blank, major and minor number or `*` with a colon between them, one blank, and letters out of r, w, m.',
    why: 'LXC refuses the rule, and the container does not start.',
    source: 'LXC, src/lxc/cgroups/cgfsng.c device_cgroup_rule_parse and bpf_device_cgroup_prepare',
  },
  examples: [
    {
      bad: 'lxc.cgroup2.devices.allow: «c 226:*»\n',
      fixed: 'lxc.cgroup2.devices.allow: c 226:* rwm\n',
      good: 'lxc.cgroup2.devices.allow: c 226:* rwm\n',
    },
    {
      bad: 'lxc.cgroup2.devices.allow: «c  226,128 rwm»\n',
      fixed: 'lxc.cgroup2.devices.allow: c 226:128 rwm\n',
      good: 'lxc.cgroup2.devices.allow: a\n',
    },
    {
      bad: 'lxc.cgroup2.devices.deny: «/dev/kfd rwm»\n',
      good: 'lxc.cgroup2.devices.allow: /dev/kfd rwm\nlxc.cgroup2.devices.deny:\n',
    },
  ],
  *check(file) {
    for (const section of file.tree.sections) {
      for (const { key, value, line } of rawEntriesOf(file.tree, section)) {
        const verb = /^lxc\.cgroup2\.devices\.(allow|deny)$/.exec(key.text)?.[1];
        if (verb === undefined || isFine(value.text, verb)) continue;
        const span = tokenSpan(line, value);
        const meant = mended(value.text);
        yield {
          span,
          message: `"${value.text}" is no device rule, and the container does not start with it. Write it like "c 226:128 rwm".`,
          fixes: meant === undefined ? [] : [fixIn(file, `Change to "${meant}"`, { span, text: meant })],
        };
      }
    }
  },
};

/** An empty value clears the list; newer versions of LXC also allow a node by its path. */
const isFine = (text: string, verb: string): boolean =>
  text === '' || parseDeviceRule(text) !== undefined || (verb === 'allow' && /^\/[^ ]+ +[rwm]/.test(text));

function mended(text: string): string | undefined {
  const found = /^([abc])[ \t]*([0-9]+|\*)[ \t]*[:, ][ \t]*([0-9]+|\*)[ \t]*([rwm]{0,3})$/.exec(text);
  return found ? `${found[1]} ${found[2]}:${found[3]} ${found[4] || 'rwm'}` : undefined;
}
