import assert from 'node:assert/strict';
import { controlPath, quoteWord, sshArguments } from '../../host/ssh.ts';
import { faultOf, withoutLog } from '../../host/sshFaults.ts';
import type { SshTarget } from '../../host/target.ts';
import type { TransportFault } from '../../host/transport.ts';

/** What ssh prints where a loopback cannot make it: other systems, other versions, other networks. */

suite('what ssh says', () => {
  const pve1: SshTarget = { destination: 'pve1' };
  const fault = (stderr: string, target = pve1, status: number | undefined = 255, stdout = '') =>
    faultOf(target, { stdout, stderr, status });

  const said: readonly (readonly [stderr: string, fault: TransportFault, words: RegExp])[] = [
    [
      'ssh: Could not resolve hostname pve1: Temporary failure in name resolution',
      'unknown-host',
      /^pve1 is not a name/,
    ],
    ['ssh: Could not resolve hostname pve1: nodename nor servname provided, or not known', 'unknown-host', /^pve1/],
    ['ssh: Could not resolve hostname pve1: Der angegebene Host ist unbekannt. \r', 'unknown-host', /unbekannt\.\)$/],
    ['ssh: connect to host 10.0.0.1 port 22: No route to host', 'unreachable', /port 22: No route to host\)$/],
    ['ssh: connect to host 10.0.0.1 port 22: Network is unreachable', 'unreachable', /VPN/],
    ['ssh: connect to host 10.0.0.1 port 22: Connection timed out', 'timeout', /did not answer in time/],
    ['ssh: connect to host 10.0.0.1 port 22: Operation timed out', 'timeout', /did not answer/],
    [
      'Connection timed out during banner exchange\nConnection to 10.0.0.1 port 22 timed out',
      'timeout',
      /did not answer/,
    ],
    ['ssh: connect to host 10.0.0.1 port 22: Connection refused\r\n', 'refused', /refused the connection/],
    ['me@pve1: Permission denied (publickey,password,keyboard-interactive).', 'auth-failed', /keyboard-interactive\)/],
    ['Received disconnect from 10.0.0.1 port 22:2: Too many authentication failures', 'auth-failed', /Too many/],
    ['Host key verification failed.', 'host-key-unknown', /was not accepted/],
    ['No ED25519 host key is known for pve1 and you have requested strict checking.', 'host-key-unknown', /accept/],
    ['kex_exchange_identification: read: Connection reset by peer', 'cut-off', /Connection reset by peer/],
    ['Connection closed by 10.0.0.1 port 22', 'cut-off', /before it had answered/],
    ['Timeout, server pve1 not responding.', 'cut-off', /not responding/],
    ['client_loop: send disconnect: Broken pipe', 'cut-off', /Broken pipe/],
    [
      'Unable to negotiate with 10.0.0.1 port 22: no matching host key type found. Their offer: ssh-dss',
      'failed',
      /ssh-dss/,
    ],
    ['/home/me/.ssh/config: line 3: Bad configuration option: foo\r\n', 'failed', /config: line 3/],
    ['Bad owner or permissions on C:\\\\Users\\\\me/.ssh/config', 'failed', /Bad owner/],
    ['channel 0: open failed: administratively prohibited: open failed', 'unreachable', /prohibited/],
    ['something new', 'cut-off', /ended before the host had answered: something new$/],
    ['', 'cut-off', /ended before the host had answered\.$/],
  ];
  for (const [stderr, expected, words] of said) {
    test(`${expected}: ${stderr.trim().split('\n')[0]}`, () => {
      const found = fault(stderr);
      assert.equal(found?.fault, expected, found?.message);
      assert.match(found?.message ?? '', words);
    });
  }

  test('a program that ran and failed is no fault of the connection', () => {
    assert.equal(fault('sh: Connection refused', pve1, 1), undefined);
    assert.equal(fault('', pve1, 0), undefined);
    assert.equal(fault('x', pve1, 127), undefined);
  });

  test('ssh that was ended from outside', () => {
    assert.equal(fault('', pve1, undefined)?.fault, 'cut-off');
  });

  test('whatever broke while the answer came, the answer was cut', () => {
    const found = fault('Connection to 10.0.0.1 port 22 timed out', pve1, 255, 'hostpci snapshot 1\n');
    assert.equal(found?.fault, 'cut-off');
    assert.match(found?.message ?? '', /in the middle.*timed out.*is kept/);
  });

  test('the log of -v decides nothing', () => {
    const log = [
      'OpenSSH_9.2p1 Debian-2+deb12u7, OpenSSL 3.0.17 1 Jul 2025',
      'debug1: connect to address 10.0.0.1 port 22: Connection refused',
      'debug1: Trying again, Permission denied (publickey).',
      'Authenticated to 10.0.0.2 ([10.0.0.2]:22) using "publickey".',
      'Transferred: sent 2000, received 1900 bytes, in 0.0 seconds',
      'Bytes per second: sent 1.0, received 1.0',
    ].join('\r\n');
    assert.equal(withoutLog(log), '');
    const found = fault(`${log}\r\nssh: connect to host 10.0.0.2 port 22: No route to host\r\n`);
    assert.equal(found?.fault, 'unreachable');
  });

  test('who failed on the way over a jump host', () => {
    const pipe =
      'kex_exchange_identification: Connection closed by remote host\nConnection closed by UNKNOWN port 65535';
    const refused = 'ssh: connect to host 10.0.0.9 port 22: Connection refused';
    const behind = 'channel 0: open failed: connect failed: Connection refused\nstdio forwarding failed';
    const over = { ...pve1, jump: 'gate' };
    const who = (stderr: string, target: SshTarget): string =>
      /^.*?(?= refused| closed)/.exec(fault(stderr, target)?.message ?? '')?.[0] ?? '';
    assert.equal(who(`${refused}\n${pipe}`, over), 'The jump host gate');
    assert.equal(who(`${refused}\n${pipe}`, pve1), 'The jump host of pve1');
    assert.equal(who(`${behind}\n${pipe}`, over), 'pve1, asked from the jump host gate,');
    assert.equal(who(`${behind}\n${pipe}`, pve1), 'pve1, asked from its jump host,');
    assert.equal(who(pipe, over), 'pve1 (or the jump host gate)');
    assert.equal(who(refused, over), 'pve1');
  });

  test('a changed key of another kind, for an address', () => {
    const stderr = [
      '@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @',
      'Offending ECDSA key in C:\\Users\\me/.ssh/known_hosts:12\r',
      'Host key for [10.0.0.1]:2222 has changed and you have requested strict checking.',
      'Host key verification failed.',
    ].join('\n');
    const found = fault(stderr);
    assert.equal(found?.fault, 'host-key-changed');
    assert.match(found?.message ?? '', /C:\\Users\\me\/\.ssh\/known_hosts:12;.*ssh-keygen -R "\[10\.0\.0\.1\]:2222"$/);
  });

  test('a host cannot make a message long or move the cursor', () => {
    const found = fault(`\u001b[2Jx\u0007${'y'.repeat(5000)}`);
    assert.ok((found?.message.length ?? 0) < 500);
    assert.doesNotMatch(found?.message ?? '', /[\u0000-\u001f\u007f]/);
  });
});

suite('words for ssh', () => {
  const command = { words: ['sh', '-s'] };

  test('the destination stands behind --, the command is one word', () => {
    const words = sshArguments({ destination: 'root@pve1', port: 2222, jump: 'a,b' }, command, {}, 15_000);
    assert.deepEqual(words.slice(-7), ['-p', '2222', '-J', 'a,b', '--', 'root@pve1', 'sh -s']);
    assert.ok(words.includes('ConnectTimeout=15'));
    assert.ok(!words.some(word => word.startsWith('Control')));
  });

  test('nothing that the configuration wants beside the command happens', () => {
    const words = sshArguments({ destination: 'pve1' }, command, {}, 1000);
    for (const word of ['-T', '-a', '-x', 'ClearAllForwardings=yes', 'RemoteCommand=none'])
      assert.ok(words.includes(word));
    assert.ok(!words.some(word => /StrictHostKeyChecking|UserKnownHostsFile|BatchMode/.test(word)));
  });

  test('a shared connection', function () {
    if (process.platform === 'win32') this.skip();
    const options = { controlDirectory: '/tmp/a %h b' };
    const words = sshArguments({ destination: 'pve1' }, command, options, 1000);
    const path = controlPath({ destination: 'pve1' }, options) ?? '';
    assert.match(path, /^\/tmp\/a %h b\/[0-9a-f]{16}$/);
    assert.ok(words.includes(`ControlPath="${path.replace('%', '%%')}"`), words.join(' '));
    assert.equal(controlPath({ destination: 'pve1' }, { controlDirectory: '/tmp/a"b' }), undefined);
    assert.notEqual(path, controlPath({ destination: 'pve1', jump: 'x' }, options));
    assert.notEqual(path, controlPath({ destination: 'pve1', port: 23 }, options));
  });

  test('quoting', () => {
    assert.equal(quoteWord('a-b_c/d.e'), 'a-b_c/d.e');
    assert.equal(quoteWord(''), "''");
    assert.equal(quoteWord("it's"), "'it'\\''s'");
  });
});
