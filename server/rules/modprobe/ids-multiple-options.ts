import { type IdsSetting, idsSettings } from '../../facts/moduleLoading.ts';
import { isReadFile } from '../../languages/modprobe/config.ts';
import { modprobe } from '../../languages/modprobe/modprobe.ts';
import { editOf } from '../../languages/modprobe/repair.ts';
import type { ModprobeTree } from '../../languages/modprobe/tree.ts';
import { type ModprobeFile, removeLine } from '../modprobeRule.ts';
import type { Fix, Rule } from '../rule.ts';

export const idsMultipleOptions: Rule<ModprobeTree> = {
  id: 'modprobe/ids-multiple-options',
  severity: 'error',
  language: modprobe,
  docs: {
    what: 'An `ids=` list for vfio-pci that a later one replaces: on the same line, in a file whose name sorts later, or on the kernel command line.',
    why: 'Options of several lines add up, but of the same parameter the last one counts alone. The devices of the earlier list keep their usual drivers, without a message.',
    source: 'kmod 30, kmod_module_get_options; kernel 6.1 and 6.12, vfio-pci; observed',
  },
  examples: [
    {
      bad: 'options vfio-pci «ids=10de:1b80»\noptions vfio-pci ids=8086:1539\n',
      fixed: 'options vfio-pci ids=10de:1b80,8086:1539\n',
      good: 'options vfio-pci ids=10de:1b80,8086:1539\noptions vfio-pci disable_idle_d3=1\n',
    },
    {
      bad: '--- etc/modprobe.d/gpu.conf\noptions vfio-pci «ids=10de:1b80»\n--- etc/modprobe.d/nic.conf\noptions vfio-pci ids=8086:1539\n',
      fixed: '--- etc/modprobe.d/gpu.conf\n--- etc/modprobe.d/nic.conf\noptions vfio-pci ids=10de:1b80,8086:1539\n',
      good: '--- etc/modprobe.d/gpu.conf\noptions vfio-pci ids=10de:1b80\n--- etc/modprobe.d/nic.conf\noptions vfio-pci ids=10de:1b80\n',
    },
  ],
  *check(file, world) {
    if (!isReadFile(file.place.path)) return;
    const settings = idsSettings(world, file);
    const winner = settings.at(-1);
    if (!winner) return;
    for (const setting of settings.slice(0, -1)) {
      const lost = missingIn(winner, setting);
      if (setting.uri !== file.uri || lost.length === 0) continue;
      const isOnLine = winner.written?.node === setting.written?.node;
      const line = isOnLine ? 'this line' : `line ${winner.span.line + 1}`;
      const where = winner.uri === file.uri ? line : winner.where;
      yield {
        span: setting.span,
        message: `This list is lost: the one in ${where} replaces it, and ${lost.join(', ')} ${lost.length > 1 ? 'are' : 'is'} not in that.`,
        related: [{ uri: winner.uri, span: winner.span, message: 'This list counts.' }],
        fixes: mergeFix(file, setting, winner, lost),
      };
    }
  },
};

/** Ids of a list that another one does not have. */
function missingIn(winner: IdsSetting, setting: IdsSetting): readonly string[] {
  const kept = new Set(winner.entries.map(({ token }) => token.text.toLowerCase()));
  return [...new Set(setting.entries.map(({ token }) => token.text))].filter(id => !kept.has(id.toLowerCase()));
}

/** Moves the ids into the list that counts, which has to be in a file of modprobe.d, and takes the lost list out. */
function mergeFix(
  { uri, lines }: ModprobeFile,
  setting: IdsSetting,
  winner: IdsSetting,
  lost: readonly string[],
): readonly Fix[] {
  const from = setting.written;
  const to = winner.written;
  if (!from || !to) return [];
  const start = { start: to.ids.value.start, end: to.ids.value.start };
  const separator = winner.text === '' ? '' : ',';
  const isAlone = from.node.line.text.slice(from.node.rest.start, from.node.rest.end).trim() === from.ids.whole.text;
  const before = from.node.line.text.slice(0, from.ids.whole.start).trimEnd().length;
  const removed = isAlone
    ? removeLine(lines, from.node.line)
    : editOf(from.node, { start: before, end: from.ids.whole.end }, '');
  return [
    {
      title: `Move ${lost.join(', ')} into the list that counts`,
      edits: [
        { uri, ...removed },
        { uri: winner.uri, ...editOf(to.node, start, lost.join(',') + separator) },
      ],
    },
  ];
}
