import { isBlacklist } from '../../languages/kernelCmdline/parameters.ts';
import { isOlder } from '../../values/version.ts';
import { versionsOf } from '../../workspace/world.ts';
import { commandLineRule, literalParameters, replaceWith } from '../commandLineRule.ts';
import { safeFixIn } from '../edits.ts';

export const blacklistDash = commandLineRule({
  id: 'cmdline/blacklist-dash',
  severity: 'warning',
  docs: {
    what: 'A module in `module_blacklist=` or `modprobe.blacklist=` is written with a dash.',
    why: 'These two compare names as they are, and modules are called with underscores inside the kernel: `snd-hda-intel` blocks nothing, `snd_hda_intel` does. In /etc/modprobe.d both would be the same.',
    source: 'kernel, kernel/module/main.c, blacklisted; modprobe.blacklist= observed with kmod 30',
  },
  examples: [
    {
      bad: 'root=/dev/mapper/pve-root module_blacklist=nouveau,«snd-hda-intel»\n',
      fixed: 'root=/dev/mapper/pve-root module_blacklist=nouveau,snd_hda_intel\n',
      good: 'root=/dev/mapper/pve-root module_blacklist=nouveau,snd_hda_intel\n',
    },
  ],
  *check(file, world) {
    const { kmod } = versionsOf(world, file);
    const isObserved = kmod === undefined || isOlder(kmod, '31');
    for (const { parameter } of literalParameters(file)) {
      if (!isBlacklist(parameter.id) || (parameter.id === 'modprobe.blacklist' && !isObserved)) continue;
      for (const item of parameter.items) {
        if (!/^[A-Za-z0-9_-]*-[A-Za-z0-9_-]*$/.test(item.text)) continue;
        const name = item.text.replaceAll('-', '_');
        yield {
          span: item.span,
          message: `${parameter.name.text} does not take dashes for underscores: "${item.text}" blocks nothing. Write ${name}.`,
          fixes: [safeFixIn(file, `Change to ${name}`, replaceWith(item.span, name))],
        };
      }
    }
  },
});
