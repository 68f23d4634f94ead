import assert from 'node:assert/strict';
import type { AnnotatedTextEdit, CreateFile, TextDocumentEdit, WorkspaceEdit } from 'vscode-languageserver-types';
import { vmConf } from '../../../server/languages/vmConf/vmConf.ts';
import { type PlanView, type PrepareChoices, prepare, prepareChoices } from '../../../server/services/prepare.ts';
import { type World, withFile } from '../../../server/workspace/world.ts';
import { hostUri, hostWith, siteWorld, snapshotText, type WishPart, wishFor } from '../../support/plans.ts';
import { readFile, siteRoot } from '../../support/site.ts';

/** What an editor gets: choices, edits with annotations, Markdown. */

const whole = (...addresses: string[]): WishPart => ({ addresses, way: 'whole' });
const noVersions = (): null => null;

function viewOf(
  world: World,
  vm: number,
  part: WishPart,
  versions: (uri: string) => number | null = noVersions,
): PlanView {
  const view = prepare(world, wishFor(world, vm, part), versions);
  assert.ok('edit' in view, JSON.stringify(view));
  return view;
}

function choicesOf(world: World, ...addresses: string[]): PrepareChoices {
  const choices = prepareChoices(world, hostUri, addresses);
  assert.ok('ways' in choices, JSON.stringify(choices));
  return choices;
}

const written = ({ documentChanges }: WorkspaceEdit): readonly TextDocumentEdit[] =>
  (documentChanges ?? []).filter((one): one is TextDocumentEdit => 'edits' in one);

const created = ({ documentChanges }: WorkspaceEdit): readonly CreateFile[] =>
  (documentChanges ?? []).filter((one): one is CreateFile => 'kind' in one && one.kind === 'create');

const firstEdit = (change: TextDocumentEdit | undefined): AnnotatedTextEdit | undefined =>
  change?.edits[0] as AnnotatedTextEdit | undefined;

const demo = siteWorld('demo');
const demoPath = (path: string): string => `${siteRoot}/etc/${path}`;

const gpuHost = (files = ''): string => `hostpci snapshot 1
== host: ok
node: pve1
iommu: dmar0
== kernel: ok
release: 6.8.12-9-pve
== pci functions: ok
0000:00:02.0
  class: 0300
  vendor: 8086
  group: 0
0000:01:00.0
  class: 0300
  vendor: 10de
  device: 1b80
  group: 1
  modules: nouveau
${files === '' ? '' : `== files: ok\n${files}`}== end
`;
const newVm = '--- etc/pve/nodes/pve1/qemu-server/100.conf\nbios: ovmf\ncpu: host\nmachine: q35\n';

suite('a plan in an editor', () => {
  test('each change has an annotation; an optional one asks to be confirmed', () => {
    const { edit, changeCount } = viewOf(demo, 101, whole('0000:00:17.0'));
    const annotations = Object.values(edit.changeAnnotations ?? {});
    assert.equal(changeCount, 3);
    assert.deepEqual(
      annotations.map(({ label, needsConfirmation }) => [label.slice(0, 18), needsConfirmation]),
      [
        ['Add hostpci1: 0000', false],
        ['Reserve 8086:a282 ', true],
        ['Switch ballooning ', true],
      ],
    );
    assert.ok(annotations.every(({ description }) => description));
    const used = written(edit).flatMap(({ edits }) =>
      edits.map(one => ('annotationId' in one ? one.annotationId : '')),
    );
    assert.deepEqual([...new Set(used)].sort(), Object.keys(edit.changeAnnotations ?? {}).sort());
  });

  test('one edit a file, with the version of the open document', () => {
    const vm = demoPath('pve/nodes/pve1/qemu-server/101.conf');
    const { edit } = viewOf(demo, 101, whole('0000:00:17.0'), uri => (uri === vm ? 7 : null));
    const uris = written(edit).map(({ textDocument }) => textDocument.uri);
    assert.equal(new Set(uris).size, uris.length);
    assert.equal(written(edit).find(({ textDocument }) => textDocument.uri === vm)?.textDocument.version, 7);
    assert.equal(created(edit).length, 0);
  });

  test('a file that is missing is made, then written, under one annotation', () => {
    const { edit, changeCount } = viewOf(hostWith(gpuHost(), newVm), 100, whole('0000:01:00.0'));
    assert.equal(changeCount, 3);
    const [vfio, modules] = created(edit);
    assert.equal(vfio?.uri, demoPath('modprobe.d/vfio.conf'));
    assert.equal(modules?.uri, demoPath('modules-load.d/vfio.conf'));
    assert.deepEqual(vfio?.options, { ignoreIfExists: true });
    const text = written(edit).find(({ textDocument }) => textDocument.uri === vfio?.uri);
    assert.equal(firstEdit(text)?.newText, 'options vfio-pci ids=10de:1b80\nsoftdep nouveau pre: vfio-pci\n');
    assert.equal(text?.textDocument.version, null);
    assert.equal(firstEdit(text)?.annotationId, vfio?.annotationId);
    const order =
      edit.documentChanges?.map(one => ('edits' in one ? one.textDocument.uri : 'uri' in one ? one.uri : '')) ?? [];
    assert.ok(order.indexOf(vfio?.uri ?? '') < order.lastIndexOf(vfio?.uri ?? ''));
  });

  test('a file that only the host has is made with the text of the host and the change in it', () => {
    const host = gpuHost('/etc/modules\n  | # of the host\n  | loop\n');
    const { edit } = viewOf(hostWith(host, newVm), 100, whole('0000:01:00.0'));
    const text = written(edit).find(({ textDocument }) => textDocument.uri === demoPath('modules'));
    assert.equal(firstEdit(text)?.newText.trimEnd(), '# of the host\nloop\nvfio\nvfio_iommu_type1\nvfio_pci');
  });

  test('a copy without its secrets is never written anywhere', () => {
    const host = gpuHost(
      '/etc/pve/mapping/pci.cfg\n  | nic\n  | \tdescription ***\n  | \tmap node=pve1,path=0000:03:00.0\n',
    );
    const view = viewOf(hostWith(host, newVm), 100, { ...whole('0000:01:00.0'), mapping: 'card' });
    assert.equal(view.isTextOnly, true);
    assert.ok(!JSON.stringify(view.edit).includes('***'));
    assert.match(view.markdown, /pci\.cfg`\n\n```diff/);
  });

  test('with a snapshot alone there is nothing to edit: the Markdown says it all', () => {
    const world = hostWith(snapshotText('proxmox'));
    const guest = choicesOf(world, '0000:07:00.0').guests.find(({ label }) => label === 'VM 102');
    assert.match(guest?.uri ?? '', /^hostpci-file:/);
    const view = prepare(world, { host: hostUri, guest: guest?.uri ?? '', ...whole('0000:07:00.0') }, noVersions);
    assert.ok('edit' in view, JSON.stringify(view));
    assert.equal(view.changeCount, 0);
    assert.equal(view.isTextOnly, true);
    assert.deepEqual(view.edit.documentChanges, []);
    assert.match(view.markdown, /\+hostpci0: 0000:07:00\.0/);
    assert.match(view.notes.join('\n'), /no copy of files that change/);
  });

  test('a VM file outside of a tree is edited; where the rest is, nobody knows', () => {
    const uri = 'file:///downloads/100.conf';
    const world = withFile(hostWith(gpuHost()), readFile(uri, 'bios: ovmf\ncpu: host\nmachine: q35\n', vmConf));
    const view = prepare(world, { host: hostUri, guest: uri, ...whole('0000:01:00.0') }, noVersions);
    assert.ok('edit' in view, JSON.stringify(view));
    assert.deepEqual([view.changeCount, view.isTextOnly], [1, true]);
    assert.equal(written(view.edit)[0]?.textDocument.uri, uri);
    assert.match(view.markdown, /`\/etc\/modprobe\.d\/vfio\.conf`/);
  });

  test('nothing to do', () => {
    const view = viewOf(demo, 100, whole('0000:03:00.0'));
    assert.equal(view.changeCount, 0);
    assert.equal(view.isTextOnly, undefined);
    assert.deepEqual(view.edit.documentChanges, []);
    assert.match(view.markdown, /No file has to be changed/);
  });

  test('text of files and hosts stays text in Markdown', () => {
    const evil = gpuHost().replace('device: 1b80', 'device: 1b80 <img src=x> [a](b) ```');
    const vm = `${newVm}name: <b>*x*</b>\n`;
    const { markdown } = viewOf(hostWith(evil, vm), 100, whole('0000:01:00.0'));
    const prose = markdown.replace(/^(`{3,})diff\n[\s\S]*?\n\1$/gm, '');
    assert.doesNotMatch(prose, /(?<!\\)<(?:img|b)/);
    assert.doesNotMatch(prose, /(?<!\\)\[a/);
  });

  test('refused: no edit at all', () => {
    const answer = prepare(demo, wishFor(demo, 100, whole('0000:05:00.0')), noVersions);
    assert.ok('refused' in answer);
    assert.match(answer.refused.join(), /disk of the host/);
  });

  test('nonsense is refused in words', () => {
    for (const part of [
      { addresses: [], way: 'whole' },
      { addresses: ['nonsense'], way: 'whole' },
      { addresses: ['0000:ff:00.0'], way: 'vf' },
      { addresses: ['0000:01:00.0'], way: 'mdev' },
      { addresses: ['0000:01:00.0'], way: 'mdev', mdevType: 'x\nhostpci9: 1' },
      { addresses: ['0000:01:00.0'], way: 'whole', mapping: 'x\ny' },
      { addresses: ['0000:01:00.0', '0000:03:00.0'], way: 'whole', mapping: 'both' },
    ] as readonly WishPart[]) {
      const answer = prepare(demo, wishFor(demo, 100, part), noVersions);
      assert.ok('refused' in answer && answer.refused.length > 0, JSON.stringify(part));
    }
    assert.ok('refused' in prepare(demo, { ...wishFor(demo, 100, whole('0000:01:00.0')), host: 'no' }, noVersions));
    assert.ok('refused' in prepare(demo, { ...wishFor(demo, 102, whole('0000:01:00.0')) }, noVersions), 'a container');
  });
});

suite('choices for a device', () => {
  test('a card: what goes with it, VMs by fit, mappings', () => {
    const { device, ways, guests, mappings } = choicesOf(demo, '0000:01:00.0');
    assert.equal(device, '01:00.0 GeForce RTX 3050 6GB');
    assert.deepEqual(
      ways.map(({ way, description }) => [way, description]),
      [['whole', 'it leaves the host, with 01:00.1']],
    );
    assert.deepEqual(
      guests.map(({ label }) => label),
      ['VM 100 (docker)', 'VM 103 (storage)', 'VM 101 (win11)'],
    );
    assert.match(guests[0]?.description ?? '', /^running · q35 · OVMF · 8 GiB$/);
    assert.match(guests[2]?.description ?? '', /^has it already · stopped · i440fx/);
    assert.deepEqual(mappings, [], 'the mapping there is for the first function alone');
    assert.deepEqual(choicesOf(demo, '0000:03:00.0').mappings, ['nic']);
  });

  test('a physical function: VFs with their users, how many there may be, and why it cannot go whole', () => {
    const world = siteWorld('healthy-sriov');
    const { ways, refused } = choicesOf(world, '0000:10:00.0');
    assert.deepEqual(
      ways.map(({ way }) => way),
      ['vf'],
    );
    assert.match(refused?.[0] ?? '', /vanish/);
    assert.equal(ways[0]?.mostVfs, 7);
    assert.deepEqual(
      ways[0]?.options?.map(({ label, description }) => `${label} ${description}`),
      ['10:10.0 free', '10:10.2 VM 120 (router)', '10:10.4 VM 121 (proxy)', '10:10.6 free'],
    );
  });

  test('a parent of mediated devices: its types', () => {
    const world = hostWith(snapshotText('mdev'), newVm.replaceAll('pve1', 'mdev'));
    const way = choicesOf(world, '0000:00:11.0').ways.find(one => one.way === 'mdev');
    assert.equal(way?.options?.[0]?.id, 'pxmdev-1');
    assert.match(way?.options?.[0]?.description ?? '', /^PX test vGPU quarter · 2 free/);
  });

  test('a device of the host itself: refused, with the evidence', () => {
    const answer = prepareChoices(demo, hostUri, ['0000:05:00.0']);
    assert.ok('refused' in answer && !('ways' in answer));
    assert.match(answer.refused.join(), /0000:05:00\.0 .*: disk of the host/);
  });

  test('a template is no guest', () => {
    const world = hostWith(gpuHost(), `${newVm}template: 1\n`);
    assert.deepEqual(choicesOf(world, '0000:01:00.0').guests, []);
  });
});
