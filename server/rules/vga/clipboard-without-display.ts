import { textOfProperty } from '../../languages/vmConf/config.ts';
import { removeProperty } from '../../languages/vmConf/edits.ts';
import { displayOf } from '../../languages/vmConf/machine.ts';
import { fixIn } from '../edits.ts';
import { atPart, noStart, observed, startRule } from '../startRule.ts';

export const clipboardWithoutDisplay = startRule({
  id: 'vga/clipboard-without-display',
  severity: 'error',
  since: '8.0.9',
  docs: {
    what: '`clipboard=vnc` with a display that has no VNC clipboard: `none` or a serial console.',
    why: 'The clipboard needs std, cirrus, vmware, virtio or qxl. The VM does not start.',
    source: observed('QemuServer.pm'),
  },
  examples: [{ bad: 'vga: serial0,«clipboard=vnc»\n', fixed: 'vga: serial0\n', good: 'vga: std,clipboard=vnc\n' }],
  needs: ['vga.clipboard'],
  *find({ settings, file }) {
    const entry = settings.entry('vga');
    if (!entry || textOfProperty(entry, 'clipboard') !== 'vnc') return;
    const display = displayOf(settings);
    if (/^(?:std|cirrus|vmware|virtio|qxl)/.test(display)) return;
    const edit = removeProperty(file.tree, entry, 'clipboard');
    yield {
      span: atPart(entry, 'clipboard'),
      message: `The display ${display} has no VNC clipboard. ${noStart}`,
      fixes: edit ? [fixIn(file, 'Leave out clipboard', edit)] : [],
    };
  },
});
