import assert from 'node:assert/strict';
import { kernelCmdline } from '../../../server/languages/kernelCmdline/kernelCmdline.ts';
import { applyEdits } from '../../../server/text/edit.ts';
import { fromLines, textOf } from '../../../server/text/lines.ts';
import { around, checkCompletion, checkHover, openSite } from '../../support/check.ts';

const host = `hostpci snapshot 1
== host: ok
node: pve1
== kernel: ok
command-line: initrd=\\EFI\\proxmox\\initrd.img root=ZFS=rpool/ROOT/pve-1 boot=zfs iommu=pt
== pci functions: ok
0000:01:00.0
  class: 0300 VGA compatible controller
  vendor: 10de NVIDIA Corporation
  device: 1b80 GP104 [GeForce GTX 1080]
  driver: nouveau
  modules: nouveau
  group: 13
0000:01:00.1
  class: 0403 Audio device
  vendor: 10de NVIDIA Corporation
  device: 10f0 GP104 High Definition Audio Controller
  driver: snd_hda_intel
  modules: snd_hda_intel
  group: 13
== end
`;

suite('kernel command line in the editor', () => {
  test('names: what matters to passthrough comes first, "=" is added', () => {
    const found = checkCompletion(kernelCmdline, 'root=x ¦', {
      has: [
        { label: 'iommu', resultText: 'root=x iommu=' },
        { label: 'quiet', detail: 'flag', resultText: 'root=x quiet' },
        { label: 'vfio-pci.ids', resultText: 'root=x vfio-pci.ids=' },
        { label: 'mitigations' },
        { label: 'nosmt' },
      ],
      hasNot: ['root'],
    });
    assert.ok(found.length > 400);
    const shown = [...found].sort((a, b) => ((a.sort ?? '') < (b.sort ?? '') ? -1 : 1)).map(one => one.label);
    assert.ok(shown.indexOf('vfio-pci.ids') < shown.indexOf('acpi'));
    assert.ok(shown.indexOf('iommu') < shown.indexOf('audit'));
  });

  test("what the other maker's processors know comes last", () => {
    const names = (vendor: string): readonly string[] =>
      [
        ...checkCompletion(
          kernelCmdline,
          '¦',
          {},
          { host: `${host.replace('== end', '')}== cpu: ok\nvendor: ${vendor}\n== end\n` },
        ),
      ]
        .sort((a, b) => ((a.sort ?? '') < (b.sort ?? '') ? -1 : 1))
        .map(one => one.label);
    assert.deepEqual(names('GenuineIntel').slice(0, 3), ['intel_iommu', 'iommu', 'vfio-pci.ids']);
    assert.ok(names('GenuineIntel').indexOf('amd_iommu') > names('GenuineIntel').indexOf('quiet'));
    assert.ok(names('AuthenticAMD').indexOf('amd_iommu') < names('AuthenticAMD').indexOf('quiet'));
    assert.ok(names('AuthenticAMD').indexOf('intel_iommu') > names('AuthenticAMD').indexOf('quiet'));
  });

  test('a name that is there is replaced whole and keeps its value', () => {
    checkCompletion(kernelCmdline, 'root=x intel_io¦=on', {
      has: [{ label: 'intel_iommu', resultText: 'root=x intel_iommu=on' }],
    });
  });

  test('what may be there twice is offered twice', () => {
    checkCompletion(kernelCmdline, 'console=tty0 hugepages=4 ¦', { has: ['console', 'hugepages'] });
  });

  test('values, item by item where a list is taken', () => {
    checkCompletion(kernelCmdline, 'intel_iommu=on,¦ quiet', {
      has: [{ label: 'sm_on', resultText: 'intel_iommu=on,sm_on quiet' }],
      hasNot: ['on'],
    });
    checkCompletion(kernelCmdline, 'mitigations=a¦', {
      has: [{ label: 'auto,nosmt', resultText: 'mitigations=auto,nosmt' }],
    });
    checkCompletion(kernelCmdline, 'pcie_aspm=¦', { order: ['off', 'force'] });
  });

  test("parameters of a module, from the kernel's own list", () => {
    checkCompletion(kernelCmdline, 'snd_hda_intel.¦', {
      has: [
        { label: 'snd_hda_intel.power_save' },
        { label: 'snd_hda_intel.enable_msi', resultText: 'snd_hda_intel.enable_msi=' },
      ],
    });
    checkCompletion(kernelCmdline, 'kvm.mmio_caching=¦', { order: ['0', '1'] });
  });

  test("ids of the host's devices, cards whole, without those that are listed", () => {
    checkCompletion(
      kernelCmdline,
      'vfio-pci.ids=¦',
      {
        has: [
          { label: '10de:1b80,10de:10f0', note: 'GeForce GTX 1080' },
          { label: '10de:1b80', detail: /group 13 · nouveau/, resultText: 'vfio-pci.ids=10de:1b80' },
        ],
      },
      { host },
    );
    checkCompletion(kernelCmdline, 'vfio-pci.ids=10de:1b80,¦', { has: ['10de:10f0'], hasNot: ['10de:1b80'] }, { host });
  });

  test("modules of the host's devices in a blacklist, root as it runs now", () => {
    checkCompletion(
      kernelCmdline,
      'module_blacklist=¦',
      { has: [{ label: 'nouveau', note: 'GeForce GTX 1080' }, 'snd_hda_intel'] },
      { host },
    );
    checkCompletion(kernelCmdline, 'root=¦', { order: ['ZFS=rpool/ROOT/pve-1'] }, { host });
  });

  test('nothing behind "--", and nothing without data for an unknown parameter', () => {
    checkCompletion(kernelCmdline, 'quiet -- ¦', { count: 0 });
    checkCompletion(kernelCmdline, 'no_such_thing=¦', { count: 0 });
  });

  test('hover: parameter, value, device, and what is running', () => {
    checkHover(kernelCmdline, '«intel_i¦ommu»=on', [/Intel IOMMU/, /6\.8/, /- `relax_rmrr`/]);
    checkHover(kernelCmdline, 'intel_iommu=on,«sm¦_on»', [/Scalable mode/]);
    checkHover(
      kernelCmdline,
      'vfio-pci.ids=«10de:1b¦80»,10de:10f0',
      [/GeForce GTX 1080/, /nouveau/, /started without it/],
      { host },
    );
    checkHover(kernelCmdline, 'vfio_pci.ids=«10de:ff¦ff»', [/No device of this host/], { host });
    checkHover(kernelCmdline, '«io¦mmu»=pt', [/The running kernel was started with `iommu=pt`/], { host });
    checkHover(kernelCmdline, '«kvm.mmio_c¦aching»=1', [/bool/, /module `kvm`/]);
    checkHover(kernelCmdline, 'no_such_t¦hing=1', undefined);
    checkHover(kernelCmdline, 'a=b ¦ c', undefined);
  });

  test('hints: the device behind each id', () => {
    const site = openSite('vfio-pci.ids=10de:1b80,1234:5678 quiet', { language: kernelCmdline, host });
    const hints = kernelCmdline.hints?.(site.file as never, around(site)) ?? [];
    assert.deepEqual(
      hints.map(({ at, label }) => [at.column, label]),
      [[22, 'GeForce GTX 1080']],
    );
  });

  test('outline, module names and selections', () => {
    const text = 'root=/dev/sda1 module_blacklist=nouveau,snd-hda-intel vfio-pci.disable_vga=1';
    const site = openSite(text, { language: kernelCmdline });
    const file = site.file as never;
    assert.deepEqual(
      kernelCmdline.symbols?.(file).map(({ name, detail }) => `${name}=${detail}`),
      text.split(' '),
    );
    assert.deepEqual(
      kernelCmdline.names?.(file).map(({ name }) => name),
      ['nouveau', 'snd_hda_intel', 'vfio_pci'],
    );
    const selections = kernelCmdline.selections?.(file, { line: 0, column: 34 }) ?? [];
    assert.deepEqual(
      selections.map(span => textOf([text], span)),
      ['nouveau', 'nouveau,snd-hda-intel', 'module_blacklist=nouveau,snd-hda-intel', text],
    );
  });

  test('a device that is dropped here gets into the list, once', () => {
    const take = (text: string, ...addresses: string[]): string => {
      const site = openSite(text, { language: kernelCmdline, host });
      const edits =
        kernelCmdline.takeDevices?.(site.file as never, { line: 0, column: 0 }, addresses, around(site)) ?? [];
      return fromLines(applyEdits(site.file.lines, edits));
    };
    assert.equal(
      take('root=x quiet\n', '0000:01:00.0', '0000:01:00.1'),
      'root=x quiet vfio-pci.ids=10de:1b80,10de:10f0\n',
    );
    assert.equal(
      take('vfio-pci.ids=10de:1b80 quiet\n', '0000:01:00.0', '0000:01:00.1'),
      'vfio-pci.ids=10de:1b80,10de:10f0 quiet\n',
    );
    assert.equal(take('vfio-pci.ids=10de:1b80 quiet\n', '0000:01:00.0'), 'vfio-pci.ids=10de:1b80 quiet\n');
    assert.equal(take('quiet\n', '0000:09:00.0'), 'quiet\n');
  });
});
