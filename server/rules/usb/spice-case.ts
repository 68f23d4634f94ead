import { textOfProperty } from '../../languages/vmConf/config.ts';
import { setProperty } from '../../languages/vmConf/edits.ts';
import { safeFixIn } from '../edits.ts';
import { atProperty, noStart, observed, startRule } from '../startRule.ts';

export const spiceCase = startRule({
  id: 'usb/spice-case',
  severity: 'error',
  docs: {
    what: '`usbN` is `spice` with capital letters.',
    why: 'The reader takes any case, the start compares with lower case. The VM does not start.',
    source: observed('QemuServer/USB.pm'),
  },
  examples: [{ bad: 'usb0: «SPICE»\n', fixed: 'usb0: spice\n', good: 'usb0: spice\n' }],
  needs: ['usbN.host'],
  *find({ settings, file }) {
    for (const entry of settings.family('usb')) {
      const host = textOfProperty(entry, 'host');
      if (host === undefined || host === 'spice' || host.toLowerCase() !== 'spice') continue;
      yield {
        span: atProperty(entry, 'host'),
        message: `spice must be in lower case. ${noStart}`,
        fixes: [safeFixIn(file, 'Write spice', setProperty(entry, 'host', 'spice'))],
      };
    }
  },
});
