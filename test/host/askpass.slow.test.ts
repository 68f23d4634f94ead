import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { Askpass } from '../../client/hosts/askpass.ts';
import { HostReader } from '../../client/hosts/hostReader.ts';
import { type Asker, answerTo, type Question, readQuestion } from '../../client/hosts/questions.ts';
import { firstWay } from '../../host/cluster.ts';
import { quoteWord } from '../../host/ssh.ts';
import { TransportError } from '../../host/transport.ts';
import { type Server, SshLab, secret, whyNoPasswords } from '../support/sshd.ts';

const snapshot = readFileSync(fileURLToPath(new URL('../snapshots/demo.snapshot', import.meta.url)), 'utf8');
const script = `printf %s ${quoteWord(snapshot)}\n`;
const pause = (milliseconds: number) => new Promise(resolve => setTimeout(resolve, milliseconds));

suite('questions of ssh', function () {
  this.timeout(30_000);
  this.slow(2000);
  let lab: SshLab;
  let server: Server;
  let program: string;
  const opened: Askpass[] = [];

  suiteSetup(async function () {
    if (process.platform === 'win32') this.skip();
    lab = new SshLab();
    server = await lab.start();
    program = lab.path('askpass.cjs');
    const entryPoints = [fileURLToPath(new URL('../../client/hosts/askpassMain.ts', import.meta.url))];
    buildSync({ entryPoints, bundle: true, platform: 'node', format: 'cjs', outfile: program, logLevel: 'error' });
  });
  teardown(() => {
    for (const askpass of opened.splice(0)) askpass.dispose();
  });
  suiteTeardown(() => lab?.close());

  /** A reader whose questions go to `answer`; `asked` is what was put to the user, in its order. */
  const reading = (answer: Asker, extra: readonly string[] = []) => {
    const asked: Question[] = [];
    const ask: Asker = (question, signal) => {
      asked.push(question);
      return answer(question, signal);
    };
    const askpass = new Askpass(program, ask);
    opened.push(askpass);
    const log: string[] = [];
    const ssh = { extraArguments: [...lab.extraArguments, ...extra] };
    const reader = new HostReader({ script, askpass, ssh, log: (host, line) => log.push(`${host} ${line}`) });
    return { reader, askpass, asked, log };
  };

  const host = (name: string, port = server.port) => ({ name, destination: '127.0.0.1', port });
  const faultOf = (reading: Promise<unknown>): Promise<string> =>
    reading.then(
      () => 'none',
      (error: unknown) => (error instanceof TransportError ? error.fault : String(error)),
    );

  test('a passphrase: asked for once, and its host is named', async () => {
    lab.host('locked-a', server.port, `IdentityFile ${lab.lockedKey}`);
    const { reader, asked } = reading(async () => secret);
    const { text } = await reader.read({ name: 'pve1', destination: 'locked-a' });
    assert.equal(text, snapshot);
    assert.equal(asked.length, 1);
    assert.deepEqual([asked[0]?.host, asked[0]?.kind], ['pve1', 'secret']);
    assert.match(asked[0]?.prompt ?? '', /^Enter passphrase for key '.*id_locked':$/);
  });

  test('the same key for several nodes: one question for all, until it is forgotten', async () => {
    lab.host('locked-b', server.port, `IdentityFile ${lab.lockedKey}`);
    const { reader, askpass, asked } = reading(async () => {
      await pause(300);
      return secret;
    });
    const nodes = ['pve1', 'pve2', 'pve3'].map(name => ({ name, destination: 'locked-b' }));
    const texts = await Promise.all(nodes.map(async node => (await reader.read(node)).text));
    assert.deepEqual(texts, [snapshot, snapshot, snapshot]);
    assert.equal(asked.length, 1);
    askpass.forget();
    await reader.read({ name: 'pve4', destination: 'locked-b', port: server.port });
    assert.equal(asked.length, 2);
  });

  test('a wrong passphrase is asked for again, and not kept for others', async () => {
    lab.host('locked-c', server.port, `IdentityFile ${lab.lockedKey}`);
    const answers = ['wrong', secret];
    const { reader, asked } = reading(async () => answers.shift());
    assert.equal((await reader.read({ name: 'pve1', destination: 'locked-c' })).text, snapshot);
    assert.equal((await reader.read({ name: 'pve2', destination: 'locked-c', port: server.port })).text, snapshot);
    assert.equal(asked.length, 2);
  });

  test('a closed question ends the call: it is not asked again, and nothing is sent', async () => {
    lab.host('locked-d', server.port, `IdentityFile ${lab.lockedKey}`);
    const { reader, asked } = reading(async () => undefined);
    assert.equal(await faultOf(reader.read({ name: 'pve1', destination: 'locked-d' })), 'cancelled');
    await pause(300);
    assert.equal(asked.length, 1);
  });

  test('a password', async function () {
    const reason = whyNoPasswords();
    if (reason) {
      console.log(`      skipped: ${reason}`);
      return this.skip();
    }
    const { port } = await lab.start({ password: true });
    const { reader, asked } = reading(async () => secret);
    assert.equal((await reader.read(host('pve1', port))).text, snapshot);
    assert.deepEqual(
      asked.map(one => one.kind),
      ['secret'],
    );
  });

  test('an unknown host: its fingerprint is shown, and a "no" is a no', async () => {
    const unknown = await lab.startUnknown();
    const { reader, asked } = reading(async () => undefined);
    assert.equal(await faultOf(reader.read(host('pve1', unknown.port))), 'host-key-unknown');
    assert.equal(asked.length, 1);
    assert.deepEqual([asked[0]?.kind, asked[0]?.fingerprint], ['host-key', unknown.fingerprint]);
    assert.ok(!readFileSync(lab.knownHosts, 'utf8').includes(unknown.hostKey));
  });

  test('an unknown host: a "yes" keeps its key', async () => {
    const unknown = await lab.startUnknown();
    const { reader, asked } = reading(async () => 'yes');
    assert.equal((await reader.read(host('pve1', unknown.port))).text, snapshot);
    assert.equal(asked.length, 1);
    assert.ok(readFileSync(lab.knownHosts, 'utf8').includes(unknown.hostKey));
  });

  test('an unknown host: ssh refuses when another fingerprint than its own was shown', async () => {
    const unknown = await lab.startUnknown();
    const { reader, asked } = reading(async question => {
      (question as { fingerprint: string }).fingerprint = `SHA256:${'A'.repeat(43)}`;
      return asked.length < 3 ? 'yes' : undefined;
    });
    assert.equal(await faultOf(reader.read(host('pve1', unknown.port))), 'host-key-unknown');
    assert.equal(asked.length, 3);
    assert.ok(!readFileSync(lab.knownHosts, 'utf8').includes(unknown.hostKey));
  });

  test('the log names the key for a question that comes without it', async () => {
    const unknown = await lab.startUnknown();
    const { reader, log } = reading(async () => 'yes');
    await reader.read(host('pve1', unknown.port));
    assert.ok(
      log.some(line => line.startsWith('pve1 debug1: Server host key: ') && line.includes(unknown.fingerprint)),
    );
  });

  test('one question at a time, and a host that hangs in one holds up none that needs no answer', async () => {
    const unknown = await Promise.all([lab.startUnknown(), lab.startUnknown()]);
    let open = 0;
    let most = 0;
    let answered = false;
    const { reader } = reading(async () => {
      most = Math.max(most, ++open);
      await pause(1500);
      open--;
      answered = true;
      return 'yes';
    });
    const asking = unknown.map(({ port }, index) => reader.read(host(`pve${index}`, port)));
    await reader.read(host('known'));
    assert.equal(answered, false, 'the known host waited for an answer');
    await Promise.all(asking);
    assert.equal(most, 1);
  });

  test('cancelling closes the question, and the next one takes its turn', async () => {
    const [first, second] = await Promise.all([lab.startUnknown(), lab.startUnknown()]);
    let closed = false;
    const stop = new AbortController();
    const { reader, asked } = reading(async (question, signal) => {
      if (question.host !== 'first') return 'yes';
      setTimeout(() => stop.abort(), 100);
      return new Promise(() => signal.addEventListener('abort', () => (closed = true)));
    });
    const one = faultOf(reader.read(host('first', first.port), { signal: stop.signal }));
    while (asked.length === 0) await pause(20);
    const two = reader.read(host('second', second.port));
    assert.equal(await one, 'cancelled');
    assert.equal((await two).text, snapshot);
    assert.equal(closed, true);
  });

  test('time that a question takes does not count', async () => {
    const unknown = await lab.startUnknown();
    const { askpass } = reading(async () => {
      await pause(4000);
      return 'yes';
    });
    const ssh = { extraArguments: lab.extraArguments, limits: { silence: 3000 } };
    const reader = new HostReader({ script, askpass, ssh });
    assert.equal((await reader.read(host('pve1', unknown.port))).text, snapshot);
  });

  test('a node that cannot be reached directly is reached through the one that is known', async () => {
    const gone = await lab.start();
    await gone.stop();
    lab.host('node1', server.port);
    const { reader } = reading(async () => undefined);
    const ways = [host('node2', gone.port), { ...host('node2'), jump: 'node1' }];
    const { way, result } = await firstWay(ways, one => reader.read(one));
    assert.equal(way.jump, 'node1');
    assert.equal(result.text, snapshot);
  });

  suite('the socket', () => {
    const send = (address: string, text: string): Promise<string> =>
      new Promise(resolve => {
        const socket = connect(address);
        let said = '';
        socket.on('connect', () => socket.write(text));
        socket.on('data', more => (said += more));
        socket.on('error', () => undefined);
        socket.on('close', () => resolve(said));
      });

    test('only this user can reach it, and only with the token of a call that lives', async () => {
      const { askpass, asked } = reading(async () => secret);
      const call = askpass.open('pve1', () => undefined);
      const { HOSTPCI_ASKPASS_ADDRESS: address = '', HOSTPCI_ASKPASS_TOKEN: token } = call.environment;
      assert.equal(statSync(askpass.folder).mode & 0o777, 0o700);
      const prompt = 'Password: ';
      assert.equal(await send(address, `${JSON.stringify({ token, prompt })}\n`), JSON.stringify({ answer: secret }));
      for (const bad of [
        '',
        '{',
        'null',
        '[]',
        '{}',
        JSON.stringify({ token: 'x', prompt }),
        JSON.stringify({ token, prompt: 1 }),
      ]) {
        assert.equal(await send(address, `${bad}\n`), '', bad);
      }
      assert.equal(await send(address, 'x'.repeat(100_000)), '');
      call.close();
      assert.equal(await send(address, `${JSON.stringify({ token, prompt })}\n`), '');
      assert.equal(asked.length, 1);
      askpass.dispose();
      assert.ok(!existsSync(askpass.folder));
    });

    test('the program fails when there is no answer', async () => {
      const { askpass } = reading(async () => undefined);
      const declined: string[] = [];
      const call = askpass.open('pve1', () => declined.push('pve1'));
      const child = spawn(call.environment.SSH_ASKPASS ?? '', ['Password: '], {
        env: { ...process.env, ...call.environment },
      });
      let said = '';
      child.stdout.on('data', more => (said += more));
      const status = await new Promise(resolve => child.once('close', resolve));
      assert.deepEqual([status, said, declined], [1, '', ['pve1']]);
    });

    test('a notice has no answer, stays until ssh is done, and holds up no question', async () => {
      let shown = false;
      let gone = false;
      const { askpass } = reading(async ({ kind }, signal) => {
        if (kind !== 'notice') return secret;
        shown = true;
        await new Promise(resolve => signal.addEventListener('abort', resolve));
        gone = true;
        return undefined;
      });
      const call = askpass.open('pve1', () => assert.fail('a notice was declined'));
      const env = { ...process.env, ...call.environment, SSH_ASKPASS_PROMPT: 'none' };
      const child = spawn(call.environment.SSH_ASKPASS ?? '', ['Confirm user presence for key'], {
        env,
        stdio: 'ignore',
      });
      while (!shown) await pause(20);
      const { HOSTPCI_ASKPASS_ADDRESS: address = '', HOSTPCI_ASKPASS_TOKEN: token } = call.environment;
      const answer = await send(address, `${JSON.stringify({ token, prompt: 'Password: ' })}\n`);
      assert.equal(answer, JSON.stringify({ answer: secret }));
      child.kill();
      while (!gone) await pause(20);
    });
  });
});

suite('what ssh asks', () => {
  const fingerprint = 'SHA256:yoxJaSWVyuQ1TaDa0eklN3Ti6lPscXDDc6ojS6YAVDs';
  const kinds: readonly (readonly [prompt: string, hint: string | undefined, kind: Question['kind']])[] = [
    ["Enter passphrase for key '/home/me/.ssh/id_ed25519': ", undefined, 'secret'],
    ["root@pve1's password: ", undefined, 'secret'],
    ['(root@pve1) Verification code: ', undefined, 'secret'],
    ['Enter PIN for ED25519-SK key /home/me/.ssh/id_sk: ', undefined, 'secret'],
    ['(root@pve1) Username: ', undefined, 'text'],
    ['(root@pve1) login: ', undefined, 'text'],
    ['Confirm user presence for key ED25519-SK SHA256:abc', 'none', 'notice'],
    ['Allow use of key id_ed25519?', 'confirm', 'confirm'],
    [
      `The authenticity of host 'pve1 (10.0.0.1)' can't be established.\nED25519 key fingerprint is ${fingerprint}.\nAre you sure you want to continue connecting (yes/no/[fingerprint])? `,
      undefined,
      'host-key',
    ],
    ["The authenticity of host 'pve1 (10.0.0.1)' can't be established.", undefined, 'host-key'],
    ["Please type 'yes', 'no' or the fingerprint: ", undefined, 'host-key'],
  ];
  for (const [prompt, hint, kind] of kinds) {
    test(`${kind}: ${prompt.split('\n')[0]}`, () => assert.equal(readQuestion('pve1', prompt, hint).kind, kind));
  }

  test('a host cannot put control characters into a question', () => {
    assert.equal(readQuestion('pve1', '\u001b[2J(x)\u0007 Password:\u0000 ', undefined).prompt, '[2J(x) Password:');
  });

  test('what is accepted is the key that was shown', () => {
    const [whole = '', cut = ''] = kinds.filter(([, , kind]) => kind === 'host-key').map(([prompt]) => prompt);
    const yes = (prompt: string, seen?: string): string =>
      answerTo(readQuestion('pve1', prompt, undefined, seen), 'yes');
    assert.equal(yes(whole), fingerprint);
    assert.equal(yes(whole, 'SHA256:other'), fingerprint);
    assert.equal(yes(cut, fingerprint), fingerprint);
    assert.equal(yes(cut), 'yes');
    assert.equal(yes('… continue connecting (yes/no)? ', fingerprint), 'yes');
    assert.equal(answerTo(readQuestion('pve1', whole, undefined), 'perhaps'), 'no');
    assert.equal(answerTo(readQuestion('pve1', 'Password: ', undefined), 'yes'), 'yes');
  });
});
