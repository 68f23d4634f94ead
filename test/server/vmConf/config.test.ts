import assert from 'node:assert/strict';
import {
  configOf,
  deletedKeys,
  flagOf,
  isFlagOn,
  isOn,
  isTemplate,
  numberOf,
  property,
  type Settings,
  stored,
  textOfProperty,
} from '../../../server/languages/vmConf/config.ts';
import {
  compareMachineVersions,
  displayOf,
  hostAddresses,
  machineOf,
  machineVersionAtStart,
  mappingOf,
  parseMachineVersion,
  windowsVersionOf,
} from '../../../server/languages/vmConf/machine.ts';
import { disksOf, drivesOf, settingsAtStart } from '../../../server/languages/vmConf/start.ts';
import { parseVmConf } from '../../../server/languages/vmConf/tree.ts';
import { toLines } from '../../../server/text/lines.ts';

const fileOf = (text: string) => ({ tree: parseVmConf(toLines(text)) });
const next = (text: string): Settings => configOf(fileOf(text)).next;
const show = (settings: Settings): readonly string[] =>
  settings.entries().map(({ line, key, stored: value }) => `${line}:${key}=${value}`);

suite('VM conf: what a file means', () => {
  test('the last valid line of a key counts', () => {
    assert.deepEqual(show(next('cores: 1\ncores: 2\ncores: x\nnumal: 1\n')), ['1:cores=2']);
    assert.deepEqual(show(next('hostpci0: 01:00\nhostpci0: 02:00,pcie=2\n')), ['0:hostpci0=01:00']);
    assert.deepEqual(show(next('cdrom: none\nide2: none,media=cdrom\n')), ['1:ide2=none,media=cdrom']);
    assert.equal(next('cdrom: none\n').entry('ide2')?.node.key.text, 'cdrom');
  });

  test('values are as Proxmox stores them', () => {
    const settings = next('onboot: YES\nkvm: off\ncores: 004\nciuser: "root"\nargs: "-x"\nname: vm\r\n');
    assert.equal(stored(settings, 'onboot'), '1');
    assert.equal(stored(settings, 'cores'), '4');
    assert.equal(stored(settings, 'ciuser'), 'root');
    assert.equal(stored(settings, 'args'), '"-x"');
    assert.equal(stored(settings, 'name'), 'vm');
    assert.equal(isOn(settings, 'kvm', true), false);
    assert.equal(isOn(settings, 'acpi', true), true);
    assert.equal(numberOf(settings, 'cores', 1), 4);
    assert.equal(numberOf(settings, 'sockets', 1), 1);
  });

  test('pending changes are in what the next start uses, each on its own line', () => {
    const text = 'bios: ovmf\ncores: 2\nnet0: virtio\n[PENDING]\ncores: 4\ndelete: net0,!bios\nvga: std\n';
    const config = configOf(fileOf(text));
    assert.deepEqual(show(config.next), ['4:cores=4', '6:vga=std']);
    assert.deepEqual(show(config.main), ['0:bios=ovmf', '1:cores=2', '2:net0=virtio']);
    assert.deepEqual(config.pending && deletedKeys(config.pending).map(({ key }) => key), ['net0', 'bios']);
    assert.equal(configOf(fileOf('cores: 1\n')).pending, undefined);
  });

  test('of a repeated section the last one counts', () => {
    const config = configOf(fileOf('[s1]\ncores: 1\n[PENDING]\nvga: std\n[s1]\ncores: 2\n[pending]\nvga: qxl\n'));
    assert.equal(config.snapshots.size, 1);
    assert.deepEqual(show(config.snapshots.get('s1') as Settings), ['5:cores=2']);
    assert.equal(stored(config.next, 'vga'), 'qxl');
  });

  test('families come in the order of their index', () => {
    const settings = next('hostpci10: 03:00\nhostpci2: 02:00\nhostpci0: 01:00\nhostpci16: 04:00\n');
    assert.deepEqual(
      settings.family('hostpci').map(({ key, index }) => `${key} ${index}`),
      ['hostpci0 0', 'hostpci2 2', 'hostpci10 10'],
    );
    assert.deepEqual(settings.family('nosuch'), []);
    assert.deepEqual(settings.family('constructor'), []);
  });

  test('default keys and aliases are resolved, tokens keep their places', () => {
    const settings = next(
      'scsi0: volume=local:1,bps_rd_length=3\nnet0: virtio=BC:24:11:00:00:01,firewall=on\nagent: 1\n',
    );
    const disk = settings.entry('scsi0');
    assert.equal(textOfProperty(disk, 'file'), 'local:1');
    assert.equal(property(disk, 'file')?.value.start, 14);
    assert.equal(textOfProperty(disk, 'bps_rd_max_length'), '3');
    const card = settings.entry('net0');
    assert.equal(textOfProperty(card, 'model'), 'virtio');
    assert.equal(textOfProperty(card, 'macaddr'), 'BC:24:11:00:00:01');
    assert.equal(isFlagOn(card, 'firewall'), true);
    assert.equal(flagOf(card, 'link_down'), undefined);
    assert.equal(isFlagOn(settings.entry('agent'), 'enabled'), true);
    assert.equal(isFlagOn(undefined, 'enabled'), false);
  });

  test('machine, display and guest', () => {
    assert.deepEqual(machineOf(next('')).text, 'pc');
    assert.equal(machineOf(next('arch: aarch64\n')).text, 'virt');
    const machine = machineOf(next('machine: type=pc-q35-9.2+pve1,viommu=intel\n'));
    assert.equal(machine.isQ35, true);
    assert.deepEqual(machine.version, { major: 9, minor: 2, pve: 1 });
    assert.equal(machine.token?.start, 14);
    assert.deepEqual(parseMachineVersion('pc-i440fx-4.1.1+pve2.pxe'), { major: 4, minor: 1, pve: 2 });
    assert.ok(compareMachineVersions({ major: 9, minor: 2, pve: 1 }, { major: 10, minor: 0, pve: 0 }) < 0);
    assert.equal(windowsVersionOf(next('ostype: win11\n')), 11);
    assert.equal(windowsVersionOf(next('ostype: l26\n')), undefined);
    assert.equal(displayOf(next('')), 'std');
    assert.equal(displayOf(next('ostype: wxp\n')), 'cirrus');
    assert.equal(displayOf(next('vga: type=none,memory=16\n')), 'none');
  });

  test('the machine version of the next start', () => {
    const version = (text: string, qemu?: string): string => {
      const found = machineVersionAtStart(next(text), qemu);
      return found ? `${found.major}.${found.minor}+${found.pve}` : 'newest';
    };
    assert.equal(version('machine: q35\n'), 'newest');
    assert.equal(version('machine: q35\n', '10.1.2-6'), '10.1+0');
    assert.equal(version('ostype: win11\n', '10.1.2-6'), '5.1+0');
    assert.equal(version('meta: creation-qemu=9.2.0,ctime=1\nostype: win11\n', '10.1.2-6'), '9.2+0');
    assert.equal(version('meta: creation-qemu=8.1.5\nostype: win11\n'), '5.1+0');
  });

  test('addresses and mappings of devices', () => {
    const [first, second] = next('hostpci0: 01:00;0002:03:00.1,pcie=1\nhostpci1: mapping=gpu\n').family('hostpci');
    assert.ok(first && second);
    assert.deepEqual(
      hostAddresses(first).map(({ token, slot, function: fn }) => [token.start, slot, fn]),
      [
        [10, '0000:01:00', undefined],
        [16, '0002:03:00', '0002:03:00.1'],
      ],
    );
    assert.deepEqual(hostAddresses(second), []);
    assert.equal(mappingOf(second)?.text, 'gpu');
    assert.equal(mappingOf(first), undefined);
  });

  test('of a template the start looks at its disks alone', () => {
    const text =
      'bios: ovmf\nefidisk0: l1:x\nhostpci0: 01:00\nscsi0: l1:y\ntemplate: 1\ntpmstate0: l1:z\nmemory: 512\n';
    const file = fileOf(text);
    assert.ok(isTemplate(configOf(file)));
    const settings = settingsAtStart(file);
    assert.deepEqual(settings.family('hostpci'), []);
    assert.equal(settings.entry('memory'), undefined);
    assert.equal(stored(settings, 'bios'), 'ovmf');
    assert.deepEqual(
      disksOf(settings).map(({ key }) => key),
      ['efidisk0', 'scsi0', 'tpmstate0'],
    );
    assert.deepEqual(
      drivesOf(settings).map(({ key }) => key),
      ['scsi0'],
    );
    assert.deepEqual(
      settings.entries().map(({ key }) => key),
      ['bios', 'efidisk0', 'scsi0', 'tpmstate0'],
    );
  });

  test('a custom CPU model counts as there while nobody knows better', () => {
    assert.equal(stored(next('cpu: host\ncpu: custom-x\n'), 'cpu'), 'custom-x');
  });
});
