import assert from 'node:assert/strict';
import { emptyInventory, type Inventory } from '../../../host/inventory.ts';
import { bootArguments, bootSource } from '../../../server/facts/bootArguments.ts';
import { iommuState } from '../../../server/facts/iommu.ts';
import { kernelAtLeast } from '../../../server/languages/kernelCmdline/kernelRelease.ts';
import { openSite } from '../../support/check.ts';

type Facts = Partial<Inventory['boot']> & {
  readonly line?: string;
  readonly release?: string;
  readonly vendor?: string;
  readonly iommus?: readonly string[];
  readonly pve?: string;
};

const inventory = ({ line, release, vendor, iommus, pve, ...boot }: Facts): Inventory => ({
  ...emptyInventory,
  node: 'pve1',
  iommus,
  kernel: { ...emptyInventory.kernel, commandLine: line, release },
  boot: { ...emptyInventory.boot, ...boot },
  versions: { ...emptyInventory.versions, pveManager: pve },
  cpu:
    vendor === undefined
      ? undefined
      : {
          vendor,
          model: undefined,
          family: undefined,
          modelNumber: undefined,
          threads: undefined,
          virtualization: undefined,
          hypervisor: undefined,
          physicalBits: undefined,
        },
});

suite('which file gives the kernel its parameters', () => {
  test('the loader decides, told or seen on the running command line', () => {
    assert.equal(bootSource(inventory({ loader: 'grub', proxmoxBootTool: true, efi: true })), 'grub');
    assert.equal(bootSource(inventory({ loader: 'systemd-boot' })), 'kernel-cmdline');
    assert.equal(
      bootSource(
        inventory({ line: 'BOOT_IMAGE=/vmlinuz root=/dev/sda1', efi: true, proxmoxBootTool: true, secureBoot: false }),
      ),
      'grub',
    );
    assert.equal(
      bootSource(inventory({ line: 'initrd=\\EFI\\proxmox\\x root=ZFS=rpool/ROOT/pve-1' })),
      'kernel-cmdline',
    );
  });

  test('else firmware, Secure Boot and proxmox-boot-tool together', () => {
    assert.equal(bootSource(inventory({ efi: true, proxmoxBootTool: true, secureBoot: false })), 'kernel-cmdline');
    assert.equal(bootSource(inventory({ efi: true, proxmoxBootTool: true, secureBoot: true })), undefined);
    assert.equal(bootSource(inventory({ efi: true, proxmoxBootTool: true })), undefined);
    assert.equal(bootSource(inventory({ efi: false, proxmoxBootTool: true })), 'grub');
    assert.equal(bootSource(inventory({ proxmoxBootTool: false, pve: '9.1.1' })), 'grub');
    assert.equal(bootSource(inventory({ proxmoxBootTool: false })), undefined);
    assert.equal(bootSource(undefined), undefined);
  });
});

suite('what the kernel will be told, and was told', () => {
  const texts = (text: string, facts: Facts): Record<string, unknown> => {
    const site = openSite(text, { host: inventory(facts) });
    const { source, configured, pending, dropped } = bootArguments(site.world, site.file);
    return {
      source,
      configured: configured?.map(
        ({ parameter, uri }) => `${uri.slice(uri.lastIndexOf('/') + 1)}:${parameter.whole.text}`,
      ),
      pending: pending.map(({ parameter }) => parameter.whole.text),
      dropped: dropped.map(({ whole }) => whole.text),
    };
  };

  test('/etc/kernel/cmdline: its first line, boot plumbing left out, spelling of names aside', () => {
    const text =
      '--- etc/kernel/cmdline\nroot=ZFS=rpool/ROOT/pve-1 boot=zfs vfio_pci.ids=10de:1b80 iommu=pt\nquiet\n--- etc/default/grub\nGRUB_CMDLINE_LINUX="quiet"\n';
    assert.deepEqual(
      texts(text, { loader: 'systemd-boot', line: 'initrd=\\x root=/dev/sda vfio-pci.ids=10de:1b80 pcie_aspm=off' }),
      {
        source: 'kernel-cmdline',
        configured: ['cmdline:vfio_pci.ids=10de:1b80', 'cmdline:iommu=pt'],
        pending: ['iommu=pt'],
        dropped: ['pcie_aspm=off'],
      },
    );
  });

  test('GRUB: all its files, each parameter with the file it is from', () => {
    const text =
      '--- etc/default/grub\nGRUB_CMDLINE_LINUX_DEFAULT="quiet"\nGRUB_CMDLINE_LINUX=""\n--- etc/default/grub.d/x.cfg\nGRUB_CMDLINE_LINUX="iommu=pt"\n';
    assert.deepEqual(texts(text, { line: 'BOOT_IMAGE=/vmlinuz root=x ro quiet' }), {
      source: 'grub',
      configured: ['x.cfg:iommu=pt', 'grub:quiet'],
      pending: ['iommu=pt'],
      dropped: [],
    });
  });

  test('nothing is pending where the file, the loader or the running line is not known', () => {
    for (const [text, facts] of [
      ['--- etc/kernel/cmdline\nroot=x iommu=pt\n', { line: 'root=x' }],
      ['--- etc/kernel/cmdline\nroot=x iommu=pt\n', { loader: 'systemd-boot' }],
      ['--- etc/default/grub\nGRUB_CMDLINE_LINUX="iommu=pt $(date)"\n', { line: 'BOOT_IMAGE=x root=x' }],
      ['--- etc/kernel/cmdline\nroot=x iommu=pt\n', { line: 'BOOT_IMAGE=x root=x' }],
    ] as const) {
      assert.deepEqual([texts(text, facts).pending, texts(text, facts).dropped], [[], []], text);
    }
  });
});

suite('whether there is an IOMMU', () => {
  const state = (line: string, facts: Facts): readonly unknown[] => {
    const host = inventory({ loader: 'systemd-boot', line: `root=x ${line}`, ...facts });
    const site = openSite(`--- etc/kernel/cmdline\nroot=x ${line}\n`, { host });
    const { on, by, afterReboot, disabledBy } = iommuState(site.world, site.file);
    return [on, by && (by.kind === 'parameter' ? by.text : by.kind), afterReboot, disabledBy?.parameter.whole.text];
  };
  const intel = { vendor: 'GenuineIntel', release: '6.8.12-9-pve' };
  const amd = { vendor: 'AuthenticAMD', release: '6.5.13-5-pve' };

  test('on: by a parameter or by default', () => {
    assert.deepEqual(state('intel_iommu=on', { ...intel, iommus: ['dmar0'] }), [
      true,
      'intel_iommu=on',
      true,
      undefined,
    ]);
    assert.deepEqual(state('quiet', { ...intel, iommus: ['dmar0'] }), [true, 'default', true, undefined]);
    assert.deepEqual(state('quiet', { ...amd, iommus: ['ivhd0'] }), [true, 'default', true, undefined]);
  });

  test('off: by a parameter, by the default of an old kernel, or by the firmware', () => {
    assert.deepEqual(state('intel_iommu=off', { ...intel, iommus: [] }), [
      false,
      'intel_iommu=off',
      false,
      'intel_iommu=off',
    ]);
    assert.deepEqual(state('quiet', { ...intel, release: '6.5.13-5-pve', iommus: [] }), [
      false,
      'default',
      false,
      undefined,
    ]);
    assert.deepEqual(state('quiet', { ...intel, iommus: [] }), [false, 'firmware', false, undefined]);
    assert.deepEqual(state('amd_iommu=off', { ...amd, iommus: [] }), [false, 'amd_iommu=off', false, 'amd_iommu=off']);
  });

  test('the last word on Intel counts; a parameter for the other vendor does nothing', () => {
    assert.deepEqual(state('intel_iommu=off intel_iommu=on', { ...intel, iommus: ['dmar0'] }), [
      true,
      'intel_iommu=off intel_iommu=on'.split(' ')[1],
      true,
      undefined,
    ]);
    assert.deepEqual(state('intel_iommu=off', { ...amd, iommus: ['ivhd0'] }), [true, 'default', true, undefined]);
    assert.deepEqual(state('iommu=pt,off', { ...amd, iommus: [] })[2], false);
  });

  test('unknown stays unknown', () => {
    assert.deepEqual(state('quiet', {}), [undefined, undefined, undefined, undefined]);
    assert.deepEqual(state('quiet', { vendor: 'GenuineIntel', release: '6.12.41-amd64' }), [
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    assert.deepEqual(state('quiet', intel), [undefined, undefined, undefined, undefined]);
  });

  test('releases compare by number', () => {
    assert.equal(kernelAtLeast('6.17.13-2-pve', '6.8'), true);
    assert.equal(kernelAtLeast('6.8.12-29-pve', '6.8.12-30'), false);
    assert.equal(kernelAtLeast('5.15.19-2-pve', '5.15'), true);
    assert.equal(kernelAtLeast('5.4.0', '5.15'), false);
    assert.equal(kernelAtLeast(undefined, '5.15'), undefined);
    assert.equal(kernelAtLeast('custom', '5.15'), undefined);
  });
});
