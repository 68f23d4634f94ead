import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { planText } from '../../../server/cli/prepare.ts';
import { makePlan } from '../../../server/plans/makePlan.ts';
import type { Wish } from '../../../server/plans/plan.ts';
import { prepareChoices } from '../../../server/services/prepare.ts';
import type { World } from '../../../server/workspace/world.ts';
import { hostUri, hostWith, siteWorld, snapshotText, type WishPart, wishFor } from '../../support/plans.ts';

/** Plans as a user reads them, in `test/plans`. `UPDATE=1` rewrites them; the diff is the review. */

interface Case {
  readonly world: World;
  readonly vm: number | string;
  readonly wish: WishPart;
}

const whole = (...addresses: string[]): WishPart => ({ addresses, way: 'whole' });

const gpu = (address: string, device: string, group: number, more = ''): string => `${address}
  class: 0300
  vendor: 10de
  device: ${device}
  group: ${group}
  driver: nouveau
  modules: nvidiafb nouveau
${more}${address.replace(/0$/, '1')}
  class: 0403
  vendor: 10de
  device: 10f1
  group: ${group}
  driver: snd_hda_intel
  modules: snd_hda_intel
`;
const igpu =
  '0000:00:02.0\n  class: 0300\n  vendor: 8086\n  device: 3e92\n  group: 0\n  driver: i915\n  boot-vga: yes\n';
const nvme = (group: number): string =>
  `0000:02:00.0\n  class: 0108\n  vendor: 144d\n  device: a808\n  group: ${group}\n  driver: nvme\n`;
const rootDisk = '== host needs: ok\n0000:02:00.0\n  kind: root-disk\n  detail: rpool\n';
const intelHost = (loader: string, functions: string, more = '', kernel = '6.5.13-5-pve'): string => `hostpci snapshot 1
== host: ok
node: pve1
iommu: ${functions.includes('group: none') ? 'none' : 'dmar0'}
== kernel: ok
release: ${kernel}
command-line: ${loader === 'grub' ? 'BOOT_IMAGE=/boot/vmlinuz root=/dev/mapper/pve-root ro quiet' : 'initrd=\\EFI\\proxmox\\initrd.img root=ZFS=rpool/ROOT/pve-1 boot=zfs'}
== boot: ok
efi: yes
loader: ${loader}
proxmox-boot-tool: ${loader === 'grub' ? 'no' : 'yes'}
== cpu: ok
vendor: GenuineIntel
== pci functions: ok
${functions}${more}== end
`;
const noGroups = (functions: string): string => functions.replace(/ {2}group: \d+\n/g, '  group: none\n');
const vm = '--- etc/pve/nodes/pve1/qemu-server/100.conf\n';
const newVm = `${vm}bios: ovmf\ncpu: host\nmachine: q35\nmemory: 8192\nname: games\n`;
const installed = `${vm}memory: 4096\nname: old\nscsi0: local-lvm:vm-100-disk-0,size=32G\n`;
const grubFile = '--- etc/default/grub\nGRUB_CMDLINE_LINUX_DEFAULT="quiet"\nGRUB_CMDLINE_LINUX=""\n';
const cmdline = '--- etc/kernel/cmdline\nroot=ZFS=rpool/ROOT/pve-1 boot=zfs\n';
const modules = '--- etc/modules\n# Loaded at boot.\nnouveau\n';

const demo = siteWorld('demo');
const sriov = siteWorld('healthy-sriov');
const twoCards = gpu('0000:01:00.0', '1b80', 1) + gpu('0000:03:00.0', '1b80', 3);
const onKernel = (functions: string, files: string, more = ''): World =>
  hostWith(intelHost('grub', functions, more, '6.8.12-9-pve'), files);

const cases: Readonly<Record<string, Case>> = {
  'demo-gpu': { world: demo, vm: 100, wish: whole('0000:01:00.0') },
  'demo-gpu-by-mapping': { world: demo, vm: 100, wish: { ...whole('0000:01:00.0'), mapping: 'card' } },
  'demo-mapping-for-the-first-function': { world: demo, vm: 101, wish: { ...whole('0000:01:00.0'), mapping: 'gpu' } },
  'demo-nic-new-mapping': { world: demo, vm: 101, wish: { ...whole('0000:03:00.0'), mapping: 'lan' } },
  'demo-nic-is-there': { world: demo, vm: 100, wish: whole('0000:03:00.0') },
  'demo-sata': { world: demo, vm: 101, wish: whole('0000:00:17.0') },
  'demo-root-disk': { world: demo, vm: 100, wish: whole('0000:05:00.0') },
  'demo-bridge-nic': { world: demo, vm: 100, wish: whole('0000:00:1f.6') },
  'demo-only-console': { world: demo, vm: 100, wish: whole('0000:00:02.0') },
  'demo-root-port': { world: demo, vm: 100, wish: whole('0000:00:01.0') },
  'amd-desktop-gpu': { world: siteWorld('healthy-amd-desktop'), vm: 111, wish: whole('0000:0b:00.0') },
  'sriov-has-a-vf': { world: sriov, vm: 120, wish: { addresses: ['0000:10:00.0'], way: 'vf' } },
  'sriov-other-vf': { world: sriov, vm: 120, wish: { addresses: ['0000:10:10.0'], way: 'vf' } },
  'sriov-more-vfs': { world: sriov, vm: 120, wish: { addresses: ['0000:10:00.0'], way: 'vf', vfCount: 6 } },
  'sriov-too-many-vfs': { world: sriov, vm: 120, wish: { addresses: ['0000:10:00.0'], way: 'vf', vfCount: 64 } },
  'sriov-too-few-vfs': { world: sriov, vm: 120, wish: { addresses: ['0000:10:00.0'], way: 'vf', vfCount: 1 } },
  'sriov-whole-pf': { world: sriov, vm: 120, wish: whole('0000:10:00.0') },
  'systemd-boot-old-kernel': {
    world: hostWith(
      intelHost('systemd-boot', noGroups(igpu + gpu('0000:01:00.0', '1b80', 1))),
      newVm + cmdline + modules,
    ),
    vm: 100,
    wish: whole('0000:01:00.0'),
  },
  'grub-old-kernel': {
    world: hostWith(intelHost('grub', noGroups(igpu + gpu('0000:01:00.0', '1b80', 1))), installed + grubFile),
    vm: 100,
    wish: whole('0000:01:00.0'),
  },
  'grub-iommu-off': {
    world: hostWith(
      intelHost('grub', noGroups(igpu + gpu('0000:01:00.0', '1b80', 1)), '', '6.8.12-9-pve').replace(
        'ro quiet',
        'ro quiet iommu=pt,off',
      ),
      newVm + grubFile.replace('quiet', 'quiet iommu=pt,off'),
    ),
    vm: 100,
    wish: whole('0000:01:00.0', '0000:01:00.1'),
  },
  'two-cards-of-one-id': { world: onKernel(igpu + twoCards, newVm + grubFile), vm: 100, wish: whole('0000:01:00.0') },
  'root-disk-in-the-group': {
    world: onKernel(igpu + gpu('0000:01:00.0', '1b80', 1) + nvme(1), newVm + grubFile, rootDisk),
    vm: 100,
    wish: whole('0000:01:00.1'),
  },
  'ids-on-the-command-line': {
    world: onKernel(
      igpu + gpu('0000:01:00.0', '1b80', 1),
      `${newVm}${grubFile.replace('quiet', 'quiet vfio-pci.ids=10de:1b80')}`,
    ),
    vm: 100,
    wish: whole('0000:01:00.0'),
  },
  'serial-console': {
    world: onKernel(igpu, newVm + grubFile.replace('quiet', 'quiet console=tty0 console=ttyS0,115200')),
    vm: 100,
    wish: whole('0000:00:02.0'),
  },
  'only-graphics': { world: onKernel(igpu, newVm + grubFile), vm: 100, wish: whole('0000:00:02.0') },
  'console-in-the-group': {
    world: onKernel(
      `${igpu}0000:05:00.0\n  class: 0200\n  vendor: 8086\n  device: 1533\n  group: 0\n  driver: igb\n`,
      newVm + grubFile,
    ),
    vm: 100,
    wish: whole('0000:05:00.0'),
  },
  'hookscript-and-radeon': {
    world: onKernel(
      `${igpu}0000:03:00.0\n  class: 0300\n  vendor: 1002\n  device: 73bf\n  group: 3\n  driver: amdgpu\n  reset: yes\n  reset-methods: bus\n`,
      `${newVm}hookscript: local:snippets/gpu.pl\n${grubFile}${modules}`,
    ),
    vm: 100,
    wish: whole('0000:03:00.0'),
  },
  template: { world: onKernel(igpu, `${vm}template: 1\n`), vm: 100, wish: whole('0000:00:02.0') },
  'another-node': {
    world: onKernel(igpu, newVm.replace('pve1', 'pve2')),
    vm: 100,
    wish: whole('0000:00:02.0'),
  },
  mdev: {
    world: hostWith(snapshotText('mdev'), newVm.replace('pve1', 'mdev')),
    vm: 100,
    wish: { addresses: ['0000:00:11.0'], way: 'mdev', mdevType: 'pxmdev-1' },
  },
  'vgpu-on-the-pf': {
    world: onKernel(
      '0000:41:00.0\n  class: 0302\n  vendor: 10de\n  device: 2235\n  driver: nvidia\n  vf-total: 16\n  vf-count: 0\n',
      newVm,
    ),
    vm: 100,
    wish: { addresses: ['0000:41:00.0'], way: 'mdev', mdevType: 'nvidia-558' },
  },
  'stale-image': { world: siteWorld('initramfs-stale'), vm: 110, wish: whole('0000:0b:00.0') },
  'iommu-asked-for-and-not-applied': {
    world: hostWith(
      intelHost('grub', noGroups(igpu + gpu('0000:01:00.0', '1b80', 1))),
      newVm + grubFile.replace('quiet', 'quiet intel_iommu=on'),
    ),
    vm: 100,
    wish: whole('0000:01:00.0'),
  },
  'vgpu-card-whole': { world: siteWorld('healthy-vgpu'), vm: 202, wish: whole('0000:08:00.0') },
  'vfs-of-nvidia': {
    world: onKernel(
      '0000:41:00.0\n  class: 0302\n  vendor: 10de\n  device: 2235\n  driver: nvidia\n  vf-total: 16\n  vf-count: 0\n',
      newVm,
    ),
    vm: 100,
    wish: { addresses: ['0000:41:00.0'], way: 'vf', vfCount: 16 },
  },
  'snapshot-alone': { world: hostWith(snapshotText('proxmox')), vm: 'hostpci-file', wish: whole('0000:01:00.0') },
};

suite('plans', () => {
  for (const [name, { world, vm: guest, wish }] of Object.entries(cases)) {
    test(name, () => {
      const whole = typeof guest === 'number' ? wishFor(world, guest, wish) : keptWish(world, wish);
      const made = makePlan(world, whole);
      const text = 'plan' in made ? planText(made) : made.refused.map(reason => `refused: ${reason}\n`).join('');
      const path = new URL(`../../plans/${name}.txt`, import.meta.url);
      if (process.env.UPDATE === '1') writeFileSync(path, text);
      assert.ok(existsSync(path), 'no golden plan yet; UPDATE=1 writes it');
      assert.equal(text, readFileSync(path, 'utf8'));
    });
  }

  test('no golden plan is left over', () => {
    const names = readdirSync(new URL('../../plans/', import.meta.url)).map(name => name.replace(/\.txt$/, ''));
    assert.deepEqual(names.sort(), Object.keys(cases).sort());
  });
});

/** A guest of which only the host's own copy is known, by the URI that the choices give it. */
function keptWish(world: World, wish: WishPart): Wish {
  const choices = prepareChoices(world, hostUri, wish.addresses);
  assert.ok('guests' in choices);
  return { host: hostUri, guest: choices.guests.find(({ label }) => label === 'VM 102')?.uri ?? '', ...wish };
}
