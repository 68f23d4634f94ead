import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clusterMates, eachBounded, firstWay } from '../../host/cluster.ts';
import type { ClusterFacts } from '../../host/inventory.ts';
import { sshHostNames } from '../../host/sshConfig.ts';
import { asJump } from '../../host/target.ts';
import { TransportError, type TransportFault } from '../../host/transport.ts';

suite('the nodes of a cluster', () => {
  const cluster: ClusterFacts = {
    name: 'homelab',
    quorate: true,
    nodes: [
      { name: 'pve1', address: '10.0.0.1', online: true },
      { name: 'pve2', address: '10.0.0.2', online: true },
      { name: 'pve3', address: 'fd00::3', online: undefined },
      { name: 'pve4', address: '10.0.0.4', online: false },
      { name: 'pve5', address: undefined, online: true },
    ],
  };
  const none = { known: new Set<string>(), aliases: [], user: 'root' };

  test('each has its address and the way over the node that told of it', () => {
    const mates = clusterMates({ name: 'pve1', destination: 'root@lab.example', port: 2222 }, cluster, none);
    assert.deepEqual(mates, [
      {
        name: 'pve2',
        ways: [
          { name: 'pve2', destination: 'root@10.0.0.2' },
          { name: 'pve2', destination: 'root@10.0.0.2', jump: 'root@lab.example:2222' },
        ],
      },
      {
        name: 'pve3',
        ways: [
          { name: 'pve3', destination: 'root@fd00::3' },
          { name: 'pve3', destination: 'root@fd00::3', jump: 'root@lab.example:2222' },
        ],
      },
    ]);
  });

  test('a name of the ssh configuration is the first way; what is known is left out', () => {
    const options = { known: new Set(['pve3']), aliases: ['pve5', 'pve2', 'other'], user: undefined };
    const mates = clusterMates({ name: 'pve1', destination: 'pve1' }, cluster, options);
    assert.deepEqual(
      mates.map(mate => [
        mate.name,
        ...mate.ways.map(way => `${way.destination}${way.jump ? ` over ${way.jump}` : ''}`),
      ]),
      [
        ['pve2', 'pve2', '10.0.0.2', '10.0.0.2 over pve1'],
        ['pve5', 'pve5'],
      ],
    );
  });

  test('from the host itself there is no way over it', () => {
    const [mate] = clusterMates({ name: 'pve1', destination: 'local' }, cluster, none);
    assert.deepEqual(mate?.ways, [{ name: 'pve2', destination: 'root@10.0.0.2' }]);
  });

  test('no cluster, no nodes', () => {
    assert.deepEqual(clusterMates({ name: 'pve1', destination: 'pve1' }, undefined, none), []);
  });

  test('a target as a jump host', () => {
    assert.equal(asJump({ destination: 'pve1' }), 'pve1');
    assert.equal(asJump({ destination: 'root@fd00::1', port: 22 }), 'root@[fd00::1]:22');
    assert.equal(asJump({ destination: 'root@10.0.0.1', jump: 'gate,gate2' }), 'gate,gate2,root@10.0.0.1');
  });
});

suite('ways to a host', () => {
  const ways = ['a', 'b', 'c'].map(destination => ({ name: 'pve2', destination }));
  const failing = (faults: Readonly<Record<string, TransportFault>>) => {
    const tried: string[] = [];
    const going = firstWay(ways, async ({ destination }, isLast) => {
      tried.push(`${destination}${isLast ? ' last' : ''}`);
      const fault = faults[destination];
      if (fault) throw new TransportError(fault, `${destination}: ${fault}`);
      return 'read';
    });
    return { going, tried };
  };

  test('the first that leads there', async () => {
    const { going, tried } = failing({ a: 'timeout', b: 'refused' });
    assert.deepEqual(await going, { way: ways[2], result: 'read' });
    assert.deepEqual(tried, ['a', 'b', 'c last']);
  });

  test('a host that was reached and did not let us in is not asked in another way', async () => {
    for (const fault of ['auth-failed', 'host-key-changed', 'host-key-unknown', 'cancelled', 'cut-off'] as const) {
      const { going, tried } = failing({ a: fault });
      await assert.rejects(going, { fault });
      assert.deepEqual(tried, ['a']);
    }
  });

  test('none: what the last one said', async () => {
    await assert.rejects(failing({ a: 'timeout', b: 'timeout', c: 'unreachable' }).going, { fault: 'unreachable' });
    await assert.rejects(
      firstWay([], async () => 'read'),
      { fault: 'failed' },
    );
  });
});

suite('side by side', () => {
  test('never more than the bound, and all of them', async () => {
    const done: number[] = [];
    let now = 0;
    let most = 0;
    await eachBounded([5, 1, 1, 1, 1, 1], 2, async ticks => {
      most = Math.max(most, ++now);
      for (let i = 0; i < ticks; i++) await new Promise(resolve => setTimeout(resolve, 10));
      now--;
      done.push(ticks);
    });
    assert.deepEqual([done.length, most], [6, 2]);
    assert.equal(done[0], 1);
    await eachBounded([], 4, async () => assert.fail('there is nothing to do'));
  });
});

suite('names in the ssh configuration', () => {
  let folder: string;
  setup(() => {
    folder = mkdtempSync(join(tmpdir(), 'hostpci-config-'));
  });
  teardown(() => rmSync(folder, { recursive: true, force: true }));

  const write = (name: string, ...lines: string[]): string => {
    const file = join(folder, name);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, `${lines.join('\n')}\n`);
    return file;
  };

  test('of the file and what it includes, patterns left out', async () => {
    write('more/a.conf', 'host = pve3', `Include ${folder}/config`);
    write('more/b.conf', 'Host "pve 4" pve1 "pve5" # no name here');
    write('more/c.txt', 'Host hidden');
    const file = write(
      'config',
      '# Host commented',
      'Host pve1 pve2 !pve9 *.example pve?',
      '  HostName 10.0.0.1',
      '\tHost\tgate\r',
      'Match host matched',
      `Include "${folder}/more/*.conf" ${folder}/nothing/*`,
      'HostKeyAlias alias',
    );
    const names = await sshHostNames(file);
    assert.deepEqual(names, ['pve1', 'pve2', 'gate', 'pve3', 'pve5']);
  });

  test('no file, no names', async () => {
    assert.deepEqual(await sshHostNames(join(folder, 'none')), []);
  });
});
