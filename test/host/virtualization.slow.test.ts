import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { VirtualizationFacts } from '../../host/inventory.ts';
import { renderSnapshot } from '../../host/render.ts';
import { parseSnapshot } from '../../host/snapshot.ts';
import { FakeHost, type Shell, shells } from '../support/fakeHost.ts';

/** What QEMU needs of the kernel: from a host through the collector into an inventory, and back. */

const collected = (prepare: (host: FakeHost) => void, shell: Shell = 'dash'): VirtualizationFacts | undefined => {
  const host = new FakeHost();
  try {
    host.file('/proc/sys/kernel/osrelease', '6.17.13-2-pve\n');
    prepare(host);
    return parseSnapshot(host.collect(shell)).virtualization;
  } finally {
    host.remove();
  }
};

suite('what QEMU needs of the kernel', () => {
  for (const shell of Object.keys(shells) as Shell[]) {
    test(`cgroup v2 and device nodes, under ${shell}`, () => {
      const found = collected(host => {
        for (const node of ['null', 'kvm', 'net/tun']) host.file(`/dev/${node}`, '');
        host.file('/sys/fs/cgroup/cgroup.controllers', 'cpuset cpu io memory\n');
      }, shell);
      assert.deepEqual(found, {
        kvm: true,
        kvmAccess: true,
        vhostNet: false,
        tun: true,
        cgroupVersion: 2,
        cgroupControllers: ['cpuset', 'cpu', 'io', 'memory'],
      });
    });

    test(`cgroup v1 names the controllers that are enabled, under ${shell}`, () => {
      const found = collected(host => {
        host.folder('/sys/fs/cgroup/memory');
        host.file('/proc/cgroups', '#subsys_name\thierarchy\tnum_cgroups\tenabled\ncpu\t3\t5\t1\nmemory\t0\t1\t0\n');
      }, shell);
      assert.equal(found?.cgroupVersion, 1);
      assert.deepEqual(found?.cgroupControllers, ['cpu']);
      assert.equal(found?.kvm, undefined);
    });
  }

  test('a copy without /dev and cgroups says nothing, and so does an older snapshot', () => {
    assert.equal(
      collected(() => {}),
      undefined,
    );
    const demo = readFileSync(new URL('../snapshots/demo.snapshot', import.meta.url), 'utf8');
    assert.equal(parseSnapshot(demo).virtualization, undefined);
  });

  test('a rendered snapshot keeps it', () => {
    const text = 'hostpci snapshot 1\n\n== virtualization: ok\nkvm: no\ncgroup: 2\ncontrollers: none\n\n== end\n';
    const inventory = parseSnapshot(text);
    assert.deepEqual(inventory.gaps, []);
    assert.equal(inventory.virtualization?.kvm, false);
    assert.equal(inventory.virtualization?.tun, undefined);
    assert.deepEqual(inventory.virtualization?.cgroupControllers, []);
    assert.deepEqual(parseSnapshot(renderSnapshot(inventory)), inventory);
  });
});
