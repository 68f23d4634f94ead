import { isFlagOn } from '../../languages/vmConf/config.ts';
import { removeProperty } from '../../languages/vmConf/edits.ts';
import { windowsVersionOf } from '../../languages/vmConf/machine.ts';
import { fixIn } from '../edits.ts';
import { atPart, noStart, observed, startRule } from '../startRule.ts';

export const aclWithWindows = startRule({
  id: 'virtiofs/acl-with-windows',
  severity: 'error',
  since: '8.3.11',
  docs: {
    what: 'A `virtiofs` entry has `expose-acl=1`, and the guest is Windows.',
    why: 'POSIX access lists mean nothing there. The VM does not start.',
    source: observed('QemuServer/Virtiofs.pm'),
  },
  examples: [
    {
      bad: 'ostype: win11\nvirtiofs0: share,«expose-acl=1»\n',
      fixed: 'ostype: win11\nvirtiofs0: share\n',
      good: 'ostype: l26\nvirtiofs0: share,expose-acl=1\n',
    },
  ],
  needs: ['virtiofsN.expose-acl'],
  *find({ settings, file }) {
    if (windowsVersionOf(settings) === undefined) return;
    for (const entry of settings.family('virtiofs')) {
      const edit = isFlagOn(entry, 'expose-acl') && removeProperty(file.tree, entry, 'expose-acl');
      if (!edit) continue;
      yield {
        span: atPart(entry, 'expose-acl'),
        message: `A Windows guest cannot use ACLs of virtiofs. ${noStart}`,
        fixes: [fixIn(file, 'Leave out expose-acl', edit)],
      };
    }
  },
});
