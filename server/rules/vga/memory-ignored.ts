import { property, textOfProperty } from '../../languages/vmConf/config.ts';
import { removeProperty } from '../../languages/vmConf/edits.ts';
import { displayOf } from '../../languages/vmConf/machine.ts';
import { fixIn } from '../edits.ts';
import { atPart, readIn, startRule } from '../startRule.ts';

export const memoryIgnored = startRule({
  id: 'vga/memory-ignored',
  severity: 'hint',
  docs: {
    what: '`vga:` has a `memory` for a display that has none: `none` or a serial console.',
    why: 'The value has no effect. Legacy IGD assignment even refuses it, because it wants the bare word `none`.',
    source: readIn('QemuServer.pm'),
  },
  examples: [{ bad: 'vga: none,«memory=32»\n', fixed: 'vga: none\n', good: 'vga: std,memory=32\n' }],
  needs: ['vga.memory'],
  *find({ settings, file }) {
    const entry = settings.entry('vga');
    if (!entry || !property(entry, 'memory') || !/^(?:none|serial)/.test(displayOf(settings))) return;
    const edit = removeProperty(file.tree, entry, 'memory');
    yield {
      span: atPart(entry, 'memory'),
      message: `The display ${textOfProperty(entry, 'type')} has no memory: this value has no effect.`,
      tag: 'unnecessary',
      fixes: edit ? [fixIn(file, 'Leave out memory', edit)] : [],
    };
  },
});
