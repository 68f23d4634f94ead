import { deleteLine } from '../../text/edit.ts';
import { fixIn } from '../edits.ts';
import { readerRule, readerSource } from './readerRule.ts';

export const deleteOutsidePending = readerRule({
  id: 'lxc/delete-outside-pending',
  codes: ['delete-outside-pending'],
  docs: {
    what: 'A `delete:` line stands outside of `[pve:pending]`.',
    why: 'It deletes nothing there. Proxmox warns in its log, and leaves the line out when it next writes the file.',
    source: readerSource,
  },
  examples: [
    { bad: '«delete»: cores\ncores: 2\n', fixed: 'cores: 2\n', good: 'cores: 2\n[pve:pending]\ndelete: cores\n' },
  ],
  tell: ({ line }, file) => ({
    message: 'delete: only counts in [pve:pending]. To take an option away, remove its line.',
    fixes: [fixIn(file, 'Remove the line', deleteLine(file.lines, line))],
  }),
});
