import assert from 'node:assert/strict';
import { parseSnapshot } from '../../host/snapshot.ts';
import { surroundingsOf } from '../../server/facts/surroundings.ts';
import { ctConf } from '../../server/languages/ctConf/ctConf.ts';
import { languages } from '../../server/languages/index.ts';
import type { Language } from '../../server/languages/language.ts';
import { pciMapping } from '../../server/languages/pciMapping/pciMapping.ts';
import { vmConf } from '../../server/languages/vmConf/vmConf.ts';
import { textOf } from '../../server/text/lines.ts';
import { readSource } from '../../server/workspace/load.ts';
import { emptyWorld, filesOf, type World, withFile, withoutFile, withSnapshot } from '../../server/workspace/world.ts';
import { openSite } from '../support/check.ts';
import { siteRoot } from '../support/site.ts';

/** A graphics card with sound in one group, and what the host keeps of files of its own. */
const host = (...files: string[]): string => `hostpci snapshot 1
== host: ok
node: pve1
== pci functions: ok
0000:01:00.0
  class: 0300
  vendor: 10de
  device: 1c03 GP106 [GeForce GTX 1060 6GB]
  driver: nvidia
  group: 14
0000:01:00.1
  class: 0403
  vendor: 10de
  device: 10f1 GP106 High Definition Audio Controller
  group: 14
0000:03:00.0
  class: 0200
  vendor: 8086
  device: 1539 I211
  group: 15
== host needs: ok
0000:03:00.0
  kind: host-nic
  detail: enp3s0
== device nodes: ok
/dev/dri/card0
  pci: 0000:01:00.0
/dev/dri/renderD128
  pci: 0000:01:00.0
== files: ok
${files.join('')}== end
`;

const kept = (path: string, ...lines: string[]): string =>
  `/etc/pve/${path}\n${lines.map(line => `  | ${line}\n`).join('')}`;

const library = { read: () => undefined };

/** `line: title` of each lens of a site's first file. */
function titles<Tree>(language: Language<Tree>, text: string, hostText = host()): readonly string[] {
  const { world, file } = openSite(text, { language: language as Language, host: hostText });
  return lensesIn(language, world, file.uri);
}

function lensesIn<Tree>(language: Language<Tree>, world: World, uri: string): readonly string[] {
  const file = filesOf(world, language).find(one => one.uri === uri);
  assert.ok(file);
  return (language.lenses?.(file, surroundingsOf(world, file, library)) ?? []).map(
    lens => `${textOf(file.lines, lens.span)}: ${lens.title}`,
  );
}

suite('lenses of containers', () => {
  test('a VM that takes the device, and containers that share it', () =>
    assert.deepEqual(
      titles(
        ctConf,
        `--- etc/pve/nodes/pve1/lxc/200.conf
arch: amd64¦
dev0: /dev/dri/renderD128,gid=104
--- etc/pve/nodes/pve1/lxc/201.conf
hostname: plex
lxc.mount.entry: /dev/dri/card0 dev/dri/card0 none bind,optional,create=file
--- etc/pve/nodes/pve1/qemu-server/101.conf
name: games
hostpci0: 01:00
`,
      ),
      ['dev0: Also claimed by VM 101 (games)', 'dev0: Also used by CT 201 (plex)'],
    ));

  test('a mounted node counts, a device on another node does not', () =>
    assert.deepEqual(
      titles(
        ctConf,
        `--- etc/pve/nodes/pve1/lxc/200.conf
arch: amd64¦
lxc.mount.entry: /dev/dri dev/dri none bind,optional,create=dir
--- etc/pve/nodes/pve2/qemu-server/101.conf
hostpci0: 01:00
--- etc/pve/nodes/pve1/qemu-server/102.conf
hostpci0: 0000:01:00.0
`,
      ),
      ['lxc.mount.entry: Also claimed by VM 102'],
    ));

  test('nothing where nobody else has it, or nothing is known of the node', () => {
    assert.deepEqual(titles(ctConf, 'dev0: /dev/dri/renderD128\ndev1: /dev/ttyUSB0\n'), []);
    assert.deepEqual(titles(ctConf, 'dev0: /dev/dri/renderD128\n', 'hostpci snapshot 1\n== end\n'), []);
  });
});

suite('lenses of mappings', () => {
  const mapping = `--- etc/pve/mapping/pci.cfg
gpu
	map id=10de:1c03,iommugroup=14,node=pve1,path=0000:01:00.0¦
	map id=10de:1c03,iommugroup=14,node=pve2,path=0000:01:00.0

whole
	map id=10de:1c03,node=pve1,path=0000:01:00

net
	map id=8086:1539,node=pve1,path=0000:03:00.0
`;

  test('the rest of the group, what the node needs, and who uses the mapping', () =>
    assert.deepEqual(
      titles(
        pciMapping,
        `${mapping}--- etc/pve/nodes/pve1/qemu-server/101.conf
name: games
hostpci0: mapping=gpu
--- etc/pve/nodes/pve2/qemu-server/102.conf
hostpci0: mapping=gpu,pcie=1
hostpci1: mapping=gpu
--- etc/pve/nodes/pve1/qemu-server/103.conf
hostpci0: 0000:01:00.0
`,
      ),
      [
        'gpu: Used by VM 101 (games), VM 102',
        'map: Group 14 also holds 01:00.1 GP106 High Definition Audio Controller',
        'map: The host needs it: network card that the host is reached by (enp3s0)',
      ],
    ));

  test('a mediated device leaves its group where it is', () =>
    assert.deepEqual(titles(pciMapping, 'vgpu\n\tmap id=10de:1c03,node=pve1,path=0000:01:00.0\n\tmdev 1\n'), []));

  test('USB devices and directories have none', () =>
    assert.deepEqual(titles(pciMapping, '--- etc/pve/mapping/usb.cfg\nstick\n\tmap id=0951:1666,node=pve1¦\n'), []));
});

suite('what only the host knows of its guests', () => {
  const copies = host(
    kept('nodes/pve1/qemu-server/102.conf', 'name: media', 'hostpci0: 0000:01:00'),
    kept('nodes/pve1/qemu-server/103.conf', 'hostpci0: mapping=gpu'),
    kept('mapping/pci.cfg', 'gpu', '\tmap id=10de:1c03,node=pve1,path=0000:01:00.0'),
  );
  const one = '--- etc/pve/nodes/pve1/qemu-server/100.conf\nhostpci0: 01:00¦\n';

  test('guests of which the workspace has no file claim their devices', () =>
    assert.deepEqual(titles(vmConf, one, copies), [
      'hostpci0: Also claimed by VM 103 through mapping gpu, VM 102 (media)',
    ]));

  test('where the workspace has the file, it counts and the copy does not', () => {
    const changed = `${one}--- etc/pve/qemu-server/102.conf\nname: other\n`;
    assert.deepEqual(titles(vmConf, changed, copies), ['hostpci0: Also claimed by VM 103 through mapping gpu']);
    const own = `--- etc/pve/nodes/pve1/qemu-server/102.conf\nhostpci0: 01:00¦\n`;
    assert.deepEqual(titles(vmConf, own, copies), ['hostpci0: Also claimed by VM 103 through mapping gpu']);
  });

  /** A file that was opened alone, with a host that was asked elsewhere. */
  const alone = (uri: string): readonly string[] => {
    const file = readSource(uri, 'hostpci0: 01:00\n', languages, 'pve-vm-conf');
    assert.ok(file);
    const snapshot = { uri: 'file:///store/pve1.snapshot', root: undefined, inventory: parseSnapshot(copies) };
    return lensesIn(vmConf, withFile(withSnapshot(emptyWorld, snapshot), file), uri);
  };

  test('also those of a host that was asked elsewhere', () => {
    assert.deepEqual(alone('file:///repo/etc/pve/nodes/pve1/qemu-server/100.conf'), [
      'hostpci0: Also claimed by VM 103 through mapping gpu, VM 102 (media)',
    ]);
    assert.deepEqual(alone('file:///repo/etc/pve/nodes/pve2/qemu-server/100.conf'), []);
  });

  test('a file that lies in no tree could be any of the guests: no copy is told of', () =>
    assert.deepEqual(alone('file:///downloads/102.conf'), []));

  test('files come and go, keystroke by keystroke', () => {
    const path = (vmid: number): string => `${siteRoot}/etc/pve/nodes/pve1/qemu-server/${vmid}.conf`;
    const file = (vmid: number, text: string) => {
      const read = readSource(path(vmid), text, languages);
      assert.ok(read);
      return read;
    };
    let { world } = openSite(one, { language: vmConf as Language, host: copies });
    const told = (): readonly string[] => lensesIn(vmConf, world, path(100));
    const both = ['hostpci0: Also claimed by VM 103 through mapping gpu, VM 102 (media)'];
    assert.deepEqual(told(), both);
    for (let i = 0; i < 100; i++) {
      world = withFile(world, file(100, `hostpci0: 01:00\n# ${i}\n`));
      assert.deepEqual(told(), both);
    }
    world = withFile(world, file(102, 'memory: 512\n'));
    assert.deepEqual(told(), ['hostpci0: Also claimed by VM 103 through mapping gpu']);
    world = withFile(world, file(104, 'hostpci0: 01:00.1\n'));
    assert.match(told().join(), /by VM 103 .*VM 104|by VM 104.*VM 103/);
    world = withoutFile(withoutFile(world, path(102)), path(104));
    assert.deepEqual(told(), both);
    const [snapshot] = world.snapshots;
    assert.ok(snapshot);
    world = withSnapshot(world, { ...snapshot, inventory: parseSnapshot(host()) });
    assert.deepEqual(told(), []);
  });

  test('the copies are no files of the world', () => {
    const { world } = openSite(one, { language: vmConf as Language, host: copies });
    titles(vmConf, one, copies);
    assert.equal(filesOf(world, vmConf).length, 1);
  });
});
