import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSnapshot } from '../../host/snapshot.ts';
import { labEnvironment, printing, snapshot, typingPassphrase } from '../support/pulling.ts';
import { type Server, SshLab, untilGone } from '../support/sshd.ts';

const program = fileURLToPath(new URL('../../dist/hostpci.mjs', import.meta.url));

suite('hostpci pull', function () {
  this.timeout(30_000);
  this.slow(3000);
  let lab: SshLab;
  let server: Server;
  let demo: Server;
  let folder: string;
  let env: NodeJS.ProcessEnv;

  suiteSetup(async function () {
    if (process.platform === 'win32') this.skip();
    lab = new SshLab();
    folder = lab.path('work');
    mkdirSync(folder);
    env = labEnvironment(lab);
    server = await lab.start();
    demo = await lab.start({ forced: printing(snapshot) });
    lab.host('real', server.port);
    lab.host('demo', demo.port);
  });
  suiteTeardown(() => lab?.close());

  const run = (...args: string[]) =>
    spawnSync(process.execPath, [program, 'pull', ...args], { encoding: 'utf8', cwd: folder, env });
  const file = (name: string): string => join(folder, name);

  test('a host: the snapshot goes to standard output', () => {
    const { status, stdout, stderr } = run('demo');
    assert.deepEqual([status, stderr], [0, '']);
    assert.equal(stdout, snapshot);
  });

  test('a host: the snapshot goes to a file, and a line says what is in it', () => {
    const { status, stdout } = run('demo', '-o', 'pve1.snapshot');
    assert.equal(status, 0);
    assert.equal(stdout, `${parseSnapshot(snapshot).functions.length} devices of pve1 in pve1.snapshot\n`);
    assert.equal(readFileSync(file('pve1.snapshot'), 'utf8'), snapshot);
  });

  test('the real collector, over ssh and on this machine', function () {
    if (process.platform !== 'linux') this.skip();
    for (const destination of ['real', 'local']) {
      const { status, stdout, stderr } = run(destination);
      assert.deepEqual([status, stderr], [0, ''], destination);
      assert.ok(parseSnapshot(stdout).kernel.release, destination);
      assert.ok(stdout.endsWith('\n== end\n'));
    }
  });

  test('port and jump host', () => {
    const { status, stdout } = run('127.0.0.1', '-p', String(demo.port), '-J', 'real');
    assert.deepEqual([status, stdout === snapshot], [0, true]);
  });

  test('what fails is told in words; exit code 2, and the last good snapshot stays', async () => {
    const cut = await lab.start({ forced: `${printing(snapshot.slice(0, 3000))}kill -9 $$\n` });
    writeFileSync(file('kept.snapshot'), snapshot);
    const cases: readonly (readonly [args: readonly string[], words: RegExp])[] = [
      [['127.0.0.1', '-p', String(cut.port), '-o', 'kept.snapshot'], /in the middle.* is kept/],
      [['no-such-host.invalid', '-o', 'kept.snapshot'], /no-such-host\.invalid is not a name/],
      [['demo', '-p', 'many', '-o', 'kept.snapshot'], /NaN is not a port/],
      [['--', '-oProxyCommand=id'], /cannot be an ssh destination/],
      [['demo', '-o', 'no-such-folder/x.snapshot'], /no-such-folder\/x\.snapshot: cannot be written/],
      [['demo', '-o', '.'], /cannot be written/],
    ];
    for (const [args, words] of cases) {
      const { status, stdout, stderr } = run(...args);
      assert.deepEqual([status, stdout], [2, ''], args.join(' '));
      assert.match(stderr, words);
      assert.match(stderr, /^hostpci: .*\n$/);
    }
    assert.equal(readFileSync(file('kept.snapshot'), 'utf8'), snapshot);
    assert.deepEqual(
      readdirSync(folder).filter(name => name.includes('.new')),
      [],
    );
  });

  test('a link is followed, and what is no plain file is not replaced', () => {
    writeFileSync(file('linked.snapshot'), 'old');
    symlinkSync('linked.snapshot', file('link.snapshot'));
    assert.equal(run('demo', '-o', 'link.snapshot').status, 0);
    assert.equal(readFileSync(file('linked.snapshot'), 'utf8'), snapshot);
    spawnSync('mkfifo', [file('pipe')]);
    const reader = spawn('cat', [file('pipe')], { stdio: 'ignore' });
    assert.equal(run('demo', '-o', 'pipe').status, 0);
    reader.kill();
    assert.equal(spawnSync('test', ['-p', file('pipe')]).status, 0, 'the pipe was replaced');
  });

  test('ssh asks in the terminal', async function () {
    if (process.platform !== 'linux') this.skip();
    lab.host('locked', demo.port, `IdentityFile ${lab.lockedKey}`);
    const words = [process.execPath, program, 'pull', 'locked', '-o', 'typed.snapshot'];
    const { status, said } = await typingPassphrase(words, folder, env);
    assert.equal(status, 0, said);
    assert.equal(readFileSync(file('typed.snapshot'), 'utf8'), snapshot);
  });

  test('Ctrl-C: nothing is written', async () => {
    const hanging = await lab.start({ forced: untilGone });
    const args = [program, 'pull', '127.0.0.1', '-p', String(hanging.port), '-o', 'interrupted.snapshot'];
    const child = spawn(process.execPath, args, { cwd: folder, env, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', more => (said += more));
    setTimeout(() => child.kill('SIGINT'), 1500);
    const status = await new Promise(resolve => child.once('exit', resolve));
    assert.equal(status, 2);
    assert.match(said, /was cancelled/);
    assert.ok(!existsSync(file('interrupted.snapshot')));
  });
});
