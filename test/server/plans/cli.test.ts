import assert from 'node:assert/strict';
import { chmodSync, cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type PrepareOptions, prepare } from '../../../server/cli/prepare.ts';

/** `hostpci prepare` on a copy of the demo site. */

const demo = fileURLToPath(new URL('../../sites/demo/', import.meta.url));

suite('hostpci prepare', () => {
  let folder: string;
  setup(() => {
    folder = mkdtempSync(join(tmpdir(), 'hostpci-prepare-'));
    cpSync(demo, folder, { recursive: true });
    // A container that shares the card would make its reservation an option.
    rmSync(join(folder, 'etc/pve/nodes/pve1/lxc/102.conf'));
  });
  teardown(() => rmSync(folder, { recursive: true, force: true }));

  async function run(address: string, options: PrepareOptions, path = folder) {
    let out = '';
    let err = '';
    const output = {
      out: (text: string): void => {
        out += text;
      },
      err: (text: string): void => {
        err += `${text}\n`;
      },
    };
    const code = await prepare(address, path, options, output);
    return { code, out, err };
  }
  const read = (path: string): string => readFileSync(join(folder, 'etc', path), 'utf8');

  test('prints a plan and writes nothing', async () => {
    const before = read('modprobe.d/vfio.conf');
    const { code, out, err } = await run('01:00.0', { vm: '100' });
    assert.deepEqual([code, err], [0, '']);
    assert.match(out, /^Give 01:00\.0 GeForce RTX 3050 6GB to VM 100/);
    assert.match(out, /\+hostpci2: 0000:01:00,pcie=1/);
    assert.equal(read('modprobe.d/vfio.conf'), before);
  });

  test('--apply writes it; again there is nothing to do', async () => {
    const { code, out } = await run('0000:01:00.0', { vm: '100', apply: true, mapping: 'card' });
    assert.equal(code, 0, out);
    assert.match(read('pve/nodes/pve1/qemu-server/100.conf'), /^hostpci2: mapping=card,pcie=1$/m);
    assert.match(read('pve/mapping/pci.cfg'), /\n\ncard\n\tmap id=10de:2584,.*path=0000:01:00,.*\n$/);
    assert.match(read('modprobe.d/vfio.conf'), /ids=10de:2584,10de:10f1,10de:2291 disable_vga=1/);
    assert.ok(!readdirSync(join(folder, 'etc/modprobe.d')).some(name => name.includes('.tmp.')));
    const again = await run('0000:01:00.0', { vm: '100', apply: true, mapping: 'card' });
    assert.equal(again.code, 0);
    assert.match(again.out, /No file has to be changed\./);
    assert.doesNotMatch(again.out, /^wrote/m);
  });

  test('--apply makes files that are missing, and leaves options alone', async () => {
    rmSync(join(folder, 'etc/modprobe.d'), { recursive: true });
    rmSync(join(folder, 'etc/modules'));
    const { code, out } = await run('0000:01:00.0', { vm: '101', apply: true });
    assert.equal(code, 0, out);
    assert.equal(read('modprobe.d/vfio.conf').split('\n')[0], 'options vfio-pci ids=10de:2584,10de:2291');
    assert.match(read('modules-load.d/vfio.conf'), /^vfio\nvfio_iommu_type1\nvfio_pci\n$/);
    assert.match(out, /Optional: Switch ballooning off/);
    assert.match(read('pve/nodes/pve1/qemu-server/101.conf'), /^balloon: 4096$/m);
  });

  test('a file that cannot be written: nothing is', async function () {
    if (process.getuid?.() === 0) return this.skip();
    chmodSync(join(folder, 'etc/modprobe.d'), 0o500);
    const before = read('pve/nodes/pve1/qemu-server/100.conf');
    const { code, err } = await run('0000:01:00.0', { vm: '100', apply: true });
    chmodSync(join(folder, 'etc/modprobe.d'), 0o700);
    assert.equal(code, 2);
    assert.match(err, /vfio\.conf: cannot be written/);
    assert.equal(read('pve/nodes/pve1/qemu-server/100.conf'), before);
  });

  test('what is not UTF-8 is not written, and neither is the rest', async () => {
    const vfio = join(folder, 'etc/modprobe.d/vfio.conf');
    writeFileSync(vfio, Buffer.concat([Buffer.from([0x23, 0xff, 0x0a]), readFileSync(vfio)]));
    const before = read('pve/nodes/pve1/qemu-server/100.conf');
    const { code, err } = await run('0000:01:00.0', { vm: '100', apply: true });
    assert.equal(code, 2);
    assert.match(err, /UTF-8/);
    assert.equal(read('pve/nodes/pve1/qemu-server/100.conf'), before);
  });

  test('refused: exit code 1, the reason, nothing written', async () => {
    const { code, out, err } = await run('0000:05:00.0', { vm: '100', apply: true });
    assert.deepEqual([code, out], [1, '']);
    assert.match(err, /^refused: The host stands on 0000:05:00\.0 /);
    assert.ok(!existsSync(join(folder, 'etc/modules-load.d')));
  });

  test('could not run: exit code 2', async () => {
    const cases: readonly (readonly [string, PrepareOptions, string?])[] = [
      ['nonsense', { vm: '100' }],
      ['0000:01:00.0', { vm: '999' }],
      ['0000:01:00.0', { vm: '100', vf: '0' }],
      ['0000:01:00.0', { vm: '100', vf: '2', mdev: 'x' }],
      ['0000:01:00.0', { vm: '100' }, '/no/such/path'],
      ['0000:01:00.0', { vm: '100', snapshot: '/no/such/file' }],
    ];
    for (const [address, options, path] of cases) {
      const { code, err } = await run(address, options, path);
      assert.equal(code, 2, JSON.stringify(options));
      assert.notEqual(err, '');
    }
    rmSync(join(folder, 'pve1.snapshot'));
    assert.match((await run('0000:01:00.0', { vm: '100' })).err, /--snapshot/);
    const given = await run('0000:01:00.0', { vm: '100', snapshot: join(demo, 'pve1.snapshot') });
    assert.equal(given.code, 0, given.err);
  });
});
