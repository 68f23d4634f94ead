import assert from 'node:assert/strict';
import { formatVmConf } from '../../../server/languages/vmConf/format.ts';
import { decodeNotes } from '../../../server/languages/vmConf/notes.ts';
import { statusOf } from '../../../server/languages/vmConf/problems.ts';
import { parseVmConf, sectionAt } from '../../../server/languages/vmConf/tree.ts';
import { toLines } from '../../../server/text/lines.ts';

/*
 * Where a second reader, written from the schema alone, and ours are most likely to part: characters that JavaScript
 * takes for blanks, digits or letters and Perl on bytes does not, values of nothing but blanks, and what a rewrite does
 * to lines that only just parse. Source: qemu-server 9.2.6, PVE/QemuServer.pm parse_vm_config and write_vm_config.
 */

type Statuses = readonly string[];

const cases: readonly (readonly [text: string, statuses: Statuses])[] = [
  ['\u00a0', ['rejected']],
  ['\u2028', ['rejected']],
  ['\ufeff[PENDING]', ['rejected']],
  ['\v\f\t\r', ['blank']],
  ['[snap1]\u00a0', ['rejected']],
  ['[snap1]\v', ['section']],
  ['[\u017fnap]', ['rejected']],
  ['[PEND\u0130NG]', ['rejected']],
  ['[special:CLOUDINIT]', ['rejected']],
  ['[SPECIAL:cloudinit]\nnet0: anything', ['section', 'accepted']],
  ['[a]\ncores: x\n[ab]\ncores: x', ['rejected', 'ignored', 'section', 'rejected']],
  ['cores: \u0663', ['rejected']],
  ['cores: 4\u00a0', ['rejected']],
  ['cores: 0x\r10', ['rejected']],
  ['cores:\v4\f', ['accepted']],
  ['onboot: ye\u017f', ['rejected']],
  ['onboot: oN', ['accepted']],
  ['ciuser: ', ['accepted']],
  ['ciuser: \r', ['rejected']],
  ['ciuser:', ['rejected']],
  ['description: ', ['accepted']],
  ['delete: ', ['rejected']],
  ['[PENDING]\ndelete: ', ['section', 'rejected']],
  ['args: a\rb', ['accepted']],
  ['args: \r', ['rejected']],
  ['machine: aw-bits=6.4e1', ['accepted']],
  ['machine: aw-bits=64.1', ['rejected']],
  ['net0: virtio,tag=+5,rate=.5', ['accepted']],
  ['net0: virtio,tag=5.', ['rejected']],
  ['net0: virtio,e1000=BC:24:11:00:00:01', ['rejected']],
  ['startup: ,', ['accepted']],
  ['affinity: 0, 1,', ['accepted']],
  ['affinity: 0,,1', ['rejected']],
  ['affinity: 007-8', ['accepted']],
  ['nameserver: 1.1.1.1\u00a08.8.8.8', ['rejected']],
  ['nameserver: 1.1.1.1;, 8.8.8.8', ['accepted']],
  ['hotplug: network\0,disk', ['rejected']],
  ['name: constructor', ['accepted']],
  ['constructor: 1', ['rejected']],
  ['net0: virtio,__proto__=1', ['rejected']],
  ['cpu: __proto__', ['rejected']],
  ['x\u00a0snapstate: delete', ['inert']],
  ['snapstate:\u00a0delete', ['rejected']],
];

suite('VM conf: a second reader', () => {
  test('reads the same', () => {
    for (const [text, expected] of cases) {
      const tree = parseVmConf(toLines(text));
      const found = tree.nodes.map((_, line) => statusOf(tree, line, sectionAt(tree, line)));
      assert.deepEqual(found, expected, JSON.stringify(text));
    }
  });

  /** Each is formatted to its second text, and that stays as it is. */
  const formatted: readonly (readonly [what: string, text: string, expected: string])[] = [
    ['a value of a lone carriage return stays refused', 'args: \r\ncores: 2\r\n', 'cores: 2\nargs: \r\n'],
    ['other refused lines lose theirs', 'cores: x\r\n', 'cores: x\n'],
    ['what only looks blank is no blank line', '[a]\n\u00a0\n \t\n', '\n[a]\n\u00a0\n'],
    ['a byte order mark in notes stays', '#\ufeff%41\n', '#%EF%BB%BFA\n'],
    ['a number beyond 64 bits stays readable', 'shares: 99999999999999999999\n', 'shares: 99999999999999999999\n'],
    ['notes are stored over a blank description', 'description: \n# a\n', '# a\n'],
    ['smp stands for all cores', 'cores: 2\nsmp: 4\n', 'sockets: 4\n'],
    ['cores stay where smp does not count', 'cores: 2\nsmp: 4\nsockets: 1\n', 'cores: 2\nsockets: 1\n'],
    [
      'a volume that is in use again is not unused',
      'unused0: local:a\nunused1: local:b\nunused2: local:c\nscsi0: local:a,size=1G\n[PENDING]\nide0: volume=local:b\n',
      'scsi0: local:a,size=1G\nunused2: local:c\n\n[PENDING]\nide0: volume=local:b\n',
    ],
    [
      'a cloud-init drive may have no number yet',
      'ide2: local:cloudinit\n[special:cloudinit]\nname: x\n',
      'ide2: local:cloudinit\n\n[special:cloudinit]\nname: x\n',
    ],
  ];
  for (const [what, text, expected] of formatted) {
    test(`formatting: ${what}`, () => {
      const once = formatVmConf(toLines(text));
      assert.equal(once, expected);
      assert.equal(formatVmConf(toLines(once)), once);
    });
  }

  test('notes keep a byte order mark that is encoded', () => {
    assert.equal(decodeNotes('%EF%BB%BFx'), '\ufeffx');
  });
});
