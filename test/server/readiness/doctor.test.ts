import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type DoctorOptions, doctor } from '../../../server/cli/doctor.ts';
import type { DoctorResult } from '../../../server/cli/doctorOutput.ts';

/** `hostpci doctor` as a user sees it. `UPDATE=1` rewrites the texts; the diff is the review. */

const path = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url));

async function run(args: readonly string[], options: Partial<DoctorOptions> = {}) {
  const out: string[] = [];
  const err: string[] = [];
  const output = { out: (text: string) => void out.push(text), err: (text: string) => void err.push(text) };
  const code = await doctor(args, { format: 'text', ...options }, output);
  return { code, out: out.join(''), err: err.join('\n') };
}

function assertGolden(name: string, text: string): void {
  const file = path(`doctor/${name}`);
  if (process.env.UPDATE === '1') writeFileSync(file, text);
  assert.ok(existsSync(file), 'not there yet; UPDATE=1 writes it');
  assert.equal(text, readFileSync(file, 'utf8'));
}

suite('hostpci doctor', () => {
  for (const site of ['demo', 'healthy-amd-desktop', 'healthy-sriov']) {
    test(`${site}: the host and its VMs`, async () => {
      const { code, out, err } = await run([path(`sites/${site}`)]);
      assert.equal(err, '');
      assert.equal(code, site === 'demo' ? 1 : 0);
      assertGolden(`${site}.txt`, out);
    });
  }

  test('demo: a VM as Markdown for a forum', async () => {
    const { code, out } = await run(['101', path('sites/demo')], { format: 'markdown' });
    assert.equal(code, 1);
    assert.doesNotMatch(out, /win11\)|jellyfin|pve1/);
    assertGolden('demo-101.md', out);
  });

  test('a device, by its address or its slot', async () => {
    const byFunction = await run(['0000:05:00.0', path('sites/demo')]);
    assert.equal(byFunction.code, 1);
    assert.match(byFunction.out, /^✗ 05:00\.0 SanDisk.*\n/);
    assert.match(byFunction.out, /disk of the host \(\/\)/);
    assert.equal((await run(['05:00', path('sites/demo')])).out, byFunction.out);
  });

  test('JSON: a form of its own, with places from 1', async () => {
    const { out } = await run(['101', path('sites/demo')], { format: 'json' });
    const result = JSON.parse(out) as DoctorResult;
    assert.equal(result.version, 1);
    const [subject] = result.subjects;
    assert.equal(subject?.kind, 'guest');
    assert.equal(subject?.state, 'failed');
    const step = subject?.stages.find(one => one.id === 'guest')?.steps.find(one => one.id === 'machine');
    assert.equal(step?.evidence[0]?.line, 11);
    assert.ok((step?.fixes.length ?? 0) > 0);
    assert.ok(subject?.commands.some(({ command, isDue }) => command === 'reboot' && isDue === true));
  });

  test('only a snapshot: the host and the VMs of which it sent copies', async () => {
    const { code, out, err } = await run([], { snapshot: path('snapshots/lab-pve.snapshot') });
    assert.equal(err, '');
    assert.equal(code, 0);
    assert.match(out, /^! Host pve1/);
    assert.match(out, /\n! VM 100 \(lab\) on pve1/);
    assert.equal(out.match(/^Firmware and CPU$/gm)?.length, 1, 'what is the same for all is told once');
  });

  test('what cannot run says what, where, and what is near: exit code 2', async () => {
    const cases: readonly (readonly [args: readonly string[], says: RegExp])[] = [
      [['111', path('sites/demo')], /VM 111: there is no such VM \(is it 101\?|known are 100, 101, 103/],
      [['999', path('sites/demo')], /VM 999: there is no such VM \(known are 100, 101, 103\)/],
      [['102', path('sites/demo')], /102 is a container/],
      [
        ['01:00.5', path('sites/demo')],
        /0000:01:00\.5: pve1 has no such device \(near it are 0000:01:00\.0, 0000:01:00\.1\)/,
      ],
      [['7f:1e.3', path('sites/demo')], /hostpci devices lists all|near it/],
      [['foo', 'bar'], /foo: neither a VMID/],
      [[path('sites/nothing-there')], /nothing-there: neither a VMID/],
      [['1:00.0'], /1:00\.0: neither a VMID \(101\), a PCI address/],
      [['101', path('sites/healthy-sriov/etc/hostname')], /hostname/],
    ];
    for (const [args, says] of cases) {
      const { code, out, err } = await run(args);
      assert.equal(code, 2, args.join(' '));
      assert.equal(out, '');
      assert.match(err, says);
    }
    const other = await run([], { snapshot: path('sites/demo/etc/hosts') });
    assert.deepEqual([other.code, /neither a snapshot nor a listing/.test(other.err)], [2, true]);
    const gone = await run(['101'], { snapshot: path('gone.snapshot') });
    assert.deepEqual([gone.code, /cannot be read/.test(gone.err)], [2, true]);
  });
});
