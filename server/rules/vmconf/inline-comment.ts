import type { SourceFile } from '../../languages/language.ts';
import { perBody, type VmConf, type VmLine } from '../../languages/vmConf/tree.ts';
import { vmConf } from '../../languages/vmConf/vmConf.ts';
import { insertLine } from '../../text/edit.ts';
import { span } from '../../text/span.ts';
import { fixIn } from '../edits.ts';
import { parserSource } from '../parserRule.ts';
import type { Finding, Rule } from '../rule.ts';

export const inlineComment: Rule<VmConf> = {
  id: 'vmconf/inline-comment',
  severity: 'warning',
  language: vmConf,
  docs: {
    what: 'A value has ` #` in it, as if a comment followed, or a note starts with a comma as if it were the rest of a line.',
    why: "`#` starts a note only as the first character of a line, and then it is part of the VM's notes. Behind a value it belongs to the value.",
    source: parserSource,
  },
  examples: [
    {
      bad: 'args: -device intel-hda« # sound»\ncores: 4\n',
      fixed: '# sound\nargs: -device intel-hda\ncores: 4\n',
      good: '# sound\nargs: -device intel-hda\ncores: 4\n',
    },
    { bad: 'hostpci0: 01:00,pcie=1\n«#,romfile=gpu.rom»\n', good: 'hostpci0: 01:00,pcie=1,romfile=gpu.rom\n' },
  ],
  *check(file) {
    for (const section of file.tree.sections) {
      if (section.kind !== 'main' && section.kind !== 'pending') continue;
      for (const { offset, isNote } of suspects(section)) {
        const line = section.from + offset;
        const node = file.tree.nodes[line] as VmLine;
        if (!isNote) yield* behindValue(file, line, node);
        else yield { span: span(line, 0, node.value.end), message: cutOff };
      }
    }
  },
};

const cutOff = 'This is a note, not the rest of the line above: the VM gets it as text. Append it to that line.';

const suspects = perBody(({ body }) =>
  body.flatMap((node, offset) => {
    if (node.kind === 'comment') {
      return node.value.text.startsWith(',') && body[offset - 1]?.kind === 'entry' ? [{ offset, isNote: true }] : [];
    }
    const isValue = node.kind === 'entry' || node.kind === 'args';
    return isValue && node.value.text.includes('#') ? [{ offset, isNote: false }] : [];
  }),
);

function* behindValue(file: SourceFile<VmConf>, line: number, node: VmLine): Generator<Finding> {
  const found = /[ \t]+#.*$/.exec(node.value.text);
  if (!found || isQuoted(node.value.text.slice(0, found.index))) return;
  const where = span(line, node.value.start + found.index, node.value.end);
  yield {
    span: where,
    message: `${node.key.text} has no comments: this is part of the value. Notes are lines of their own that start with #.`,
    fixes: [fixIn(file, 'Move it to the notes', insertLine(file.lines, 0, found[0].trim()), { span: where, text: '' })],
  };
}

/** True behind an odd number of quotes: the text is inside a pair. */
const isQuoted = (before: string): boolean => before.split('"').length % 2 === 0 || before.split("'").length % 2 === 0;
