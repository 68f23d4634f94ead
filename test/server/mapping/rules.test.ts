import assert from 'node:assert/strict';
import { emptyInventory, type Inventory } from '../../../host/inventory.ts';
import { parseSnapshot } from '../../../host/snapshot.ts';
import { hexCase } from '../../../server/rules/mapping/hex-case.ts';
import { ignoredLine } from '../../../server/rules/mapping/ignored-line.ts';
import { mdevFlag } from '../../../server/rules/mapping/mdev-flag.ts';
import { missingMap } from '../../../server/rules/mapping/missing-map.ts';
import { missingSubsystemId } from '../../../server/rules/mapping/missing-subsystem-id.ts';
import { pathSemicolon } from '../../../server/rules/mapping/path-semicolon.ts';
import { staleIdentity } from '../../../server/rules/mapping/stale-identity.ts';
import { unknownNode } from '../../../server/rules/mapping/unknown-node.ts';
import { whitespaceLine } from '../../../server/rules/mapping/whitespace-line.ts';
import { ruleSet, runRules } from '../../../server/rules/run.ts';
import { type World, withSnapshot } from '../../../server/workspace/world.ts';
import { checkRule, demoHost, openSite, rethrow } from '../../support/check.ts';

const demo: Inventory = parseSnapshot(demoHost());
const gpu = (more: string, node = 'pve1'): string => `gpu\n\tmap node=${node},${more}\n`;
const right = 'path=0000:01:00.0,id=10de:2584,subsystem-id=1458:4131,iommugroup=2';

/** The demo host with one of its functions changed. */
const changed = (address: string, change: Partial<Inventory['functions'][number]>): Inventory => ({
  ...demo,
  functions: demo.functions.map(fn => (fn.address === address ? { ...fn, ...change } : fn)),
});

suite('mapping/stale-identity', () => {
  test('is silent without the node, on other nodes, and where the host did not say', () => {
    const wrong = gpu('path=0000:01:00.0,id=10de:ffff,subsystem-id=0000:0000,iommugroup=99');
    checkRule(staleIdentity, wrong);
    checkRule(staleIdentity, wrong.replace('pve1', 'pve2'), undefined, { host: true });
    const unknown = changed('0000:01:00.0', {
      vendorId: undefined,
      subsystemVendorId: undefined,
      iommuGroup: undefined,
    });
    checkRule(staleIdentity, wrong, undefined, { host: unknown });
    checkRule(staleIdentity, wrong, undefined, { host: { ...demo, node: undefined } });
    checkRule(staleIdentity, wrong, undefined, { host: emptyInventory });
  });

  test('the group is compared for the first address only, ids for each', () => {
    const twins = changed('0000:01:00.1', { deviceId: '2584' });
    checkRule(staleIdentity, gpu('path=0000:01:00.0;0000:01:00.1,id=10de:2584,iommugroup=2'), undefined, {
      host: twins,
    });
    const other = {
      ...twins,
      functions: twins.functions.map(fn => (fn.address === '0000:01:00.1' ? { ...fn, iommuGroup: 40 } : fn)),
    };
    checkRule(staleIdentity, gpu('path=0000:01:00.0;0000:01:00.1,id=10de:2584,iommugroup=2'), undefined, {
      host: other,
    });
  });

  test('a group is compared as text, as Proxmox does', () => {
    checkRule(
      staleIdentity,
      gpu('path=0000:01:00.0,id=10de:2584,iommugroup=«02»'),
      gpu('path=0000:01:00.0,id=10de:2584,iommugroup=2,subsystem-id=1458:4131'),
      { host: true },
    );
  });

  test('a group that the device is not in is taken out', () => {
    const off = changed('0000:01:00.0', { iommuGroup: null });
    checkRule(
      staleIdentity,
      gpu('path=0000:01:00.0,iommugroup=«2»,id=10de:2584,subsystem-id=1458:4131'),
      gpu('path=0000:01:00.0,id=10de:2584,subsystem-id=1458:4131'),
      { host: off },
    );
  });

  test('an address without a device; silent where the list is not whole, or VFs may still come', () => {
    checkRule(
      staleIdentity,
      gpu('path=«0000:09:00.0»,id=10de:2584'),
      gpu('path=0000:01:00.0,id=10de:2584,iommugroup=2,subsystem-id=1458:4131'),
      { host: true },
    );
    checkRule(staleIdentity, gpu('path=«0000:09:00.0»,id=1234:5678'), undefined, { host: true });
    checkRule(staleIdentity, gpu('path=0000:09:00.0,id=10de:2584'), undefined, { host: { ...demo, complete: false } });
    checkRule(staleIdentity, gpu('path=0000:03:10.0,id=8086:1520'), undefined, {
      host: changed('0000:03:00.0', { vfTotal: 7, vfCount: 0 }),
    });
  });

  test('upper case alone is the business of another rule', () => {
    const upper = gpu('path=0000:01:00.0,id=10DE:2584,subsystem-id=1458:4131,iommugroup=2');
    checkRule(staleIdentity, upper, undefined, { host: true });
    checkRule(hexCase, upper.replace('10DE:2584', '«10DE:2584»'), upper.toLowerCase(), { host: true });
  });

  test('offers the new place first, then what is in the old one', () => {
    const [report] = checkRule(staleIdentity, gpu('path=0000:03:00.0,id=«10de:2584»'), undefined, { host: true });
    assert.deepEqual(
      report?.fixes?.map(({ title }) => title),
      [
        'Follow GeForce RTX 3050 6GB to 0000:01:00.0',
        'Take over what is at 0000:03:00.0: I211 Gigabit Network Connection',
      ],
    );
  });

  test('the right line is right', () => {
    checkRule(staleIdentity, gpu(right), undefined, { host: true });
  });
});

suite('mapping: other rules with a host', () => {
  test('missing-subsystem-id: silent for older versions, unknown nodes and devices without a subsystem', () => {
    const short = gpu('path=0000:01:00.0,id=10de:2584');
    checkRule(missingSubsystemId, short, undefined, {
      host: { ...demo, versions: { ...demo.versions, guestCommon: '5.1.3' } },
    });
    checkRule(missingSubsystemId, short.replace('pve1', 'pve2'), undefined, { host: true });
    const bare = changed('0000:01:00.0', { subsystemVendorId: undefined, iommuGroup: null });
    checkRule(missingSubsystemId, short, undefined, { host: bare });
  });

  test('mdev-flag: silent while the driver is not there, for older versions, and without facts', () => {
    const flagged = `gpu\n\tmdev 1\n\tmap node=pve1,${right}\n`;
    checkRule(mdevFlag, flagged.replace('mdev 1', 'mdev «1»'), undefined, { host: true });
    checkRule(mdevFlag, flagged, undefined, { host: changed('0000:01:00.0', { driver: null }) });
    checkRule(mdevFlag, flagged, undefined, { host: changed('0000:01:00.0', { driver: 'vfio-pci' }) });
    checkRule(mdevFlag, flagged, undefined, { host: changed('0000:01:00.0', { mdevTypes: undefined }) });
    checkRule(mdevFlag, flagged, undefined, {
      host: { ...demo, versions: { ...demo.versions, guestCommon: '5.1.6' } },
    });
  });

  test('mdev-flag: a flag without a value counts as on', () => {
    checkRule(mdevFlag, `gpu\n\t«mdev»\n\tmap node=pve1,${right}\n`, undefined, { host: true });
  });

  test('path-semicolon: functions of one card are fine; without the host there is no fix', () => {
    checkRule(pathSemicolon, gpu('path=0000:01:00.0;0000:01:00.1,id=10de:2584'));
    const [report] = checkRule(pathSemicolon, gpu('path=«0000:01:00.0;0000:02:00.0»,id=10de:2584'));
    assert.deepEqual(report?.fixes, []);
  });

  test('unknown-node: silent where no host told the members', () => {
    checkRule(unknownNode, gpu(right, 'pve7'), undefined, { host: { ...demo, cluster: undefined } });
    checkRule(unknownNode, gpu(right, '«pve7»'), undefined, { host: true });
  });

  test('unknown-node: silent where files of the node are there', () => {
    const site = `--- etc/pve/mapping/pci.cfg\n${gpu(right, 'pve7')}\n--- etc/pve/nodes/pve7/qemu-server/100.conf\nname: a\n`;
    checkRule(unknownNode, site, undefined, { host: true });
  });

  test('unknown-node: a host of another site tells nothing about a cluster that it is not in', () => {
    const { world } = openSite(
      `--- etc/pve/mapping/pci.cfg\n${gpu(right, 'pve7')}\n--- etc/pve/nodes/other/qemu-server/100.conf\nname: a\n`,
    );
    const foreign = withSnapshot(world, { uri: 'hostpci-host:pve1', root: undefined, inventory: demo });
    const reports = (root: World) =>
      [...root.files.values()].flatMap(file => runRules(ruleSet([unknownNode]), file, root, rethrow));
    assert.deepEqual(reports(foreign), []);
    const own = withSnapshot(world, { uri: 'file:///site/pve1.snapshot', root: 'file:///site', inventory: demo });
    assert.equal(reports(own).length, 1);
  });
});

suite('mapping: lines', () => {
  test('a file with Windows line ends is one mapping to Proxmox', () => {
    checkRule(
      whitespaceLine,
      `gpu\r\n\tmap node=pve1,${right}\r\n«\r»\nnic\r\n`,
      `gpu\r\n\tmap node=pve1,${right}\r\n\nnic\r\n`,
    );
  });

  test('comments and empty lines are nothing to report', () => {
    for (const rule of [ignoredLine, whitespaceLine]) checkRule(rule, `\n# a\n\t# b\n\ngpu\n\n\n#c\n`);
  });

  test('a skipped section is not judged inside', () => {
    checkRule(missingMap, '1bad\n\tmap x\n\tfoo\n');
    checkRule(ignoredLine, '1bad\nfoo bar\n');
  });

  test('a comment silences a rule on the next line', () => {
    checkRule(hexCase, 'gpu\n# hostpci:ignore mapping/hex-case\n\tmap node=pve1,path=0000:01:00.0,id=10DE:2584\n');
  });
});
