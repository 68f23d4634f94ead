import { atValue, noStart, observed, startRule } from '../startRule.ts';

export const notADevice = startRule({
  id: 'serial/not-a-device',
  severity: 'error',
  docs: {
    what: '`serialN` is neither `socket` nor below /dev, or `parallelN` is not /dev/parportN or /dev/usb/lpN.',
    why: 'The reader does not check it, but the VM does not start: it must be a character device of the host.',
    source: observed('QemuServer.pm'),
  },
  examples: [
    { bad: 'serial0: «sokcet»\n', good: 'serial0: socket\n' },
    { bad: 'parallel0: «lp0»\n', good: 'parallel0: /dev/usb/lp0\n' },
  ],
  needs: ['serialN', 'parallelN'],
  *find({ settings }) {
    for (const entry of [...settings.family('serial'), ...settings.family('parallel')]) {
      const { stored, name } = entry;
      if (stored.startsWith('/dev/') || (name === 'serial' && stored === 'socket')) continue;
      const choices = name === 'serial' ? 'socket or a device such as /dev/ttyS0' : 'a device such as /dev/parport0';
      yield { span: atValue(entry), message: `"${stored}" is not ${choices}. ${noStart}` };
    }
  },
});
