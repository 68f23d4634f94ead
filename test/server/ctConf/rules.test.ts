import assert from 'node:assert/strict';
import { parseSnapshot } from '../../../host/snapshot.ts';
import { deviceNodeMissing } from '../../../server/rules/lxc/device-node-missing.ts';
import { deviceNotAllowed } from '../../../server/rules/lxc/device-not-allowed.ts';
import { duplicateKey } from '../../../server/rules/lxc/duplicate-key.ts';
import { mountTargetAbsolute } from '../../../server/rules/lxc/mount-target-absolute.ts';
import { mountWithoutCreate } from '../../../server/rules/lxc/mount-without-create.ts';
import { unknownKey } from '../../../server/rules/lxc/unknown-key.ts';
import { valueOutOfRange } from '../../../server/rules/lxc/value-out-of-range.ts';
import { vmTakesSharedGpu } from '../../../server/rules/lxc/vm-takes-shared-gpu.ts';
import { checkRule, demoHost } from '../../support/check.ts';

const demo = parseSnapshot(demoHost());
const host = { host: true } as const;
const mount = 'lxc.mount.entry: /dev/dri/renderD128 dev/dri/renderD128 none bind,optional,create=file 0 0\n';

suite('lxc/device-node-missing', () => {
  test('is silent without a list of nodes, in snapshots, and about nodes that are not listed', () => {
    checkRule(deviceNodeMissing, 'dev0: /dev/dri/renderD200\n');
    checkRule(deviceNodeMissing, 'dev0: /dev/dri/renderD200\n', undefined, {
      host: { ...demo, deviceNodes: undefined },
    });
    checkRule(deviceNodeMissing, '[before]\ndev0: /dev/dri/renderD200\n', undefined, host);
    checkRule(
      deviceNodeMissing,
      'dev0: /dev/ttyUSB0\ndev1: /dev/nvidia-caps/nvidia-cap1\ndev2: /dev/dri/by-path/x\n',
      undefined,
      host,
    );
    checkRule(deviceNodeMissing, 'lxc.mount.entry: /dev/dri dev/dri none bind 0 0\n', undefined, host);
  });

  test('pending changes count', () => {
    checkRule(deviceNodeMissing, '[pve:pending]\ndev0: «/dev/kfd»\n', undefined, host);
  });

  test('an optional mount is a warning, and the container starts', () => {
    const [report] = checkRule(
      deviceNodeMissing,
      'lxc.mount.entry: «/dev/kfd» dev/kfd none bind,optional,create=file 0 0\n',
      undefined,
      host,
    );
    assert.equal(report?.severity, 'warning');
    assert.match(report?.message ?? '', /starts without/);
  });

  test('names the card that is bound to vfio-pci, and offers the nodes that are left', () => {
    const taken = demo.functions.map(fn => (fn.address === '0000:01:00.0' ? { ...fn, driver: 'vfio-pci' } : fn));
    const left = demo.deviceNodes?.filter(({ address }) => address === '0000:00:02.0');
    const [report] = checkRule(deviceNodeMissing, 'dev0: «/dev/dri/renderD129»\n', 'dev0: /dev/dri/renderD128\n', {
      host: { ...demo, functions: taken, deviceNodes: left },
    });
    assert.match(report?.message ?? '', /RTX 3050.* is bound to vfio-pci/);
  });
});

suite('containers: other rules about devices', () => {
  test('device-not-allowed: silent for unprivileged containers, included files, devN and nodes without a fixed number', () => {
    checkRule(deviceNotAllowed, mount.replace('/dev/dri/renderD128', '«/dev/dri/renderD128»'));
    for (const more of [
      'unprivileged: yes\n',
      'lxc.include: /x\n',
      'dev0: /dev/dri/renderD128\n',
      'lxc.cgroup2.devices.allow: a\n',
      'lxc.cgroup2.devices.allow: /dev/dri/renderD128 rwm\n',
    ]) {
      checkRule(deviceNotAllowed, mount + more);
    }
    checkRule(deviceNotAllowed, 'lxc.mount.entry: /dev/kfd dev/kfd none bind,optional,create=file 0 0\n');
  });

  test('mount-target-absolute: a path through the root file system on the host is one that LXC takes', () => {
    checkRule(mountTargetAbsolute, 'lxc.mount.entry: /dev/dri /var/lib/lxc/200/rootfs/dev/dri none bind 0 0\n');
  });

  test('mount-without-create: other targets and sources are not judged', () => {
    checkRule(
      mountWithoutCreate,
      'lxc.mount.entry: /srv/a srv/a none bind 0 0\nlxc.mount.entry: /dev/dri\nlxc.mount.entry: /srv dev/dri none bind 0 0\n',
    );
  });

  test('vm-takes-shared-gpu: silent for mediated devices, other cards and mappings that nobody uses', () => {
    const site = (vm: string, ct = 'dev0: /dev/dri/renderD129\n'): string =>
      `--- etc/pve/nodes/pve1/lxc/200.conf\n${ct}--- etc/pve/nodes/pve1/qemu-server/101.conf\n${vm}`;
    checkRule(vmTakesSharedGpu, site('hostpci0: 0000:01:00.0,mdev=nvidia-222\n'), undefined, host);
    checkRule(vmTakesSharedGpu, site('hostpci0: 0000:03:00.0\n'), undefined, host);
    const mapping = '--- etc/pve/mapping/pci.cfg\ngpu\n\tmap node=pve1,path=0000:01:00.0,id=10de:2584\n';
    checkRule(vmTakesSharedGpu, site('cores: 2\n') + mapping, undefined, host);
    checkRule(
      vmTakesSharedGpu,
      site('hostpci0: mapping=gpu\n', 'dev0: «/dev/dri/renderD129»\n') + mapping,
      undefined,
      host,
    );
  });
});

suite('containers: rules about keys and values', () => {
  test('unknown-key: a warning where the host is newer than the schema', () => {
    const versions = { ...demo.versions, container: '99.0.0' };
    const [report] = checkRule(unknownKey, '«future»: 1\n', undefined, { host: { ...demo, versions } });
    assert.equal(report?.severity, 'warning');
    assert.match(report?.message ?? '', /the host has 99\.0\.0/);
    assert.equal(checkRule(unknownKey, '«future»: 1\n', undefined, host)[0]?.severity, 'error');
  });

  test('unknown-key: a VM option is no container option', () => {
    const [report] = checkRule(unknownKey, '«hostpci0»: 01:00\n');
    assert.match(report?.message ?? '', /devN/);
    assert.deepEqual(report?.fixes, []);
  });

  test('duplicate-key: notes and keys for LXC may repeat', () => {
    checkRule(duplicateKey, '#a\n#a\ndescription: x\ndescription: y\nlxc.idmap: u 0 1 1\nlxc.idmap: g 0 1 1\n');
  });

  test('value-out-of-range: silent where the value has no right form, which another rule says', () => {
    checkRule(valueOutOfRange, 'cores: x\ncpulimit: 0.5\nlock: backup\nhostname: a\n');
    checkRule(valueOutOfRange, 'lock: «junk»\ncpulimit: «8192.5»\n');
  });
});
