import assert from 'node:assert/strict';
import type { Language } from '../../server/languages/language.ts';
import { modprobe } from '../../server/languages/modprobe/modprobe.ts';
import { pciMapping } from '../../server/languages/pciMapping/pciMapping.ts';
import { vmConf } from '../../server/languages/vmConf/vmConf.ts';
import { applyEdits } from '../../server/text/edit.ts';
import { fromLines } from '../../server/text/lines.ts';
import { around, openSite } from '../support/check.ts';
import { readMarks } from '../support/marked.ts';

/** What a file looks like after devices of the demo host were dropped at `¦`. */
function dropped(
  language: Language,
  text: string,
  addresses: readonly string[],
  host = true,
  where: 'mark' | 'end' = 'mark',
): string {
  const site = openSite(text, { language, ...(host ? { host: true as const } : {}) });
  const marked = readMarks(site.marked.get(site.file.uri) ?? '').cursor ?? { line: 0, column: 0 };
  const at = where === 'end' ? { line: site.file.lines.length + 1, column: 0 } : marked;
  return fromLines(applyEdits(site.file.lines, language.takeDevices?.(site.file, at, addresses, around(site)) ?? []));
}

const gpu = ['0000:01:00.0', '0000:01:00.1'];

suite('devices that are dropped into a file', () => {
  test('a VM: the short form for a whole card, at the next free index, in the order that Proxmox writes', () => {
    assert.equal(
      dropped(vmConf, 'bios: ovmf\nhostpci0: 0000:03:00.0\nmachine: q35\n¦', gpu),
      'bios: ovmf\nhostpci0: 0000:03:00.0\nhostpci1: 0000:01:00,pcie=1\nmachine: q35\n',
    );
  });

  test('a VM without PCIe gets no pcie=1; a single function stays one', () => {
    assert.equal(dropped(vmConf, '¦memory: 2048\n', ['0000:01:00.1']), 'hostpci0: 0000:01:00.1\nmemory: 2048\n');
  });

  test('a VM that has the card already is left alone', () => {
    const text = 'hostpci0: 01:00,pcie=1\nmachine: q35\n';
    assert.equal(dropped(vmConf, text, gpu), text);
  });

  test('an empty configuration', () => {
    assert.equal(dropped(vmConf, '¦', gpu), 'hostpci0: 0000:01:00\n');
  });

  test('into main, not into a snapshot', () => {
    assert.equal(
      dropped(vmConf, 'memory: 2048\n\n[before]\nmemory: 1024\n¦', ['0000:01:00.0']),
      'hostpci0: 0000:01:00.0\nmemory: 2048\n\n[before]\nmemory: 1024\n',
    );
  });

  test('modprobe.d: ids join the list that counts, each once', () => {
    assert.equal(
      dropped(modprobe, 'options vfio-pci ids=10de:2584 disable_vga=1\n¦', gpu),
      'options vfio-pci ids=10de:2584,10de:2291 disable_vga=1\n',
    );
    assert.equal(dropped(modprobe, '# GPU\n¦', gpu), '# GPU\noptions vfio-pci ids=10de:2584,10de:2291\n');
    const whole = 'options vfio-pci ids=10de:2584,10de:2291\n';
    assert.equal(dropped(modprobe, whole, gpu), whole);
  });

  test('modprobe.d without a host: ids are not known, nothing is written', () => {
    assert.equal(dropped(modprobe, '¦', gpu, false), '');
  });

  test('mapping: a line in the section at the cursor, a new section elsewhere', () => {
    const line = /\tmap id=10de:2584,iommugroup=\d+,node=pve1,path=0000:01:00\.0,subsystem-id=[0-9a-f:]{9}\n/;
    const inSection = dropped(pciMapping, 'gpu\n\tdescription x¦\n', ['0000:01:00.0']);
    assert.match(inSection, new RegExp(`^gpu\n\tdescription x\n${line.source}$`));
    assert.match(dropped(pciMapping, '', ['0000:01:00.0']), new RegExp(`^gpu\n${line.source}`));
  });

  test('a VM: a key in a line that Proxmox refuses is not given away', () => {
    assert.equal(
      dropped(vmConf, 'hostpci0: 0000:03:00.0, pcie=1\n¦', ['0000:04:00.0']),
      'hostpci0: 0000:03:00.0, pcie=1\nhostpci1: 0000:04:00.0\n',
    );
    assert.equal(
      dropped(vmConf, 'memory: 512\n\n[PENDING]\nhostpci0: 0000:03:00.0\n¦', ['0000:04:00.0']),
      'hostpci1: 0000:04:00.0\nmemory: 512\n\n[PENDING]\nhostpci0: 0000:03:00.0\n',
    );
  });

  test('a VM: several devices at once; those that it has through a mapping are left out', () => {
    const mapping = '--- etc/pve/mapping/pci.cfg\nnic\n\tmap id=8086:1539,node=pve1,path=0000:03:00.0\n';
    const conf = '--- etc/pve/nodes/pve1/qemu-server/100.conf\n';
    const text = `${mapping}${conf}¦hostpci0: mapping=nic\n`;
    assert.equal(
      dropped(vmConf, text, ['0000:03:00.0', '0000:04:00.0', ...gpu]),
      'hostpci0: mapping=nic\nhostpci1: 0000:04:00.0\nhostpci2: 0000:01:00\n',
    );
  });

  test('a VM: mediated devices and mappings', () => {
    const mdev = '0000:00:02.0,mdev=i915-GVTg_V5_4';
    assert.equal(
      dropped(vmConf, 'machine: q35\n¦', [mdev, 'mapping=gpu']),
      `hostpci0: ${mdev},pcie=1\nhostpci1: mapping=gpu,pcie=1\nmachine: q35\n`,
    );
    const has = `hostpci0: ${mdev}\nhostpci1: mapping=gpu\n`;
    assert.equal(dropped(vmConf, `${has}¦`, ['mapping=gpu']), has);
    assert.equal(dropped(vmConf, `${has}¦`, [mdev]), `${has}hostpci2: ${mdev}\n`, 'a second one of a type');
    assert.equal(dropped(vmConf, `${has}¦`, ['0000:00:02.0']), has, 'not the function besides');
    assert.equal(dropped(vmConf, 'hostpci0: 0000:00:02.0\n¦', [mdev]), 'hostpci0: 0000:00:02.0\n', 'nor the other way');
  });

  test('a VM with every index taken is left alone', () => {
    const full = Array.from({ length: 16 }, (_, index) => `hostpci${index}: 0000:${index + 16}:00.0\n`).join('');
    assert.equal(dropped(vmConf, `${full}¦`, gpu), full);
  });

  test('mapping: a whole card is one device, devices of one kind are alternatives, others get sections of their own', () => {
    const after = dropped(pciMapping, 'nic\n\tdescription x\n', [...gpu, '0000:03:00.0'], true, 'end');
    assert.match(
      after,
      /^nic\n\tdescription x\n\ngpu\n\tmap [^\n]*path=0000:01:00,[^\n]*\n\nnic2\n\tmap [^\n]*path=0000:03:00\.0,[^\n]*\n$/,
    );
    const again = openSite(after, { language: pciMapping }).file.tree as { sections: readonly unknown[] };
    assert.equal(again.sections.length, 3, 'an empty line is between them');
  });

  test('mapping: a file that does not end its last line', () => {
    assert.match(
      dropped(pciMapping, 'nic\n\tdescription x', ['0000:05:00.0'], true, 'end'),
      /x\n\nnvme\n\tmap [^\n]*\n$/,
    );
  });
});
