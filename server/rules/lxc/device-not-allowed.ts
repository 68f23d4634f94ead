import { entryOf, mainSection, rawEntriesOf } from '../../languages/ctConf/config.ts';
import { ctConf } from '../../languages/ctConf/ctConf.ts';
import { covers, deviceRules, nodeUses } from '../../languages/ctConf/devices.ts';
import { addLine } from '../../languages/ctConf/edits.ts';
import { type NodeNumbers, nodeNumbers } from '../../languages/ctConf/nodeNumbers.ts';
import type { CtConf } from '../../languages/ctConf/tree.ts';
import { tokenSpan } from '../../text/span.ts';
import { parseBoolean } from '../../values/boolean.ts';
import { fixIn } from '../edits.ts';
import type { Rule } from '../rule.ts';

export const deviceNotAllowed: Rule<CtConf> = {
  id: 'lxc/device-not-allowed',
  severity: 'warning',
  language: ctConf,
  docs: {
    what: 'A privileged container gets a graphics node by `lxc.mount.entry`, and no `lxc.cgroup2.devices.allow` lets it use devices with that number.',
    why: 'The node is there, but every program that opens it is refused ("Operation not permitted"). Unprivileged containers may use all devices since Proxmox VE 7.0, and `devN` allows what it names.',
    source:
      'LXC, config/templates/common.conf.in (devices are denied but for a few); pve-container, lxc-pve-userns.conf (allowed in unprivileged containers)',
  },
  examples: [
    {
      bad: 'lxc.mount.entry: «/dev/dri/renderD128» dev/dri/renderD128 none bind,optional,create=file 0 0\n',
      fixed:
        'lxc.mount.entry: /dev/dri/renderD128 dev/dri/renderD128 none bind,optional,create=file 0 0\nlxc.cgroup2.devices.allow: c 226:128 rwm\n',
      good: 'lxc.mount.entry: /dev/dri/renderD128 dev/dri/renderD128 none bind,optional,create=file 0 0\nunprivileged: 1\n',
    },
    {
      bad: 'lxc.cgroup2.devices.allow: c 195:* rwm\nlxc.mount.entry: «/dev/dri» dev/dri none bind,optional,create=dir 0 0\n',
      fixed:
        'lxc.cgroup2.devices.allow: c 195:* rwm\nlxc.mount.entry: /dev/dri dev/dri none bind,optional,create=dir 0 0\nlxc.cgroup2.devices.allow: c 226:* rwm\n',
      good: 'lxc.cgroup2.devices.allow: c 226:* rwm\nlxc.mount.entry: /dev/dri dev/dri none bind,optional,create=dir 0 0\n',
    },
  ],
  *check(file) {
    const section = mainSection(file.tree);
    const rules = deviceRules(file.tree, section);
    const uses = [...nodeUses(file.tree, section)];
    // What a rule that LXC reads in another way, or a file that it includes, allows is not known here.
    if (rules.includes(undefined) || isOpen(file.tree)) return;
    for (const { by, path, entry } of uses) {
      const numbers = by === 'mount' ? numbersOf(path.text) : undefined;
      if (!numbers || rules.some(rule => rule && covers(rule, numbers.major))) continue;
      if (uses.some(use => use.by === 'dev' && use.path.text === path.text)) continue;
      const rule = `lxc.cgroup2.devices.allow: c ${numbers.major}:${numbers.minor ?? '*'} rwm`;
      yield {
        span: tokenSpan(entry.line, path),
        message: `The container gets ${path.text} but may not use it: it is privileged, and no line allows devices with the number ${numbers.major}. A devN line would do both.`,
        fixes: [fixIn(file, `Add "${rule}"`, addLine(file.tree, section, rule))],
      };
    }
  },
};

function isOpen(tree: CtConf): boolean {
  const section = mainSection(tree);
  const flag = entryOf(tree, section, 'unprivileged')?.value.text;
  const includes = [...rawEntriesOf(tree, section)].some(({ key }) => key.text === 'lxc.include');
  return includes || (flag !== undefined && parseBoolean(flag) !== false);
}

/** Of a node, or of the directory with all of /dev/dri. */
const numbersOf = (path: string): (Pick<NodeNumbers, 'major'> & { readonly minor?: number }) | undefined =>
  path === '/dev/dri' || path === '/dev/dri/' ? { major: 226 } : nodeNumbers(path);
