import { span } from '../../text/span.ts';
import { commandLineRule, replaceWith } from '../commandLineRule.ts';
import { safeFixIn } from '../edits.ts';

/** Characters that look like a blank or like nothing: no-break spaces, other Unicode spaces, zero-width ones. */
const foreign = /[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000\ufeff]+/g;

export const foreignBlank = commandLineRule({
  id: 'cmdline/foreign-blank',
  severity: 'warning',
  docs: {
    what: 'A no-break space or another character that only looks like a blank, as web pages put into text that is copied.',
    why: 'It reaches the kernel as part of a parameter: `on` with a no-break space behind it is another value, and what follows may be lost. No tool says so.',
    source: 'observed: passes through update-grub into the kernel line without a message',
  },
  examples: [
    {
      bad: 'root=/dev/mapper/pve-root intel_iommu=on«\u00a0»iommu=pt\n',
      fixed: 'root=/dev/mapper/pve-root intel_iommu=on iommu=pt\n',
      good: 'root=/dev/mapper/pve-root intel_iommu=on iommu=pt\n',
    },
  ],
  *check(file) {
    for (const { span: where, quoting } of file.tree.commandLines) {
      for (let line = where.line; line <= where.endLine; line++) {
        const text = file.lines[line] ?? '';
        const from = line === where.line ? where.start : 0;
        const to = line === where.endLine ? where.end : text.length;
        for (const found of text.slice(from, to).matchAll(foreign)) {
          const at = span(line, from + found.index, from + found.index + found[0].length);
          const isZeroWidth = /^[\u200b\ufeff]+$/.test(found[0]);
          const title = isZeroWidth ? 'Remove it' : 'Replace it by a blank';
          const canReplace = isZeroWidth || quoting !== 'none';
          yield {
            span: at,
            message: `This is no blank but the character ${codePoint(found[0])}, which becomes part of the parameter.`,
            ...(canReplace ? { fixes: [safeFixIn(file, title, replaceWith(at, isZeroWidth ? '' : ' '))] } : {}),
          };
        }
      }
    }
  },
});

const codePoint = (text: string): string => `U+${text.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}`;
