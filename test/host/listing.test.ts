import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { functionAt, type Inventory } from '../../host/inventory.ts';
import { parseListing } from '../../host/listing.ts';
import { parsePciAddress } from '../../host/pciAddress.ts';

const listing = (name: string): string => readFileSync(new URL(`../listings/${name}.txt`, import.meta.url), 'utf8');

suite('other forms of listings', () => {
  const forms: Readonly<Record<string, readonly [text: string, fact: Readonly<Record<string, unknown>>]>> = {
    'lspci -n': [
      '01:00.0 0300: 10de:1d01 (rev a1)',
      { classId: '0300', className: 'VGA compatible controller', vendorId: '10de', deviceId: '1d01', revision: 'a1' },
    ],
    'lspci -k without ids': [
      '01:00.0 VGA compatible controller: NVIDIA Corporation GP108 [GeForce GT 1030] (rev a1)\n\tSubsystem: ASUSTeK Computer Inc. Device 85f4\n\tKernel driver in use: nouveau\n\tKernel modules: nvidiafb, nouveau',
      {
        classId: '0300',
        vendorName: 'NVIDIA Corporation',
        driver: 'nouveau',
        modules: ['nvidiafb', 'nouveau'],
        deviceId: undefined,
      },
    ],
    'lspci without names': [
      '00:02.0 VGA compatible controller: Device 1234:1111 (rev 02)',
      { vendorId: '1234', deviceId: '1111', deviceName: undefined },
    ],
    'lspci -nnkD': [
      '10000:e1:00.0 Non-Volatile memory controller [0108]: Intel Corporation SSD Pro 7600p/760p/E 6100p Series [8086:f1a6] (rev 03) (prog-if 02 [NVM Express])\n\tSubsystem: Intel Corporation Device [8086:390b]\n\tKernel driver in use: nvme',
      {
        address: '10000:e1:00.0',
        deviceId: 'f1a6',
        subsystemVendorId: '8086',
        subsystemDeviceId: '390b',
        driver: 'nvme',
      },
    ],
    'lspci -nnmm': [
      '01:00.0 "VGA compatible controller [0300]" "NVIDIA Corporation [10de]" "GP108 [GeForce GT 1030] [1d01]" -ra1 -p00 "ASUSTeK Computer Inc. [1043]" "Device [85f4]"',
      {
        classId: '0300',
        vendorId: '10de',
        deviceId: '1d01',
        deviceName: 'GP108 [GeForce GT 1030]',
        subsystemVendorId: '1043',
        subsystemDeviceId: '85f4',
      },
    ],
    'lspci -mm': [
      '00:1f.6 "Ethernet controller" "Intel Corporation" "Ethernet Connection (2) I219-V" "ASRock Incorporation" "Device 15b8"',
      {
        classId: '0200',
        vendorName: 'Intel Corporation',
        deviceName: 'Ethernet Connection (2) I219-V',
        vendorId: undefined,
      },
    ],
    'lspci -vvnnk': [
      [
        '03:00.0 Ethernet controller [0200]: Intel Corporation 82576 Gigabit Network Connection [8086:10c9] (rev 01)',
        '\tControl: I/O+ Mem+ BusMaster+ SpecCycle- MemWINV- VGASnoop- ParErr- Stepping- SERR- FastB2B- DisINTx+',
        '\tInterrupt: pin A routed to IRQ 16',
        '\tNUMA node: 1',
        '\tIOMMU group: 14',
        '\tRegion 0: Memory at f7c20000 (32-bit, non-prefetchable) [size=128K]',
        '\tRegion 2: I/O ports at e020 [size=32]',
        '\tRegion 4: Memory at 380000000000 (64-bit, prefetchable) [disabled] [size=4M]',
        '\tExpansion ROM at f7400000 [disabled] [size=4M]',
        '\tCapabilities: [160 v1] Single Root I/O Virtualization (SR-IOV)',
        '\t\tInitial VFs: 8, Total VFs: 8, Number of VFs: 2, Function Dependency Link: 00',
        '\tKernel driver in use: igb',
        '\tKernel modules: igb',
      ].join('\n'),
      {
        numaNode: 1,
        iommuGroup: 14,
        hasRom: true,
        vfTotal: 8,
        vfCount: 2,
        driver: 'igb',
        bars: [
          { index: 0, size: 131072, prefetchable: false },
          { index: 2, size: 32, prefetchable: false },
          { index: 4, size: 4194304, prefetchable: true },
        ],
      },
    ],
    'a group in the flags of lspci -v': [
      '01:00.0 Co-processor [0b40]: Intel Corporation Device [8086:19e2]\n\tFlags: bus master, fast devsel, latency 0, IRQ 18, IOMMU group 14',
      { iommuGroup: 14, classId: '0b40' },
    ],
    'ids first, with a reset mark': [
      'Group 1:\t[1022:1483] [R] 00:01.2  PCI bridge                               Starship/Matisse GPP Bridge\n\tUSB:\t\t[1d6b:0002]\t\t Bus 001 Device 001\tLinux Foundation 2.0 root hub',
      { address: '0000:00:01.2', classId: '0604', vendorId: '1022', deviceId: '1483', resettable: true, iommuGroup: 1 },
    ],
    'ids first, with the columns lost': [
      'Group 14: [10de:1d01] 01:00.0 VGA compatible controller GP108 [GeForce GT 1030]',
      { classId: '0300', deviceId: '1d01', deviceName: 'GP108 [GeForce GT 1030]', iommuGroup: 14 },
    ],
    'the driver at the end of the line': [
      'IOMMU Group 15 -> 01:00.0 VGA compatible controller [0300]: NVIDIA Corporation GP108 [10de:1d01] (rev a1) Driver: vfio-pci',
      { driver: 'vfio-pci', iommuGroup: 15, revision: 'a1' },
    ],
    'numbered lines': [
      '  12  00:1f.0 ISA bridge [0601]: Intel Corporation Z370 Chipset LPC/eSPI Controller [8086:a2c9]',
      { address: '0000:00:1f.0', iommuGroup: undefined },
    ],
    'find in sysfs': ['/sys/kernel/iommu_groups/7/devices/0000:00:1f.0', { address: '0000:00:1f.0', iommuGroup: 7 }],
    'a group at the end of the line': [
      '01:00.0 VGA compatible controller [0300]: NVIDIA Corporation GP108 [GeForce GT 1030] [10de:1d01] (rev a1) (IOMMU group 12)',
      { iommuGroup: 12, deviceId: '1d01' },
    ],
    'a comment of a nix file': [
      '    #   IOMMU Group 7 01:00.0 VGA compatible controller [0300]: NVIDIA Corporation GK208B [10de:1287] (rev a1)',
      { iommuGroup: 7, deviceId: '1287' },
    ],
    'a driver line that says none': [
      'IOMMU group 17\n\t20:02.0 Host bridge [0600]: Advanced Micro Devices, Inc. [AMD] Starship/Matisse PCIe Dummy Host Bridge [1022:1482]\n\t\tDriver: none',
      { driver: null, iommuGroup: 17 },
    ],
    'headings with bare addresses': ['Group:  7\n  0000:01:00.0', { address: '0000:01:00.0', iommuGroup: 7 }],
    'a markdown heading, an empty line, a fence': [
      '### IOMMU Group 14\n\n```\n01:00.0 VGA compatible controller [0300]: NVIDIA Corporation GP108 [10de:1d01]\n```',
      { iommuGroup: 14 },
    ],
  };
  for (const [form, [text, facts]] of Object.entries(forms)) {
    test(form, () => {
      const { functions } = parseListing(text);
      assert.equal(functions.length, 1);
      for (const [key, value] of Object.entries(facts)) {
        assert.deepEqual(functions[0]![key as keyof (typeof functions)[number]], value, key);
      }
    });
  }
});

suite('what a listing means', () => {
  const device = (address: string, rest = '') =>
    `${address} Ethernet controller [0200]: Intel Corporation I210 Gigabit Network Connection [8086:1533] (rev 03)${rest}`;

  test('lines that only mention an address are no devices', () => {
    const text = [
      'Feb 26 10:09:43 pve kernel: vfio-pci 0000:66:00.4: Refused to change power state from D0 to D3hot',
      '0000:66:00.3: already bound to vfio-pci',
      'hostpci0: 0000:66:00.0,pcie=1,x-vga=1',
      'options vfio-pci ids=10de:1b80,10de:10f0',
      'echo "0000:66:00.4" > /sys/bus/pci/drivers/vfio-pci/unbind',
      '10:15.3 seconds: nothing happened',
      'IOMMU group 12 is not viable, says QEMU.',
      '12:00.1',
    ].join('\n');
    assert.deepEqual(parseListing(text).functions, []);
    assert.match(parseListing(text).gaps.join(), /no PCI function/);
  });

  test('a function listed twice is one function with what both say', () => {
    const text = `${device('03:00.0')}\n\tKernel driver in use: igb\n\tKernel modules: igb\n\nIOMMU Group 12 ${device('0000:03:00.0')}`;
    const { functions, gaps } = parseListing(text);
    assert.equal(functions.length, 1);
    assert.deepEqual([functions[0]!.driver, functions[0]!.iommuGroup], ['igb', 12]);
    assert.ok(!gaps.some(gap => gap.includes('later listing')));
  });

  test('after a change the later groups count, and the earlier ones are not guessed from', () => {
    const inventory = parseListing(listing('35'));
    assert.equal(at(inventory, '0000:00:01.1').iommuGroup, 0);
    assert.equal(at(inventory, '0000:07:00.0').iommuGroup, 0);
    assert.match(inventory.gaps.join(), /two states of the IOMMU groups.*0000:00:01\.1 \(1, then 0\)/);
  });

  test('another device at the same address replaces the first', () => {
    const inventory = parseListing(listing('36'));
    const fn = at(inventory, '0000:01:00.0');
    assert.deepEqual([fn.deviceId, fn.deviceName, fn.subsystemName, fn.revision], ['27b0', undefined, undefined, 'a1']);
    assert.match(inventory.gaps.join(), /different devices at one address.*0000:01:00\.0/);
  });

  test('a function without a driver line has none where others have one, but not behind a filter', () => {
    const text = `${device('03:00.0')}\n${device('04:00.0')}\n\tKernel driver in use: igb\n${device('05:00.0')}`;
    const drivers = (listing: string) => parseListing(listing).functions.map(fn => fn.driver);
    assert.deepEqual(drivers(text), [null, 'igb', undefined]);
    assert.deepEqual(drivers(`root@pve:~# lspci -nnk | grep -A2 Ether\n${text}`), [undefined, 'igb', undefined]);
  });

  test('a heading ends with its list', () => {
    const text = `IOMMU Group 1:\n\t${device('01:00.0')}\n\nroot@pve:~# lspci -nn\n${device('02:00.0')}\n`;
    assert.deepEqual(
      parseListing(text).functions.map(fn => fn.iommuGroup),
      [1, undefined],
    );
    const flat = `IOMMU Group 1:\n${device('01:00.0')}\n${device('02:00.0')}\nand without groups\n${device('03:00.0')}`;
    assert.deepEqual(
      parseListing(flat).functions.map(fn => fn.iommuGroup),
      [1, 1, undefined],
    );
  });

  test('marks of a reset file say also where there is none', () => {
    const inventory = parseListing(listing('25'));
    assert.equal(at(inventory, '0000:03:00.0').resettable, true);
    assert.equal(at(inventory, '0000:03:00.1').resettable, false);
    assert.equal(at(parseListing(listing('21')), '0000:01:00.1').resettable, undefined);
  });

  test('only lspci without a filter shows a whole host', () => {
    assert.equal(parseListing(listing('16')).complete, true);
    for (const name of ['17', '26', '31', '33', '36']) assert.equal(parseListing(listing(name)).complete, false, name);
  });

  test('the kernel command line, its release, the node and the version stand beside', () => {
    const inventory = parseListing(listing('15'));
    assert.equal(inventory.kernel.commandLine?.split(' ').at(-1), 'intel_pstate=enable');
    assert.deepEqual(
      [inventory.kernel.release, inventory.node, inventory.boot.loader],
      ['6.5.11-8-pve', 'suprox', 'grub'],
    );
    assert.match(parseListing(listing('32')).kernel.commandLine ?? '', /^intel_iommu=on .*video=efifb:off$/);
    const pasted = parseListing(
      'root@pve2:~# pveversion\npve-manager/9.1.4/5ac30304265fbd8e (running kernel: 6.17.4-1-pve)',
    );
    assert.deepEqual(
      [pasted.node, pasted.versions.pveManager, pasted.kernel.release],
      ['pve2', '9.1.4', '6.17.4-1-pve'],
    );
    const systemdBoot = parseListing(
      'root@pve:~# cat /proc/cmdline\ninitrd=\\EFI\\proxmox\\6.8.12-4-pve\\initrd.img-6.8.12-4-pve root=ZFS=rpool/ROOT/pve-1 boot=zfs',
    );
    assert.deepEqual([systemdBoot.boot.loader, systemdBoot.kernel.release], ['systemd-boot', '6.8.12-4-pve']);
  });

  test('IOMMU units of a tree by unit are known', () => {
    assert.ok(parseListing(listing('24')).iommus?.includes('dmar0'));
  });
});

function at(inventory: Inventory, address: string): Inventory['functions'][number] {
  const fn = functionAt(inventory, parsePciAddress(address)!);
  assert.ok(fn, `${address} is missing`);
  return fn;
}
