import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { parseSnapshot } from '../../../host/snapshot.ts';
import { languages } from '../../../server/languages/index.ts';
import { applied } from '../../../server/plans/applied.ts';
import { type Made, makePlan } from '../../../server/plans/makePlan.ts';
import type { Change, Wish } from '../../../server/plans/plan.ts';
import { rules } from '../../../server/rules/index.ts';
import type { Report } from '../../../server/rules/rule.ts';
import { ruleSet, runRules } from '../../../server/rules/run.ts';
import { textOf } from '../../../server/text/lines.ts';
import type { World } from '../../../server/workspace/world.ts';
import { rethrow } from '../../support/check.ts';
import { hostWith, siteWorld, snapshotText, type WishPart, wishFor } from '../../support/plans.ts';

/** What is true of every plan, over every device of every host at hand, with VMs of two kinds and host files of two. */

const node = (text: string): string => parseSnapshot(text).node ?? 'pve1';

const guests = (name: string): string =>
  [
    `--- etc/pve/nodes/${name}/qemu-server/200.conf\nbios: ovmf\ncpu: host\nefidisk0: local-lvm:vm-200-disk-0,efitype=4m,ms-cert=2023k,pre-enrolled-keys=1,size=4M\nmachine: q35\nmemory: 1024\nname: new\n`,
    `--- etc/pve/nodes/${name}/qemu-server/201.conf\n#old guest\nballoon: 512\nhostpci0: 0000:7f:00.0\nmemory: 1024\nscsi0: local-lvm:vm-201-disk-0,size=32G`,
  ].join('\n');

const hostFiles =
  '\n--- etc/modprobe.d/local.conf\n# ours\noptions vfio-pci ids=dead:beef disable_vga=0\n--- etc/modules\nnouveau\n--- etc/pve/mapping/pci.cfg\nspare\n\tmap id=dead:beef,node=elsewhere,path=0000:7f:00.0\n--- etc/default/grub\nGRUB_CMDLINE_LINUX_DEFAULT="quiet"\n';

/** Of one machine, asked in other ways. */
const same: ReadonlySet<string> = new Set(['lab-no-lspci', 'lab-user', 'lab-vfio']);

function* hosts(): Generator<readonly [name: string, world: World, vms: readonly number[]]> {
  const names = readdirSync(new URL('../../snapshots/', import.meta.url)).filter(name => name.endsWith('.snapshot'));
  for (const name of names.map(one => one.replace('.snapshot', '')).filter(one => !same.has(one))) {
    const text = snapshotText(name);
    yield [name, hostWith(text, guests(node(text))), [200]];
    yield [`${name} with files`, hostWith(text, guests(node(text)) + hostFiles), [201]];
  }
  yield ['demo site', siteWorld('demo'), [100, 101]];
  yield ['SR-IOV site', siteWorld('healthy-sriov'), [120]];
  yield ['AMD site', siteWorld('healthy-amd-desktop'), [111]];
}

function* wishes(world: World, vms: readonly number[]): Generator<Wish> {
  for (const fn of world.snapshots[0]?.inventory.functions ?? []) {
    const parts: WishPart[] = [{ addresses: [fn.address], way: 'whole' }];
    if (fn.vfTotal) parts.push({ addresses: [fn.address], way: 'vf', vfCount: Math.min(2, fn.vfTotal) });
    if (fn.physicalFunction) parts.push({ addresses: [fn.address], way: 'vf' });
    for (const { id } of fn.mdevTypes ?? []) parts.push({ addresses: [fn.address], way: 'mdev', mdevType: id });
    for (const vm of vms) {
      for (const part of parts) {
        yield wishFor(world, vm, part);
        if (vm === 201) yield wishFor(world, vm, { ...part, mapping: 'planned' });
      }
    }
  }
}

/** What a rule says of the device, the host and other guests, and no plan can change; the notes of the plan tell it. */
const inherent: ReadonlySet<string> = new Set([
  'backup/stopped-vm-grabs-device',
  'bind/amdgpu-unbind-hang',
  'bind/bar-reserved-bootfb',
  'bind/host-driver-at-boot',
  'bind/no-reset',
  'bind/only-gpu-passed',
  'bind/usb-controller-of-keyboard',
  'firmware/iommu-absent',
  'firmware/irq-remapping-missing',
  'iommu/group-takes-host-device',
  'iommu/group-split-across-vms',
  'iommu/ivrs-dmar-firmware-bug',
  'mdev/no-instances',
]);

/** What a command of the plan or an optional change mends. */
const due: ReadonlySet<string> = new Set([
  'sysfs/package-missing',
  'memory/balloon-with-vfio',
  'conflict/same-device-two-vms',
]);

const set = ruleSet(rules);

function serious(world: World, uri: string): readonly (Report & { readonly key: string })[] {
  const file = world.files.get(uri);
  if (!file) return [];
  return runRules(set, file, world, rethrow)
    .filter(({ severity }) => severity === 'error' || severity === 'warning')
    .map(report => ({ ...report, key: `${report.rule} ${textOf(file.lines, report.span)}` }));
}

const urisOf = (changes: readonly Change[]): readonly string[] => [
  ...new Set(
    changes.flatMap(({ edits, creates }) => [...edits.map(({ uri }) => uri), ...(creates ? [creates.uri] : [])]),
  ),
];

const labels = ({ plan }: Made): readonly string[] => plan.changes.map(({ label }) => label);

suite('every plan', function () {
  this.timeout(180_000);

  for (const [name, world, vms] of hosts()) {
    test(name, () => {
      let plans = 0;
      for (const wish of wishes(world, vms)) {
        const about = `${name}: ${wish.way} ${wish.addresses} ${wish.mapping ?? ''}`;
        const made = makePlan(world, wish);
        if (!('plan' in made)) {
          assert.ok(made.refused.length > 0, about);
          for (const reason of made.refused) assert.match(reason, /^[A-Z0-9"][^\n]*\.$/, about);
          continue;
        }
        plans++;
        checkPlan(made, wish, about);
      }
      assert.ok(plans > 0, 'no plan was made');
    });
  }
});

/** Any of the changes may be unticked: none writes where another one does. */
function checkApart(changes: readonly Change[], about: string): void {
  const edits = changes.flatMap(change => change.edits.map(edit => ({ change, ...edit })));
  for (const one of edits) {
    for (const other of edits) {
      if (one.change === other.change || one.uri !== other.uri) continue;
      const [a, b] = [one.span, other.span];
      const isBefore = a.endLine < b.line || (a.endLine === b.line && a.end <= b.start);
      const isBehind = b.endLine < a.line || (b.endLine === a.line && b.end <= a.start);
      assert.ok(isBefore || isBehind, `${about}: ${one.change.label} and ${other.change.label}`);
    }
  }
  const made = changes.flatMap(({ creates }) => (creates ? [creates.uri] : []));
  assert.equal(new Set(made).size, made.length, about);
}

function checkPlan(made: Made, wish: Wish, about: string): void {
  const { changes, notes } = made.plan;
  for (const { label, why } of changes) assert.ok(label !== '' && why.endsWith('.'), `${about}: ${label}`);
  checkApart(changes, about);
  const needed = changes.filter(({ isOptional }) => !isOptional);
  // The ground stands for the workspace from here on: it has the same files and the host's copies.
  const all = makePlan(applied(made.before, changes), wish);
  assert.ok('plan' in all, `${about}: refused once it is applied: ${JSON.stringify(all)}`);
  assert.deepEqual(labels(all), [], `${about}: the same plan again`);
  const after = applied(made.before, needed);
  const some = makePlan(after, wish);
  assert.ok('plan' in some && some.plan.changes.every(({ isOptional }) => isOptional), `${about}: something is left`);
  for (const uri of urisOf(needed)) {
    const before = new Set(serious(made.before, uri).map(({ key }) => key));
    for (const { key, rule, message } of serious(after, uri)) {
      if (before.has(key) || due.has(rule)) continue;
      assert.ok(inherent.has(rule), `${about}: ${rule}: ${message}`);
      assert.ok(
        notes.includes(message) || /^(?:bind\/host-driver-at-boot|firmware\/iommu-absent)$/.test(rule),
        `${about}: no note says: ${message}`,
      );
    }
    const file = after.files.get(uri);
    assert.ok(file && languages.some(({ id }) => id === file.place.language), about);
  }
}
