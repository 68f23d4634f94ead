import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { eachBounded } from '../../host/cluster.ts';
import type { Collected } from '../../host/collect.ts';
import { controlPath, overSsh, type SshOptions, sshSettings } from '../../host/ssh.ts';
import type { RunOptions } from '../../host/transport.ts';
import { answering, at, collector, fails, half, printing, pull, snapshot } from '../support/pulling.ts';
import { type Server, SshLab, secret, untilGone } from '../support/sshd.ts';

suite('answers over ssh', function () {
  this.timeout(30_000);
  this.slow(2000);
  let lab: SshLab;
  let server: Server;

  suiteSetup(async function () {
    if (process.platform === 'win32') this.skip();
    lab = new SshLab();
    server = await lab.start();
    lab.host('pve1', server.port);
  });
  suiteTeardown(() => lab?.close());

  /** Starts a server that does something else than what it is asked, and asks it. */
  const pullForced = async (forced: string, options: SshOptions = {}, run: RunOptions = {}): Promise<Collected> =>
    pull(lab, at((await lab.start({ forced })).port), options, run);

  suite('answers', () => {
    test('a login that prints something before and after', async () => {
      const forced = `echo 'Welcome!'\necho '== end'\nsh -c "$SSH_ORIGINAL_COMMAND"\necho 'Bye.'\n`;
      const { port } = await lab.start({ forced, banner: 'Connection refused to strangers\n' });
      assert.equal((await pull(lab, at(port))).text, snapshot);
    });

    test('killed in the middle: cut off', async () => {
      const forced = `${printing(half)}sleep 0.5\nkill -9 $PPID\n`;
      await fails(pullForced(forced), 'cut-off', /in the middle/, /is kept/);
    });

    test('the program killed in the middle: cut off', async () => {
      await fails(pullForced(`${printing(half)}sleep 0.5\nkill -9 $$\n`), 'cut-off', /in the middle/, /is kept/);
    });

    test('an end in the middle without an error: cut off', async () => {
      await fails(pullForced(printing(half)), 'cut-off', /ends in the middle/, /is kept/);
    });

    test('stalled in the middle: a timeout, soon', async () => {
      await fails(
        pullForced(printing(half) + untilGone, { limits: { stall: 400 } }),
        'timeout',
        /stopped in the middle/,
      );
    });

    test('a login that hangs: a timeout, but not while the user is being asked', async () => {
      const { port } = await lab.start({ forced: untilGone });
      const limits = { silence: 700 };
      await fails(pull(lab, at(port), { limits }), 'timeout', /did not say anything/);
      const started = Date.now();
      const isWaiting = (): boolean => Date.now() - started < 1500;
      await fails(pull(lab, at(port), { limits, isWaiting }), 'timeout', /did not say anything/);
      assert.ok(Date.now() - started >= 1500);
    });

    test('a slow link: all of it arrives', async () => {
      const pieces = [0, 1, 2, 3, 4, 5].map(part =>
        snapshot.slice((part * snapshot.length) / 6, ((part + 1) * snapshot.length) / 6),
      );
      const forced = pieces.map((_, part) => `cat '${lab.path(`piece${part}`)}'\nsleep 0.2\n`).join('');
      for (const [part, text] of pieces.entries()) writeFileSync(lab.path(`piece${part}`), text);
      const seen: number[] = [];
      const options = { limits: { stall: 2000, silence: 5000 } };
      const { text } = await pullForced(forced, options, { onProgress: bytes => seen.push(bytes) });
      assert.equal(text, snapshot);
      assert.ok(seen.length >= 6, `${seen.length} pieces`);
      assert.deepEqual(
        seen,
        [...seen].sort((a, b) => a - b),
      );
      assert.equal(seen.at(-1), Buffer.byteLength(snapshot));
    });

    test('a link too slow to come to an end', async () => {
      const forced = `while [ -e "$0" ] && echo line; do sleep 0.1; done\n`;
      await fails(pullForced(forced, { limits: { answer: 800 } }), 'timeout', /was not done with its answer after 1 s/);
    });

    test('10 MB of garbage: an error in words, short', async () => {
      const forced = "head -c 10485760 /dev/zero | tr '\\0' '\\033'\n";
      await fails(pullForced(forced), 'failed', /printed 10 MiB, and no snapshot/);
    });

    test('garbage without end: stopped at the limit', async () => {
      const { port } = await lab.start({ forced: 'exec yes\n' });
      const limits = { output: 3 * 1024 * 1024 };
      let most = 0;
      await fails(
        pull(lab, at(port), { limits }, { onProgress: bytes => (most = bytes) }),
        'too-much-output',
        /more than 3 MiB/,
      );
      assert.ok(most <= limits.output);
    });

    test('no shell: the host says why', async () => {
      const forced = "echo 'This account is currently not available.'\nexit 1\n";
      await fails(pullForced(forced), 'failed', /did not run the collector: This account is currently not available\./);
    });

    test('not Linux', async () => {
      await fails(
        pullForced('echo "\'sh\' is not recognized as an internal or external command," >&2\nexit 1\n'),
        'not-linux',
      );
      const empty = lab.path('no-linux');
      await fails(
        pull(lab, at(server.port), {}, {}, `HOSTPCI_ROOT=${empty}\n${collector}`),
        'not-linux',
        /does not run Linux/,
      );
    });

    test('no /sys', async () => {
      const root = lab.path('no-sys');
      mkdirSync(`${root}/proc/sys/kernel`, { recursive: true });
      writeFileSync(`${root}/proc/sys/kernel/osrelease`, '6.8.12-9-pve\n');
      await fails(
        pull(lab, at(server.port), {}, {}, `HOSTPCI_ROOT=${root}\n${collector}`),
        'no-sysfs',
        /no \/sys\/bus\/pci/,
      );
    });
  });

  suite('destinations', () => {
    const marker = (): string => lab.path('must-not-exist');
    for (const bad of [
      '-oProxyCommand=touch MARK',
      'a b',
      '`touch MARK`',
      'x;touch MARK',
      '$(touch MARK)',
      'root@-x',
      '',
      'a\nb',
      "x'y",
    ]) {
      test(JSON.stringify(bad), async () => {
        await fails(
          pull(lab, { destination: bad.replace('MARK', marker()) }),
          'bad-destination',
          /cannot be an ssh destination/,
        );
        await fails(
          pull(lab, { destination: 'pve1', jump: bad.replace('MARK', marker()) }),
          'bad-destination',
          /jump host/,
        );
        assert.ok(!existsSync(marker()));
      });
    }

    for (const port of [0, -1, 65536, 1.5, Number.NaN]) {
      test(`port ${port}`, () => fails(pull(lab, { destination: 'pve1', port }), 'bad-destination', /is not a port/));
    }

    test('what ssh itself makes of one is at hand', async () => {
      const settings = await sshSettings({ destination: 'someone@pve1' }, { extraArguments: lab.extraArguments });
      assert.equal(settings.get('user'), 'someone');
      assert.equal(settings.get('port'), String(server.port));
      assert.equal((await sshSettings({ destination: '-x' })).size, 0);
    });

    test('words of a command reach the program as they are', async () => {
      const words = ['printf', '%s|', "it's", '$HOME', '`id`', 'a  b', '', '*', '\\n', '; echo x'];
      const { stdout } = await overSsh(at(server.port), { extraArguments: lab.extraArguments }).run({ words });
      assert.equal(
        stdout,
        words
          .slice(2)
          .map(word => `${word}|`)
          .join(''),
      );
    });
  });

  suite('cancelling', () => {
    /** ssh behind a script that tells its process id. */
    const traced = (): { program: string; pid: () => number } => {
      const program = lab.path(`ssh${Math.random().toString(36).slice(2)}`);
      writeFileSync(program, `#!/bin/sh\necho $$ >'${program}.pid'\nexec ssh "$@"\n`);
      chmodSync(program, 0o700);
      return { program, pid: () => Number(readFileSync(`${program}.pid`, 'utf8')) };
    };
    const isAlive = (pid: number): boolean => {
      try {
        return process.kill(pid, 0);
      } catch {
        return false;
      }
    };
    const goneSoon = async (pid: number): Promise<void> => {
      for (let i = 0; i < 40 && isAlive(pid); i++) await new Promise(resolve => setTimeout(resolve, 50));
      assert.ok(!isAlive(pid), 'ssh is still there');
    };

    test('in the middle of the answer: at once, and ssh is gone', async () => {
      const { program, pid } = traced();
      const stop = new AbortController();
      const onProgress = (): void => stop.abort();
      const pulling = pullForced(printing(half) + untilGone, { program }, { signal: stop.signal, onProgress });
      await fails(pulling, 'cancelled', /was cancelled/);
      await goneSoon(pid());
    });

    test('while a question is open: ssh and its question are gone', async () => {
      const unknown = await lab.startUnknown();
      const { program, pid } = traced();
      const { environment } = answering(lab, `echo $$ >'${lab.path('question.pid')}'\nexec sleep 20`);
      const stop = new AbortController();
      const pulling = pull(lab, at(unknown.port), { program, environment }, { signal: stop.signal });
      const failing = fails(pulling, 'cancelled');
      while (!existsSync(lab.path('question.pid'))) await new Promise(resolve => setTimeout(resolve, 20));
      stop.abort();
      await failing;
      await goneSoon(pid());
      await goneSoon(Number(readFileSync(lab.path('question.pid'), 'utf8')));
    });

    test('before it began', async () => {
      const { program } = traced();
      await fails(pull(lab, at(server.port), { program }, { signal: AbortSignal.abort() }), 'cancelled');
      assert.ok(!existsSync(`${program}.pid`));
    });
  });

  suite('shared connections', () => {
    const check = (socket: string) =>
      spawnSync('ssh', ['-F', '/dev/null', '-o', `ControlPath=${socket}`, '-O', 'check', 'x'], { encoding: 'utf8' });

    test('the second call needs no login', async () => {
      const controlDirectory = lab.path('c');
      mkdirSync(controlDirectory);
      lab.host('shared', server.port, `IdentityFile ${lab.lockedKey}`);
      const target = { destination: 'shared' };
      const { environment, questions } = answering(lab, `echo '${secret}'`);
      const options = { environment, controlDirectory };
      const socket = controlPath(target, options) ?? assert.fail('no shared connection');
      assert.equal((await pull(lab, target, options)).text, snapshot);
      assert.match(check(socket).stderr, /Master running/);
      const remarks: string[] = [];
      assert.equal((await pull(lab, target, { ...options, onRemark: line => remarks.push(line) })).text, snapshot);
      assert.equal(questions().length, 1);
      assert.ok(!remarks.some(line => /Server host key/.test(line)), 'it connected anew');
      const ended = spawnSync('ssh', ['-F', '/dev/null', '-o', `ControlPath=${socket}`, '-O', 'exit', 'x']);
      assert.equal(ended.status, 0);
    });

    test('one that hangs is not used again', async () => {
      const controlDirectory = lab.path('c2');
      mkdirSync(controlDirectory);
      const { port } = await lab.start({ forced: printing(half) + untilGone });
      const options = { controlDirectory, limits: { stall: 300 } };
      await fails(pull(lab, at(port), options), 'timeout');
      const socket = controlPath(at(port), options) ?? assert.fail('no shared connection');
      for (let i = 0; i < 40 && existsSync(socket); i++) await new Promise(resolve => setTimeout(resolve, 50));
      assert.ok(!existsSync(socket));
    });

    test('a folder whose path is too long for a socket: none', () => {
      assert.equal(controlPath(at(22), { controlDirectory: `/${'x'.repeat(90)}` }), undefined);
    });
  });

  test('nodes side by side: one that stalls holds up no other', async () => {
    const slow = await lab.start({ forced: printing(half) + untilGone });
    const nodes = [slow, ...(await Promise.all([1, 2, 3, 4].map(() => lab.start())))];
    const order: string[] = [];
    let most = 0;
    let now = 0;
    await eachBounded(nodes, 3, async ({ port }) => {
      most = Math.max(most, ++now);
      const pulling = pull(lab, at(port), { limits: { stall: 2500 } });
      order.push(
        await pulling.then(
          ({ text }) => (text === snapshot ? 'read' : 'wrong'),
          error => error.fault,
        ),
      );
      now--;
    });
    assert.deepEqual(order, ['read', 'read', 'read', 'read', 'timeout']);
    assert.equal(most, 3);
  });
});
