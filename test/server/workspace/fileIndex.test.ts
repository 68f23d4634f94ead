import assert from 'node:assert/strict';
import { emptyInventory } from '../../../host/inventory.ts';
import { languages } from '../../../server/languages/index.ts';
import type { SourceFile } from '../../../server/languages/language.ts';
import { vmConf } from '../../../server/languages/vmConf/vmConf.ts';
import { FileIndex } from '../../../server/workspace/fileIndex.ts';
import { FileMap } from '../../../server/workspace/fileMap.ts';
import { readSource } from '../../../server/workspace/load.ts';
import {
  emptyWorld,
  filesOf,
  type World,
  withFile,
  withFiles,
  withoutFile,
  withSnapshot,
} from '../../../server/workspace/world.ts';
import { randomFrom } from '../../support/random.ts';

const uriOf = (vmid: number): string => `file:///site/etc/pve/nodes/pve1/qemu-server/${vmid}.conf`;

function vm(vmid: number, text: string): SourceFile {
  const file = readSource(uriOf(vmid), text, languages);
  assert.ok(file);
  return file;
}

const read = (files: ReadonlyMap<string, SourceFile>): readonly (readonly [string, string])[] =>
  [...files].map(([uri, { lines }]) => [uri, lines.join('\n')] as const).sort(([a], [b]) => (a < b ? -1 : 1));

suite('files of a world', () => {
  test('a FileMap says what a Map would, whatever was put in and taken out', () => {
    const random = randomFrom(1);
    let files = FileMap.of(new Map());
    const expected = new Map<string, SourceFile>();
    for (let step = 0; step < 1500; step++) {
      const vmid = 100 + random(150);
      const file = random(4) === 0 ? undefined : vm(vmid, `memory: ${step}`);
      files = files.with([[uriOf(vmid), file]]);
      if (file) expected.set(file.uri, file);
      else expected.delete(uriOf(vmid));
      assert.equal(files.size, expected.size);
      assert.equal(files.get(uriOf(vmid)), file);
      assert.equal(files.has(uriOf(vmid)), file !== undefined);
      if (step % 50 === 0) assert.deepEqual(read(files), read(expected));
    }
    assert.deepEqual(read(files), read(expected));
    assert.deepEqual([...files.keys()].sort(), [...expected.keys()].sort());
    assert.equal([...files.values()].length, expected.size);
    const visited: string[] = [];
    files.forEach((_, uri) => {
      visited.push(uri);
    });
    assert.deepEqual(visited.sort(), [...expected.keys()].sort());
  });

  test('a change leaves the map that it was made from as it is', () => {
    const before = FileMap.of(new Map([[uriOf(100), vm(100, 'cores: 1')]]));
    const told = read(before);
    before.with([
      [uriOf(100), undefined],
      [uriOf(101), vm(101, 'cores: 2')],
    ]);
    assert.deepEqual(read(before), told);
  });

  test('an index equals one that is made anew, in every world of a long history and in any order', () => {
    const random = randomFrom(2);
    const keysOf = (file: SourceFile): readonly string[] => file.lines.filter(line => line !== '');
    const index = new FileIndex<World>(keysOf);
    const worlds: World[] = [emptyWorld];
    for (let step = 0; step < 400; step++) {
      const world = worlds.at(-1) as World;
      const vmid = 100 + random(90);
      const lines = Array.from({ length: random(4) }, () => `key: ${random(12)}`);
      worlds.push(random(5) === 0 ? withoutFile(world, uriOf(vmid)) : withFile(world, vm(vmid, lines.join('\n'))));
      const asked = random(3) === 0 ? (worlds[random(worlds.length)] as World) : (worlds.at(-1) as World);
      assert.deepEqual(listsOf(index, asked), listsOf(new FileIndex<World>(keysOf), asked));
    }
  });

  test('the lists of an index are sorted by URI and stay the same arrays while their files do', () => {
    const index = new FileIndex<World>(file => file.lines);
    const one = withFiles(emptyWorld, [vm(102, 'cores: 1'), vm(100, 'cores: 1'), vm(101, 'cores: 2')]);
    const list = index.get(one, 'cores: 1');
    assert.deepEqual(
      list.map(({ place }) => place.vmid),
      [100, 102],
    );
    const other = withFile(one, vm(101, 'cores: 3'));
    assert.equal(index.get(other, 'cores: 1'), list);
    assert.deepEqual(index.get(other, 'cores: 2'), []);
    assert.deepEqual(new Set(index.keys(other)), new Set(['cores: 1', 'cores: 3']));
  });

  test('keys that rest on what the hosts said are worked out anew when that changes', () => {
    const index = new FileIndex<World>((_, world) => [String(world.snapshots.length)]);
    const one = withFile(emptyWorld, vm(100, 'cores: 1'));
    assert.equal(index.get(one, '0').length, 1);
    const snapshot = { uri: 'file:///site/pve1.snapshot', root: 'file:///site', inventory: emptyInventory };
    const asked = withSnapshot(one, snapshot);
    assert.equal(index.get(asked, '1').length, 1);
    assert.equal(index.get(asked, '0').length, 0);
    assert.equal(index.get(one, '0').length, 1);
  });

  test('files of a language are found after every change', () => {
    const one = withFiles(emptyWorld, [vm(100, ''), vm(101, '')]);
    assert.equal(filesOf(one, vmConf).length, 2);
    const two = withoutFile(one, uriOf(100));
    assert.deepEqual(
      filesOf(two, vmConf).map(({ uri }) => uri),
      [uriOf(101)],
    );
    assert.equal(filesOf(one, vmConf).length, 2);
  });
});

function listsOf(index: FileIndex<World>, world: World): unknown {
  return [...index.keys(world)]
    .sort()
    .map(key => [key, index.get(world, key).map(({ uri, lines }) => `${uri} ${lines.join()}`)]);
}
