import assert from 'node:assert/strict';
import { deviceTree } from '../../../server/services/deviceTree.ts';
import { readSite } from '../../support/site.ts';
import { everyRow, hostOf, rowAt, rowsOf, worldOf } from '../../support/tree.ts';

const { world } = readSite(
  `--- etc/pve/nodes/pve1/qemu-server/101.conf
hostpci0: 0000:01:00,pcie=1
name: win11
--- etc/pve/nodes/pve1/qemu-server/1010.conf
hostpci0: 0000:04:00.0
--- etc/pve/nodes/pve1/lxc/102.conf
dev0: /dev/dri/renderD128
hostname: jellyfin
--- etc/pve/mapping/pci.cfg
lan
	map id=8086:1539,node=pve1,path=0000:03:00.0
`,
  { host: hostOf('demo') },
);

/** What a filter finds, as short addresses. */
const found = (filter: string): string =>
  [...new Set(everyRow(rowsOf(world, 'class', filter)).flatMap(row => row.address?.slice(5) ?? []))].sort().join(' ');

suite('filtering the device tree', () => {
  const cases: readonly (readonly [filter: string, addresses: string, why: string])[] = [
    ['10de:2584', '01:00.0', 'ids'],
    ['geforce', '01:00.0', 'a part of a name, in any case'],
    ['nvidia', '01:00.0 01:00.1', 'a vendor'],
    ['01:00', '01:00.0 01:00.1', 'an address without function'],
    ['0000:03:00.0', '03:00.0', 'a whole address'],
    ['group 2', '00:01.0 01:00.0 01:00.1', 'a group, its bridges too, and not groups 12 and 20'],
    ['group 12', '03:00.0', 'a group of two digits'],
    ['Group  1', '00:00.0', 'more than one blank'],
    ['VM 101', '01:00.0 01:00.1', 'a guest by number, not VM 1010'],
    ['vm1010', '04:00.0', 'without a blank'],
    ['win11', '01:00.0 01:00.1', 'a guest by name'],
    ['ct 102', '00:02.0', 'a container'],
    ['nouveau', '01:00.0', 'a driver'],
    ['no driver', '00:14.2 00:1f.0 00:1f.2', 'none'],
    ['vmbr0', '00:1f.6', 'what the host needs it for'],
    ['host needs', '00:02.0 00:14.0 00:1f.6 05:00.0', 'that the host needs it'],
    ['eno1', '00:1f.6', 'the name of an interface'],
    ['mapping lan', '03:00.0', 'a mapping'],
    ['ethernet intel', '00:1f.6 03:00.0', 'every word, in any order'],
    ['intel ethernet igb', '03:00.0', 'more words find less'],
    ['nvidia igb', '', 'nothing has both'],
    ['(.*', '', 'no pattern'],
    ['   ', found(''), 'blanks are no filter'],
  ];
  for (const [filter, addresses, why] of cases)
    test(`"${filter}": ${why}`, () => assert.equal(found(filter), addresses));

  test('what it finds is open and can be closed without a trace; the host counts both', () => {
    const [host] = deviceTree(world, 'group', 'nvidia');
    assert.equal(host?.description, '2 of 21 devices');
    const group = rowAt(host?.children ?? [], 'Group 2');
    assert.equal(group.open, true);
    assert.notEqual(group.id, rowAt(rowsOf(world), 'Group 2').id);
    assert.equal(group.children?.length, 2);
  });

  test('a host without any match is left out', () => {
    assert.deepEqual(deviceTree(world, 'group', 'amd radeon'), []);
    assert.deepEqual(deviceTree(world, 'use', 'amd radeon'), []);
  });

  test('a VF brings its PF along, to hang below', () => {
    const rows = rowsOf(worldOf(hostOf('intel-vfs')), 'class', '10:10.2');
    assert.equal(rowAt(rows, 'Network', '82576 Gigabit').children?.length, 1);
  });

  test('by use: guests and mappings with what matches', () => {
    assert.deepEqual(
      rowsOf(world, 'use', 'group 2').map(row => row.label),
      ['VM 101 (win11)', 'Bridges'],
    );
    assert.deepEqual(
      rowsOf(world, 'use', 'lan').map(row => row.label),
      ['Bound by the host', 'Mappings'],
    );
  });
});
