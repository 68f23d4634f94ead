import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { collect } from '../../host/collect.ts';
import { onThisMachine, onThisMachineWithin } from '../../host/local.ts';
import { usualLimits } from '../../host/localProcess.ts';
import { ask } from '../../host/transport.ts';

const collector = readFileSync(fileURLToPath(new URL('../../host/collect.sh', import.meta.url)), 'utf8');
const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

suite('on this machine', function () {
  this.slow(2000);
  suiteSetup(function () {
    if (process.platform !== 'linux') this.skip();
  });

  test('the collector reads this kernel', async () => {
    const { inventory } = await ask(onThisMachine, collect(collector, 'this machine'));
    assert.equal(inventory.kernel.release, readFileSync('/proc/sys/kernel/osrelease', 'utf8').trim());
  });

  test('words, input, both outputs and the exit status', async () => {
    const stdin = 'ßtext';
    const { stdout, stderr, status } = await onThisMachine.run({
      words: ['sh', '-c', 'cat; echo "$0" >&2; exit 3', "it's"],
      stdin,
    });
    assert.deepEqual([stdout, stderr, status], ['ßtext', "it's\n", 3]);
  });

  test('a program that does not exist', async () => {
    await assert.rejects(onThisMachine.run({ words: ['no-such-program'] }), { fault: 'failed' });
  });

  test('one that reads nothing does not bring us down', async () => {
    const { status } = await onThisMachine.run({ words: ['true'], stdin: 'x'.repeat(1 << 20) });
    assert.equal(status, 0);
  });

  test('cancelled or too slow: it ends with all that it started', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hostpci-local-'));
    const file = join(folder, 'pid');
    const words = ['sh', '-c', 'sleep 30 & echo $! >"$0"; echo started; wait', file];
    const gone = async (): Promise<void> => {
      const pid = Number(readFileSync(file, 'utf8'));
      for (let i = 0; i < 40 && isAlive(pid); i++) await new Promise(resolve => setTimeout(resolve, 50));
      assert.ok(!isAlive(pid));
    };
    try {
      const stop = new AbortController();
      const running = onThisMachine.run({ words }, { signal: stop.signal, onProgress: () => stop.abort() });
      await assert.rejects(running, { fault: 'cancelled' });
      await gone();
      await assert.rejects(onThisMachineWithin({ ...usualLimits, stall: 200 }).run({ words }), { fault: 'timeout' });
      await gone();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test('limits: silence, the whole answer, size', async () => {
    const within = (limits: Partial<typeof usualLimits>, script: string) =>
      onThisMachineWithin({ ...usualLimits, ...limits }).run({ words: ['sh', '-c', script] });
    await assert.rejects(within({ silence: 200 }, 'exec sleep 20'), { fault: 'timeout' });
    await assert.rejects(within({ answer: 300 }, 'while :; do echo x; sleep 0.05; done'), { fault: 'timeout' });
    await assert.rejects(within({ output: 1000 }, 'exec yes'), { fault: 'too-much-output' });
  });

  test('an end is an end, even when something it started lives on', async () => {
    const { stdout } = await onThisMachine.run({ words: ['sh', '-c', 'sleep 60 2>&1 & echo $!'] });
    const pid = Number(stdout);
    assert.ok(isAlive(pid), 'its end was waited for');
    process.kill(pid);
  });
});
