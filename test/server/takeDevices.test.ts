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
function dropped(language: Language, text: string, addresses: readonly string[], host = true): string {
  const site = openSite(text, { language, ...(host ? { host: true as const } : {}) });
  const at = readMarks(text).cursor ?? { line: 0, column: 0 };
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
});
