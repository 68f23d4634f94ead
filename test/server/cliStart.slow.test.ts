import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../dist/hostpci.mjs', import.meta.url));

suite('the start of the command line', () => {
  let home: string;
  setup(() => {
    home = mkdtempSync(join(tmpdir(), 'hostpci-start-'));
  });
  teardown(() => rmSync(home, { recursive: true, force: true }));

  const cached = (): readonly string[] => readdirSync(join(home, 'hostpci')).filter(name => name.endsWith('.bin'));

  function version(environment: Record<string, string> = {}): string {
    const env = {
      ...process.env,
      XDG_CACHE_HOME: home,
      LOCALAPPDATA: home,
      NODE_DISABLE_COMPILE_CACHE: '',
      ...environment,
    };
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, '--version'], { env, encoding: 'utf8' });
    assert.equal(stderr, '');
    assert.equal(status, 0);
    return stdout;
  }

  test('keeps the compiled code for the next start, and nothing else', () => {
    const first = version();
    const [name, ...more] = cached();
    assert.ok(name);
    assert.deepEqual(more, []);
    const file = join(home, 'hostpci', name);
    const { mtimeMs, size } = statSync(file);
    assert.ok(size > 10_000);
    assert.equal(version(), first);
    assert.deepEqual(cached(), [name]);
    assert.equal(statSync(file).mtimeMs, mtimeMs, 'it was good, so it was not written again');
  });

  test('does not mind a cache that is spoilt, cut off or from another version', () => {
    const expected = version();
    const file = join(home, 'hostpci', cached()[0] as string);
    const whole = readFileSync(file);
    for (const spoilt of [Buffer.from('no code'), whole.subarray(0, whole.length >> 1), Buffer.alloc(0)]) {
      writeFileSync(file, spoilt);
      assert.equal(version(), expected);
      assert.ok(statSync(file).size > spoilt.length, 'it was made anew');
    }
    writeFileSync(join(home, 'hostpci', `${process.version}-${process.arch}-1-1.bin`), 'of an earlier bundle');
    rmSync(file);
    version();
    assert.equal(cached().length, 1);
  });

  test('runs no code that others can have written', function () {
    if (process.platform === 'win32') this.skip();
    version();
    const file = join(home, 'hostpci', cached()[0] as string);
    chmodSync(file, 0o666);
    const { mtimeMs } = statSync(file);
    version();
    assert.equal(statSync(file).mode & 0o022, 0, 'it was replaced');
    assert.ok(statSync(file).mtimeMs >= mtimeMs);
  });

  test('leaves no trace where that is not wanted, and works where it cannot', () => {
    version({ NODE_DISABLE_COMPILE_CACHE: '1' });
    assert.deepEqual(readdirSync(home), []);
    const blocked = join(home, 'file');
    writeFileSync(blocked, '');
    version({ XDG_CACHE_HOME: blocked, LOCALAPPDATA: blocked });
  });
});
