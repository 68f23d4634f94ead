import type { SourceFile } from '../../languages/language.ts';
import type { Fault } from '../../languages/sysfs/readers.ts';
import { type DebianRelease, debianRelease, readingOf } from '../../languages/sysfs/release.ts';
import { sysfs } from '../../languages/sysfs/sysfs.ts';
import { isKeyword, type SysfsLine, type SysfsTree } from '../../languages/sysfs/tree.ts';
import { span, tokenSpan } from '../../text/span.ts';
import { versionsOf } from '../../workspace/world.ts';
import { fixIn, safeFixIn } from '../edits.ts';
import type { Finding, Rule } from '../rule.ts';

export const syntax: Rule<SysfsTree> = {
  id: 'sysfs/syntax',
  severity: 'error',
  language: sysfs,
  docs: {
    what: "A line that sysfsutils cannot read, or a path that starts with `/sys`. What Debian 12 and 13 read differently is reported only where the host's release is known.",
    why: 'At a line that it cannot read, sysfsutils stops: neither this line nor any behind it, in this file and the next, is applied. A path with `/sys` is looked for below /sys and not found.',
    source: 'sysfsutils 2.1.1-4, init script, measured; update-sysfs of Debian 13, observed',
  },
  examples: [
    {
      bad: '«/sys/»bus/pci/devices/0000:02:00.0/sriov_numvfs = 2\n',
      fixed: 'bus/pci/devices/0000:02:00.0/sriov_numvfs = 2\n',
      good: '/bus/pci/devices/0000:02:00.0/sriov_numvfs = 2 # two VFs\n',
    },
    { bad: '«bus/pci/devices/0000:02:00.0/sriov_numvfs =»\n', good: 'mode power/state = 0660\n' },
    {
      bad: '«class/x/y "a b"»\n',
      good: 'class/x/y = "a b"\n',
      host: 'hostpci snapshot 1\n== versions: ok\npve-manager: 9.1.11\n== end\n',
    },
    {
      bad: 'class/x/y = «a b»\n',
      good: 'class/x/y a\n',
      host: 'hostpci snapshot 1\n== versions: ok\npve-manager: 8.4.1\n== end\n',
    },
  ],
  *check(file, world) {
    const release = debianRelease(versionsOf(world, file));
    for (const line of file.tree.lines) {
      if (line.kind !== 'setting') continue;
      const reading = readingOf(line, release);
      if (reading.does === 'stop') yield* stopping(file, line, reading.fault, release);
      else yield* unknownPath(file, line);
    }
  },
};

function* stopping(
  file: SourceFile,
  line: SysfsLine,
  fault: Fault,
  release: DebianRelease | undefined,
): Generator<Finding> {
  const text = file.lines[line.line] ?? '';
  const code = text.slice(0, line.comment.start).trim();
  const start = text.indexOf(code);
  const whole = span(line.line, start, start + code.length);
  const stops = 'sysfsutils stops here and applies nothing of what follows.';
  const what: Record<Fault, string> = {
    path: `There is no path before the "=": ${stops}`,
    value: `There is no value: ${stops}`,
    equals: `There is no "=" between path and value: ${stops}`,
    words: `On Debian 12 a value is one word: ${stops}`,
  };
  const isValue =
    fault === 'words' && release === 12 && line.hasEquals && line.keyword.text === '' && line.stray.text === '';
  const isOneWord = /^\S+\s+\S+$/.test(code);
  const gap = span(line.line, line.path.end, line.value.start);
  yield {
    span: isValue && line.value.text !== '' ? tokenSpan(line.line, line.value) : whole,
    message: what[fault],
    ...(fault === 'equals' && isOneWord
      ? { fixes: [fixIn(file, 'Write "=" between', { span: gap, text: ' = ' })] }
      : {}),
  };
}

function* unknownPath(file: SourceFile, line: SysfsLine): Generator<Finding> {
  const prefix = /^\/*sys\/+/.exec(line.path.text)?.[0];
  if (prefix !== undefined) {
    const where = span(line.line, line.path.start, line.path.start + prefix.length);
    yield {
      span: where,
      message: 'Paths in this file start below /sys: this one is looked for in /sys/sys and not found. Leave it out.',
      fixes: [safeFixIn(file, `Remove ${prefix}`, { span: where, text: '' })],
    };
  }
  if (isKeyword(line.path.text) || (line.keyword.text !== '' && !line.value.text)) {
    const where = tokenSpan(line.line, line.keyword.text === '' ? line.path : line.keyword);
    yield {
      span: where,
      message: `"${file.lines[line.line]?.slice(where.start, where.end)}" wants a path and a value behind it; like this nothing is set.`,
    };
  }
}
