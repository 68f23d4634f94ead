import assert from 'node:assert/strict';
import { parseSnapshot } from '../../host/snapshot.ts';
import { rules } from '../../server/rules/index.ts';
import type { Report } from '../../server/rules/rule.ts';
import { ruleSet, runRules } from '../../server/rules/run.ts';
import { withSnapshot } from '../../server/workspace/world.ts';
import { openSite, rethrow } from '../support/check.ts';
import { readSite, type Site, siteRoot } from '../support/site.ts';

/**
 * What must never be reported, because one such finding costs more trust than ten others earn: each entry of the list is
 * a whole small site on which all rules run.
 */

const all = ruleSet(rules);

const reportsOn = ({ world }: Site): readonly (Report & { readonly path: string })[] =>
  [...world.files.values()].flatMap(file =>
    runRules(all, file, world, rethrow).map(report => ({ ...report, path: file.place.path })),
  );

const shown = ({ path, rule, message }: Report & { readonly path: string }): string => `${path} ${rule}: ${message}`;

/** No finding at all, or none but of these rules. */
function checkSilent(site: Site, except: readonly string[] = []): void {
  const found = reportsOn(site).filter(({ rule }) => !except.includes(rule));
  assert.deepEqual(found.map(shown), []);
}

const host = (functions: string, more = ''): string =>
  `hostpci snapshot 1\n== host: ok\nnode: pve1\niommu: dmar0\n== kernel: ok\nrelease: 6.17.13-2-pve\ncommand-line: BOOT_IMAGE=/boot/vmlinuz root=/dev/mapper/pve-root ro quiet\n== boot: ok\nefi: yes\nloader: grub\n== cpu: ok\nvendor: GenuineIntel\nvirtualization: yes\nhypervisor: no\n== pci functions: ok\n${functions}${more}== end\n`;

const vm = (lines: string): string =>
  `--- etc/pve/nodes/pve1/qemu-server/100.conf\nbios: ovmf\nefidisk0: local-lvm:vm-100-disk-0,efitype=4m,ms-cert=2023k,pre-enrolled-keys=1,size=4M\n${lines}machine: q35\nmemory: 4096\nname: test\nserial0: socket\n`;

const igpu =
  '0000:00:02.0\n  class: 0300\n  vendor: 8086\n  device: 3e92\n  driver: i915\n  group: 0\n  boot-vga: yes\n';
const gpu = (driver: string, group = 2): string =>
  `0000:01:00.0\n  class: 0300\n  vendor: 10de\n  device: 2584\n  driver: ${driver}\n  group: ${group}\n  reset: yes\n  reset-methods: flr bus\n`;
const nic = (driver: string): string =>
  `0000:03:00.0\n  class: 0200\n  vendor: 8086\n  device: 1539\n  driver: ${driver}\n  group: 12\n  reset: yes\n`;

suite('what is never reported', () => {
  test('a dash where another file has an underscore', () => {
    checkSilent(
      openSite(
        '--- etc/modprobe.d/vfio.conf\noptions vfio_pci ids=10de:2584\nsoftdep nouveau pre: vfio-pci\noptions kvm-intel nested=1\n--- etc/modules\nvfio-pci\nvfio_iommu_type1\nkvm_intel\n',
      ),
    );
  });

  test('bridges, root ports and dummy functions in the group of a device', () => {
    const functions =
      '0000:00:01.0\n  class: 0604\n  driver: pcieport\n  group: 2\n  bridge: yes\n0000:00:01.1\n  class: 0600\n  driver: none\n  group: 2\n0000:00:01.2\n  class: 1300\n  driver: none\n  group: 2\n';
    const needs = '== host needs: ok\n0000:00:02.0\n  kind: console\n  detail: fb0\n';
    checkSilent(
      openSite(vm('hostpci0: 0000:01:00.0,pcie=1\n'), { host: host(functions + igpu + gpu('vfio-pci'), needs) }),
    );
  });

  for (const [title, line] of [
    ['intel_iommu=on on a kernel that has it by default', 'quiet'],
    ['iommu=pt', 'quiet'],
  ] as const) {
    test(`a missing ${title}`, () => {
      checkSilent(
        openSite(
          `--- etc/default/grub\nGRUB_DEFAULT=0\nGRUB_CMDLINE_LINUX_DEFAULT="${line}"\n${vm('hostpci0: 0000:03:00.0,pcie=1\n')}`,
          { host: host(igpu + nic('igb')) },
        ),
      );
    });
  }

  test('a missing amd_iommu=on, on whatever kernel', () => {
    const amd = host(igpu.replace('8086', '1002') + nic('igb'))
      .replace('GenuineIntel', 'AuthenticAMD')
      .replace('6.17.13-2-pve', '5.15.158-2-pve')
      .replace('dmar0', 'ivhd0');
    checkSilent(
      openSite(
        `--- etc/default/grub\nGRUB_DEFAULT=0\nGRUB_CMDLINE_LINUX_DEFAULT="quiet"\n${vm('hostpci0: 0000:03:00.0,pcie=1\n')}`,
        { host: amd },
      ),
    );
  });

  test('missing vfio modules, ids or blacklists where only mediated devices are used', () => {
    const functions = igpu.replace('  group: 0\n', '  group: 0\n  mdev: i915-GVTg_V5_4 mdev 1\n');
    checkSilent(
      openSite(`--- etc/modules\nkvmgt\n${vm('hostpci0: 0000:00:02.0,mdev=i915-GVTg_V5_4\n')}`, {
        host: host(functions),
      }),
    );
  });

  for (const kind of ['0200', '0107', '0108']) {
    test(`missing vfio modules, ids or blacklists for a device of class ${kind}, on its own driver`, () => {
      const functions = igpu + nic('some_driver').replace('0200', kind);
      checkSilent(
        openSite(`--- etc/modules\n# nothing\n${vm('hostpci0: 0000:03:00.0,pcie=1\n')}`, { host: host(functions) }),
      );
    });
  }

  test('vfio-pci on a device of a VM that runs', () => {
    const guests = '== guests: ok\n100\n  kind: qemu\n  running: yes\n== reservations: ok\n0000:01:00.0\n  vmid: 100\n';
    checkSilent(openSite(vm('hostpci0: 0000:01:00.0,pcie=1\n'), { host: host(igpu + gpu('vfio-pci'), guests) }));
  });

  test('anything that needs a host, where there is none', () => {
    const site = openSite(
      '--- etc/pve/mapping/pci.cfg\ngpu\n\tmap id=10de:2584,iommugroup=99,node=pve1,path=0000:77:00.0,subsystem-id=1458:4131\n' +
        vm('hostpci0: mapping=gpu,pcie=1\nhostpci1: 0000:05:00.0,pcie=1,romfile=some.rom\nusb0: host=1-2\n'),
    );
    checkSilent(site);
  });

  test('anything that needs a host, where only another host is known', () => {
    const text = vm('hostpci0: 0000:05:00.0,pcie=1,romfile=some.rom\n').replaceAll('pve1', 'pve2');
    const site = readSite(text);
    const other = parseSnapshot(
      host(igpu, '== host needs: ok\n0000:05:00.0\n  kind: root-disk\n  detail: /\n== rom files: ok\nother.rom\n'),
    );
    const world = withSnapshot(site.world, { uri: `${siteRoot}/pve1.snapshot`, root: siteRoot, inventory: other });
    // That there are two nodes is known without a host.
    checkSilent({ ...site, world }, ['migrate/local-hostpci']);
  });

  test('groups and ids in mappings of other nodes than the one that is known', () => {
    const map = (node: string, group: number): string =>
      `\tmap id=10de:2584,iommugroup=${group},node=${node},path=0000:01:00.0\n`;
    checkSilent(
      openSite(`--- etc/pve/mapping/pci.cfg\ngpu\n${map('pve1', 2)}${map('pve2', 77)}`, {
        host: host(igpu + gpu('vfio-pci'), '== cluster nodes: ok\npve1\n  online: yes\npve2\n  online: yes\n'),
      }),
    );
  });

  test('no fix of any rule brings an ACS override into a file', () => {
    for (const rule of rules) {
      for (const { bad, path, host: told } of rule.examples) {
        if (/acs_override/.test(bad)) continue;
        const options = { ...(path === undefined ? {} : { path }), ...(told === undefined ? {} : { host: told }) };
        const site = openSite(bad, { language: rule.language, ...options });
        const edits = reportsOn(site).flatMap(({ fixes }) => (fixes ?? []).flatMap(fix => fix.edits));
        assert.ok(!edits.some(({ text }) => /acs_override/.test(text)), rule.id);
      }
    }
  });
});
