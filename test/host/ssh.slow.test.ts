import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { answering, at, collector, fails, pull, snapshot } from '../support/pulling.ts';
import { type Server, SshLab, secret, whyNoPasswords } from '../support/sshd.ts';

suite('connections over ssh', function () {
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

  suite('logins', () => {
    test('a key without a passphrase; the answer is the snapshot, word for word', async () => {
      const { text, inventory } = await pull(lab, at(server.port));
      assert.equal(text, snapshot);
      assert.equal(inventory.node, 'pve1');
      assert.deepEqual(inventory.gaps, []);
    });

    test('a name of the ssh configuration', async () => {
      assert.equal((await pull(lab, { destination: 'pve1' })).text, snapshot);
    });

    test('the real collector', async function () {
      if (process.platform !== 'linux') this.skip();
      const { inventory } = await pull(lab, { destination: 'pve1' }, {}, {}, collector);
      assert.equal(inventory.kernel.release, readFileSync('/proc/sys/kernel/osrelease', 'utf8').trim());
    });

    test('a key with a passphrase, through SSH_ASKPASS', async () => {
      lab.host('locked', server.port, `IdentityFile ${lab.lockedKey}`);
      const { environment, questions } = answering(lab, `echo '${secret}'`);
      const { text } = await pull(lab, { destination: 'locked' }, { environment });
      assert.equal(text, snapshot);
      assert.equal(questions().length, 1);
      assert.match(questions()[0] ?? '', /^Enter passphrase for key '.*id_locked': $/);
    });

    test('a wrong passphrase', async () => {
      lab.host('locked-wrong', server.port, `IdentityFile ${lab.lockedKey}`);
      const { environment } = answering(lab, 'echo wrong');
      await fails(
        pull(lab, { destination: 'locked-wrong' }, { environment }),
        'auth-failed',
        /locked-wrong did not accept the login/,
      );
    });

    test('a key that the host does not know', async () => {
      lab.host('strange', server.port, `IdentityFile ${lab.strangeKey}`);
      await fails(pull(lab, { destination: 'strange' }), 'auth-failed', /Permission denied \(publickey\)/);
    });

    test('a password, through SSH_ASKPASS', async function () {
      if (whyNoPasswords()) return skipFor(this, whyNoPasswords());
      const { port } = await lab.start({ password: true });
      const { environment, questions } = answering(lab, `echo '${secret}'`);
      assert.equal((await pull(lab, at(port), { environment })).text, snapshot);
      assert.match(questions()[0] ?? '', /@127\.0\.0\.1's password: $/);
    });

    test('a wrong password is asked for three times', async function () {
      if (whyNoPasswords()) return skipFor(this, whyNoPasswords());
      const { port } = await lab.start({ password: true });
      const { environment, questions } = answering(lab, 'echo wrong');
      await fails(pull(lab, at(port), { environment }), 'auth-failed', /Permission denied \(.*password\)/);
      assert.equal(questions().length, 3);
    });
  });

  suite('keys of hosts', () => {
    test('an unknown one is refused when the answer is no', async () => {
      const unknown = await lab.startUnknown();
      const { environment, questions } = answering(lab, 'echo no');
      await fails(pull(lab, at(unknown.port), { environment }), 'host-key-unknown', /was not accepted/);
      assert.equal(questions().length, 1);
      assert.ok(questions()[0]?.includes(unknown.fingerprint), questions()[0]);
      assert.doesNotMatch(readFileSync(lab.knownHosts, 'utf8'), new RegExp(`:${unknown.port} `));
    });

    test('an unknown one is refused when nobody can be asked', async () => {
      const unknown = await lab.startUnknown();
      await fails(pull(lab, at(unknown.port)), 'host-key-unknown');
    });

    test('an unknown one is kept when the answer is yes', async () => {
      const unknown = await lab.startUnknown();
      const { environment, questions } = answering(lab, 'echo yes');
      assert.equal((await pull(lab, at(unknown.port), { environment })).text, snapshot);
      assert.ok(readFileSync(lab.knownHosts, 'utf8').includes(`:${unknown.port} ${unknown.hostKey}`));
      await pull(lab, at(unknown.port), { environment });
      assert.equal(questions().length, 1, 'it was asked again');
    });

    test('a changed one is refused without a question, and its line is named', async () => {
      const changed = await lab.startUnknown();
      const known = lab.path('known_changed');
      writeFileSync(known, `# a comment\n[127.0.0.1]:${changed.port} ${server.hostKey}\n`);
      const { environment, questions } = answering(lab, 'echo yes');
      const options = { environment, extraArguments: ['-o', `UserKnownHostsFile=${known}`] };
      await fails(
        pull(lab, at(changed.port), options),
        'host-key-changed',
        /known_changed:2/,
        new RegExp(`ssh-keygen -R "\\[127\\.0\\.0\\.1\\]:${changed.port}"`),
        /Nothing was sent/,
      );
      assert.deepEqual(questions(), []);
    });

    test('a revoked one is refused', async () => {
      const known = lab.path('known_revoked');
      writeFileSync(known, `@revoked * ${server.hostKey}\n`);
      const options = { extraArguments: ['-o', `UserKnownHostsFile=${known}`] };
      await fails(pull(lab, at(server.port), options), 'host-key-changed', /revoked/);
    });
  });

  suite('jump hosts', () => {
    test('the way over another server', async () => {
      const behind = await lab.start();
      lab.host('gate', server.port);
      assert.equal((await pull(lab, { ...at(behind.port), jump: 'gate' })).text, snapshot);
      assert.equal((await pull(lab, { ...at(behind.port), jump: `127.0.0.1:${server.port}` })).text, snapshot);
    });

    test('what lies behind it refuses', async () => {
      const gone = await lab.start();
      await gone.stop();
      lab.host('gate2', server.port);
      const target = { ...at(gone.port), jump: 'gate2' };
      await fails(pull(lab, target), 'refused', /127\.0\.0\.1, asked from the jump host gate2, refused/);
    });

    test('it refuses itself, over a shared connection too', async () => {
      const gone = await lab.start();
      await gone.stop();
      lab.host('gate3', gone.port);
      const target = { ...at(server.port), jump: 'gate3' };
      await fails(pull(lab, target), 'refused', /^The jump host gate3 refused/);
      const controlDirectory = lab.path('c3');
      mkdirSync(controlDirectory);
      await fails(pull(lab, target, { controlDirectory }), 'refused', /^The jump host gate3 refused/);
    });

    test('its key is asked for as well', async () => {
      const gate = await lab.startUnknown();
      const { environment, questions } = answering(lab, 'echo yes');
      const target = { ...at(server.port), jump: `127.0.0.1:${gate.port}` };
      assert.equal((await pull(lab, target, { environment })).text, snapshot);
      assert.equal(questions().length, 1);
      assert.ok(questions()[0]?.includes(gate.fingerprint));
    });
  });

  suite('hosts that cannot be reached', () => {
    test('refused', async () => {
      const gone = await lab.start();
      await gone.stop();
      await fails(pull(lab, at(gone.port)), 'refused', /127\.0\.0\.1 refused/, new RegExp(`port ${gone.port}`));
    });

    test('a name that does not exist', async () => {
      await fails(
        pull(lab, { destination: 'no-such-host.invalid' }),
        'unknown-host',
        /no-such-host\.invalid is not a name/,
      );
    });

    test('a port that takes the connection and says nothing', async () => {
      const { createServer } = await import('node:net');
      const silent = createServer(() => undefined);
      await new Promise<void>(resolve => silent.listen(0, '127.0.0.1', resolve));
      const { port } = silent.address() as { port: number };
      try {
        await fails(pull(lab, at(port), { limits: { connect: 1000 } }), 'timeout', /did not answer in time/);
      } finally {
        silent.close();
      }
    });

    test('no ssh on this machine', async () => {
      await fails(
        pull(lab, at(server.port), { program: '/nonexistent/ssh' }),
        'no-ssh',
        /OpenSSH client cannot be started/,
      );
    });

    test('a configuration that ssh does not understand', async () => {
      const extraArguments = ['-o', 'NoSuchOption=yes'];
      await fails(pull(lab, at(server.port), { extraArguments }), 'failed', /configuration/, /nosuchoption/i);
    });
  });
});

function skipFor(context: Mocha.Context, reason: string | undefined): void {
  console.log(`      skipped: ${reason}`);
  context.skip();
}
