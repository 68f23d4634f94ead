import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { functionAt, type Inventory, type PciFunction } from '../../host/inventory.ts';
import { parseListing } from '../../host/listing.ts';
import { parsePciAddress } from '../../host/pciAddress.ts';
import { parseSnapshot } from '../../host/snapshot.ts';
import { captured, captureNames, FakeHost, replay, type Shell, shells } from '../support/fakeHost.ts';
import { proxmoxHost, secrets } from '../support/fakeProxmox.ts';

const allShells = Object.keys(shells) as Shell[];
const script = readFileSync(new URL('../../host/collect.sh', import.meta.url), 'utf8');
const snapshotFile = (name: string) => fileURLToPath(new URL(`../snapshots/${name}.snapshot`, import.meta.url));

/** Runs the collector over a host and throws the host away. */
function collected(host: FakeHost, shell: Shell = 'dash', options: Parameters<FakeHost['collect']>[1] = {}): string {
  try {
    return host.collect(shell, options);
  } finally {
    host.remove();
  }
}

const at = (inventory: Inventory, address: string): PciFunction => {
  const fn = functionAt(inventory, parsePciAddress(address)!);
  assert.ok(fn, `${address} is missing`);
  return fn;
};

suite('the collector on captured hosts', () => {
  for (const capture of captureNames) {
    test(`${capture}: both shells say the same, and it is what the committed snapshot says`, () => {
      const [first, ...others] = allShells.map(shell => collected(replay(capture), shell));
      for (const other of others) assert.equal(other, first);
      assertCommitted(capture, first!);
    });

    test(`${capture}: agrees with lspci and the kernel's groups`, () => {
      const inventory = parseSnapshot(readFileSync(snapshotFile(capture), 'utf8'));
      assert.equal(inventory.complete, true);
      assertSameDevices(inventory, parseListing(captured(capture, 'lspci-nnk')));
      assertSameDevices(inventory, parseListing(captured(capture, 'lspci-Dvmmnnk')));
      assertGroups(inventory, captured(capture, 'iommu_groups-links'));
      assertVirtualFunctions(inventory, captured(capture, 'sysfs-links'));
      assert.deepEqual(
        inventory.gaps,
        [
          'builtin modules: could not be read (no modules.builtin of kernel ' +
            captured(capture, 'uname-r').trim() +
            ')',
          'known parameters: could not be read (modinfo says nothing)',
          'kernel messages: incomplete (the oldest messages are lost)',
        ]
          .filter(gap => inventory.kernelMessages || !gap.startsWith('kernel messages'))
          .sort(byOrderIn(inventory.gaps)),
      );
    });
  }

  test('a parent of mediated devices tells their types', () => {
    const inventory = parseSnapshot(readFileSync(snapshotFile('mdev'), 'utf8'));
    const types = at(inventory, '00:11.0').mdevTypes ?? [];
    const wanted = captured('mdev', 'mdev-types').match(/^0000:00:11\.0.*available_instances:\d+$/gm)!;
    assert.deepEqual(
      types.map(type => `0000:00:11.0/mdev_supported_types/${type.id}/available_instances:${type.available}`),
      wanted,
    );
    assert.equal(types[1]?.name, 'PX test vGPU half');
    assert.deepEqual(at(inventory, '00:1f.0').mdevTypes, []);
  });

  test('a host without an IOMMU is told from one that did not say', () => {
    const inventory = parseSnapshot(readFileSync(snapshotFile('iommu-off'), 'utf8'));
    assert.deepEqual(inventory.iommus, []);
    assert.ok(inventory.functions.every(fn => fn.iommuGroup === null));
  });
});

suite('the collector on a Proxmox VE node', () => {
  for (const shell of allShells) {
    test(`tells everything, under ${shell}`, () => {
      const text = collected(proxmoxHost(), shell);
      assertProxmox(parseSnapshot(text));
      assertCommitted('proxmox', text);
    });

    test(`keeps secrets, under ${shell}`, () => {
      const text = collected(proxmoxHost(), shell);
      for (const secret of secrets) assert.ok(!text.includes(secret), `${secret} left the host`);
      const conf = parseSnapshot(text).files.get('/etc/pve/nodes/pve1/qemu-server/100.conf')?.text;
      assert.equal(
        conf,
        [
          '#',
          'args: -spice port=5900,password=*** -object secret,id=s0,data=*** -fw_cfg token=***',
          'cipassword: ***',
          'hostpci0: 0000:01:00,pcie=1,x-vga=1',
          'net0: virtio=BC:24:11:00:00:00,bridge=vmbr0',
          'scsi0: /dev/disk/by-id/ata-***,serial=***,size=4T',
          'smbios1: uuid=00000000-0000-0000-0000-000000000000,serial=***',
          'sshkeys: ***',
          '',
          '[special:cloudinit]',
          'cipassword: ***',
          '',
        ].join('\n'),
      );
    });
  }
});

suite('the collector itself', () => {
  test('writes nowhere but to its output', () => {
    const redirections = script
      .match(/(?<![<>=&-])>{1,2}(?!=)\s*\S+/g)!
      .filter(found => !/^>\s*(?:\/dev\/null|&\d)/.test(found));
    // What remains is in its description, in patterns of sed and in awk.
    assert.deepEqual(
      redirections.filter(found => !/^> ?(?:pve\.snapshot|\/\/;)/.test(found)),
      [],
    );
    const host = proxmoxHost();
    const before = execFileSync('find', [host.root, '-printf', '%p %T@ %s\\n'], { encoding: 'utf8' });
    host.collect('dash');
    const after = execFileSync('find', [host.root, '-printf', '%p %T@ %s\\n'], { encoding: 'utf8' });
    host.remove();
    assert.equal(after, before);
  });

  test('needs nothing but busybox, and takes names from pci.ids where lspci is missing', () => {
    const tools = mkdtempSync(join(tmpdir(), 'hostpci-tools-'));
    try {
      execFileSync('busybox', ['--install', '-s', tools]);
      rmSync(join(tools, 'lspci'), { force: true });
      const host = replay('intel');
      host.file(
        '/usr/share/misc/pci.ids',
        '8086  Intel Corporation\n\t10d3  82574L Gigabit Network Connection\nC 00  Unclassified device\nC 02  Network controller\n\t00  Ethernet controller\n',
      );
      const text = collected(host, 'busybox ash', { path: tools });
      const inventory = parseSnapshot(text);
      const whole = parseSnapshot(readFileSync(snapshotFile('intel'), 'utf8'));
      assert.deepEqual(inventory.functions.map(identity), whole.functions.map(identity));
      const nic = inventory.functions.find(fn => fn.deviceId === '10d3');
      assert.deepEqual(
        [nic?.vendorName, nic?.deviceName, nic?.className],
        ['Intel Corporation', '82574L Gigabit Network Connection', 'Ethernet controller'],
      );
      assert.equal(inventory.functions.find(fn => fn.classId === '00ff')?.className, 'Unclassified device');
      assert.ok(inventory.functions.every(fn => fn.modules === undefined));
      assert.match(inventory.gaps.join(), /packages: could not be read/);
    } finally {
      rmSync(tools, { recursive: true, force: true });
    }
  });

  test('does not wait for commands that hang', () => {
    const host = proxmoxHost();
    for (const name of ['dmesg', 'lvs', 'pvs', 'zpool', 'zfs', 'lspci', 'dpkg-query', 'modinfo', 'lsinitramfs', 'ip']) {
      host.command(name, 'exec sleep 20');
    }
    // Ten seconds become a tenth of one: what counts is that each command has a limit.
    host.command('timeout', 'shift; exec /usr/bin/timeout 0.1 "$@"');
    // Ten commands that sleep for 20 s each would be stopped by the runner's own limit.
    const inventory = parseSnapshot(collected(host));
    assert.equal(inventory.functions.length, 48);
    assert.equal(inventory.kernelMessages, undefined);
    assert.equal(inventory.packages.size, 0);
    assert.equal(inventory.missingModules, undefined);
    assert.ok(inventory.functions.every(fn => fn.modules === undefined));
  });

  test('says nothing wrong when it is killed in the middle', () => {
    const text = collected(proxmoxHost());
    const whole = parseSnapshot(text);
    for (let length = 100; length < text.length - 8; length += 997) {
      const part = parseSnapshot(text.slice(0, length));
      assert.match(part.gaps.join(), /was cut/);
      for (const [path, file] of part.files) assert.equal(file.text, whole.files.get(path)?.text);
    }
  });

  test('a shell that dies leaves no end mark', () => {
    const broken = script.replace('  direct_regions\n', '  exit 3\n');
    assert.notEqual(broken, script);
    const host = replay('amd');
    const text = collected(host, 'dash', { script: broken });
    assert.doesNotMatch(text, /== end/);
  });

  test('a host of 483 functions', function () {
    this.timeout(120_000);
    const host = bigHost();
    for (const shell of allShells) {
      assert.equal(parseSnapshot(host.collect(shell)).functions.length, 483);
    }
    host.remove();
  });
});

/** After a change of the collector: HOSTPCI_UPDATE=1 npx mocha test/host/collect.slow.test.ts, and read the difference. */
function assertCommitted(name: string, text: string): void {
  const { HOSTPCI_UPDATE: update } = process.env;
  if (update) writeFileSync(snapshotFile(name), text);
  assert.equal(text, readFileSync(snapshotFile(name), 'utf8'));
}

function assertProxmox(inventory: Inventory): void {
  assert.deepEqual(inventory.gaps, []);
  assert.equal(inventory.node, 'pve1');
  assert.deepEqual(inventory.boot, {
    efi: true,
    secureBoot: false,
    loader: 'systemd-boot',
    proxmoxBootTool: true,
    pinnedKernel: '6.14.11-4-pve',
  });
  assert.deepEqual(inventory.kernel.installed, ['6.14.11-4-pve', '6.17.2-1-pve']);
  assert.match(inventory.kernel.commandLine!, /iommu\.passthrough=1 password=\*\*\*$/);
  assert.deepEqual([inventory.versions.pveManager, inventory.versions.qemu], ['9.1.4', '10.1.2-5']);
  assert.equal(inventory.packages.has('sysfsutils') && inventory.packages.get('sysfsutils'), undefined);
  assert.deepEqual(inventory.bridges, [{ name: 'vmbr0', ports: ['ens1', 'ens2'] }]);
  assert.deepEqual(inventory.hostNeeds.map(need => `${need.address} ${need.kind} ${need.detail}`).sort(), [
    '0000:00:02.0 console fb0',
    '0000:00:03.0 cluster-nic 10.10.10.1',
    '0000:00:04.0 disk tank',
    '0000:02:00.0 disk pve',
    '0000:02:00.0 root-disk /',
    '0000:08:00.0 usb-input Logitech Keyboard',
    '0000:0b:01.0 bridge-nic vmbr0',
    '0000:0b:02.0 bridge-nic vmbr0',
  ]);
  assert.deepEqual(inventory.storages, [
    {
      id: 'local',
      type: 'dir',
      content: ['iso', 'vztmpl', 'images'],
      volumes: ['local:iso/debian 13.iso', 'local:100/vm-100-disk-0.qcow2'],
    },
    { id: 'local-lvm', type: 'lvmthin', content: ['rootdir', 'images'], volumes: ['local-lvm:vm-100-disk-0'] },
    { id: 'tank', type: 'zfspool', content: ['images'], volumes: ['tank:vm-100-disk-1'] },
    { id: 'backup', type: 'pbs', content: ['backup'], volumes: undefined },
  ]);
  assert.deepEqual(inventory.guests, [
    { vmid: 100, kind: 'qemu', running: true },
    { vmid: 102, kind: 'qemu', running: false },
    { vmid: 101, kind: 'lxc', running: true },
  ]);
  assert.deepEqual(
    inventory.reservations?.map(({ address, vmid }) => `${address} ${vmid}`),
    ['0000:01:00.0 100', '0000:01:00.1 100'],
  );
  assert.deepEqual(inventory.cluster, {
    name: 'home',
    quorate: true,
    nodes: [
      { name: 'pve1', address: '10.10.10.1', online: true },
      { name: 'pve2', address: undefined, online: false },
    ],
  });
  assert.deepEqual(inventory.romFiles, [
    { name: 'bad.rom', size: 4, validSignature: false },
    { name: 'good.rom', size: 4, validSignature: true },
  ]);
  assert.deepEqual(inventory.groupsWithDirectRegions, [3]);
  assert.deepEqual(inventory.knownParameters.get('vfio_pci'), ['ids', 'disable_vga']);
  assert.deepEqual(inventory.missingModules, new Set(['vfio_virqfd']));
  assert.deepEqual(inventory.builtinModules, new Set(['fuse', 'pcieport']));
  assert.deepEqual(
    inventory.initramfs?.map(image => [image.kernel, image.hasVfioPci]),
    [
      ['6.14.11-4-pve', undefined],
      ['6.17.2-1-pve', true],
    ],
  );
  assert.deepEqual(inventory.kernelMessages, ['DMAR: IOMMU enabled', 'vfio-pci 0000:01:00.0: resetting']);
  assert.deepEqual(at(inventory, '10:10.0').mdevTypes, [
    { id: 'nvidia-557', interface: 'nvidia', available: 1, name: 'NVIDIA A16-1B', description: undefined },
  ]);
  assert.equal(
    inventory.files.get('/etc/modprobe.d/vfio.conf')?.text,
    'options vfio-pci ids=10de:2484\r\nblacklist nouveau  \noptions kvm ignore_msrs=1 # "quoted" \\ back\tslash \noptions iommufd x=1',
  );
  assert.ok(
    inventory.files.has('/etc/udev/rules.d/99-vfio.rules') && !inventory.files.has('/etc/udev/rules.d/70-other.rules'),
  );
  assert.equal(inventory.files.get('/etc/modules')?.modifiedAt, '2026-02-01T08:30:00Z');
}

/** Every function of the one stands in the other, with the same ids, class, driver and modules. */
function assertSameDevices(inventory: Inventory, listing: Inventory): void {
  assert.deepEqual(
    inventory.functions.map(fn => fn.address),
    listing.functions.map(fn => fn.address),
  );
  for (const fn of listing.functions) {
    const ours = at(inventory, fn.address);
    assert.deepEqual(
      identity(ours),
      identity({ ...fn, revision: fn.revision ?? '00', driver: fn.driver ?? null }),
      fn.address,
    );
    if (fn.modules) assert.deepEqual(ours.modules, fn.modules, fn.address);
    if (fn.deviceName) assert.equal(ours.deviceName, fn.deviceName, fn.address);
  }
}

const identity = (fn: PciFunction) => [fn.address, fn.classId, fn.vendorId, fn.deviceId, fn.revision, fn.driver];

function assertGroups(inventory: Inventory, links: string): void {
  const groups = new Map(
    [...links.matchAll(/iommu_groups\/(\d+)\/devices\/(\S+)/g)].map(found => [found[2]!, Number(found[1])]),
  );
  for (const fn of inventory.functions) assert.equal(fn.iommuGroup, groups.get(fn.address) ?? null, fn.address);
}

function assertVirtualFunctions(inventory: Inventory, links: string): void {
  const parents = new Map([...links.matchAll(/^(\S+) physfn -> \.\.\/(\S+)$/gm)].map(found => [found[1]!, found[2]!]));
  for (const fn of inventory.functions) {
    assert.equal(fn.physicalFunction, parents.get(fn.address), fn.address);
    const children = [...parents].filter(([, parent]) => parent === fn.address).map(([child]) => child);
    if (fn.vfTotal !== undefined) assert.deepEqual(fn.virtualFunctions, children, fn.address);
    else assert.deepEqual(children, [], fn.address);
  }
}

/** Keeps a list that is compared as a set in the order of another. */
const byOrderIn = (order: readonly string[]) => (a: string, b: string) => order.indexOf(a) - order.indexOf(b);

/** A server's worth of functions, each with a driver, a group and resources. */
function bigHost(): FakeHost {
  const host = new FakeHost();
  const { functions } = parseListing(readFileSync(new URL('../listings/24.txt', import.meta.url), 'utf8'));
  const resource = Array.from({ length: 13 }, (_, index) =>
    index < 2
      ? `0x00000000f${index}000000 0x00000000f${index}ffffff 0x0000000000040200`
      : `0x${'0'.repeat(16)} 0x${'0'.repeat(16)} 0x${'0'.repeat(16)}`,
  );
  for (const fn of functions) {
    const path = `/sys/devices/pci/${fn.address}`;
    host.device(fn.address, path, {
      class: `0x${fn.classId}00`,
      vendor: `0x${fn.vendorId}`,
      device: `0x${fn.deviceId}`,
      subsystem_vendor: '0x1028',
      subsystem_device: '0x0a6b',
      revision: '0x01',
      numa_node: '0',
      driver_override: '(null)',
      reset_method: 'flr bus',
      reset: '',
      resource: resource.join('\n'),
      sriov_totalvfs: '0',
      sriov_numvfs: '0',
    });
    host.link(`${path}/driver`, '/sys/bus/pci/drivers/pcieport');
    host.link(`${path}/iommu_group`, `/sys/kernel/iommu_groups/${fn.iommuGroup}`);
  }
  host.file(
    '/lspci',
    functions
      .map(
        fn =>
          `Slot:\t${fn.address}\nClass:\t${fn.className} [${fn.classId}]\nVendor:\tIntel Corporation [8086]\nDevice:\tDevice [${fn.deviceId}]\n\n`,
      )
      .join(''),
  );
  host.command('lspci', 'cat "$HOSTPCI_ROOT/lspci"');
  for (const name of ['dmesg', 'dpkg-query', 'modinfo', 'lvs', 'pvs', 'zpool', 'zfs', 'ip'])
    host.command(name, 'exit 1');
  return host;
}
