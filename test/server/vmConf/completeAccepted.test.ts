import assert from 'node:assert/strict';
import { readLine } from '../../../server/languages/vmConf/read.ts';
import { sectionAt, type VmConf } from '../../../server/languages/vmConf/tree.ts';
import { vmConf } from '../../../server/languages/vmConf/vmConf.ts';
import { applyEdits } from '../../../server/text/edit.ts';
import type { Lines } from '../../../server/text/lines.ts';
import { around, checkCompletion, openSite } from '../../support/check.ts';
import { readMarks } from '../../support/marked.ts';
import { smallHost } from './smallHost.ts';

/** Lines with a cursor in them, one for every kind of place. */
const places: readonly string[] = [
  'bios: ¦',
  'bios: se¦a',
  'machine: ¦',
  'machine: q35,viommu=¦',
  'machine: q35,¦',
  'cpu: ¦',
  'cpu: host,flags=¦',
  'cpu: host,flags=+aes;¦',
  'cpu: host,¦',
  'hotplug: ¦',
  'hotplug: disk,¦',
  'boot: order=¦',
  'boot: order=scsi0;¦',
  'hostpci0: ¦',
  'hostpci0:¦',
  'hostpci0: 01:0¦',
  'hostpci0: 01:00,¦',
  'hostpci0: 01:00, ¦',
  'hostpci0: 01:00,¦,rombar=0',
  'hostpci0: host=¦',
  'hostpci0: 0000:01:00.0;¦',
  'hostpci0: 00:02.0,mdev=¦',
  'hostpci0: 01:00,romfile=¦',
  'hostpci0: 01:00,sub-vendor-id=¦',
  'net0: ¦',
  'net0: virtio,bridge=¦',
  'net0: virtio=BC:24:11:00:00:01,¦',
  'net0: model=virtio,macaddr=¦',
  'scsi1: ¦',
  'scsi1: local-lvm:x,¦',
  'scsi1: local-lvm:x,cache=¦',
  'scsi1: local-lvm:x,discard=¦',
  'ide2: ¦',
  'ide2: none,¦',
  'efidisk0: local-lvm:x,¦',
  'tpmstate0: local-lvm:x,version=¦',
  'unused0: ¦',
  'vga: ¦',
  'vga: std,¦',
  'agent: ¦',
  'agent: 1,¦',
  'audio0: ¦',
  'audio0: device=¦',
  'rng0: ¦',
  'rng0: source=/dev/urandom,¦',
  'smbios1: ¦',
  'smbios1: uuid=¦',
  'usb0: ¦',
  'virtiofs0: media,¦',
  'watchdog: ¦',
  'numa0: cpus=0-3,¦',
  'ipconfig0: ¦',
  'ipconfig0: ip=¦',
  'startdate: ¦',
  'serial0: ¦',
  'parallel0: ¦',
  'keyboard: ¦',
  'lock: ¦',
  'ostype: ¦',
  'vmgenid: ¦',
  'onboot: ¦',
  'memory: ¦',
  'cores: ¦',
  'cpulimit: ¦',
  'hugepages: ¦',
  'citype: ¦',
  'scsihw: ¦',
  'tags: ¦',
  'spice_enhancements: ¦',
  'amd-sev: ¦',
  'ivshmem: size=¦',
  'intel-tdx: tdx,attestation=0,¦',
];

const others = 'scsi0: local-lvm:vm-100-disk-0\nhostpci7: 02:00\nnet3: virtio\n[s1]\nname: x\n';

suite('VM conf: what is offered is what Proxmox accepts', () => {
  test('what is accepted and then taken for an address is not offered', () => {
    checkCompletion(vmConf, 'ipconfig0: ip=¦', { has: ['dhcp'], hasNot: ['manual'] });
    checkCompletion(vmConf, 'ipconfig0: ip6=¦', { has: ['auto', 'dhcp'], hasNot: ['manual'] });
  });

  for (const place of places) {
    for (const ending of ['\n', '\r\n']) {
      test(JSON.stringify(place + ending), () => {
        const site = openSite(place + ending + others, { language: vmConf, host: smallHost });
        const { cursor } = readMarks(site.marked.get(site.file.uri) ?? '');
        assert.ok(cursor);
        const found = vmConf.complete?.(site.file as never, cursor, around(site)) ?? [];
        assert.ok(found.length > 0 || !expectsSomething(place), 'nothing is offered');
        for (const one of found.filter(isComplete)) {
          const lines = applyEdits(site.file.lines, [{ span: one.replace, text: one.insert }]);
          assert.equal(statusOf(lines), 'accepted', lines[0]);
          assert.ok(lines[0]?.endsWith('\r') === (ending === '\r\n'), 'the line ending stays');
        }
      });
    }
  }
});

/** What ends in a separator wants more. */
const isComplete = (one: { readonly insert: string }): boolean => !/[=:/ ;]$/.test(one.insert);

/** Values that only a host or the file can tell, of which this one has none. */
const expectsSomething = (place: string): boolean => !place.startsWith('tags') && !place.startsWith('virtiofs0: ¦');

function statusOf(lines: Lines): string {
  const tree: VmConf = vmConf.parse(lines);
  const node = tree.nodes[0];
  return node ? readLine(node, sectionAt(tree, 0)).status : 'none';
}
