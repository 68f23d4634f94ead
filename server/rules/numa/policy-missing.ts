import { isOn, property } from '../../languages/vmConf/config.ts';
import { setProperty } from '../../languages/vmConf/edits.ts';
import { fixIn } from '../edits.ts';
import { atPart, noStart, observed, startRule } from '../startRule.ts';

export const policyMissing = startRule({
  id: 'numa/policy-missing',
  severity: 'error',
  since: '3.3-7',
  docs: {
    what: 'A `numaN` line has `hostnodes` and no `policy`.',
    why: 'The host must know how strictly to keep to these nodes. The VM does not start.',
    source: observed('QemuServer/Memory.pm'),
  },
  examples: [
    {
      bad: 'memory: 4096\nnuma: 1\nnuma0: cpus=0-3,memory=4096,«hostnodes=0»\n',
      fixed: 'memory: 4096\nnuma: 1\nnuma0: cpus=0-3,memory=4096,hostnodes=0,policy=bind\n',
      good: 'memory: 4096\nnuma: 1\nnuma0: cpus=0-3,memory=4096,hostnodes=0,policy=preferred\n',
    },
  ],
  needs: ['numaN.hostnodes'],
  *find({ settings, file }) {
    if (!isOn(settings, 'numa')) return;
    for (const entry of settings.family('numa')) {
      if (!property(entry, 'hostnodes') || property(entry, 'policy')) continue;
      yield {
        span: atPart(entry, 'hostnodes'),
        message: `hostnodes needs a policy: bind, preferred or interleave. ${noStart}`,
        fixes: ['bind', 'preferred', 'interleave'].map(policy =>
          fixIn(file, `Add policy=${policy}`, setProperty(entry, 'policy', policy)),
        ),
      };
    }
  },
});
