import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { readHostText } from '../../../host/hostText.ts';
import { languages } from '../../../server/languages/index.ts';
import { nodeFiles } from '../../../server/nodeFiles.ts';
import { assess } from '../../../server/readiness/assess.ts';
import type { Readiness } from '../../../server/readiness/readiness.ts';
import { markdownReport } from '../../../server/readiness/report.ts';
import { guestsOf, subjectsOf } from '../../../server/readiness/subjects.ts';
import { loadSite, readSource } from '../../../server/workspace/load.ts';
import { emptyWorld, type World, withFile, withSnapshot } from '../../../server/workspace/world.ts';
import { run, stepsOf } from './support.ts';

/** Readiness of whole hosts: what is healthy has no failed step, and nothing throws, whatever is missing or damaged. */

const folder = (name: string): URL => new URL(`../../${name}/`, import.meta.url);
const sites = fileURLToPath(folder('sites'));

async function worldOf(site: string): Promise<World> {
  const loaded = await loadSite(pathToFileURL(`${sites}${site}`).href, nodeFiles(), languages);
  const world = loaded.files.reduce(withFile, emptyWorld);
  return loaded.snapshots.reduce(withSnapshot, world);
}

/** Everything that can be asked for in a world, every `stride`th device. */
function readinessesOf(world: World, stride = 1): readonly Readiness[] {
  return subjectsOf(world)
    .filter(({ subject }, index) => subject.kind !== 'device' || index % stride === 0)
    .map(({ subject }) => {
      const assessment = assess(world, subject, run);
      assert.ok(assessment, JSON.stringify(subject));
      assert.ok(markdownReport(assessment).length > 100);
      return assessment.readiness;
    });
}

/** What must be true of every answer. */
function assertHonest(readiness: Readiness): void {
  for (const step of stepsOf(readiness)) {
    assert.ok(step.state === 'skipped' || step.evidence.length > 0, `${step.id} is ${step.state} without evidence`);
    assert.ok(
      step.state !== 'unknown' || step.advice || step.evidence.length > 0,
      `${step.id} does not say how to learn it`,
    );
    assert.ok(
      step.evidence.every(({ text }) => text.trim() !== ''),
      `${step.id} has an empty line`,
    );
  }
  assert.equal(new Set(readiness.stages.map(one => one.id)).size, readiness.stages.length, 'two stages of one id');
}

suite('readiness: whole hosts', () => {
  const names = readdirSync(sites, { withFileTypes: true })
    .filter(one => one.isDirectory())
    .map(one => one.name);

  for (const name of names.filter(one => one.startsWith('healthy-'))) {
    test(`${name}: no step of a VM or of the host fails`, async () => {
      const world = await worldOf(name);
      const asked = subjectsOf(world).filter(({ subject }) => subject.kind !== 'device');
      const failures = asked.flatMap(({ label, subject }) => {
        const assessment = assess(world, subject, run);
        const failed = assessment ? stepsOf(assessment.readiness).filter(one => one.state === 'failed') : [];
        return failed.map(one => `${label}: ${one.id} ${one.evidence.map(({ text }) => text).join(' | ')}`);
      });
      assert.deepEqual(failures, []);
    });
  }

  test('the demo host: its VMs fail for the mistakes that its README names', async () => {
    const world = await worldOf('demo');
    const found = new Set(
      guestsOf(world).flatMap(({ uri }) => {
        const assessment = assess(world, { kind: 'guest', uri }, run);
        return assessment
          ? stepsOf(assessment.readiness)
              .filter(one => one.state === 'failed')
              .map(one => one.id)
          : [];
      }),
    );
    for (const step of ['machine', 'host-needs', 'other-guests', 'driver-after-boot', 'guest-devices'])
      assert.ok(found.has(step as never), step);
  });

  for (const name of ['demo', 'healthy-sriov', 'healthy-vgpu', 'healthy-cluster'].filter(one => names.includes(one))) {
    test(`${name}: every answer is honest`, async () => {
      for (const readiness of readinessesOf(await worldOf(name), 5)) assertHonest(readiness);
    });
  }

  test('a snapshot alone: its copies of the files stand for those that are not there', () => {
    const inventory = readHostText(readFileSync(new URL('proxmox.snapshot', folder('snapshots')), 'utf8'));
    const world = withSnapshot(emptyWorld, { uri: 'pve:/host', root: undefined, inventory });
    const guests = guestsOf(world);
    assert.ok(guests.length > 0);
    for (const readiness of readinessesOf(world, 9)) assertHonest(readiness);
    const [first] = guests;
    const readiness = first && assess(world, { kind: 'guest', uri: first.uri }, run)?.readiness;
    assert.ok(readiness);
    assert.ok(stepsOf(readiness).some(one => one.id === 'module-files' && one.state !== 'unknown'));
    assert.deepEqual(
      stepsOf(readiness).flatMap(one => one.fixes),
      [],
      'a copy cannot be edited',
    );
  });

  test('a file of the workspace counts before the copy that the host sent', () => {
    const text =
      'hostpci snapshot 1\n== host: ok\nnode: pve1\n== pci functions: ok\n0000:01:00.0\n  class: 0300\n  vendor: 10de\n  device: 2584\n  driver: nouveau\n  modules: nouveau\n== files: ok\n/etc/modprobe.d/vfio.conf\n  | options vfio-pci ids=10de:2584\n/etc/pve/nodes/pve1/qemu-server/100.conf\n  | hostpci0: 01:00.0\n== end\n';
    const host = { uri: 'pve:/host', root: undefined, inventory: readHostText(text) };
    const stateIn = (world: World): string | undefined => {
      const [guest] = guestsOf(world);
      const found = guest && assess(world, { kind: 'guest', uri: guest.uri }, run);
      return found && stepsOf(found.readiness).find(one => one.id === 'driver-after-boot')?.state;
    };
    const alone = withSnapshot(emptyWorld, host);
    assert.equal(stateIn(alone), 'passed');
    const vm = readSource('file:///t/etc/pve/nodes/pve1/qemu-server/100.conf', 'hostpci0: 01:00.0\n', languages);
    const empty = readSource('file:///t/etc/modprobe.d/vfio.conf', '# nothing\n', languages);
    assert.ok(vm && empty);
    assert.equal(stateIn(withFile(alone, vm)), 'passed', 'the copy of vfio.conf is still there');
    assert.equal(stateIn(withFile(withFile(alone, vm), empty)), 'warning');
  });

  test('a file that lies in no tree is asked about all the same', () => {
    const file = readSource('file:///tmp/100.conf', 'hostpci0: 01:00.0,pcie=1\n', languages, 'pve-vm-conf');
    assert.ok(file);
    const world = withFile(emptyWorld, file);
    const assessment = assess(world, { kind: 'guest', uri: file.uri }, run);
    assert.ok(assessment);
    assertHonest(assessment.readiness);
    assert.equal(assessment.readiness.state, 'failed');
    assert.match(assessment.readiness.gaps.join(), /Nothing is known of the host/);
  });

  test('what is not there has no readiness', () => {
    assert.equal(assess(emptyWorld, { kind: 'guest', uri: 'file:///x' }, run), undefined);
    assert.equal(assess(emptyWorld, { kind: 'host', host: 'x' }, run), undefined);
    const world = withSnapshot(emptyWorld, { uri: 'h:/', root: undefined, inventory: readHostText('') });
    assert.equal(assess(world, { kind: 'device', host: 'h:/', address: '01:00.0' }, run), undefined);
    assert.equal(assess(world, { kind: 'device', host: 'h:/', address: 'nonsense' }, run), undefined);
  });
});

suite('readiness: damage', () => {
  const snapshot = readFileSync(new URL('demo.snapshot', folder('snapshots')), 'utf8');

  test('snapshots cut anywhere, and lines of them lost or garbled', () => {
    const lines = snapshot.split('\n');
    const broken = [3, 40, 90, 200, 320].map(at => lines.slice(0, at).join('\n'));
    for (let at = 5; at < lines.length; at += 41) {
      broken.push([...lines.slice(0, at), ...lines.slice(at + 3)].join('\n'));
      broken.push([...lines.slice(0, at), '\u0000\u{1f600}: ]', ...lines.slice(at + 1)].join('\n'));
    }
    for (const text of broken) {
      const world = withSnapshot(emptyWorld, { uri: 'h:/', root: undefined, inventory: readHostText(text) });
      for (const readiness of readinessesOf(world, 11)) assertHonest(readiness);
    }
  });

  test('files with characters lost and put in', async () => {
    const world = await worldOf('demo');
    const insertions = ['', ':', ',', '=', '\u0000', '\n', '[', '\u{1f600}', '  '];
    let turn = 0;
    for (const file of world.files.values()) {
      const text = file.lines.join('\n');
      const stride = Math.max(1, Math.floor(text.length / 6));
      for (let at = 0; at <= text.length; at += stride) {
        const insert = insertions[turn++ % insertions.length] ?? '';
        const damaged = readSource(file.uri, text.slice(0, at) + insert + text.slice(at + (turn % 3)), languages);
        assert.ok(damaged);
        const broken = withFile(world, damaged);
        for (const { subject } of subjectsOf(broken).slice(0, 2)) {
          const assessment = assess(broken, subject, run);
          assert.ok(assessment);
          assertHonest(assessment.readiness);
        }
      }
    }
  });
});
