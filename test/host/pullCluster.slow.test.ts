import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSnapshot } from '../../host/snapshot.ts';
import { quoteWord } from '../../host/ssh.ts';
import { labEnvironment, printing, typingPassphrase } from '../support/pulling.ts';
import { SshLab, untilGone } from '../support/sshd.ts';

const program = fileURLToPath(new URL('../../dist/hostpci.mjs', import.meta.url));
const demo = readFileSync(fileURLToPath(new URL('../snapshots/demo.snapshot', import.meta.url)), 'utf8');

/** The demo host by another name, in a cluster with these nodes: name and what is known of it. */
function snapshotOf(node: string, nodes: Readonly<Record<string, string>>): string {
  const records = Object.entries(nodes).map(([name, fields]) => `${name}\n${fields}`);
  return demo
    .replace(/^node: .*$/m, `node: ${node}`)
    .replace(/^== cluster:[\s\S]*?(?=^== (?!cluster))/m, '')
    .replace(
      /^== end/m,
      `== cluster: ok\nname: lab\nquorate: yes\n\n== cluster nodes: ok\n${records.join('')}\n== end`,
    );
}

const online = (address: string): string => `  online: yes\n  address: ${address}\n`;

suite('hostpci pull --cluster', function () {
  this.timeout(60_000);
  this.slow(5000);
  let lab: SshLab;
  let folder: string;
  let env: NodeJS.ProcessEnv;
  const texts = new Map<string, string>();

  /** A node behind an sshd of its own; ssh reaches it by its name and by its address in the cluster. */
  const startNode = async (name: string, address: string, forced: string): Promise<void> =>
    lab.host(`${name} ${address}`, (await lab.start({ forced })).port);
  const startTelling = async (
    name: string,
    address: string,
    nodes: Readonly<Record<string, string>>,
  ): Promise<void> => {
    texts.set(name, snapshotOf(name, nodes));
    await startNode(name, address, printing(texts.get(name) as string));
  };

  suiteSetup(async function () {
    if (process.platform === 'win32') this.skip();
    lab = new SshLab();
    env = labEnvironment(lab);
    folder = lab.path('work');
    mkdirSync(folder);
    const three = { pve1: online('10.255.0.1'), pve2: online('10.255.0.2'), pve3: online('10.255.0.3') };
    await startTelling('pve1', '10.255.0.1', three);
    await startTelling('pve2', '10.255.0.2', three);
    await startTelling('pve3', '10.255.0.3', three);
  });
  suiteTeardown(() => lab?.close());
  teardown(() => rmSync(join(folder, 'out'), { recursive: true, force: true }));

  const run = (...args: string[]) =>
    spawnSync(process.execPath, [program, 'pull', '--cluster', ...args], { encoding: 'utf8', cwd: folder, env });
  const kept = (): string[] => readdirSync(join(folder, 'out')).sort();
  const textIn = (name: string): string => readFileSync(join(folder, 'out', name), 'utf8');

  test('one node is named, all are read', () => {
    const { status, stdout, stderr } = run('pve1', '-o', 'out');
    assert.deepEqual([status, stderr], [0, '']);
    assert.deepEqual(kept(), ['pve1.snapshot', 'pve2.snapshot', 'pve3.snapshot']);
    for (const [name, text] of texts) assert.equal(textIn(`${name}.snapshot`), text);
    const count = parseSnapshot(demo).functions.length;
    const told = stdout.trimEnd().split('\n');
    assert.equal(told[0], `${count} devices of pve1 in ${join('out', 'pve1.snapshot')}`);
    assert.deepEqual(
      told.sort(),
      told.map((_, i) => `${count} devices of pve${i + 1} in ${join('out', `pve${i + 1}.snapshot`)}`),
    );
  });

  test('what fails is told for each node; the others and older snapshots are kept', async () => {
    // It ends by itself: of one that is killed, ssh tells either the end or the signal. `sshAnswers` has those.
    await startNode('cut', '10.255.1.2', printing(demo.slice(0, 3000)));
    await startNode('wrong', '10.255.1.3', printing(snapshotOf('nas', {})));
    await startTelling('good', '10.255.1.5', {});
    await startTelling('teller', '10.255.1.1', {
      teller: online('10.255.1.1'),
      cut: online('10.255.1.2'),
      wrong: online('10.255.1.3'),
      off: '  online: no\n',
      nowhere: '  online: yes\n',
      good: online('10.255.1.5'),
    });
    mkdirSync(join(folder, 'out'));
    writeFileSync(join(folder, 'out', 'cut.snapshot'), demo);
    const { status, stdout, stderr } = run('teller', '-o', 'out');
    assert.equal(status, 2);
    assert.deepEqual(stderr.trimEnd().split('\n').sort(), [
      'hostpci: cut: The answer of root@10.255.1.2 ends in the middle. What was known of it before is kept.',
      'hostpci: nowhere: no way to it is known',
      'hostpci: off: is offline, says teller',
      'hostpci: wrong: the host there calls itself nas',
    ]);
    assert.deepEqual(kept(), ['cut.snapshot', 'good.snapshot', 'teller.snapshot']);
    assert.equal(textIn('cut.snapshot'), demo);
    assert.match(stdout, /of teller in .*\n.*of good in /);
  });

  test('nodes are asked side by side', async () => {
    const nodes: Record<string, string> = { slow0: online('10.255.2.0') };
    for (let i = 1; i <= 4; i++) nodes[`slow${i}`] = online(`10.255.2.${i}`);
    await startTelling('slow0', '10.255.2.0', nodes);
    // Each answers only when all of them have been asked.
    const asked = lab.path('asked');
    mkdirSync(asked);
    for (let i = 1; i <= 4; i++) {
      const wait = `touch ${quoteWord(asked)}/${i}\nwhile [ "$(ls ${quoteWord(asked)} | wc -l)" -lt 4 ]; do sleep 0.1; done\n`;
      await startNode(`slow${i}`, `10.255.2.${i}`, `${wait}${printing(snapshotOf(`slow${i}`, {}))}`);
    }
    assert.equal(run('slow0', '-o', 'out').status, 0);
    assert.equal(kept().length, 5);
  });

  /** What a user's own configuration names; the meaning of the names is in that of the laboratory. */
  const inUsersConfiguration = (name: string): void => {
    mkdirSync(lab.path('home/.ssh'), { recursive: true });
    writeFileSync(lab.path('home/.ssh/config'), `Host ${name}\n`);
  };

  test('a name of the ssh configuration is the first way to the node that is called so', async () => {
    await startTelling('knows', '10.255.7.1', { knows: online('10.255.7.1'), byname: online('127.0.0.1') });
    await startNode('byname', '10.255.7.2', printing(snapshotOf('byname', {})));
    inUsersConfiguration('byname');
    assert.equal(run('knows', '-o', 'out').status, 0);
    assert.deepEqual(kept(), ['byname.snapshot', 'knows.snapshot']);
  });

  test('who needs a question is asked after the others', async function () {
    if (process.platform !== 'linux') this.skip();
    const { port } = await lab.start({ forced: printing(snapshotOf('locked1', {})) });
    lab.host('locked1', port, `IdentityFile ${lab.lockedKey}`);
    inUsersConfiguration('locked1');
    const nodes = { asker: online('10.255.3.1'), locked1: online('10.255.3.2'), pve2: online('10.255.0.2') };
    await startTelling('asker', '10.255.3.1', nodes);
    const words = [process.execPath, program, 'pull', '--cluster', 'asker', '-o', 'out'];
    const { status, said } = await typingPassphrase(words, folder, env);
    assert.equal(status, 0, said);
    assert.deepEqual(kept(), ['asker.snapshot', 'locked1.snapshot', 'pve2.snapshot']);
  });

  test('a host that is in no cluster, or does not say, and a place that is none', async () => {
    const without = demo.replace(/^== cluster:[\s\S]*?(?=^== (?!cluster))/m, '== cluster: unreadable, no reason\n\n');
    await startNode('alone', '10.255.4.1', printing(without.replace(/^node: .*$/m, 'node: alone')));
    const { status, stderr } = run('alone', '-o', 'out');
    assert.equal(status, 2);
    assert.match(
      stderr,
      /^hostpci: alone: the nodes of its cluster are not known \(cluster: could not be read \(no reason\)\)\n$/,
    );
    assert.deepEqual(kept(), ['alone.snapshot']);
    writeFileSync(join(folder, 'file'), '');
    for (const [args, words] of [
      [[], /--cluster writes several snapshots/],
      [['-o', 'file'], /file: cannot be made/],
    ] as const) {
      const refused = run('pve1', ...args);
      assert.deepEqual([refused.status, refused.stdout], [2, '']);
      assert.match(refused.stderr, words);
    }
  });

  test('a name that would lead out of the directory is no name of a file', async () => {
    await startTelling('odd', '10.255.5.1', { odd: online('10.255.5.1'), '../evil': online('10.255.5.2') });
    await startNode('evil', '10.255.5.2', printing(snapshotOf('../evil', {})));
    const { status, stderr } = run('odd', '-o', 'out');
    assert.equal(status, 2);
    assert.match(stderr, /cannot be the name of a file/);
    assert.ok(!existsSync(join(folder, 'evil.snapshot')));
  });

  test('Ctrl-C: what was read is kept', async () => {
    await startTelling('calm', '10.255.6.1', { calm: online('10.255.6.1'), stuck: online('10.255.6.2') });
    await startNode('stuck', '10.255.6.2', untilGone);
    const args = [program, 'pull', '--cluster', 'calm', '-o', 'out'];
    const child = spawn(process.execPath, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    child.stderr.on('data', more => (said += more));
    child.stdout.on('data', () => setTimeout(() => child.kill('SIGINT'), 1000));
    const status = await new Promise(resolve => child.once('exit', resolve));
    assert.equal(status, 2);
    assert.match(said, /stuck: .*was cancelled/);
    assert.deepEqual(kept(), ['calm.snapshot']);
  });
});
