import { span, tokenSpan } from '../../text/span.ts';
import { fixIn } from '../edits.ts';
import { parserRule, parserSource } from '../parserRule.ts';

export const unknownSection = parserRule({
  id: 'vmconf/unknown-section',
  code: 'unknown-section',
  docs: {
    what: 'A section header is neither `[PENDING]`, nor `[special:cloudinit]` or `[special:fleecing]`, nor a valid name of a snapshot.',
    why: 'Everything from the header to the next one is ignored, and gone when Proxmox next writes the file.',
    source: parserSource,
    since: 'qemu-server 8.3.11; before that such a header was a line that could not be parsed',
  },
  examples: [
    {
      bad: 'cores: 4\n[«before update»]\ncores: 2\n',
      fixed: 'cores: 4\n[before-update]\ncores: 2\n',
      good: 'cores: 4\n[before-update]\ncores: 2\n',
    },
    { bad: '[«special:CloudInit»]\n', fixed: '[special:cloudinit]\n', good: '[special:cloudinit]\n' },
    { bad: '[«a»]\n', good: '[a1]\n' },
  ],
  tell: ({ reason, section, line }, file) => {
    const name = meantName(reason.token.text);
    const what = section.to - section.from > 0 ? 'ignores everything in it' : 'ignores it';
    const { start, end } = reason.token;
    return {
      ...(start === end ? { span: span(line, start - 1, end + 1) } : {}),
      message: `[${reason.token.text}] is no section that Proxmox knows: it ${what} and drops it at the next rewrite. A snapshot's name starts with a letter, then letters, digits, - and _, two characters at least.`,
      fixes:
        name === undefined
          ? []
          : [fixIn(file, `Rename to [${name}]`, { span: tokenSpan(line, reason.token), text: name })],
    };
  },
});

function meantName(text: string): string | undefined {
  const word = text.trim();
  if (/^special:(?:cloudinit|fleecing)$/i.test(word)) return word.toLowerCase();
  if (/^(?:pve:)?pending$/i.test(word)) return 'PENDING';
  const name = word.replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^[^A-Za-z]+|-+$/g, '');
  return /^[A-Za-z][A-Za-z0-9_-]+$/.test(name) && !word.startsWith('special:') ? name : undefined;
}
