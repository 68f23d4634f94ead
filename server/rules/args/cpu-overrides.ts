import { tokenSpan } from '../../text/span.ts';
import { atKey, readIn, startRule } from '../startRule.ts';

export const cpuOverrides = startRule({
  id: 'args/cpu-overrides',
  severity: 'warning',
  docs: {
    what: '`args:` has a `-cpu` of its own beside a `cpu:` line.',
    why: "`args` come last on QEMU's command line, so its `-cpu` replaces everything that Proxmox made of `cpu:`: flags, Hyper-V settings, phys-bits.",
    source: readIn('QemuServer.pm'),
  },
  examples: [
    {
      bad: 'args: «-cpu host,kvm=off»\ncpu: host,flags=+aes\n',
      good: 'args: -device intel-hda\ncpu: host,flags=+aes,hidden=1\n',
    },
  ],
  needs: ['args'],
  *find({ settings, file }) {
    const entry = settings.entry('args');
    const cpu = settings.entry('cpu');
    const found = entry && /(?<=^|[ \t])-cpu[ \t]+[^ \t]+/.exec(entry.value.text);
    if (!entry || !cpu || !found) return;
    const start = entry.value.start + found.index;
    yield {
      span: tokenSpan(entry.line, { text: found[0], start, end: start + found[0].length }),
      message: 'This -cpu replaces the whole cpu: line. Say it there where you can: type, hidden=1, flags=….',
      related: [{ uri: file.uri, span: atKey(cpu), message: 'has no effect' }],
    };
  },
});
