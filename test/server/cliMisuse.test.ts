import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { check } from '../../server/cli/check.ts';
import { doctor } from '../../server/cli/doctor.ts';
import { prepare } from '../../server/cli/prepare.ts';
import type { Output } from '../../server/cli/textFile.ts';

/** What is wrong in a command line is said, and ends it with exit code 2: nothing is judged by something else. */

const demo = fileURLToPath(new URL('../sites/demo', import.meta.url));
const readme = fileURLToPath(new URL('../sites/README.md', import.meta.url));

async function run(command: (output: Output) => Promise<number>): Promise<readonly [code: number, err: string]> {
  let err = '';
  const code = await command({
    out: () => {},
    err: text => {
      err += `${text}\n`;
    },
  });
  return [code, err];
}

suite('command line: misuse', () => {
  test('a language that there is not', async () => {
    const [code, err] = await run(output => check([demo], { format: 'text', language: 'foo' }, output));
    assert.equal(code, 2);
    assert.match(err, /--language foo: there is no such language \(.*modprobe/);
  });

  test('a file that is neither a snapshot nor a listing', async () => {
    const commands: readonly ((output: Output) => Promise<number>)[] = [
      output => check([demo], { format: 'text', snapshot: readme }, output),
      output => doctor(['101', demo], { format: 'text', snapshot: readme }, output),
      output => prepare('01:00.0', demo, { vm: '100', snapshot: readme }, output),
    ];
    for (const command of commands) {
      const [code, err] = await run(command);
      assert.equal(code, 2);
      assert.match(err, /README\.md: neither a snapshot nor a listing of devices/);
    }
  });

  test('a card instead of its function, and a container instead of a VM', async () => {
    const [code, err] = await run(output => prepare('01:00', demo, { vm: '102' }, output));
    assert.equal(code, 2);
    assert.match(err, /01:00 names all functions of a card: name its first \(0000:01:00\.0\)/);
    assert.match(err, /102 is a container/);
  });

  test('a device that the host does not have', async () => {
    const commands: readonly ((output: Output) => Promise<number>)[] = [
      output => doctor(['01:00.5', demo], { format: 'text' }, output),
      output => prepare('01:00.5', demo, { vm: '101' }, output),
    ];
    for (const command of commands) {
      const [code, err] = await run(command);
      assert.equal(code, 2);
      assert.match(err, /0000:01:00\.5: pve1 has no such device \(near it are 0000:01:00\.0, 0000:01:00\.1\)/);
    }
  });
});
