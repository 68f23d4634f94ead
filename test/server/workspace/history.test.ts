import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { parseSnapshot } from '../../../host/snapshot.ts';
import { usersOf } from '../../../server/facts/deviceUse.ts';
import { languages } from '../../../server/languages/index.ts';
import type { SourceFile } from '../../../server/languages/language.ts';
import { rules } from '../../../server/rules/index.ts';
import { ruleSet, runRules } from '../../../server/rules/run.ts';
import { readSource } from '../../../server/workspace/load.ts';
import { emptyWorld, type World, withFile, withoutFile, withSnapshot } from '../../../server/workspace/world.ts';
import { rethrow } from '../../support/check.ts';
import { randomFrom } from '../../support/random.ts';

/*
 * What rules find after a long history of changes is what they find in a world with the same texts that is made anew: the
 * indexes and facts that outlive a change must never show.
 */

const root = 'file:///site/etc/pve';
const snapshot = {
  uri: 'file:///site/pve1.snapshot',
  root: 'file:///site',
  inventory: parseSnapshot(readFileSync(new URL('../../snapshots/demo.snapshot', import.meta.url), 'utf8')),
};

const devices = ['01:00', '01:00.0', '01:00.1', '03:00.0', '04:00.0', 'mapping=one', 'mapping=two', '00:02.0,mdev=x'];
const mappings = ['0000:01:00.0', '0000:01:00', '0000:03:00.0', '0000:04:00.0'];

type Random = (below: number) => number;

const pick = <T>(random: Random, list: readonly T[]): T => list[random(list.length)] as T;

function change(random: Random): readonly [uri: string, text: string | undefined] {
  const what = random(10);
  if (what === 0) {
    const entry = (): string => `\tmap id=8086:1539,node=pve1,path=${pick(random, mappings)}\n`;
    return [`${root}/mapping/pci.cfg`, `one\n${entry()}\ntwo\n${entry()}${random(2) === 0 ? entry() : ''}`];
  }
  if (what === 1) {
    const node = pick(random, ['/dev/dri/renderD128', '/dev/null']);
    return [`${root}/nodes/pve1/lxc/20${random(3)}.conf`, `hostname: ct\ndev0: ${node}\n`];
  }
  const uri = `${root}/nodes/${pick(random, ['pve1', 'pve1', 'pve1', 'pve2'])}/qemu-server/10${random(8)}.conf`;
  return [uri, what === 2 ? undefined : vmText(random)];
}

function vmText(random: Random): string {
  const hostpci = Array.from({ length: random(3) }, (_, index) => `hostpci${index}: ${pick(random, devices)}\n`);
  return [
    ...hostpci,
    `memory: ${1024 * (1 + random(24))}\n`,
    `onboot: ${random(2)}\n`,
    random(4) === 0 ? 'hugepages: 1024\nnuma: 1\n' : '',
    random(6) === 0 ? 'template: 1\n' : '',
    random(4) === 0 ? `[PENDING]\nhostpci0: ${pick(random, devices)}\n` : '',
  ].join('');
}

const set = ruleSet(rules);

/** All that rules and claims say of every file, in one text each. */
function told(world: World): readonly string[] {
  const uris = [...world.files.keys()].sort();
  return uris.flatMap(uri => {
    const file = world.files.get(uri) as SourceFile;
    const claims = ['0000:01:00.0', '0000:03:00.0'].map(address => [address, usersOf(world, file, address)]);
    return [JSON.stringify([uri, runRules(set, file, world, rethrow), claims])];
  });
}

function parsed(uri: string, text: string): SourceFile {
  const file = readSource(uri, text, languages);
  assert.ok(file);
  return file;
}

suite('a world after many changes', () => {
  for (const seed of [1, 2]) {
    test(`says what one with the same files does that is made anew (history ${seed})`, () => {
      const random = randomFrom(seed);
      const texts = new Map<string, string>();
      let world = withSnapshot(emptyWorld, snapshot);
      let earlier = { world, told: told(world) };
      for (let step = 0; step < 60; step++) {
        const [uri, text] = change(random);
        if (text === undefined) texts.delete(uri);
        else texts.set(uri, text);
        world = text === undefined ? withoutFile(world, uri) : withFile(world, parsed(uri, text));
        const files = new Map([...texts].map(([at, content]) => [at, parsed(at, content)]));
        const now = told(world);
        assert.deepEqual(now, told({ ...emptyWorld, snapshots: [...world.snapshots], files }));
        // An older world still says what it said: nothing of it was changed.
        if (step % 10 === 0) {
          assert.deepEqual(told(earlier.world), earlier.told);
          earlier = { world, told: now };
        }
      }
    });
  }
});
