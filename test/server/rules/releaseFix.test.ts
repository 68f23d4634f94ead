import assert from 'node:assert/strict';
import { parentOnVfio } from '../../../server/rules/mdev/parent-on-vfio.ts';
import { applyEdits } from '../../../server/text/edit.ts';
import { fromLines } from '../../../server/text/lines.ts';
import { readSite } from '../../support/site.ts';

/** The finding stays until the host was rebooted, so that the examples of the rule cannot show its fix. */
suite('an id is taken out of the lists of vfio-pci', () => {
  const host = `hostpci snapshot 1
== pci functions: ok
0000:00:02.0
  class: 0300
  vendor: 8086
  device: 3e92
  driver: vfio-pci
== end
`;
  const mended = (modprobe: string): string | undefined => {
    const vm = '--- etc/pve/qemu-server/100.conf\nhostpci0: 00:02.0,mdev=i915-GVTg_V5_4\n';
    const { world } = readSite(`${vm}--- etc/modprobe.d/vfio.conf\n${modprobe}`, { host });
    const files = [...world.files.values()];
    const file = files.find(({ uri }) => uri.endsWith('100.conf'));
    const list = files.find(({ uri }) => uri.endsWith('vfio.conf'));
    assert.ok(file && list);
    const [finding] = parentOnVfio.check(file as Parameters<typeof parentOnVfio.check>[0], world);
    const [fix] = finding?.fixes ?? [];
    assert.ok(finding);
    return (
      fix &&
      fromLines(
        applyEdits(
          list.lines,
          fix.edits.filter(({ uri }) => uri === list.uri),
        ),
      )
    );
  };

  test('with its comma, and with its line where it is all of it', () => {
    assert.equal(mended('options vfio-pci ids=10de:1c03,8086:3e92\n'), 'options vfio-pci ids=10de:1c03\n');
    assert.equal(mended('options vfio-pci ids=8086:3e92,10de:1c03 x=1\n'), 'options vfio-pci ids=10de:1c03 x=1\n');
    assert.equal(mended('# old\noptions vfio-pci ids=8086:3e92\nsoftdep a pre: b\n'), '# old\nsoftdep a pre: b\n');
  });

  test('not where it is not in a list, nor where the line says more or goes on', () => {
    assert.equal(mended('options vfio-pci ids=10de:1c03\n'), undefined);
    assert.equal(mended('options vfio-pci ids=8086:3e92 disable_vga=1\n'), undefined);
    assert.equal(mended('options vfio-pci \\\nids=8086:3e92\n'), undefined);
  });
});
